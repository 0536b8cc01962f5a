"""How the day stands at one location, in figures: nobody is named, so nobody is looked at."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection


@dataclass(frozen=True, slots=True)
class Today:
    """Counts of one location and local day; ``longest`` is the longest wait now, in minutes."""

    location_id: int
    expected: int
    late: int
    waiting: int
    longest: int
    in_rooms: int
    gone: int


TODAY = """
SELECT count(*) FILTER (WHERE encounter.id IS NULL),
       count(*) FILTER (WHERE encounter.id IS NULL
                          AND visit.starts_at < %(now)s - interval '10 minutes'),
       count(*) FILTER (WHERE encounter.state IN ('arrived', 'ready')),
       coalesce(max(extract(epoch FROM %(now)s - greatest(encounter.arrived_at, visit.starts_at)))
                FILTER (WHERE encounter.state IN ('arrived', 'ready')), 0),
       count(*) FILTER (WHERE encounter.state IN ('roomed', 'with_clinician')),
       count(*) FILTER (WHERE encounter.state = 'left')
  FROM scheduling_appointment visit
  LEFT JOIN arrivals_encounter encounter ON encounter.appointment_id = visit.id
 WHERE visit.location_id = %(location)s AND visit.local_day = %(day)s
   AND visit.status NOT IN ('cancelled', 'no_show')
"""


def today(location_id: int, day: date, *, now: datetime) -> Today:
    """How many are expected, waiting, in rooms and gone. One query."""
    with connection.cursor() as sql:
        sql.execute(TODAY, {"location": location_id, "day": day, "now": now})
        expected, late, waiting, longest, in_rooms, gone = sql.fetchone()
    minutes = max(0, int(longest) // 60)
    return Today(location_id, expected, late, waiting, minutes, in_rooms, gone)
