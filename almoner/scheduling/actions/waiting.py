"""Who waits for a place: put on the list by the desk or by themselves, and taken off it."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.facility.models import VisitType
from almoner.ground import events
from almoner.ground.constraints import violated
from almoner.patients.models import Patient
from almoner.scheduling.actions import offers
from almoner.scheduling.actions.days import AHEAD
from almoner.scheduling.actions.refused import BookingRefused
from almoner.scheduling.models import Appointment, PlaceOffer, WaitEntry
from almoner.scheduling.rules import Refusal
from almoner.scheduling.rules.waitlist import Ended, OfferState, Priority

DAY = timedelta(days=1)  # the clinic's day may be another than UTC's


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody waits for. Empty means any; ``visit`` is one an earlier place would replace."""

    patient: Patient
    visit_type: VisitType
    last_day: date
    visit: Appointment | None = None
    clinician_ids: frozenset[int] = frozenset()
    location_ids: frozenset[int] = frozenset()
    weekdays: frozenset[int] = frozenset()
    since: time | None = None
    until: time | None = None
    priority: Priority = Priority.ROUTINE
    reason: str = ""
    note: str = ""


@transaction.atomic
def wait(*, officer: Officer, wanted: Wanted, at: datetime) -> WaitEntry:
    """Put somebody on the waitlist. Raises PermissionDenied or BookingRefused."""
    access.require(officer, "scheduling.book")
    return _wait(wanted, by=officer, at=at)


@transaction.atomic
def wait_own(*, wanted: Wanted, at: datetime) -> WaitEntry:
    """The patient asks to be told of a place. Raises BookingRefused."""
    return _wait(wanted, by=None, at=at)


def _wait(wanted: Wanted, *, by: Officer | None, at: datetime) -> WaitEntry:
    if wanted.patient.deceased:
        raise BookingRefused(Refusal.DECEASED)
    if wanted.priority != Priority.ROUTINE and not wanted.reason.strip():
        raise BookingRefused(Refusal.NO_WHY)
    if not at.date() - DAY <= wanted.last_day <= at.date() + AHEAD:
        raise BookingRefused(Refusal.LAST_DAY)
    if wanted.visit and wanted.visit.status != Appointment.Status.BOOKED:
        raise BookingRefused(Refusal.NOT_BOOKED)
    try:
        with transaction.atomic():
            row = WaitEntry.objects.create(
                patient=wanted.patient,
                visit_type=wanted.visit_type,
                visit=wanted.visit,
                clinician_ids=sorted(wanted.clinician_ids),
                location_ids=sorted(wanted.location_ids),
                weekdays=sorted(wanted.weekdays),
                since=wanted.since,
                until=wanted.until,
                last_day=wanted.last_day,
                priority=wanted.priority,
                reason=wanted.reason.strip(),
                note=wanted.note.strip(),
                added_at=at,
                added_by_id=by.pk if by else None,
            )
    except IntegrityError as error:
        if violated(error, "wait_entry_once") or violated(error, "wait_entry_of_visit_once"):
            raise BookingRefused(Refusal.WAITS_ALREADY) from error
        raise
    _record("scheduling.wait_added", row, by=by, at=at)
    return row


@transaction.atomic
def remove(*, officer: Officer, entry: WaitEntry, why: str, at: datetime) -> WaitEntry:
    """Take somebody off the list for a reason that is kept; what is kept for them is free.

    Raises PermissionDenied, or BookingRefused without a reason or when they wait no longer.
    """
    access.require(officer, "scheduling.book")
    if not why.strip():
        raise BookingRefused(Refusal.NO_WHY)
    return _end(entry.pk, Ended.REMOVED, why=why.strip(), by=officer, at=at)


@transaction.atomic
def leave(*, entry_id: int, at: datetime) -> WaitEntry:
    """The patient does not want to wait any more. Raises BookingRefused when they do not."""
    return _end(entry_id, Ended.LEFT, by=None, at=at)


@transaction.atomic
def visit_gone(*, visit_id: int, at: datetime) -> None:
    """The visit that an earlier place would replace is given up: nobody waits for that any more."""
    for id_ in WaitEntry.objects.filter(visit=visit_id, ended_at=None).values_list("pk", flat=True):
        visit = Appointment.objects.get(pk=visit_id)
        if visit.status != Appointment.Status.BOOKED:  # not taken back since
            _end(id_, Ended.VISIT_GONE, by=None, at=at)


@transaction.atomic
def booked_otherwise(*, visit_id: int, at: datetime) -> None:
    """Who has a visit of the kind they waited for by now, booked like any, waits no longer.

    Who was put on the list after it was booked waits for another.
    """
    visit = Appointment.objects.get(pk=visit_id)
    if visit.status == Appointment.Status.CANCELLED:
        return
    waits = WaitEntry.objects.filter(
        patient=visit.patient_id, visit_type=visit.visit_type_id, visit=None, ended_at=None,
        added_at__lte=visit.booked_at,
    )  # fmt: skip
    for id_ in waits.values_list("pk", flat=True):
        with suppress(BookingRefused):  # they left, or took an offer, at this moment
            _end(id_, Ended.BOOKED, by=None, at=at)


def _end(
    entry_id: int, ended: Ended, *, at: datetime, by: Officer | None, why: str = ""
) -> WaitEntry:
    """Offers first: accepting locks them before the entry, too."""
    open_ = PlaceOffer.objects.filter(entry=entry_id, state=OfferState.OPEN)
    for offer_id in open_.values_list("pk", flat=True):
        offer = offers.locked(offer_id)
        if offer.state == OfferState.OPEN:
            offers.end(offer, OfferState.WITHDRAWN, at=at, by=by)
    row = WaitEntry.objects.select_for_update().get(pk=entry_id)
    if row.ended_at:
        raise BookingRefused(Refusal.NOT_WAITING)
    row.ended_at, row.ended, row.ended_why = at, ended, why
    row.ended_by_id = by.pk if by else None
    row.save(update_fields=["ended_at", "ended", "ended_why", "ended_by_id"])
    _record("scheduling.wait_ended", row, by=by, at=at, reason=why, ended=ended.value)
    return row


def _record(kind: str, row: WaitEntry, *, by: Officer | None, at: datetime, **more: Any) -> None:
    events.record(
        kind,
        at=at,
        by=by,
        about=row,
        patient_id=row.patient_id,
        visit_id=row.visit_id,
        visit_type=row.visit_type.name,
        by_patient=by is None and row.ended in ("", Ended.LEFT),
        **more,
    )
