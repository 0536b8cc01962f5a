"""What patients book and wait for by themselves. Who they are was settled at the gate."""

from datetime import datetime, timedelta

from almoner.facility import queries as facility
from almoner.patients.models import Patient
from almoner.portal import queries
from almoner.portal.queries import Kind, Narrowed
from almoner.scheduling import actions as scheduling
from almoner.scheduling.models import Appointment, WaitEntry
from almoner.scheduling.queries.openings import Search

WAITS_FOR = timedelta(days=90)
"""How long somebody who asked to be told of a place is told."""


def book_visit(
    *,
    patient_id: int,
    kind: Kind,
    starts_at: datetime,
    clinician_id: int,
    location_id: int,
    search: Search,
    request_key: str,
    at: datetime,
) -> Appointment:
    """Take an opening of a kind of visit that patients book.

    Raises OpeningTaken, also for a time that was not offered here, or BookingRefused.
    """
    if kind.refused or not queries.may_take(starts_at, clinician_id, kind, at=at):
        raise scheduling.OpeningTaken
    order = scheduling.Order(
        Patient.objects.only("id", "deceased").get(pk=patient_id),
        facility.visit_type(kind.id),
        facility.clinician(clinician_id),
        facility.location(location_id),
        starts_at,
        at,
    )
    return scheduling.book_own(order=order, request_key=request_key, search=search)


def wait_for(*, patient_id: int, kind: Kind, asked: Narrowed, at: datetime) -> WaitEntry:
    """Be told of a place such as was looked for. Raises BookingRefused."""
    since, until = queries.PARTS[asked.part]
    wanted = scheduling.Wanted(
        patient=Patient.objects.get(pk=patient_id),
        visit_type=facility.visit_type(kind.id),
        last_day=(at + min(WAITS_FOR, timedelta(days=kind.ahead_days))).date(),
        clinician_ids=frozenset({asked.who}) if asked.who else kind.clinician_ids,
        location_ids=frozenset({asked.where}) if asked.where else frozenset(),
        weekdays=asked.weekdays,
        since=since,
        until=until,
    )
    return scheduling.wait_own(wanted=wanted, at=at)


def wait_sooner(*, appointment_id: int, at: datetime) -> WaitEntry:
    """Be told of an earlier place with the same clinician there. Raises BookingRefused."""
    row = Appointment.objects.select_related("patient", "visit_type").get(pk=appointment_id)
    wanted = scheduling.Wanted(
        patient=row.patient,
        visit_type=row.visit_type,
        visit=row,
        last_day=max(row.local_day, at.date()),
        clinician_ids=frozenset({row.clinician_id}),
        location_ids=frozenset({row.location_id}),
    )
    return scheduling.wait_own(wanted=wanted, at=at)
