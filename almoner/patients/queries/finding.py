"""The search box: any part of a name, birth date, phone, record number, member id, in one line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from almoner.access.queries import Reading
from almoner.patients.queries.registry import NextVisit, next_visit
from almoner.patients.rules.box import Asked, understand, word_key

PAGE = 20
BOUND = 200  # matches looked at; a search that has more needs another word


@dataclass(frozen=True, slots=True)
class FoundLine:
    """What a list shows of a patient, and no more: enough to ask who is calling.

    ``same_as`` is the MRN of the line above, when it was confirmed that both are one person's.
    Such a line stands there also when what was typed does not fit it; then it does not ``fits``.
    """

    id: int
    mrn: str
    family: str
    given: str
    middle: str
    suffix: str
    name_used: str
    birth_date: date | None
    deceased: bool
    phone_end: str
    same_as: str = ""
    next_visit: str = ""
    fits: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a search. ``more`` pages follow; ``bounded`` says that some were left out.

    ``held`` names the identifiers the query held, each of which every line that fits fulfils.
    """

    lines: tuple[FoundLine, ...] = ()
    page: int = 1
    more: bool = False
    bounded: bool = False
    held: tuple[str, ...] = ()


COLUMNS = """p.id, p.mrn, p.family, p.given, p.middle, p.suffix, p.name_used, p.birth_date,
             p.deceased"""
PHONE_END = """coalesce((SELECT right(number, 4) FROM patients_phone
                          WHERE patient_id = p.id ORDER BY rank LIMIT 1), '')"""
# The bitmap of a short beginning ("ga") holds thousands; only the first rows of it are fetched.
BY_KEYS = """
    SELECT id, sort_name, (keys @> %(exact)s::text[])::int AS exact
      FROM patients_patient WHERE {conditions} LIMIT %(bound)s
"""
# One word alone is first a surname, in order, by the index on names; then any other name. The outer
# LIMIT never starts the second part when surnames fill the list.
BY_ONE_WORD = """
    SELECT * FROM (
        (SELECT id, sort_name, 1 AS exact FROM patients_patient
          WHERE sort_name >= %(from)s AND sort_name < %(until)s
          ORDER BY sort_name, id LIMIT %(bound)s)
        UNION ALL
        (SELECT id, sort_name, 0 FROM patients_patient
          WHERE keys @> %(keys)s::text[]
            AND NOT (sort_name >= %(from)s AND sort_name < %(until)s)
          LIMIT %(bound)s)
    ) AS both_parts LIMIT %(bound)s
"""
SEARCH = f"""
    WITH hits AS MATERIALIZED ({{hits}}),
    page AS (
        SELECT id, row_number() OVER (ORDER BY exact DESC, sort_name, id) AS place,
               count(*) OVER () AS counted
          FROM hits ORDER BY exact DESC, sort_name, id LIMIT %(size)s OFFSET %(skip)s
    ),
    shown AS (
        SELECT id, place, counted, NULL::bigint AS beside FROM page
        UNION ALL
        SELECT other.id, place, counted, page.id FROM page CROSS JOIN LATERAL (
            SELECT higher_id AS id FROM patients_decision WHERE lower_id = page.id AND same
            UNION ALL
            SELECT lower_id FROM patients_decision WHERE higher_id = page.id AND same
        ) AS other
    )
    SELECT shown.counted, {COLUMNS}, {PHONE_END},
           coalesce((SELECT mrn FROM patients_patient WHERE id = shown.beside), ''), {{next}}
      FROM shown JOIN patients_patient p USING (id)
     ORDER BY shown.place, shown.beside NULLS FIRST, p.id
"""  # noqa: S608 (constants)


def find(typed: str, *, reading: Reading, page: int = 1, size: int = PAGE) -> Found:
    """Patients who fit everything typed, best first, a page of them; each is noted as seen.

    One query.
    """
    asked = understand(typed, today=timezone.localtime(reading.at).date())
    page = max(1, min(page, BOUND // PAGE))
    if not asked:
        return Found(page=page)
    sql, values = _query(asked)
    visit = next_visit(reading)
    values |= {"bound": BOUND, "size": size, "skip": (page - 1) * size, "at": reading.at}
    with connection.cursor() as cursor:
        cursor.execute(SEARCH.format(hits=sql, next=visit.sql), values)
        rows = cursor.fetchall()
    counted = rows[0][0] if rows else 0
    lines = tuple(_together([_line(row, visit) for row in rows]))
    reading.saw(line.id for line in lines)
    if lines:
        reading.searched = ", ".join(asked.held) or "part of a name or number"
    return Found(
        lines,
        page,
        more=counted > page * PAGE,
        bounded=counted >= BOUND,
        held=asked.held,
    )


def _query(asked: Asked) -> tuple[str, dict[str, Any]]:
    if len(asked.words) == 1 and not asked.facts:
        [word] = asked.words
        until = word + "\U0010ffff"
        return BY_ONE_WORD, {"from": word, "until": until, "keys": [word_key(word)]}
    sure = [word_key(word) for word in asked.words]
    sure += [keys[0] for keys in asked.facts if len(keys) == 1]
    values: dict[str, Any] = {"exact": [f"w:{word}" for word in asked.words]}
    conditions = []
    # One condition for each key: PostgreSQL then expects few rows whatever the keys are, and keeps
    # its plan; with one condition for them all it plans anew each time, as dear as the search.
    for number, key in enumerate(sure):
        conditions.append(f"keys @> %(sure{number})s::text[]")
        values[f"sure{number}"] = [key]
    for number, keys in enumerate(keys for keys in asked.facts if len(keys) > 1):
        conditions.append(f"keys && %(any{number})s::text[]")
        values[f"any{number}"] = list(keys)
    return BY_KEYS.format(conditions=" AND ".join(conditions)), values


def _together(lines: Sequence[FoundLine]) -> Iterator[FoundLine]:
    """Each record once; one person's records under one another, though not all may fit."""
    fit = {line.id for line in lines if not line.same_as}
    given: set[int] = set()
    for line in lines:
        if line.id not in given:
            given.add(line.id)
            yield replace(line, fits=line.id in fit)


def _line(row: tuple[Any, ...], visit: NextVisit) -> FoundLine:
    _counted, *columns, told = row
    return FoundLine(*(*columns, "" if told is None else visit.words(told)))
