"""Single appointments, and those of one patient."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Case, Q, When
from django.http import Http404
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from almoner.access.models import Officer
from almoner.access.queries import Evidence, Reading, WorkItem
from almoner.facility.rules import bits
from almoner.ground.models import Event
from almoner.patients.queries import Alert
from almoner.scheduling.models import Appointment, Hold
from almoner.scheduling.rules import UNDONE

NEXT, PAST = 10, 10
"""How many visits to come and gone by a patient's panel shows."""


@dataclass(frozen=True, slots=True)
class Line:
    """A visit as lists of one patient's visits show it; ``when`` is the wall clock promised."""

    id: int
    when: str
    local_day: date
    local_time: time
    visit_type: str
    clinician: str
    location: str
    status: str
    overbooked: bool


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


def of_patient(patient_id: int, *, reading: Reading) -> tuple[list[Line], list[Line]]:
    """The patient's visits from now on, next first, and before, latest first. Two queries."""
    reading.saw([patient_id])
    rows = Appointment.objects.filter(patient=patient_id).select_related(
        "visit_type", "clinician", "location"
    )
    to_come = rows.filter(
        ends_at__gte=reading.at, status__in=[Appointment.Status.BOOKED, Appointment.Status.ARRIVED]
    ).order_by("starts_at", "id")
    # What was booked and taken back within seconds never happened.
    gone = rows.exclude(cancel_reason=UNDONE).exclude(
        ends_at__gte=reading.at, status__in=[Appointment.Status.BOOKED, Appointment.Status.ARRIVED]
    )
    return (
        [_line(row) for row in to_come[:NEXT]],
        [_line(row) for row in gone.order_by("-starts_at", "-id")[:PAST]],
    )


def next_visits(patient_ids: Sequence[int], reading: Reading) -> dict[int, str]:
    """When each of these patients is seen next, in words. One query."""
    rows = (
        Appointment.objects.filter(
            patient__in=patient_ids, starts_at__gte=reading.at, status=Appointment.Status.BOOKED
        )
        .select_related("clinician")
        .order_by("patient_id", "starts_at")
        .distinct("patient_id")
    )
    return {row.patient_id: f"{short(row)}, {row.clinician}" for row in rows}


MISSED = timedelta(days=365)


def alerts(patient_id: int, reading: Reading) -> list[Alert]:
    """What the patient's header says of visits: one about now, and those not kept. One query."""
    at, day = reading.at, timedelta(days=1)
    rows = Appointment.objects.filter(
        Q(status=Appointment.Status.NO_SHOW, starts_at__range=(at - MISSED, at))
        | Q(status=Appointment.Status.BOOKED, starts_at__range=(at - day, at + day)),
        patient=patient_id,
    ).order_by("starts_at", "id")[:50]
    said, missed = [], 0
    for row in rows:
        today = reading.at.astimezone(ZoneInfo(row.time_zone)).date()
        if row.status == Appointment.Status.NO_SHOW:
            missed += 1
        elif row.local_day == today:
            text = _("Visit today at %(time)s") % {
                "time": formats.time_format(row.local_time, "g:i A")
            }
            url = f"{reverse('appointment', args=[row.pk])}?for=appointment:{row.pk}"
            said.append(Alert(text, "info", url))
    if missed:
        text = ngettext("%(n)s visit not kept this year", "%(n)s visits not kept this year", missed)
        said.append(Alert(text % {"n": missed}, "warn"))
    return said


def times(appointment_ids: Sequence[int]) -> list[tuple[int, str]]:
    """Ids and wall-clock times of visits, and nothing that tells whose they are. One query."""
    rows = Appointment.objects.filter(pk__in=appointment_ids[:50]).order_by("starts_at", "id")
    return [(row.pk, short(row)) for row in rows]


def history(appointment_id: int) -> list[Change]:
    """What became of a visit, first first. Two queries."""
    rows = Event.objects.filter(
        about_kind="appointment", about_id=appointment_id, kind__startswith="scheduling."
    ).order_by("id")[:100]
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
        )
        for row in rows
    ]


def evidence(item_id: int) -> Evidence | None:
    """What an appointment proves as a reason to look: who it is about, and who made it.

    Once the patient has come or the visit is over, others have borne it out.
    """
    row = Appointment.objects.filter(pk=item_id).first()
    if row is None:
        return None
    borne_out = row.status in {Appointment.Status.ARRIVED, Appointment.Status.COMPLETED}
    return Evidence(frozenset({row.patient_id}), row.booked_by_id, corroborated=borne_out)


def path_today(patient_id: int, officer: Officer, at: datetime) -> WorkItem | None:
    """The patient's visit about now that is this reader's business.

    At the reader's own location, or with the reader; from a day before to a day after.
    """
    mine = Q(location=officer.location_id) if officer.location_id else Q(pk=None)
    if officer.clinician_id:
        mine |= Q(clinician=officer.clinician_id)
    around = (at - timedelta(days=1), at + timedelta(days=1))
    found = Appointment.objects.filter(mine, patient=patient_id, starts_at__range=around)
    # A visit made by somebody else explains more than one's own.
    known = found.order_by(Case(When(booked_by_id=officer.pk, then=1), default=0), "starts_at")
    first = known.values_list("id", flat=True).first()
    return WorkItem("appointment", first) if first else None


def _line(row: Appointment) -> Line:
    return Line(
        id=row.pk,
        when=short(row),
        local_day=row.local_day,
        local_time=row.local_time,
        visit_type=row.visit_type.name,
        clinician=str(row.clinician),
        location=row.location.short_name,
        status=row.status,
        overbooked=row.lane > 0,
    )


def short(row: Appointment) -> str:
    """``Tue, Mar 3, 2026, 9:20 AM``."""
    day = formats.date_format(row.local_day, "D, M j, Y")
    return f"{day}, {formats.time_format(row.local_time, 'g:i A')}"


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
