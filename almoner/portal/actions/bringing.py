"""What is entered at a kiosk: who it is, that they are here, what they say; each taken once."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from almoner.arrivals import actions as arrivals
from almoner.arrivals.rules.ahead import Thing, Verdict
from almoner.ground import dates, events
from almoner.ground.words import gettext_noop
from almoner.portal import queries
from almoner.portal.actions.letting_in import open_visit
from almoner.portal.models import Kiosk, KioskEntry, Sitting
from almoner.portal.rules import kiosks
from almoner.portal.rules.kiosks import Second
from almoner.relations.actions.opening import New, begin, line
from almoner.relations.rules import Kind, Verb
from almoner.scheduling.models import Appointment


@dataclass(frozen=True, slots=True)
class Brought:
    """One thing that a kiosk sends: its key, what it is, when it was entered, and whether late."""

    key: UUID
    what: str
    entered_at: datetime
    late: bool = False


@transaction.atomic
def find(
    *, kiosk: Kiosk, born: date | None, said: Second | None, language: str, at: datetime
) -> Sitting | None:
    """Find the visit of who stands at the kiosk; None when the desk has to.

    Why not, is never said: it is nobody's, of several people, no such day, or tried too often.
    Whoever was found there before is not any more.
    """
    row = Kiosk.objects.select_for_update().get(pk=kiosk.pk)
    if kiosks.is_closed(wrong=row.wrong, since=row.wrong_since, at=at):
        return None
    visit = queries.who_is_here(kiosk, born=born, said=said, at=at) if born and said else None
    if visit is None:
        row.wrong, row.wrong_since = kiosks.counted(wrong=row.wrong, since=row.wrong_since, at=at)
        row.save(update_fields=["wrong", "wrong_since"])
        events.record(
            "portal.kiosk_not_found", at=at, by=None, about=row, location_id=row.location_id
        )
        return None
    open_visit(visit.pk, language, at)
    Sitting.objects.filter(kiosk=row, over_at=None).update(over_at=at)
    sitting = Sitting.objects.create(
        kiosk=row, appointment=visit, language=language, began_at=at, seen_at=at
    )
    events.record(
        "portal.kiosk_found", at=at, by=None, about=sitting, patient_id=visit.patient_id,
        location_id=row.location_id, visit_id=visit.pk, name=row.name, by_patient=True,
    )  # fmt: skip
    return sitting


def still_there(sitting: Sitting, *, language: str, at: datetime) -> None:
    """Whoever was found goes on, in this language."""
    rows = Sitting.objects.filter(pk=sitting.pk, over_at=None)
    rows.update(seen_at=at, language=language)


def wipe(*, kiosk: Kiosk, sitting_id: int, at: datetime) -> None:
    """Whoever was found has gone: the pages of their visit lead nowhere from here."""
    Sitting.objects.filter(pk=sitting_id, kiosk=kiosk, over_at=None).update(over_at=at)


def claim(
    *, kiosk: Kiosk, brought: Brought, visit: Appointment | None, at: datetime
) -> tuple[KioskEntry, bool]:
    """The entry of this key, and whether it is new. Whoever claims it at the same time waits."""
    return KioskEntry.objects.get_or_create(
        key=brought.key,
        defaults={
            "kiosk": kiosk,
            "appointment": visit,
            "what": brought.what,
            "entered_at": brought.entered_at,
            "taken_at": at,
            "late": brought.late,
        },
    )


def let_go(entry: KioskEntry) -> None:
    """What was refused before the patient's eyes was not taken: they say it otherwise."""
    entry.delete()


LATE = gettext_noop("A kiosk kept this while it was away, and it could not be taken")


def hand_over(entry: KioskEntry, *, words: str, patient_id: int | None, at: datetime) -> KioskEntry:
    """Make what could not be taken work of the front desk, in the patient's own words."""
    zone = entry.kiosk.location.time_zone
    entry.case = begin(
        New(
            kind=Kind.TASK,
            subject=f"{LATE}: {entry.kiosk.name}",
            patient_id=patient_id,
            note=f"{dates.moment(entry.entered_at, zone)}\n{words}",
            things=(("appointment", entry.appointment_id),) if entry.appointment_id else (),
        ),
        by=None,
        at=at,
    )
    entry.save(update_fields=["case"])
    return entry


@transaction.atomic
def came(
    *, kiosk: Kiosk, brought: Brought, born: date | None, said: Second | None, words: str,
    language: str, at: datetime,
) -> KioskEntry:  # fmt: skip
    """Somebody wrote who they are while the kiosk was away, and so that they are here."""
    when = brought.entered_at
    visit = queries.who_is_here(kiosk, born=born, said=said, at=when) if born and said else None
    entry, new = claim(kiosk=kiosk, brought=brought, visit=visit, at=at)
    if not new:
        return entry
    if visit is None:
        return hand_over(entry, words=words, patient_id=None, at=at)
    open_visit(visit.pk, language, at)
    try:
        with transaction.atomic():
            arrivals.arrive_own(appointment_id=visit.pk, at=when)
    except arrivals.AlreadyHere:  # a colleague was quicker
        return entry
    except arrivals.NotExpected:
        return hand_over(entry, words=words, patient_id=visit.patient_id, at=at)
    return entry


@transaction.atomic
def told(
    *, kiosk: Kiosk, brought: Brought, who: KioskEntry | None, said: dict[str, str], words: str,
    days: int, at: datetime,
) -> KioskEntry:  # fmt: skip
    """What somebody told who had written who they are: kept with their visit, or with the case."""
    visit = who.appointment if who else None
    entry, new = claim(kiosk=kiosk, brought=brought, visit=visit, at=at)
    if not new:
        return entry
    if who and who.case and who.case.closed_at is None:
        line(who.case, Verb.NOTED, by=None, at=at, words=words)
        entry.case = who.case
        entry.save(update_fields=["case"])
        return entry
    patient_id = visit.patient_id if visit else None
    if visit is None:
        return hand_over(entry, words=words, patient_id=patient_id, at=at)
    try:
        with transaction.atomic():
            _say(visit, said, days=days, at=at)
    except arrivals.NotOpen:
        return hand_over(entry, words=words, patient_id=patient_id, at=at)
    return entry


def _say(visit: Appointment, said: dict[str, str], *, days: int, at: datetime) -> None:
    """Raises NotOpen."""
    for name, text in said.items():
        arrivals.say(
            appointment_id=visit.pk,
            thing=Thing(name),
            verdict=Verdict.TOLD,
            words={"text": text},
            seen="",
            days=days,
            at=at,
        )
