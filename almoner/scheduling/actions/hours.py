"""Changing when somebody is here: the days are laid out anew, and nobody is stranded unseen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Model

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.facility import queries as facility
from almoner.facility.models import (
    Clinician,
    Device,
    Holiday,
    HoursException,
    Room,
    WeeklyHours,
)
from almoner.facility.rules import overlapping
from almoner.ground import events
from almoner.scheduling.actions.days import AHEAD, rebuild
from almoner.scheduling.queries import days
from almoner.scheduling.queries.days import CLINICIAN, DEVICE, ROOM, Mismatch, Resource

DAY = timedelta(days=1)
_KINDS: dict[type[Model], int] = {Clinician: CLINICIAN, Room: ROOM, Device: DEVICE}


class HoursClash(Exception):
    """Two weekly rules of one clinician claim the same time."""


@dataclass(frozen=True, slots=True)
class Span:
    """Whom a row of the set-up touches, on days in [since, until); no end is for good."""

    resources: frozenset[Resource] = frozenset()
    since: date = date.max
    until: date | None = date.min

    def __or__(self, other: "Span") -> "Span":
        ends = (self.until, other.until)
        return Span(
            self.resources | other.resources,
            min(self.since, other.since),
            None if None in ends else max(end for end in ends if end),
        )


@dataclass(frozen=True, slots=True)
class Tended:
    """What a night's tending found wrong, and how many rows it wrote."""

    wrong: list[Mismatch]
    written: int


def touched(row: Model | None) -> Span:
    """What one row of hours, absences, holidays, people or equipment decides about."""
    match row:
        case WeeklyHours():
            who = frozenset({(CLINICIAN, row.clinician_id)})
            return Span(who, row.valid_from, row.valid_until)
        case HoursException():
            return Span(frozenset({(CLINICIAN, row.clinician_id)}), row.day, row.day + DAY)
        case Holiday():
            everybody = frozenset((CLINICIAN, id_) for id_ in facility.everybody())
            return Span(everybody, row.day, row.day + DAY)
        case Clinician() | Room() | Device():
            return Span(frozenset({(_KINDS[type(row)], row.pk)}), date.min, None)
    return Span()


def what_if(change: Callable[[], Span], *, today: date) -> list[int]:
    """Ids of visits booked from today on that a change would leave without hours; earliest first.

    The change is made, looked at, and taken back. Raises HoursClash when it makes two weekly rules
    of one clinician overlap.
    """
    with transaction.atomic():
        span = change()
        since, until = _bounded(span, today)
        try:
            _refuse_clash(span, since)
            hours = days.expected(span.resources, since, until)
            return days.stranded(span.resources, hours, since, until)
        finally:
            transaction.set_rollback(True)


@transaction.atomic
def change_hours(
    *, officer: Officer, change: Callable[[], object], row: Model, at: datetime
) -> None:
    """Change one row of the set-up and lay out the days it touches, in one transaction.

    Visits already booked stay as they are. Raises PermissionDenied.
    """
    access.require(officer, "facility.edit")
    before = touched(type(row)._default_manager.filter(pk=row.pk).first())
    pk = row.pk
    change()
    span = before | (touched(row) if row.pk else Span())
    since, until = _bounded(span, at.date() - DAY)
    rebuild(since=since, until=until, resources=sorted(span.resources))
    row.pk = row.pk or pk  # a deleted row is still what the event is about
    events.record(
        "scheduling.hours_changed",
        at=at,
        by=officer,
        about=row,
        since=since.isoformat(),
        until=until.isoformat(),
        clinicians=[id_ for kind, id_ in sorted(span.resources) if kind == CLINICIAN],
    )


def tend(*, today: date) -> Tended:
    """Compare the days laid out from today on with the truth, put them right, and add new ones."""
    last = days.last_day()
    everything = days.everything()
    wrong = days.mismatches(everything, today, last + DAY) if last and last >= today else []
    return Tended(wrong, rebuild(since=today, until=today + AHEAD))


def _bounded(span: Span, today: date) -> tuple[date, date]:
    """The days of a span that are laid out: from today to as far ahead as is kept."""
    last = (days.last_day() or today) + DAY
    end = max(last, today + AHEAD)
    since = max(span.since, today)
    return since, max(since, min(span.until or end, end))


def _refuse_clash(span: Span, since: date) -> None:
    people = [id_ for kind, id_ in span.resources if kind == CLINICIAN]
    for rota in facility.rotas(people, since, since + AHEAD).values():
        if overlapping(rota.weekly):
            raise HoursClash
