"""Who lives there already: people with the same address or phone, for a new family member."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from almoner.access.queries import Reading
from almoner.patients.queries.record import Record
from almoner.patients.rules.person import Person, blocking_keys, facts, telling

SHOWN = 5
MATES = """
    SELECT id, concat_ws(' ', given, family), birth_date
      FROM patients_patient WHERE keys && %s::text[] AND NOT deceased
     ORDER BY birth_date, id LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Homemate:
    id: int
    name: str
    birth_date: date | None


def homemates(someone: Person, *, reading: Reading) -> tuple[Homemate, ...]:
    """People known at the same address or phone, the eldest first, noted as seen. One query."""
    mates = _mates(someone, SHOWN)
    if not mates:
        return ()
    reading.saw(mate.id for mate in mates)
    reading.searched = reading.searched or "address or phone"
    return mates


def homemates_of(record: Record, *, reading: Reading) -> tuple[Homemate, ...]:
    """People at a known patient's address or phone, noted as seen beside him. One query."""
    mates = _mates(facts(record.details), SHOWN + 1)
    others = tuple(mate for mate in mates if mate.id != record.id)[:SHOWN]
    reading.saw_beside(record.id, (mate.id for mate in others))
    return others


def _mates(someone: Person, most: int) -> tuple[Homemate, ...]:
    keys = [key for key in blocking_keys(telling(someone)) if key.startswith(("a:", "p:"))]
    if not keys:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(MATES, [keys, most])
        return tuple(Homemate(*row) for row in cursor.fetchall())
