"""What the answers come to, by clinician, desk, location, visit type or the way it was held."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from almoner.facility.models import Clinician, Location, VisitType
from almoner.surveys import rules
from almoner.surveys.rules import Figure, Way

DAYS = ("30", "90", "365")
DESK = """
    CASE WHEN e.by_video THEN 'video'
         WHEN EXISTS (SELECT FROM arrivals_movement
                       WHERE encounter_id = e.id AND state = 'arrived' AND by_id IS NOT NULL)
         THEN 'front'
         WHEN e.id IS NOT NULL THEN 'self' ELSE 'none' END
"""
"""How a visit was checked in: by the front desk, by the patient at the kiosk or by link, who then
only sees the desk, or by video. Which of several desks of a location it was is not known."""
BY: dict[str, tuple[str, str]] = {
    # name: the column of the survey, what a line of it is called
    "desk": ("concat_ws(':', desk.way, s.location_id)", "concat_ws(':', desk.way, l.name)"),
    "clinician": ("s.clinician_id", "concat_ws(' ', c.given, c.family)"),
    "location": ("s.location_id", "l.name"),
    "visit_type": ("s.visit_type_id", "t.name"),
    "way": ("s.way", "s.way"),
}
"""What the figures are shown by: an address names one of these, and nothing else."""
NARROWS: dict[str, type[Clinician | Location | VisitType]] = {
    "at": Location,
    "type": VisitType,
    "who": Clinician,
}


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one group. ``asked`` counts what reached the carrier or the mail server.

    ``nps_moved`` and ``csat_moved`` are against as many days before; None where either is of too
    few. ``desk`` is how a visit was checked in, when it is shown by desk.
    """

    name: str
    asked: int
    answered: int
    rate: int | None
    nps: Figure
    csat: Figure
    low: int | None
    nps_moved: int | None
    csat_moved: int | None
    desk: str = ""


def filters(asked: Mapping[str, str]) -> dict[str, str]:
    """What of an address narrows the figures: known names with known values, and nothing else."""
    known: dict[str, Sequence[str]] = {"days": DAYS, "by": tuple(BY), "way": tuple(Way)}
    found = {name: asked[name] for name, values in known.items() if asked.get(name) in values}
    for name in NARROWS:
        value = asked.get(name, "")
        if value.isascii() and value.isdigit() and len(value) <= 18:  # noqa: PLR2004 (a row's id)
            found[name] = value
    return found


FIGURES = """
WITH answer AS (
    SELECT survey_id, max(score) FILTER (WHERE kind = 'nps') AS nps,
           max(score) FILTER (WHERE kind = 'csat') AS csat
      FROM surveys_answer WHERE score IS NOT NULL GROUP BY survey_id
)
SELECT {key} AS key, min({name}) AS name,
       count(*) FILTER (WHERE since.now) AS asked,
       count(a.survey_id) FILTER (WHERE since.now) AS answered,
       count(s.low_at) FILTER (WHERE since.now) AS low,
       array_agg(a.nps) FILTER (WHERE since.now AND a.nps IS NOT NULL) AS nps,
       array_agg(a.csat) FILTER (WHERE since.now AND a.csat IS NOT NULL) AS csat,
       array_agg(a.nps) FILTER (WHERE NOT since.now AND a.nps IS NOT NULL) AS nps_before,
       array_agg(a.csat) FILTER (WHERE NOT since.now AND a.csat IS NOT NULL) AS csat_before
  FROM surveys_survey s
 CROSS JOIN LATERAL (SELECT s.visit_on >= %(since)s AS now) since
  JOIN relations_message m ON m.id = s.message_id
  JOIN ground_outgoing o ON o.id = m.outgoing_id
  JOIN facility_clinician c ON c.id = s.clinician_id
  JOIN facility_location l ON l.id = s.location_id
  JOIN facility_visittype t ON t.id = s.visit_type_id
  LEFT JOIN answer a ON a.survey_id = s.id
  LEFT JOIN arrivals_encounter e ON e.appointment_id = s.appointment_id
 CROSS JOIN LATERAL (SELECT {desk} AS way) desk
 WHERE s.visit_on >= %(before)s
   AND (o.state IN ('sent', 'unknown') OR s.opened_at IS NOT NULL)
   AND (%(at)s::bigint IS NULL OR s.location_id = %(at)s)
   AND (%(type)s::bigint IS NULL OR s.visit_type_id = %(type)s)
   AND (%(who)s::bigint IS NULL OR s.clinician_id = %(who)s)
   AND (%(way)s::text IS NULL OR s.way = %(way)s)
 GROUP BY GROUPING SETS ((), ({key}))
HAVING grouping({key}) = 1 OR count(*) FILTER (WHERE since.now) > 0
 ORDER BY grouping({key}) DESC, name, key
 LIMIT 201
"""


def figures(narrowed: Mapping[str, str], *, today: date) -> tuple[Line, list[Line]]:
    """All of what was asked in the time, and the same by what it is shown by. One query.

    ``narrowed`` comes from `filters`. Nothing of it is about one patient.
    """
    by = narrowed.get("by", "clinician")
    key, name = BY[by]
    parameters: dict[str, Any] = {each: int(narrowed[each]) if each in narrowed else None
                                  for each in NARROWS}  # fmt: skip
    parameters["way"] = narrowed.get("way")
    span = timedelta(days=int(narrowed.get("days", DAYS[1])))
    parameters |= {"since": today - span, "before": today - 2 * span}
    with connection.cursor() as sql:
        sql.execute(FIGURES.format(key=key, name=name, desk=DESK), parameters)
        lines = [_line(row, by_desk=by == "desk") for row in sql.fetchall()]
    return lines[0], lines[1:]


def _line(row: Sequence[Any], *, by_desk: bool) -> Line:
    _key, name, asked, answered, low, nps, csat, *before = row
    ten, five = Counter(nps or ()), Counter(csat or ())
    earlier_ten, earlier_five = (Counter(each or ()) for each in before)
    desk, _colon, place = (name or "").partition(":") if by_desk else ("", "", name or "")
    return Line(
        name=place,
        desk=desk,
        nps_moved=rules.moved(rules.nps, earlier_ten, ten),
        csat_moved=rules.moved(rules.csat, earlier_five, five),
        asked=asked,
        answered=answered,
        rate=rules.rate(answered, asked),
        nps=rules.shown(rules.nps(ten), ten.total()),
        csat=rules.shown(rules.csat(five), five.total()),
        low=low if answered >= rules.FEWEST else None,
    )


def choices() -> dict[str, list[tuple[int, str]]]:
    """What the figures can be narrowed to. Three queries."""
    return {
        "at": [(row.pk, row.name) for row in Location.objects.order_by("name", "id")],
        "type": [(row.pk, row.name) for row in VisitType.objects.order_by("name", "id")],
        "who": [
            (row.pk, f"{row.given} {row.family}")
            for row in Clinician.objects.order_by("family", "given", "id")
        ],
    }
