"""What arrivals tell the schedule: somebody came, somebody was seen."""

from datetime import datetime

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.ground import events
from almoner.scheduling.models import Appointment
from almoner.scheduling.queries import appointments


def mark_arrived(appointment: Appointment, *, officer: Officer, at: datetime) -> None:
    """The patient is here. In the caller's transaction, with the appointment locked."""
    access.require(officer, "arrivals.check_in")
    _mark(appointment, Appointment.Status.ARRIVED, "scheduling.arrived", officer, at)


def mark_completed(appointment: Appointment, *, officer: Officer, at: datetime) -> None:
    """The patient was seen and has left. In the caller's transaction."""
    access.require(officer, "arrivals.move")
    _mark(appointment, Appointment.Status.COMPLETED, "scheduling.completed", officer, at)


def _mark(appointment: Appointment, status: str, kind: str, officer: Officer, at: datetime) -> None:
    appointment.status = status
    appointment.save(update_fields=["status"])
    events.record(
        kind,
        at=at,
        by=officer,
        about=appointment,
        patient_id=appointment.patient_id,
        location_id=appointment.location_id,
        **appointments.facts(appointment),
    )
