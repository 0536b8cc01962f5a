"""The whole demo clinic, made from a seed and dated relative to today."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from almoner.demo import (
    after_hours,
    articles,
    cases,
    coverages,
    early,
    eligibility,
    kiosks,
    messages,
    money,
    outreach,
    papers,
    results,
    setup,
    spoken,
    surveys,
    video,
    visits,
    waiting,
)  # fmt: skip
from almoner.demo.people import Home, fuller, homes, written_twice
from almoner.facility.models import Organisation
from almoner.ground import events
from almoner.ground.models import Event
from almoner.patients.actions import pair_everybody, register_homes, register_many

SEED = 20260302
PATIENTS = 2_000
DOUBLES = 6  # of them, people who were registered twice, for the list of likely duplicates
BUILT = "demo.built"


def is_built() -> bool:
    """Whether this database needs nothing more: the demo is whole, or it is somebody's clinic."""
    if Event.objects.filter(kind=BUILT).exists():
        return True
    return Organisation.objects.exclude(npi=setup.npi(setup.CLINIC)).exists()


def build(*, now: datetime, patients: int = PATIENTS) -> None:
    """Fill an empty database, or go on where an interrupted build stopped.

    People and visits are all or nothing. The money behind them is posted as it always is, claim by
    claim, and takes up where it was.
    """
    today = now.astimezone(ZoneInfo(setup.ZONE)).date()
    if not Organisation.objects.exists():
        with transaction.atomic():
            people_and_visits(now=now, patients=patients)
            early.build(now=now)
            waiting.build(now=now)
            spoken.build(now=now)
            kiosks.build(now=now)
            results.build(now=now)
    if patients:
        with connection.cursor() as sql:
            sql.execute("SET synchronous_commit = off")  # all of it can be made again
            money.build(seed=SEED, now=now)
            sql.execute("RESET synchronous_commit")
        eligibility.build(today=today)
        with transaction.atomic():
            surveys.answer(seed=SEED, today=today)
            cases.build(now=now)
            messages.build(now=now)
            outreach.build(now=now)
            articles.build(now=now)
    events.record(BUILT, at=now, by=None, about=Organisation.objects.get())


def people_and_visits(*, now: datetime, patients: int) -> None:
    """Everything but money; without patients only the set-up."""
    today = now.astimezone(ZoneInfo(setup.ZONE)).date()
    setup.build(today=today)
    after_hours.build(today=today)
    video.build(today=today)
    surveys.build(today=today, now=now)
    if not patients:
        return
    registered_at = datetime.combine(
        today - timedelta(days=setup.OPENED), time(10), ZoneInfo(setup.ZONE)
    )
    people = _people(patients - DOUBLES, today=today, registered_at=registered_at)
    coverages.build(people, seed=SEED, today=today)
    visits.build(seed=SEED, now=now)
    papers.build(now=now)
    # Written down last, so that everything before stays as the seed makes it.
    grown = [home.members[0] for home, _rows in people]
    register_many(people=written_twice(grown[-DOUBLES:], today=today), at=registered_at)
    pair_everybody()


def _people(count: int, *, today: date, registered_at: datetime) -> list[tuple[Home, list[int]]]:
    """Everybody, home by home, with the ids of their rows; those of one home are a household."""
    everybody = [fuller(home, seed=SEED) for home in homes(count, seed=SEED, today=today)]
    placed = register_homes(homes=[home.members for home in everybody], at=registered_at)
    return list(zip(everybody, placed, strict=True))
