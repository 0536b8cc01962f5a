"""What changed in a patient's record, who did it and with which act."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from almoner.access.queries import Reading
from almoner.patients.queries import changed

PAGE = 25
HISTORY = """
    SELECT c.id, c.at, coalesce(o.name, ''), coalesce(e.kind, ''), c.of_table,
           c.was::json, c.became::json
      FROM patients_change c
      LEFT JOIN LATERAL (SELECT kind, by_id FROM ground_event
                          WHERE transaction = c.transaction AND patient_id = c.patient_id
                          ORDER BY id DESC LIMIT 1) e ON true
      LEFT JOIN access_officer o ON o.id = e.by_id
     WHERE c.patient_id = %(patient)s AND (%(before)s::bigint IS NULL OR c.id < %(before)s)
     ORDER BY c.id DESC LIMIT %(limit)s
"""
_HIDDEN = frozenset({"id", "patient_id", "rank"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One field as it was and as it became; None where there was no row."""

    field: str
    was: str | None
    became: str | None


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One changed row. ``who`` is empty when it was changed outside the desk."""

    id: int
    at: datetime
    who: str
    act: str
    part: str
    differences: tuple[Difference, ...]


def history(
    patient_id: int, *, reading: Reading, before: int | None = None
) -> tuple[list[ChangeLine], int | None]:
    """A page of changes in the desk's words, the latest first, and where the next page begins.

    One query; a second when somebody who pays, or a household, is to be named.
    """
    values = {"patient": patient_id, "before": before, "limit": PAGE + 1}
    with connection.cursor() as cursor:
        cursor.execute(HISTORY, values)
        rows = cursor.fetchall()
    names = changed.names_in(side for row in rows[:PAGE] for side in row[5:])
    reading.saw([patient_id])
    reading.saw_beside(patient_id, (id_ for field, id_ in names if field == "guarantor_id"))
    lines = [_line(row, names) for row in rows[:PAGE]]
    return lines, lines[-1].id if len(rows) > PAGE else None


def _line(row: tuple[Any, ...], names: changed.Names) -> ChangeLine:
    change_id, at, who, act, table, was, became = row

    def said(side: changed.Row | None, field: str) -> str | None:
        if side is None:
            return None
        return changed.value_words(table, field, side.get(field), names)

    differences = tuple(
        Difference(changed.field_words(table, field), said(was, field), said(became, field))
        for field in dict.fromkeys((*(was or ()), *(became or ())))
        if field not in _HIDDEN and (said(was, field) or said(became, field))
    )
    part = str(changed.TABLES.get(table, table))
    return ChangeLine(change_id, at, who, act, part, differences)


def last_changed_by(patient_id: int) -> tuple[str, datetime] | None:
    """Who changed the record last, and when; None when nobody has."""
    with connection.cursor() as cursor:
        cursor.execute(HISTORY, {"patient": patient_id, "before": None, "limit": 1})
        row = cursor.fetchone()
    return (row[2], row[1]) if row else None
