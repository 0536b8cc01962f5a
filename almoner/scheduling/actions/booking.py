"""Booking: the one way an appointment comes to be."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.facility import queries as facility
from almoner.facility.models import Clinician, Location, VisitType
from almoner.ground import events
from almoner.ground.writing import whole
from almoner.patients.models import Patient
from almoner.scheduling import rules
from almoner.scheduling.actions import holds
from almoner.scheduling.actions.refused import BookingRefused, OpeningTaken
from almoner.scheduling.models import Appointment
from almoner.scheduling.queries import appointments, openings
from almoner.scheduling.queries.openings import Search
from almoner.scheduling.rules import Refusal

_INSERT = """
    INSERT INTO scheduling_appointment (
        patient_id, visit_type_id, clinician_id, location_id, room_id, device_id, starts_at,
        ends_at, local_day, local_time, time_zone, status, lane, overbook_reason, note,
        booked_by_id, booked_at, cancel_reason, cancel_note, request_key)
    SELECT %(patient)s, %(visit_type)s, c.resource_id, %(location)s, {room}, {device},
           %(starts_at)s, %(ends_at)s, %(day)s, %(local_time)s, %(zone)s, 'booked', c.lane,
           %(overbook_reason)s, %(note)s, %(booked_by)s, %(booked_at)s, '', '', %(request_key)s
      FROM clinician c WHERE {granted}
    RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Order:
    """A visit somebody wants booked, with everything that decides about it."""

    patient: Patient
    visit_type: VisitType
    clinician: Clinician
    location: Location
    starts_at: datetime
    asked_at: datetime

    @property
    def local(self) -> datetime:
        return self.starts_at.astimezone(ZoneInfo(self.location.time_zone))

    def search(self) -> Search:
        """What to look for instead: the same visit with the same clinician, from that day on."""
        return Search(
            visit_type_id=self.visit_type.pk,
            clinician_ids=frozenset({self.clinician.pk}),
            earliest=self.local.date(),
        )


@whole
def book(
    *,
    officer: Officer,
    patient: Patient,
    visit_type: VisitType,
    clinician: Clinician,
    location: Location,
    starts_at: datetime,
    asked_at: datetime,
    request_key: str | None = None,
    note: str = "",
    search: Search | None = None,
) -> Appointment:
    """Book a visit.

    A booking sent twice with one ``request_key`` is one booking: the second answers the first.
    ``search`` is what the officer had looked for; its next openings come with a refusal.
    Raises PermissionDenied, BookingRefused, or OpeningTaken; then nothing was written, and a
    transaction of the caller's is as good as before.
    """
    access.require(officer, "scheduling.book")
    order = Order(patient, visit_type, clinician, location, starts_at, asked_at)
    return booked(order, by=officer, request_key=request_key, note=note, search=search)


def booked(
    order: Order,
    *,
    by: Officer | None,
    request_key: str | None = None,
    note: str = "",
    search: Search | None = None,
    giving_up: Sequence[int] = (),
    promised_at: datetime | None = None,
    **more: Any,
) -> Appointment:
    """What `book` does, whoever asked for it; ``more`` are further facts of its event.

    ``giving_up`` are holds of an offer of the same time, given up for it in the same transaction,
    and ``promised_at`` is when it was made.
    """
    try:
        claim = claim_of(order, promised_at=promised_at)
    except BookingRefused:
        if before := _already(request_key, order.patient):  # it was allowed when first sent
            return before
        raise
    if giving_up:
        holds.lock(list(giving_up), claim)
        holds.give_back(list(giving_up))
    facts = {"note": note, "request_key": request_key, "overbook_reason": ""}
    taken = _take(order, claim, facts, officer=by, search=search or order.search())
    return _booked(taken, order, claim, facts, officer=by, **more)


@transaction.atomic
def overbook(
    *,
    officer: Officer,
    patient: Patient,
    visit_type: VisitType,
    clinician: Clinician,
    location: Location,
    starts_at: datetime,
    asked_at: datetime,
    reason: str,
    request_key: str | None = None,
    note: str = "",
) -> Appointment:
    """Book a visit on top of another, on purpose and for a reason that is kept.

    The visit type says how many visits may lie on one another. Room and device are still given to
    one visit only, and the clinician must be there.
    Raises PermissionDenied, BookingRefused, or OpeningTaken; then nothing was written.
    """
    access.require(officer, "scheduling.overbook")
    order = Order(patient, visit_type, clinician, location, starts_at, asked_at)
    if before := _already(request_key, patient):
        return before
    if not reason.strip():
        raise BookingRefused(Refusal.NO_REASON)
    if not visit_type.overbook_lanes:
        raise BookingRefused(Refusal.LANES_FULL)
    claim = replace(claim_of(order), lanes=visit_type.overbook_lanes)
    facts = {"note": note, "request_key": request_key, "overbook_reason": reason.strip()}
    taken = _take(order, claim, facts, officer=officer, search=order.search())
    return _booked(taken, order, claim, facts, officer=officer, overbook_reason=reason.strip())


def claim_of(
    order: Order, *, moving: bool = False, promised_at: datetime | None = None
) -> holds.Claim:
    """The time an order asks of everybody. Raises BookingRefused when it may not be booked.

    A visit that is only moved may be of a type retired since it was booked. A place that was
    ``promised_at`` some time, and is kept, asks for the notice it had then.
    """
    said_at = promised_at or order.asked_at
    policy = openings.policy_of(order.visit_type)
    if moving:
        policy = replace(policy, retired=False)
    zone = order.location.time_zone
    reason = rules.refusal(
        policy,
        starts_at=order.starts_at,
        local_day=order.local.date(),
        asked_at=said_at,
        asked_day=said_at.astimezone(ZoneInfo(zone)).date(),
        does_it=facility.does(order.clinician.pk, order.visit_type.pk),
        deceased=order.patient.deceased,
    )
    if reason:
        raise BookingRefused(reason)
    since, until = policy.hold(order.starts_at)
    mask = rules.hold_mask(zone, order.local.date(), since, until)
    if mask is None:
        raise BookingRefused(Refusal.OUTSIDE_HOURS)
    room, device = order.visit_type.room_kind, order.visit_type.device_kind
    here = [order.location.pk]
    return holds.Claim(
        patient_id=order.patient.pk,
        clinician_id=order.clinician.pk,
        location_id=order.location.pk,
        local_day=order.local.date(),
        mask=mask,
        since=since,
        until=until,
        starts_at=order.starts_at,
        ends_at=order.starts_at + timedelta(minutes=policy.minutes),
        asked_at=order.asked_at,
        rooms=tuple(facility.rooms(room, here)) if room else None,
        devices=tuple(facility.devices(device, here)) if device else None,
    )


def refused(order: Order, claim: holds.Claim, search: Search) -> BookingRefused | OpeningTaken:
    """Why a claim was not granted, to be raised."""
    if not appointments.works_then(
        claim.clinician_id, claim.location_id, claim.local_day, claim.mask
    ):
        return BookingRefused(Refusal.OUTSIDE_HOURS)
    return OpeningTaken(openings.find(search, at=order.asked_at, limit=3))


def _take(
    order: Order,
    claim: holds.Claim,
    facts: dict[str, Any],
    *,
    officer: Officer | None,
    search: Search,
) -> holds.Taken | Appointment:
    facts |= {
        "visit_type": order.visit_type.pk,
        "local_time": order.local.time(),
        "zone": order.location.time_zone,
        "booked_by": officer.pk if officer else None,
        "booked_at": order.asked_at,
    }
    try:
        taken = holds.take(claim, appointment=_INSERT, facts=facts)
    except (holds.PatientBusy, IntegrityError) as error:
        if before := _already(facts["request_key"], order.patient):
            return before
        if isinstance(error, holds.PatientBusy):
            raise BookingRefused(Refusal.PATIENT_BUSY) from error
        raise
    if taken:
        return taken
    # The same request may have come twice at once, and what is in its way is itself.
    if before := _already(facts["request_key"], order.patient):
        return before
    raise refused(order, claim, search)


def _already(request_key: str | None, patient: Patient) -> Appointment | None:
    if not request_key:
        return None
    return Appointment.objects.filter(request_key=request_key, patient=patient).first()


def _booked(
    taken: holds.Taken | Appointment,
    order: Order,
    claim: holds.Claim,
    facts: dict[str, Any],
    *,
    officer: Officer | None,
    **more: Any,
) -> Appointment:
    if isinstance(taken, Appointment):
        return taken
    appointment = _row(taken, order, claim, facts, officer)
    events.record(
        "scheduling.booked",
        at=order.asked_at,
        by=officer,
        about=appointment,
        patient_id=order.patient.pk,
        location_id=order.location.pk,
        lane=taken.lane,
        **appointments.facts(appointment),
        **more,
    )
    return appointment


def _row(
    taken: holds.Taken,
    order: Order,
    claim: holds.Claim,
    facts: dict[str, Any],
    officer: Officer | None,
) -> Appointment:
    """The appointment as it was just written, without reading it again."""
    appointment = Appointment(
        id=taken.appointment_id,
        patient=order.patient,
        visit_type=order.visit_type,
        clinician=order.clinician,
        location=order.location,
        room_id=taken.room_id,
        device_id=taken.device_id,
        starts_at=claim.starts_at,
        ends_at=claim.ends_at,
        local_day=claim.local_day,
        local_time=order.local.time(),
        time_zone=order.location.time_zone,
        lane=taken.lane,
        overbook_reason=facts["overbook_reason"],
        note=facts["note"],
        booked_by_id=officer.pk if officer else None,
        booked_at=order.asked_at,
        request_key=facts["request_key"],
    )
    appointment._state.adding = False
    return appointment
