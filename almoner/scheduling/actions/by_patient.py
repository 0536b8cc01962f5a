"""What patients do with their own visits, without an officer.

Who may is decided where they were let in. Events have no officer and say ``by_patient``.
"""

from datetime import datetime

from django.db import transaction

from almoner.facility.models import Clinician, Location
from almoner.ground import events
from almoner.scheduling.actions import booking, changes
from almoner.scheduling.actions.booking import Order
from almoner.scheduling.actions.refused import BookingRefused
from almoner.scheduling.models import Appointment
from almoner.scheduling.queries import appointments
from almoner.scheduling.queries.openings import Search
from almoner.scheduling.rules import CancelReason, Refusal


@transaction.atomic
def confirm(
    *,
    appointment: Appointment,
    at: datetime,
    as_told: datetime | None = None,
    by_phone: bool = False,
) -> Appointment:
    """The patient says that they will come; said twice, the first stands.

    ``as_told`` is when they were told that it begins. ``by_phone``: by a key in a call of ours.
    Raises BookingRefused when the visit is not booked any more, or begins at another time.
    """
    row = changes.locked(appointment)
    if as_told is not None and row.starts_at != as_told:
        raise BookingRefused(Refusal.NOT_BOOKED)
    if row.confirmed_at is None:
        row.confirmed_at = at
        row.save(update_fields=["confirmed_at"])
        events.record(
            "scheduling.confirmed",
            at=at,
            by=None,
            about=row,
            patient_id=row.patient_id,
            location_id=row.location_id,
            by_patient=True,
            **({"by_phone": True} if by_phone else {}),
            **appointments.facts(row),
        )
    return row


@transaction.atomic
def book_own(*, order: Order, request_key: str, search: Search) -> Appointment:
    """The patient takes an opening; sent twice with one ``request_key`` it is one booking.

    Raises BookingRefused or OpeningTaken, as `book` does; then nothing was written.
    """
    return booking.booked(order, by=None, request_key=request_key, search=search, by_patient=True)


@transaction.atomic
def cancel_own(*, appointment: Appointment, at: datetime) -> Appointment:
    """The patient gives up a visit; its time is free for others at once.

    Raises BookingRefused when the visit is not booked any more.
    """
    return changes.cancelled(
        appointment, reason=CancelReason.PATIENT, at=at, by=None, by_patient=True
    )


@transaction.atomic
def move_own(
    *,
    appointment: Appointment,
    clinician: Clinician,
    location: Location,
    starts_at: datetime,
    asked_at: datetime,
    search: Search,
) -> Appointment:
    """The patient takes another time for a visit, and will come then.

    Raises BookingRefused or OpeningTaken, as `move` does; then nothing was written.
    """
    row = changes.moved(
        appointment,
        clinician=clinician,
        location=location,
        starts_at=starts_at,
        asked_at=asked_at,
        by=None,
        search=search,
        by_patient=True,
    )
    row.confirmed_at = asked_at
    row.save(update_fields=["confirmed_at"])
    return row
