"""The visits of one patient, as the patient's own pages and lists of patients show them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from almoner.access.queries import Reading
from almoner.facility.rules import clinician_name
from almoner.patients.queries import Alert
from almoner.scheduling.queries.appointments import short_when
from almoner.scheduling.rules import UNDONE

NEXT, PAST = 10, 10
"""How many visits to come and gone by a patient's panel shows."""
SHOWN_TODAY = 3
"""How many of today's visits the header of every screen names; of the others it says how many."""


@dataclass(frozen=True, slots=True)
class Line:
    """A visit as lists of one patient's visits show it; ``when`` is the wall clock promised."""

    id: int
    local_day: date
    local_time: time
    visit_type: str
    clinician: str
    location: str
    status: str
    overbooked: bool

    @property
    def when(self) -> str:
        return short_when(self.local_day, self.local_time)


# What was booked and taken back within seconds never happened.
VISITS = f"""
    WITH to_come AS (
        SELECT * FROM scheduling_appointment
         WHERE patient_id = %(patient)s AND ends_at >= %(at)s AND status IN ('booked', 'arrived')
         ORDER BY starts_at, id LIMIT {NEXT}
    ), gone AS (
        SELECT * FROM scheduling_appointment
         WHERE patient_id = %(patient)s AND cancel_reason <> '{UNDONE}'
           AND NOT (ends_at >= %(at)s AND status IN ('booked', 'arrived'))
         ORDER BY starts_at DESC, id DESC LIMIT {PAST}
    )
    SELECT visit.coming, visit.id, visit.local_day, visit.local_time, visit_type.name,
           clinician.given, clinician.family, clinician.credentials, location.short_name,
           visit.status, visit.lane > 0
      FROM (SELECT true AS coming, to_come.* FROM to_come
             UNION ALL SELECT false, gone.* FROM gone) AS visit
      JOIN facility_visittype visit_type ON visit_type.id = visit.visit_type_id
      JOIN facility_clinician clinician ON clinician.id = visit.clinician_id
      JOIN facility_location location ON location.id = visit.location_id
     ORDER BY visit.coming DESC,
              CASE WHEN visit.coming THEN visit.starts_at END, visit.starts_at DESC,
              CASE WHEN visit.coming THEN visit.id ELSE -visit.id END
"""  # noqa: S608 (constants)


def visits(patient_id: int, *, reading: Reading) -> tuple[list[Line], list[Line]]:
    """The patient's visits from now on, next first, and before, latest first. One query."""
    reading.saw([patient_id])
    to_come: list[Line] = []
    gone: list[Line] = []
    with connection.cursor() as cursor:
        cursor.execute(VISITS, {"patient": patient_id, "at": reading.at})
        for coming, id_, day, at, visit_type, given, family, credentials, *rest in cursor:
            name = clinician_name(given, family, credentials)
            (to_come if coming else gone).append(Line(id_, day, at, visit_type, name, *rest))
    return to_come, gone


NEXT_VISIT = """
    (SELECT json_build_array(visit.local_day, visit.local_time,
                             clinician.given, clinician.family, clinician.credentials)
       FROM scheduling_appointment visit JOIN facility_clinician clinician
         ON clinician.id = visit.clinician_id
      WHERE visit.patient_id = p.id AND visit.starts_at >= %(at)s AND visit.status = 'booked'
      ORDER BY visit.starts_at, visit.id LIMIT 1)
"""


def next_visit(told: Sequence[str]) -> str:
    """When a patient is seen next and by whom: ``Tue, Mar 3, 2026, 9:20 AM, Linh Ng, MD``."""
    day, at, *name = told
    when = short_when(date.fromisoformat(day), time.fromisoformat(at))
    return f"{when}, {clinician_name(*name)}"


OF_HEADER = """
    (SELECT json_build_object(
            'missed', count(*) FILTER (WHERE status = 'no_show'),
            'today', json_agg(json_build_array(id, local_time) ORDER BY starts_at, id)
                     FILTER (WHERE status = 'booked'
                               AND local_day = (%(at)s::timestamptz AT TIME ZONE time_zone)::date))
       FROM scheduling_appointment
      WHERE patient_id = p.id
        AND (status = 'no_show'
             AND starts_at BETWEEN %(at)s::timestamptz - interval '1 year' AND %(at)s::timestamptz
             OR status = 'booked'
             AND starts_at BETWEEN %(at)s::timestamptz - interval '1 day'
                               AND %(at)s::timestamptz + interval '1 day'))
"""


def alerts(told: dict[str, Any], _patient_id: int, _reading: Reading) -> Iterator[Alert]:
    """What the patient's header says of visits: those of today, and those not kept."""
    today = told["today"] or []
    for visit_id, local_time in today[:SHOWN_TODAY]:
        text = _("Visit today at %(time)s") % {
            "time": formats.time_format(time.fromisoformat(local_time), "g:i A")
        }
        url = f"{reverse('appointment', args=[visit_id])}?for=appointment:{visit_id}"
        yield Alert(text, "info", url)
    if (more := len(today) - SHOWN_TODAY) > 0:
        text = ngettext("%(n)s more visit today", "%(n)s more visits today", more)
        yield Alert(text % {"n": more}, "info")
    if missed := told["missed"]:
        text = ngettext("%(n)s visit not kept this year", "%(n)s visits not kept this year", missed)
        yield Alert(text % {"n": missed}, "warn")
