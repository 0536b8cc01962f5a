"""Segments: what each asks, how many it holds now, and who they are and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Count, OuterRef, Subquery

from almoner.access.queries import Reading
from almoner.facility.models import Organisation
from almoner.outreach.models import Campaign, Segment, SegmentVersion
from almoner.outreach.queries import compiling
from almoner.outreach.queries.compiling import Moment
from almoner.outreach.queries.standing import LEFT_OUT, WAYS, Terms
from almoner.outreach.rules import Conditions, in_order
from almoner.patients.rules.details import age, listed_name

SIZE = 25
FURTHEST = 200  # pages: whoever wants more of them narrows the segment
PLAIN = Terms()


def moment(at: datetime) -> Moment:
    zone = ZoneInfo(Organisation.objects.values_list("time_zone", flat=True).get())
    return Moment(at, at.astimezone(zone).date())


@dataclass(frozen=True, slots=True)
class SegmentLine:
    """A segment in the list."""

    id: int
    name: str
    number: int
    conditions: Conditions
    campaigns: int


def segments() -> list[SegmentLine]:
    """All of them as they ask now, by name. One query."""
    newest = SegmentVersion.objects.filter(segment=OuterRef("pk")).order_by("-number")
    rows = Segment.objects.annotate(
        number=Subquery(newest.values("number")[:1]),
        conditions=Subquery(newest.values("conditions")[:1]),
        used=Count("versions__campaigns"),
    ).order_by("name")
    return [SegmentLine(row.pk, row.name, row.number, row.conditions, row.used) for row in rows]


def segment(segment_id: int) -> SegmentVersion:
    """The newest version of a segment. Raises SegmentVersion.DoesNotExist."""
    rows = SegmentVersion.objects.filter(segment=segment_id).select_related("segment")
    return rows.latest("number")


def _everybody(tests: str, *, settled: bool = True) -> str:
    """Everybody a segment holds, and how each stands.

    Who it holds is ``settled`` first: how they are reached costs the most, and is asked of no
    others. Of a page not: it is read in the order of names, and ends when it is full.
    """
    first = "" if settled else "NOT"
    return f"""
        WITH chosen AS {first} MATERIALIZED (SELECT p.id FROM patients_patient p WHERE {tests})
        SELECT p.id, p.sort_name, {LEFT_OUT} AS standing, coalesce(way.channel, '') AS channel
          FROM chosen JOIN patients_patient p ON p.id = chosen.id {WAYS}"""  # noqa: S608 (constants)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many a segment holds now; ``left`` is how many of them are left alone, by why."""

    within: int
    left: Mapping[str, int]

    @property
    def open(self) -> int:
        return self.within - sum(self.left.values())


def count(conditions: Conditions, terms: Terms, *, at: datetime) -> Counts:
    """How many there are now, and how many would be written to. Two queries."""
    tests, given = compiling.where(conditions, moment(at))
    statement = f"""
        SELECT standing, count(*) FROM ({_everybody(tests)}) every
         GROUP BY standing ORDER BY count(*) DESC, standing"""  # noqa: S608 (constants)
    with connection.cursor() as sql:
        sql.execute(statement, given | terms.given(at))
        found = dict(sql.fetchall())
    return Counts(sum(found.values()), {why: n for why, n in found.items() if why})


def open_to(conditions: Conditions, terms: Terms, *, at: datetime) -> list[int]:
    """Everybody of a segment who may be written to now, by id. Two queries."""
    tests, given = compiling.where(conditions, moment(at))
    statement = f"""
        SELECT id FROM ({_everybody(tests)}) every
         WHERE standing = '' ORDER BY id"""  # noqa: S608 (constants)
    with connection.cursor() as sql:
        sql.execute(statement, given | terms.given(at))
        return [row[0] for row in sql.fetchall()]


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a segment: ``because`` is what each condition was answered by, in its order."""

    id: int
    name: str
    mrn: str
    age: int | None
    left: str
    channel: str
    because: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _People:
    """What a Paginator asks of a list: how long it is, and a slice of it."""

    conditions: Conditions
    total: int
    left_out: bool
    reading: Reading

    def __len__(self) -> int:
        return min(self.total, SIZE * FURTHEST)

    def __getitem__(self, part: slice) -> list[Member]:
        now = moment(self.reading.at)
        tests, given = compiling.where(self.conditions, now)
        columns, _same = compiling.why(self.conditions, now)
        everybody = _everybody(tests, settled=False)
        statement = f"""
            WITH page AS (
                SELECT id, standing, channel FROM ({everybody}) every
                 WHERE (standing <> '') = %(left_out)s::boolean
                ORDER BY sort_name, id OFFSET %(skip)s::bigint LIMIT %(most)s::bigint
            )
            SELECT p.id, p.family, p.given, p.mrn, p.birth_date, page.standing, page.channel,
                   {columns}
              FROM page JOIN patients_patient p ON p.id = page.id
             ORDER BY p.sort_name, p.id"""  # noqa: S608 (constants)
        more = {"left_out": self.left_out, "skip": part.start, "most": part.stop - part.start}
        with connection.cursor() as sql:
            sql.execute(statement, given | PLAIN.given(now.at) | more)
            return [self._member(row, now) for row in sql.fetchall()]

    def _member(self, row: tuple[Any, ...], now: Moment) -> Member:
        asked = (field for field, _value in in_order(self.conditions))
        because = zip(asked, (each or "" for each in row[7:]), strict=True)
        return Member(
            id=row[0],
            name=listed_name(family=row[1], given=row[2]),
            mrn=row[3],
            age=age(row[4], on=now.today) if row[4] else None,
            left=row[5],
            channel=row[6],
            because=tuple(because),
        )


def members(
    conditions: Conditions,
    counts: Counts,
    *,
    left_out: bool,
    number: int,
    reading: Reading,
) -> Page[Member]:
    """One page of whom a segment holds, by name; everybody on it is noted as seen. Two queries.

    ``left_out``: of those left alone instead of those who would be written to.
    """
    total = counts.within - counts.open if left_out else counts.open
    people: Any = _People(conditions, total, left_out, reading)
    page: Page[Member] = Paginator(people, SIZE).get_page(number)
    reading.saw(each.id for each in page.object_list)
    return page


def used_by_others(segment_id: int, officer_id: int) -> bool:
    """Whether a campaign of this segment was begun or started by somebody else than this officer.

    Then the list is more than its reader's own wish.
    """
    rows = Campaign.objects.filter(version__segment=segment_id).exclude(started_by_id=None)
    return rows.exclude(started_by_id=officer_id).exists()
