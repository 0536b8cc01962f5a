"""Visits by what an officer types of them: part of a name, a day, or both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.db import connection
from django.utils import timezone

from almoner.access.queries import Reading
from almoner.facility import queries as facility
from almoner.ground.typed import Lean, NotADate, typed_date
from almoner.patients.rules.box import word_key
from almoner.patients.rules.fold import fold

_LONGEST, _MOST_WORDS = 80, 5
_BOUND = 1_000  # patients of one name looked at; a name that has more needs another word
_LETTERS = 3  # a word shorter than this is a name, whatever day it might mean
_NAMES = frozenset({"tom"})
"""Short for a day and for a person: the person is meant."""


@dataclass(frozen=True, slots=True)
class FoundVisit:
    """A visit as Ctrl-K shows it; the day and time are the wall clock promised."""

    id: int
    patient_id: int
    family: str
    given: str
    local_day: date
    local_time: time
    visit_type: str
    clinician: str
    location: str
    status: str


# With a day, the schedule's own index leads to its few hundred visits and a word may also name the
# clinician; without one, the patients of that name lead to theirs. What is to come stands first,
# the nearest of it before all.
_FIND = """
    SELECT a.id, a.patient_id, p.family, coalesce(nullif(p.name_used, ''), p.given),
           a.local_day, a.local_time, v.name, concat_ws(' ', c.given, c.family),
           l.short_name, a.status
      FROM scheduling_appointment a
      JOIN patients_patient p ON p.id = a.patient_id
      JOIN facility_clinician c ON c.id = a.clinician_id
      JOIN facility_visittype v ON v.id = a.visit_type_id
      JOIN facility_location l ON l.id = a.location_id
     WHERE a.status <> 'cancelled' AND {which}
     ORDER BY a.ends_at < %(at)s, abs(extract(epoch FROM a.starts_at - %(at)s)), a.id
     LIMIT %(limit)s
"""
_OF_DAYS = """a.location_id = ANY(%(places)s::bigint[]) AND a.local_day = ANY(%(days)s::date[])
       AND NOT EXISTS (
           SELECT FROM unnest(%(keys)s::text[], %(likes)s::text[]) AS word (key, likes)
            WHERE NOT (p.keys @> ARRAY[word.key] OR lower(c.family) LIKE word.likes))"""
_OF_NAME = """a.patient_id IN (SELECT id FROM patients_patient
             WHERE keys @> %(keys)s::text[] LIMIT %(bound)s)"""


def find(typed: str, *, reading: Reading, limit: int) -> list[FoundVisit]:
    """Visits that fit every word typed, those to come first; each patient is noted as seen.

    One query, two with a day. ``3/4`` is that day of this year and the next one of it to come,
    ``today ng`` and ``thu ferreira`` a day and a name. Cancelled visits are on the patient's page,
    not here.
    """
    words, days = understand(typed, today=timezone.localtime(reading.at).date())
    if not words and not days:
        return []
    values: dict[str, Any] = {
        "at": reading.at,
        "limit": limit,
        "bound": _BOUND,
        "days": days,
        "places": list(facility.places()) if days else [],
        "keys": [word_key(word) for word in words],
        "likes": [f"{word}%" for word in words],
    }
    with connection.cursor() as sql:
        sql.execute(_FIND.format(which=_OF_DAYS if days else _OF_NAME), values)
        lines = [FoundVisit(*row) for row in sql.fetchall()]
    _saw(lines, reading, words=words, days=days)
    return lines


def _saw(
    lines: Sequence[FoundVisit], reading: Reading, *, words: list[str], days: list[date]
) -> None:
    reading.saw(line.patient_id for line in lines)
    if lines:
        by = [what for what, said in (("part of a name", words), ("day of a visit", days)) if said]
        reading.searched = reading.searched or ", ".join(by)


def understand(typed: str, *, today: date) -> tuple[list[str], list[date]]:
    """Words of names, and the days that were meant; a day without a year may be past or to come."""
    words: list[str] = []
    days: list[date] = []
    for chunk in typed[:_LONGEST].casefold().split():
        meant = _days(chunk, today)
        if meant and not days:
            days = meant
        elif not meant:
            words.extend(fold(chunk).split())
    return words[:_MOST_WORDS], days


def _days(chunk: str, today: date) -> list[date]:
    if chunk in _NAMES or (chunk.isalpha() and len(chunk) < _LETTERS):
        return []
    try:
        return sorted({typed_date(chunk, today=today, lean=lean) for lean in Lean})
    except NotADate:
        return []
