"""Single appointments, and those of one patient."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.http import Http404
from django.utils import formats, translation
from django.utils.translation import gettext as _

from almoner.access.models import Officer
from almoner.access.queries import Evidence, Reading, WorkItem
from almoner.facility.rules import bits
from almoner.ground.models import Event
from almoner.scheduling.models import Appointment, Hold, PlaceOffer, WaitEntry
from almoner.scheduling.rules import FOLLOW_UP


@dataclass(frozen=True, slots=True)
class Change:
    """One event of a visit's history, in order; ``was_when`` is where it stood before a move."""

    at: datetime
    kind: str
    by: str
    when: str
    was_when: str
    reason: str
    undone: str
    by_patient: bool
    acted_by: str


def appointment(appointment_id: int, *, reading: Reading) -> Appointment:
    """The visit with all it names, its patient noted as seen. Raises Http404."""
    row = (
        Appointment.objects.select_related(
            "patient", "visit_type", "clinician", "location", "room", "device"
        )
        .filter(pk=appointment_id)
        .first()
    )
    if row is None:
        raise Http404
    reading.saw([row.patient_id])
    return row


def lifted(appointment_id: int, *, reading: Reading) -> Appointment:
    """The visit that is being moved over a board, whose own reason it is. Raises Http404."""
    row = appointment(appointment_id, reading=reading)
    reading.saw_about(WorkItem("appointment", row.pk), row.patient_id)
    return row


def times(appointment_ids: Sequence[int]) -> list[tuple[int, str]]:
    """Ids and wall-clock times of visits, and nothing that tells whose they are. One query."""
    rows = Appointment.objects.filter(pk__in=appointment_ids[:50]).order_by("starts_at", "id")
    return [(row.pk, short(row)) for row in rows]


def history(appointment_id: int) -> list[Change]:
    """What became of a visit and of waiting for an earlier one, first first. Two queries."""
    waits = WaitEntry.objects.filter(visit=appointment_id).values("pk")
    its = Q(about_kind="appointment", about_id=appointment_id)
    its |= Q(about_kind="waitentry", about_id__in=waits)
    its |= Q(
        about_kind="placeoffer",
        about_id__in=PlaceOffer.objects.filter(entry__in=waits).values("pk"),
    )
    rows = Event.objects.filter(its, kind__startswith="scheduling.").order_by("id")[:100]
    names = dict(
        Officer.objects.filter(pk__in={row.by_id for row in rows}).values_list("id", "name")
    )
    return [
        Change(
            at=row.at,
            kind=row.kind.removeprefix("scheduling."),
            by=names.get(row.by_id or 0, ""),
            when=row.data.get("when", ""),
            was_when=row.data.get("was_when", ""),
            reason=row.data.get("reason", "") or row.data.get("overbook_reason", ""),
            undone=row.data.get("undone", "").removeprefix("scheduling."),
            by_patient=bool(row.data.get("by_patient")),
            acted_by=row.data.get("acted_by", ""),
        )
        for row in rows
    ]


EVIDENCE = """
    SELECT patient_id, booked_by_id, status IN ('arrived', 'completed'),
           coalesce(cancelled_at, ends_at)
      FROM scheduling_appointment WHERE id = %s
"""


def evidence(item_id: int) -> Evidence | None:
    """What an appointment proves as a reason to look: who it is about, and who made it.

    Once the patient has come or the visit is over, others have borne it out. It proves that until
    `FOLLOW_UP` after its end, or after its cancellation: then it is nobody's work any more.
    """
    with connection.cursor() as cursor:
        cursor.execute(EVIDENCE, [item_id])
        row = cursor.fetchone()
    if row is None:
        return None
    patient_id, made_by_id, borne_out, over = row
    return Evidence(
        frozenset({patient_id}), made_by_id, corroborated=borne_out, until=over + FOLLOW_UP
    )


# The patient's visit about now that is this reader's business: at the reader's own location or with
# the reader. One made by somebody else explains more than one's own.
PATH_TODAY = """
    SELECT id FROM scheduling_appointment
     WHERE patient_id = %(patient)s AND (location_id = %(location)s OR clinician_id = %(clinician)s)
       AND starts_at BETWEEN %(at)s::timestamptz - interval '1 day'
                         AND %(at)s::timestamptz + interval '1 day'
     ORDER BY booked_by_id IS NOT DISTINCT FROM %(officer)s, starts_at, id LIMIT 1
"""


def short(row: Appointment) -> str:
    """``Tue, Mar 3, 2026, 9:20 AM``."""
    return short_when(row.local_day, row.local_time)


def short_when(day: date, at: time) -> str:
    """``Tue, Mar 3, 2026, 9:20 AM``."""
    return f"{formats.date_format(day, 'D, M j, Y')}, {formats.time_format(at, 'g:i A')}"


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


def at_work(location_id: int, day: date, mask: int) -> frozenset[int]:
    """Clinicians whose hours there cover all these ticks, taken or not. One query."""
    with connection.cursor() as sql:
        sql.execute(
            """
            SELECT resource_id FROM scheduling_resource_day
             WHERE kind = 1 AND local_day = %s AND location_id = %s
               AND template & %s::bit(300) = %s::bit(300)
            """,
            [day, location_id, bits(mask), bits(mask)],
        )
        return frozenset(id_ for (id_,) in sql.fetchall())


def facts(appointment: Appointment) -> dict[str, object]:
    """What events say of an appointment, so that whoever reacts need not ask us."""
    return {
        "clinician_id": appointment.clinician_id,
        "clinician": str(appointment.clinician),
        "location": appointment.location.name,
        "visit_type_id": appointment.visit_type_id,
        "visit_type": appointment.visit_type.name,
        "service_type": appointment.visit_type.service_type,
        "by_video": appointment.visit_type.by_video,
        "starts_at": appointment.starts_at.isoformat(),
        "local_day": appointment.local_day.isoformat(),
        "local_time": appointment.local_time.isoformat("minutes"),
        "when": when(appointment),
    }


def when(appointment: Appointment) -> str:
    """``Tuesday, March 3, 2026 at 9:20 AM``: the wall clock promised to the patient."""
    return wall_clock(appointment.starts_at, ZoneInfo(appointment.time_zone))


def wall_clock(at: datetime, zone: ZoneInfo) -> str:
    """``Tuesday, March 3, 2026 at 9:20 AM``, as staff reads it: a patient may act in Spanish."""
    there = at.astimezone(zone)
    with translation.override(settings.LANGUAGE_CODE):
        day = formats.date_format(there.date(), "l, F j, Y")
        clock = formats.time_format(there.time(), "g:i A")
        return _("%(day)s at %(time)s") % {"day": day, "time": clock}


def last_change(appointment_id: int) -> Event | None:
    """The latest event of this appointment in the schedule. One query."""
    found = Event.objects.filter(
        about_kind="appointment", about_id=appointment_id, kind__startswith="scheduling."
    )
    return found.order_by("-id").first()
