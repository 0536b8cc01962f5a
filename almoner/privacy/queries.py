"""Who looked at whom, and why: the access log as the privacy officer reads it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q

from almoner.access.models import Officer
from almoner.access.queries import Reading
from almoner.patients.models import Patient
from almoner.patients.rules.opening import enough

PAGE = 50
BORNE_OUT_WITHIN = timedelta(hours=24)
NAMES_SHOWN = 3

SHOW = ("unexplained", "explained", "all")


OPENS_A_RECORD = ("patients.patient", "arrivals.check_in")
"""Screens that are about one person, who may be standing there."""


@dataclass(frozen=True, slots=True)
class Look:
    """One access event, with what became of it.

    ``borne_out`` is the kind of the first thing the reader did for one of these patients within a
    day, which others can see: it lifts a reason the reader gave alone (grade D) to C.
    """

    at: datetime
    id: int
    officer: str
    screen: str
    purpose: str
    patient_ids: tuple[int, ...]
    patients: tuple[str, ...]
    reason_kind: str
    reason_id: int | None
    reason_by: str | None
    grade: str
    confirmed_by: tuple[str, ...]
    note: str
    borne_out: str | None
    unexplained: bool

    @property
    def more(self) -> int:
        """How many patients are not named."""
        return len(self.patient_ids) - len(self.patients)

    @property
    def unconfirmed(self) -> bool:
        """Whether a record was opened before two identifiers were compared."""
        return self.screen in OPENS_A_RECORD and not enough(self.confirmed_by)

    @property
    def standing(self) -> str:
        """The grade after a day: C where an effect bore a D out."""
        return "C" if self.grade == "D" and self.borne_out else self.grade


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the next page begins: the last line of this one, in the order of the list."""

    unexplained: bool
    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{int(self.unexplained)}.{self.at.isoformat()}.{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        try:
            flag, rest = text.split(".", 1)
            at, number = rest.rsplit(".", 1)
            return cls(flag == "1", datetime.fromisoformat(at), int(number))
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is narrowed to: a span of instants [since, until), and at most one of each."""

    since: datetime
    until: datetime
    show: str = "all"
    officer_id: int | None = None
    patient_id: int | None = None


EFFECT = """
    (SELECT done.kind FROM ground_event done
      WHERE done.patient_id = ANY(event.patient_ids) AND done.by_id = event.officer_id
        AND done.at >= event.at AND done.at < event.at + %(within)s
      ORDER BY done.at, done.id LIMIT 1)
"""
"""The first thing the reader did for one of them within a day; a subquery on purpose: it is asked
for row by row by an index, and so for as many rows as a page shows."""

# Each half follows an index from the newest look back and stops when the page is full. Sorting all
# looks of a span by whether they are explained would ask for the effect of every one of them.
UNEXPLAINED = f"""
    (SELECT event.*, NULL::text AS borne_out, true AS unexplained
       FROM access_event event
      WHERE event.grade = 'D' AND {{narrowed}} AND {EFFECT} IS NULL
      ORDER BY event.at DESC, event.id DESC LIMIT %(limit)s)
"""  # noqa: S608 (our own words)
EXPLAINED = f"""
    (SELECT event.*, effect.borne_out, false AS unexplained
       FROM access_event event
      CROSS JOIN LATERAL (
            SELECT CASE WHEN event.grade = 'D' THEN {EFFECT} END AS borne_out OFFSET 0) effect
      WHERE (event.grade <> 'D' OR effect.borne_out IS NOT NULL) AND {{narrowed}}
      ORDER BY event.at DESC, event.id DESC LIMIT %(limit)s)
"""  # noqa: S608 (likewise)
LOOKS = """
    SELECT look.at, look.id, coalesce(officer.name, look.note), look.screen, look.purpose,
           look.patient_ids,
           ARRAY(SELECT patient.family || ', ' || patient.given
                   FROM patients_patient patient
                  WHERE patient.id = ANY(look.patient_ids[1:%(names)s]) ORDER BY patient.id),
           look.reason_kind, look.reason_id, maker.name, look.grade, look.confirmed_by, look.note,
           look.borne_out, look.unexplained
      FROM ({halves}) look
      LEFT JOIN access_officer officer ON officer.id = look.officer_id
      LEFT JOIN access_officer maker ON maker.id = look.reason_by_id
     ORDER BY look.unexplained DESC, look.at DESC, look.id DESC
     LIMIT %(limit)s
"""


def _sql(narrowed: Filter, after: Cursor | None) -> str:
    """The list as one statement; a half that cannot hold a line of this page is left out."""
    spans = ["event.at >= %(since)s AND event.at < %(until)s"]
    if narrowed.officer_id is not None:
        spans.append("event.officer_id = %(officer_id)s")
    if narrowed.patient_id is not None:
        spans.append("event.patient_ids @> ARRAY[%(patient_id)s::bigint]")
    behind = [*spans, "(event.at, event.id) < (%(after_at)s, %(after_id)s)"]
    halves = []
    if narrowed.show != "explained" and (after is None or after.unexplained):
        halves.append(UNEXPLAINED.format(narrowed=" AND ".join(behind if after else spans)))
    if narrowed.show != "unexplained":
        begun = after is not None and not after.unexplained
        halves.append(EXPLAINED.format(narrowed=" AND ".join(behind if begun else spans)))
    return LOOKS.format(halves=" UNION ALL ".join(halves or [NOTHING]))


NOTHING = """
    (SELECT event.*, NULL::text AS borne_out, false AS unexplained
       FROM access_event event WHERE false)
"""
"""What a forged address asks for: explained looks behind which only unexplained ones are wanted."""


def looks(
    narrowed: Filter, *, reading: Reading, after: Cursor | None = None
) -> tuple[list[Look], Cursor | None]:
    """One page of looks, the unexplained first, newest first; and where the next page begins.

    The patients named on the page count as seen by the reader, who is watched like everybody else.
    """
    with connection.cursor() as sql:
        sql.execute(_sql(narrowed, after), _parameters(narrowed, after))
        lines = [_look(row) for row in sql.fetchall()]
    page = lines[:PAGE]
    for line in page:
        reading.saw(line.patient_ids[:NAMES_SHOWN])
    last = page[-1] if len(lines) > PAGE else None
    return page, Cursor(last.unexplained, last.at, last.id) if last else None


def _parameters(narrowed: Filter, after: Cursor | None) -> dict[str, Any]:
    return {
        "within": BORNE_OUT_WITHIN,
        "since": narrowed.since,
        "until": narrowed.until,
        "officer_id": narrowed.officer_id,
        "patient_id": narrowed.patient_id,
        "names": NAMES_SHOWN,
        "after_at": after.at if after else None,
        "after_id": after.id if after else None,
        "limit": PAGE + 1,
    }


def _look(row: tuple[Any, ...]) -> Look:
    at, number, officer, screen, purpose, patient_ids, names, *rest = row
    kind, reason_id, maker, grade, confirmed_by, note, borne_out, unexplained = rest
    return Look(
        at=at,
        id=number,
        officer=officer,
        screen=screen,
        purpose=purpose,
        patient_ids=tuple(patient_ids),
        patients=tuple(names),
        reason_kind=kind,
        reason_id=reason_id,
        reason_by=maker,
        grade=grade,
        confirmed_by=tuple(confirmed_by),
        note=note,
        borne_out=borne_out,
        unexplained=unexplained,
    )


@dataclass(frozen=True, slots=True)
class Tally:
    """How many looks of a span there were, and how many nothing explains."""

    looks: int
    unexplained: int

    @property
    def explained_percent(self) -> str:
        """Share explained, in percent with one decimal; a dash when nobody looked."""
        if not self.looks:
            return "–"  # noqa: RUF001 (the dash is meant)
        return f"{100 * (self.looks - self.unexplained) / self.looks:.1f} %"


TALLY = """
    SELECT count(*),
           count(*) FILTER (WHERE event.grade = 'D' AND NOT EXISTS (
                SELECT 1 FROM ground_event done
                 WHERE done.patient_id = ANY(event.patient_ids) AND done.by_id = event.officer_id
                   AND done.at >= event.at AND done.at < event.at + %(within)s))
      FROM access_event event
     WHERE event.at >= %(since)s AND event.at < %(until)s
"""


def tally(narrowed: Filter) -> Tally:
    """The figures above the list: of the whole span, whatever else it is narrowed to."""
    with connection.cursor() as sql:
        sql.execute(TALLY, _parameters(narrowed, None))
        return Tally(*sql.fetchone())


class NoSuchOne(Exception):
    """The list was narrowed to somebody who does not exist; names the field."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def narrowed_to(*, since: datetime, until: datetime, show: str, officer: str, mrn: str) -> Filter:
    """The filter for what was typed; empty text does not narrow.

    Raises NoSuchOne for an unknown MRN, and for who is no one officer by user name or name.
    """
    officer_id = patient_id = None
    if officer:
        called = Officer.objects.filter(Q(username=officer) | Q(name__iexact=officer))
        found = list(called.values_list("id", flat=True)[:2])
        if len(found) != 1:
            raise NoSuchOne("officer")
        officer_id = found[0]
    if mrn:
        patient_id = Patient.objects.filter(mrn=mrn).values_list("id", flat=True).first()
        if patient_id is None:
            raise NoSuchOne("mrn")
    return Filter(since, until, show, officer_id, patient_id)
