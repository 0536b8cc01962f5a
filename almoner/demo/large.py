"""A large clinic for measuring: 200 clinicians, as many patients and visits as asked for.

Made in bulk by SQL, without events or money. The next fourteen days are full, the rest of the next
ninety nearly so; what is left of the visits lies in the past. One patient of three has nothing
booked: those are due.
"""

from datetime import date, timedelta
from itertools import chain

from django.db import connection, transaction

from almoner.demo import setup
from almoner.demo.people import homes
from almoner.ground import clock
from almoner.patients.actions import register_many
from almoner.scheduling.actions import rebuild

CLINICIANS = 200
AHEAD = 90
FULL = 14
SEED = 20260302

_VISITS = """
WITH slot AS (
    SELECT hours.clinician_id, hours.location_id, place.time_zone, series::date AS local_day,
           (time '00:00' + minute * interval '1 minute')::time AS local_time
      FROM facility_weeklyhours hours
      JOIN facility_location place ON place.id = hours.location_id
      JOIN generate_series(%(since)s::date, %(until)s::date - 1, interval '1 day') series
           ON extract(isodow FROM series) = hours.weekday
      CROSS JOIN LATERAL generate_series(
           extract(epoch FROM hours.starts)::int / 60,
           extract(epoch FROM hours.ends)::int / 60 - 20, 20) minute
     WHERE NOT EXISTS (SELECT 1 FROM facility_holiday holiday WHERE holiday.day = series::date)
), chosen AS (
    SELECT slot.*, (local_day + local_time) AT TIME ZONE time_zone AS starts_at
      FROM slot
     WHERE local_day < %(full_until)s
        OR abs(hashtextextended(clinician_id || ' ' || local_day || local_time, 7)) %% 100 <
        %(share)s
), counted AS (
    SELECT chosen.*, row_number() OVER (ORDER BY starts_at, clinician_id) - 1 AS place
      FROM chosen ORDER BY starts_at, clinician_id LIMIT %(limit)s
)
INSERT INTO scheduling_appointment (
       patient_id, visit_type_id, clinician_id, location_id, starts_at, ends_at, local_day,
       local_time, time_zone, status, lane, overbook_reason, note, booked_at, cancel_reason,
       cancel_note)
SELECT (%(patients)s::bigint[])[1 + place %% cardinality(%(patients)s::bigint[])],
       %(visit_type)s, clinician_id, location_id, starts_at, starts_at + interval '20 minutes',
       local_day, local_time, time_zone, %(status)s, 0, '', '', starts_at - interval '20 days',
       '', ''
  FROM counted
"""

_HOLDS = """
INSERT INTO scheduling_hold (appointment_id, kind, resource_id, lane, during, live)
SELECT visit.id, kind, CASE kind WHEN 1 THEN visit.clinician_id ELSE visit.patient_id END, 0,
       tstzrange(visit.starts_at, visit.ends_at), true
  FROM scheduling_appointment visit CROSS JOIN (VALUES (1), (4)) AS resource (kind)
 WHERE visit.status = 'booked'
 ORDER BY kind, 3, visit.starts_at
"""


def build(*, today: date, patients: int, appointments: int) -> None:
    """Fill an empty database; each step is a transaction, so an interrupted build starts afresh."""
    with transaction.atomic():
        setup.build(today=today, clinicians=CLINICIANS)
        everybody = chain.from_iterable(
            home.members for home in homes(patients, seed=SEED, today=today)
        )
        ids = register_many(people=everybody, at=clock.now())
        come = [id_ for place, id_ in enumerate(ids) if place % 3]
        ahead = _visits(come, today, today + timedelta(days=AHEAD), "booked", appointments)
        back = timedelta(days=2 * 365)
        _visits(ids, today - back, today, "completed", appointments - ahead)
        with connection.cursor() as sql:
            sql.execute(_HOLDS)
    rebuild(since=today, until=today + timedelta(days=AHEAD + 30))
    with connection.cursor() as sql:
        sql.execute("ANALYZE")


def _visits(ids: list[int], since: date, until: date, status: str, limit: int) -> int:
    """Visits of twenty minutes in the clinicians' hours; how many were made."""
    with connection.cursor() as sql:
        sql.execute("SELECT id FROM facility_visittype WHERE code = 'follow-up'")
        (visit_type,) = sql.fetchone()
        sql.execute(
            _VISITS,
            {
                "since": since,
                "until": until,
                "full_until": since + timedelta(days=FULL),
                "share": 92,
                "limit": limit,
                "patients": ids,
                "visit_type": visit_type,
                "status": status,
            },
        )
        return int(sql.rowcount)
