"""Who is this? Records that may be the same person's, how sure, and why, field by field."""

import heapq
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from almoner.access.queries import Reading
from almoner.patients.models import Decision, Patient
from almoner.patients.rules.alike import Match, chance, compare
from almoner.patients.rules.person import Person, probes, telling, unpacked

CANDIDATES = 500  # records compared at most; a probe that brings more says too little
SHOWN = 5

# Bitmap scans bring rows in the order they lie on disk, so the bound cuts at random, not by merit.
CANDIDATE_SQL = """
    SELECT id, likeness FROM patients_patient WHERE keys && %s::text[] LIMIT %s
"""
LINES = """
    SELECT p.id, p.mrn, p.family, p.given, p.middle, p.suffix, p.name_used, p.birth_date, p.sex,
           coalesce((SELECT right(number, 4) FROM patients_phone
                      WHERE patient_id = p.id ORDER BY rank LIMIT 1), ''),
           coalesce((SELECT concat_ws(', ', nullif(line, ''), nullif(city, ''))
                       FROM patients_address
                      WHERE patient_id = p.id ORDER BY rank LIMIT 1), '')
      FROM patients_patient p WHERE p.id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Alike:
    """A record like the one asked about. ``chance`` is the probability that it is the same."""

    id: int
    mrn: str
    family: str
    given: str
    middle: str
    suffix: str
    name_used: str
    birth_date: date | None
    sex: str
    phone_end: str
    address: str
    match: Match
    chance: float


def candidates(someone: Person, *, leave_out: Collection[int] = ()) -> list[tuple[int, Match]]:
    """Ids of records that may be this person's, with the comparison, the likeliest first.

    Placeholders count for nothing. One query.
    """
    known = telling(someone)
    keys = probes(known)
    if not keys:
        return []
    with connection.cursor() as cursor:
        cursor.execute(CANDIDATE_SQL, [keys, CANDIDATES])
        rows: Sequence[tuple[int, str]] = cursor.fetchall()
    compared = (
        (patient_id, compare(known, unpacked(likeness)))
        for patient_id, likeness in rows
        if patient_id not in leave_out
    )
    return heapq.nlargest(
        SHOWN,
        ((patient_id, match) for patient_id, match in compared if match.grade),
        key=lambda pair: (pair[1].grade == "likely", pair[1].bits, -pair[0]),
    )


def alike(
    someone: Person, *, reading: Reading, leave_out: Collection[int] = ()
) -> tuple[Alike, ...]:
    """Who this may be, for the registration form; each one shown is noted as seen. Two queries."""
    found = candidates(someone, leave_out=leave_out)
    if not found:
        return ()
    matches = dict(found)
    with connection.cursor() as cursor:
        cursor.execute(LINES, [list(matches)])
        rows: dict[int, Any] = {row[0]: row for row in cursor.fetchall()}
    people = people_here()
    reading.saw(rows)
    reading.searched = "who is this"
    return tuple(
        Alike(*(*rows[patient_id], match, chance(match.bits, people=people)))
        for patient_id, match in found
        if patient_id in rows
    )


def people_here() -> int:
    """About how many patients there are: the planner's own estimate costs nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'patients_patient'::regclass")
        return max(1_000, int(cursor.fetchone()[0]))


def alike_patient(patient_id: int, *, reading: Reading) -> tuple[Alike, ...]:
    """Other records that may be this patient's, without those somebody decided about."""
    likeness = Patient.objects.values_list("likeness", flat=True).get(pk=patient_id)
    return alike(
        unpacked(likeness),
        reading=reading,
        leave_out={patient_id, *decided(patient_id)},
    )


def decided(patient_id: int) -> set[int]:
    """Ids of patients about whom somebody decided whether they are this one."""
    lower = Decision.objects.filter(higher=patient_id).values_list("lower", flat=True)
    higher = Decision.objects.filter(lower=patient_id).values_list("higher", flat=True)
    return set(lower.union(higher))
