"""Somebody calls: from the number to everybody it may be, with what is open with each."""

from collections.abc import Iterator
from itertools import cycle, islice

from bench.harness import Figure, alternate, at_least, at_most, figure
from bench.pages import _desk, _note, _windows

NUMBERS = 3000
# What is open with the patients: a case of every fifth, and a day of visits of those who call.
_CASES = """
    INSERT INTO relations_case (kind, desk, skill, patient_id, subject, owner_id, answer_by,
                                warn_at, due_at, state, waiting_for, opened_at, result)
    SELECT 'call_back', 'front', '', id, 'Asked to be called', (SELECT min(id) FROM access_officer),
           now(), now(), now(), 'open', '', now(), ''
      FROM patients_patient WHERE id % 5 = 0 AND NOT EXISTS (SELECT FROM relations_case)
"""
_VISITS = """
    INSERT INTO ground_event (kind, at, about_kind, about_id, patient_id, data)
    SELECT 'scheduling.booked', visit.booked_at, 'appointment', visit.id, visit.patient_id,
           jsonb_build_object('local_day', visit.local_day, 'starts_at', visit.starts_at,
                              'when', visit.local_time, 'visit_type', 'Visit', 'clinician', 'Dr. N')
      FROM scheduling_appointment visit
     WHERE visit.patient_id = ANY(%s) AND NOT EXISTS (SELECT FROM ground_event known
           WHERE known.about_kind = 'appointment' AND known.about_id = visit.id)
"""
_SHARED = """
    SELECT number FROM patients_phone WHERE use <> 'old'
     GROUP BY number ORDER BY count(*) DESC, number LIMIT %s
"""
_EXACT = "SELECT patient_id FROM patients_phone WHERE number = %s AND use <> 'old'"
_BY_SUFFIX = "SELECT patient_id FROM patients_phone WHERE right(number, 7) = %s AND use <> 'old'"


@figure("Screen pop, 200,000 patients", clinic=True)
def screen_pop() -> Iterator[Figure]:
    """The page over HTTP as officers open it; and whose the number is, against what softphones do.

    The numbers that most people share come first: each has all of a family on its page.
    """
    numbers = _numbers()
    with _desk() as (port, send):
        asked = [send("GET", f"/messages/calling/?number=%2B{number[1:]}") for number in numbers]
        _rates, latencies = _windows(port, cycle([asked]), {"200"})
    yield Figure(latencies, at_most(300.0, "p95"), what="page over HTTP", note=_note(latencies))
    exact, suffix = _whose(numbers)
    yield Figure(
        exact, at_least(1.0, "ratio"), "the last seven digits", suffix, what="whose number it is"
    )


def _numbers() -> list[str]:
    """Who calls; what is open with them is written down first, once."""
    from django.db import connection

    with connection.cursor() as sql:
        sql.execute(_CASES)
        sql.execute(_SHARED, [NUMBERS])
        numbers = [number for (number,) in sql.fetchall()]
        sql.execute("SELECT patient_id FROM patients_phone WHERE number = ANY(%s)", [numbers])
        sql.execute(_VISITS, [[patient for (patient,) in sql.fetchall()]])
        sql.execute("ANALYZE relations_case, ground_event")
    return numbers


def _whose(numbers: list[str]) -> tuple:
    """The number as it is kept, by its index; and by its end, however it is written."""
    from django.db import connection

    one, two = cycle(islice(numbers, 200)), cycle(islice(numbers, 200))

    def by(statement: str, value: str) -> None:
        with connection.cursor() as sql:
            sql.execute(statement, [value])
            sql.fetchall()

    return alternate(
        lambda: by(_EXACT, next(one)), lambda: by(_BY_SUFFIX, next(two)[-7:]), rounds=200
    )
