"""Single appointments, and those of one patient."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import formats

from almoner.facility.rules import bits
from almoner.ground.models import Event
from almoner.scheduling.models import Appointment, Hold


def patient_is_elsewhere(patient_id: int, since: datetime, until: datetime) -> bool:
    """Whether the patient has another visit during [since, until). One query."""
    return Hold.objects.filter(
        kind=Hold.Kind.PATIENT, resource_id=patient_id, live=True, during__overlap=(since, until)
    ).exists()


def works_then(clinician_id: int, location_id: int, day: date, mask: int) -> bool:
    """Whether the clinician's hours there cover all these ticks, taken or not. One query."""
    with connection.cursor() as sql:
        sql.execute(
            """
            SELECT EXISTS (SELECT 1 FROM scheduling_resource_day
             WHERE kind = 1 AND local_day = %s AND resource_id = %s AND location_id = %s
               AND template & %s::bit(300) = %s::bit(300))
            """,
            [day, clinician_id, location_id, bits(mask), bits(mask)],
        )
        return bool(sql.fetchone()[0])


def facts(appointment: Appointment) -> dict[str, object]:
    """What events say of an appointment, so that whoever reacts need not ask us."""
    return {
        "clinician_id": appointment.clinician_id,
        "clinician": str(appointment.clinician),
        "location": appointment.location.name,
        "visit_type_id": appointment.visit_type_id,
        "visit_type": appointment.visit_type.name,
        "service_type": appointment.visit_type.service_type,
        "starts_at": appointment.starts_at.isoformat(),
        "local_day": appointment.local_day.isoformat(),
        "local_time": appointment.local_time.isoformat("minutes"),
        "when": when(appointment),
    }


def when(appointment: Appointment) -> str:
    """``Tuesday, March 3, 2026 at 9:20 AM``: the wall clock promised to the patient."""
    return wall_clock(appointment.starts_at, ZoneInfo(appointment.time_zone))


def wall_clock(at: datetime, zone: ZoneInfo) -> str:
    """``Tuesday, March 3, 2026 at 9:20 AM``."""
    there = at.astimezone(zone)
    day = formats.date_format(there.date(), "l, F j, Y")
    return f"{day} at {formats.time_format(there.time(), 'g:i A')}"


def last_change(appointment_id: int) -> Event | None:
    """The latest event of this appointment in the schedule. One query."""
    found = Event.objects.filter(
        about_kind="appointment", about_id=appointment_id, kind__startswith="scheduling."
    )
    return found.order_by("-id").first()
