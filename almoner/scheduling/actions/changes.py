"""What can become of a booked visit: moved, cancelled, not kept, and each taken back in time."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.facility.models import Clinician, Location
from almoner.ground import events
from almoner.ground.models import Event
from almoner.scheduling import rules
from almoner.scheduling.actions import holds, offers
from almoner.scheduling.actions.booking import Order, claim_of, refused
from almoner.scheduling.actions.refused import BookingRefused, OpeningTaken
from almoner.scheduling.models import Appointment
from almoner.scheduling.queries import appointments
from almoner.scheduling.queries.openings import Search
from almoner.scheduling.rules import CancelReason, Refusal

Status = Appointment.Status

_MOVE = """
    UPDATE scheduling_appointment a
       SET clinician_id = c.resource_id, location_id = %(location)s, room_id = {room},
           device_id = {device}, starts_at = %(starts_at)s, ends_at = %(ends_at)s,
           local_day = %(day)s, local_time = %(local_time)s, time_zone = %(zone)s,
           lane = c.lane, overbook_reason = '', confirmed_at = NULL
      FROM clinician c WHERE a.id = %(appointment)s AND {granted}
    RETURNING a.id
"""

_STANDING = (
    "clinician_id", "location_id", "room_id", "device_id", "starts_at", "ends_at", "local_day",
    "local_time", "time_zone", "status", "lane", "overbook_reason", "cancelled_at",
    "cancel_reason", "cancel_note", "confirmed_at",
)  # fmt: skip
_READ = {
    "starts_at": datetime.fromisoformat,
    "ends_at": datetime.fromisoformat,
    "local_day": date.fromisoformat,
    "local_time": time.fromisoformat,
    "confirmed_at": datetime.fromisoformat,
}


class _NotFree(Exception):
    """Ends the savepoint in which the old time was given up for a new one that was not free."""


@transaction.atomic
def move(
    *,
    officer: Officer,
    appointment: Appointment,
    clinician: Clinician,
    location: Location,
    starts_at: datetime,
    asked_at: datetime,
    search: Search | None = None,
) -> Appointment:
    """Give a booked visit another time, clinician or place. It stays the same appointment.

    Old and new time change hands in one transaction: when the new one is not to be had, the visit
    stays where it was. An overbooked visit moves to an ordinary place.
    Raises PermissionDenied, BookingRefused, or OpeningTaken; then nothing was written.
    """
    access.require(officer, "scheduling.book")
    return moved(
        appointment,
        clinician=clinician,
        location=location,
        starts_at=starts_at,
        asked_at=asked_at,
        by=officer,
        search=search,
    )


def moved(
    appointment: Appointment,
    *,
    clinician: Clinician,
    location: Location,
    starts_at: datetime,
    asked_at: datetime,
    by: Officer | None,
    search: Search | None = None,
    giving_up: Sequence[int] = (),
    promised_at: datetime | None = None,
    **more: Any,
) -> Appointment:
    """What `move` does, whoever asked for it; ``more`` are further facts of its event.

    ``giving_up`` are holds of an offer of the same time, given up with the visit's own, and
    ``promised_at`` is when it was made.
    """
    row = locked(appointment)
    order = Order(row.patient, row.visit_type, clinician, location, starts_at, asked_at)
    claim = claim_of(order, moving=True, promised_at=promised_at)
    was = _standing(row)
    facts = {
        "appointment": row.pk,
        "local_time": order.local.time(),
        "zone": location.time_zone,
    }
    try:
        _exchange([*was["holds"], *giving_up], claim, facts)
    except holds.PatientBusy as busy:
        raise BookingRefused(Refusal.PATIENT_BUSY) from busy
    except _NotFree as taken:
        raise refused(order, claim, search or order.search()) from taken
    return _recorded("scheduling.moved", row, by=by, at=asked_at, was=was, **more)


@transaction.atomic
def cancel(
    *,
    officer: Officer,
    appointment: Appointment,
    reason: CancelReason,
    at: datetime,
    note: str = "",
) -> Appointment:
    """Give up a booked visit; its time is free for others at once.

    Raises PermissionDenied, or BookingRefused when the visit is not booked any more.
    """
    access.require(officer, "scheduling.cancel")
    return cancelled(appointment, reason=reason, at=at, note=note, by=officer)


def cancelled(
    appointment: Appointment,
    *,
    reason: CancelReason,
    at: datetime,
    by: Officer | None,
    note: str = "",
    **more: Any,
) -> Appointment:
    """What `cancel` does, whoever asked for it; ``more`` are further facts of its event."""
    row = locked(appointment)
    was = _standing(row)
    row.status, row.cancelled_at = Status.CANCELLED, at
    row.cancel_reason, row.cancel_note = CancelReason(reason), note.strip()
    _end(row, was)
    late = row.starts_at - at < rules.LATE_CANCEL
    return _recorded(
        "scheduling.cancelled", row, by=by, at=at, was=was,
        reason=row.cancel_reason, late=late, **more,
    )  # fmt: skip


@transaction.atomic
def no_show(*, officer: Officer, appointment: Appointment, at: datetime) -> Appointment:
    """The patient did not come. What is left of the time is free for somebody who did.

    Raises PermissionDenied, or BookingRefused before the visit's start or when it is not booked.
    """
    access.require(officer, "scheduling.cancel")
    row = locked(appointment)
    if at < row.starts_at:
        raise BookingRefused(Refusal.NOT_STARTED)
    was = _standing(row)
    row.status = Status.NO_SHOW
    _end(row, was)
    return _recorded("scheduling.no_show", row, by=officer, at=at, was=was)


@transaction.atomic
def arrive(*, appointment: Appointment) -> Appointment:
    """The patient is here: the arrivals duty says so, decides who may, and records the event.

    Raises BookingRefused when the visit is not booked.
    """
    row = locked(appointment)
    row.status = Status.ARRIVED
    row.save(update_fields=["status"])
    return row


@transaction.atomic
def complete(*, appointment: Appointment) -> Appointment:
    """The visit is over: said by the arrivals duty. Raises BookingRefused when nobody arrived."""
    row = locked(appointment, Status.ARRIVED)
    row.status = Status.COMPLETED
    row.save(update_fields=["status"])
    return row


@transaction.atomic
def reopen(*, appointment: Appointment) -> Appointment:
    """The visit is not over after all: the arrivals duty took that back."""
    row = locked(appointment, Status.COMPLETED)
    row.status = Status.ARRIVED
    row.save(update_fields=["status"])
    return row


@transaction.atomic
def undo(*, officer: Officer, appointment: Appointment, at: datetime) -> Appointment:
    """Take back the officer's own last change of this visit, within ten seconds of it.

    Everything stands as before, to the room and the lane. A booking taken back becomes a cancelled
    visit that says so. Raises PermissionDenied, BookingRefused when there is nothing to take back
    or it is too late, OpeningTaken when somebody has the time by now; then nothing was written.
    """
    access.require(officer, "scheduling.book")
    row = Appointment.objects.select_for_update(of=("self",)).get(pk=appointment.pk)
    change = appointments.last_change(row.pk)
    if reason := rules.undo_refusal(
        kind=change.kind if change else "",
        by_id=change.by_id if change else None,
        officer_id=officer.pk,
        made_at=change.at if change else at,
        asked_at=at,
    ):
        raise BookingRefused(reason)
    assert change is not None  # noqa: S101 (undo_refusal refuses when there is none)
    was = _standing(row)
    if change.kind == "scheduling.booked":
        row.status, row.cancelled_at, row.cancel_reason = Status.CANCELLED, at, rules.UNDONE
        _end(row, was)
    else:
        _restore(row, change, at=at)
    return _recorded("scheduling.undone", row, by=officer, at=at, was=was, undone=change.kind)


def locked(appointment: Appointment, status: Status = Status.BOOKED) -> Appointment:
    """The row as it is now, locked. Raises BookingRefused unless it has that status."""
    # Locked alone and read after: a join would be as it was before the wait, and miss a visit that
    # somebody has just moved to another clinician.
    Appointment.objects.select_for_update().values_list("pk").get(pk=appointment.pk)
    row = Appointment.objects.select_related("patient", "visit_type", "clinician", "location").get(
        pk=appointment.pk
    )
    if row.status != status:
        raise BookingRefused(Refusal.NOT_BOOKED)
    return row


def _standing(row: Appointment) -> dict[str, Any]:
    """How the visit stands, in a form that an event can keep and `_restore` reads."""
    standing = {name: getattr(row, name) for name in _STANDING}
    texts = {
        name: value.isoformat() if isinstance(value, date | time) else value
        for name, value in standing.items()
    }
    return texts | {"holds": holds.live_holds(row.pk)}


@transaction.atomic
def _exchange(held: list[int], claim: holds.Claim, facts: dict[str, Any]) -> None:
    """Give up these holds for a claim, or keep them and raise _NotFree or PatientBusy.

    Everything is locked in order first, then given up before it is taken: a visit moved by ten
    minutes must not stand in its own way. Nobody sees the old time free before the commit.
    """
    holds.lock(held, claim)
    holds.give_back(held)
    if holds.take(claim, appointment=_MOVE, facts=facts) is None:
        raise _NotFree


def _end(row: Appointment, was: dict[str, Any]) -> None:
    """Save the row and give up its time."""
    holds.lock(was["holds"])
    holds.give_back(was["holds"])
    row.save(update_fields=["status", "cancelled_at", "cancel_reason", "cancel_note"])


def _restore(row: Appointment, change: Event, *, at: datetime) -> None:
    before = change.data["was"]
    offers.take_back(before["holds"], at=at)
    now_held = holds.live_holds(row.pk)
    holds.lock([*before["holds"], *now_held])
    holds.give_back(now_held)
    if not holds.take_again(before["holds"]):
        raise OpeningTaken  # undo() is one transaction: what was given back is not
    for name in _STANDING:
        value = before[name]
        read = _READ.get(name)
        setattr(row, name, read(value) if read and value is not None else value)
    row.save(update_fields=list(_STANDING))


def _recorded(
    kind: str,
    row: Appointment,
    *,
    by: Officer | None,
    at: datetime,
    was: dict[str, Any],
    **more: Any,
) -> Appointment:
    fresh = Appointment.objects.select_related("clinician", "location", "visit_type").get(pk=row.pk)
    there = ZoneInfo(was["time_zone"])
    events.record(
        kind,
        at=at,
        by=by,
        about=fresh,
        patient_id=fresh.patient_id,
        location_id=fresh.location_id,
        was=was,
        was_when=appointments.wall_clock(datetime.fromisoformat(was["starts_at"]), there),
        **appointments.facts(fresh),
        **more,
    )
    return fresh
