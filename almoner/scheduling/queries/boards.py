"""The day board and the week of one clinician: plain values in the shape of the grid.

Rows are five-minute ticks. A block says at which row it begins, how many it spans and in which of
the column's tracks it lies; nothing is left for a template to work out.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import formats
from django.utils.translation import get_language

from almoner.access.queries import Reading
from almoner.facility import queries as facility
from almoner.facility.queries import Place
from almoner.facility.rules import TICK, TICK_MINUTES, midnight, ticks_of, wall_minutes

COLUMNS = 24
"""Clinicians on one page of the board: more than fit on any screen, few enough to send at once."""
_EARLIEST, _LATEST = 8 * 12, 17 * 12  # ticks shown even when nobody works
_ROUND_THE_CLOCK = 23 * 12  # ticks; hours end on the day they begin, so a little is missing
_PIECE = 6  # an open stretch is offered in half hours


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment as a block. ``hue`` is a tenth of the colour circle's degrees."""

    appointment_id: int
    patient_id: int
    name: str
    birth_date: date | None
    visit_type: str
    status: str
    overbooked: bool
    hue: int
    at: str
    until: str
    row: int
    span: int
    track: int


@dataclass(frozen=True, slots=True)
class Open:
    """A stretch that is open and free, at most half an hour long."""

    at: str
    clock: str
    row: int
    span: int


@dataclass(frozen=True, slots=True)
class Closed:
    """A stretch outside the hours."""

    row: int
    span: int


@dataclass(frozen=True, slots=True)
class Column:
    """One clinician's day at one location; ``key`` tells columns of a page apart."""

    key: str
    clinician_id: int
    title: str
    detail: str
    day: date
    visits: Sequence[Visit]
    open: Sequence[Open]
    closed: Sequence[Closed]
    tracks: int
    free_minutes: int
    is_today: bool


@dataclass(frozen=True, slots=True)
class Hour:
    """A mark on the time axis."""

    text: str
    row: int


@dataclass(frozen=True, slots=True)
class Board:
    """A grid of columns over one time axis; ``rows`` is how many ticks it shows."""

    columns: Sequence[Column]
    hours: Sequence[Hour]
    rows: int
    now_row: int
    people: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class _Raw:
    """A row of an appointment, as the database gives it."""

    id: int
    clinician_id: int
    day: date
    starts_at: datetime
    ends_at: datetime
    status: str
    lane: int
    patient_id: int
    family: str
    given: str
    name_used: str
    birth_date: date | None
    visit_type: str
    hue: int


_VISITS = """
    SELECT a.id, a.clinician_id, a.local_day, a.starts_at, a.ends_at, a.status, a.lane,
           p.id, p.family, p.given, p.name_used, p.birth_date, v.name, v.hue
      FROM scheduling_appointment a
      JOIN patients_patient p ON p.id = a.patient_id
      JOIN facility_visittype v ON v.id = a.visit_type_id
     WHERE a.location_id = %(location)s AND a.local_day >= %(since)s AND a.local_day < %(until)s
       AND (%(clinicians)s::bigint[] IS NULL OR a.clinician_id = ANY(%(clinicians)s))
       AND a.status <> 'cancelled'
     ORDER BY a.starts_at, a.id
"""

_DAYS = """
    SELECT resource_id, local_day, free::text, template::text FROM scheduling_resource_day
     WHERE kind = 1 AND local_day >= %(since)s AND local_day < %(until)s
       AND location_id = %(location)s
       AND (%(clinicians)s::bigint[] IS NULL OR resource_id = ANY(%(clinicians)s))
"""


def day_board(
    place: Place,
    day: date,
    *,
    reading: Reading,
    page: int = 1,
    clinician_id: int | None = None,
) -> Board:
    """Everybody who works or sees somebody there that day, in order of family name.

    Four queries, whatever the number of clinicians. ``page`` counts from 1 and is kept within what
    there is; with a ``clinician_id`` it is the page that clinician is on.
    """
    people = facility.people()
    masks = _masks(place, day, day + timedelta(days=1))
    working = {clinician_id for clinician_id, _day in masks} | set(_booked(place, day))
    order = [id_ for id_ in people if id_ in working] + sorted(working - people.keys())
    pages = max(1, -(-len(order) // COLUMNS))
    if clinician_id in order:
        page = order.index(clinician_id) // COLUMNS + 1
    page = min(max(page, 1), pages)
    shown = order[(page - 1) * COLUMNS : page * COLUMNS]
    visits = _visits(place, day, day + timedelta(days=1), shown)
    reading.saw(visit.patient_id for visit in visits)
    by_clinician: dict[int, list[_Raw]] = defaultdict(list)
    for visit in visits:
        by_clinician[visit.clinician_id].append(visit)
    rota = [
        _Source(
            key=str(id_),
            clinician_id=id_,
            title=people[id_].name if id_ in people else str(facility.clinician(id_)),
            detail=people[id_].specialty if id_ in people else "",
            day=day,
            masks=masks.get((id_, day), (0, 0)),
            visits=by_clinician[id_],
        )
        for id_ in shown
    ]
    return _board(rota, place, reading.at, people=len(order), page=page, pages=pages)


def week(place: Place, clinician_id: int, monday: date, *, reading: Reading) -> Board:
    """Seven days of one clinician at one location, from Monday. Two queries."""
    until = monday + timedelta(days=7)
    masks = _masks(place, monday, until, clinician_id)
    visits = _visits(place, monday, until, [clinician_id])
    reading.saw(visit.patient_id for visit in visits)
    by_day: dict[date, list[_Raw]] = defaultdict(list)
    for visit in visits:
        by_day[visit.day].append(visit)
    days = [monday + timedelta(days=n) for n in range(7)]
    sources = [
        _Source(
            key=day.isoformat(),
            clinician_id=clinician_id,
            title=formats.date_format(day, "l"),
            detail=formats.date_format(day, "F j"),
            day=day,
            masks=masks.get((clinician_id, day), (0, 0)),
            visits=by_day[day],
        )
        for day in days
        if day.isoweekday() <= 5 or by_day[day] or (clinician_id, day) in masks  # noqa: PLR2004
    ]
    return _board(sources, place, reading.at, people=1, page=1, pages=1)


@dataclass(frozen=True, slots=True)
class _Source:
    """What a column is made of; ``masks`` are free and open ticks."""

    key: str
    clinician_id: int
    title: str
    detail: str
    day: date
    masks: tuple[int, int]
    visits: Sequence[_Raw]


def _masks(
    place: Place, since: date, until: date, clinician_id: int | None = None
) -> dict[tuple[int, date], tuple[int, int]]:
    with connection.cursor() as sql:
        sql.execute(_DAYS, _bounds(place, since, until, [clinician_id] if clinician_id else None))
        return {
            (id_, day): (int(free, 2), int(template, 2))
            for id_, day, free, template in sql.fetchall()
        }


def _booked(place: Place, day: date) -> list[int]:
    with connection.cursor() as sql:
        sql.execute(
            """
            SELECT DISTINCT clinician_id FROM scheduling_appointment
             WHERE location_id = %s AND local_day = %s AND status <> 'cancelled'
            """,
            [place.id, day],
        )
        return [row[0] for row in sql.fetchall()]


def _visits(place: Place, since: date, until: date, clinicians: list[int]) -> list[_Raw]:
    with connection.cursor() as sql:
        sql.execute(_VISITS, _bounds(place, since, until, clinicians))
        return [_Raw(*row) for row in sql.fetchall()]


def _bounds(
    place: Place, since: date, until: date, clinicians: list[int] | None
) -> dict[str, int | date | list[int] | None]:
    return {"location": place.id, "since": since, "until": until, "clinicians": clinicians}


def _board(
    sources: Sequence[_Source], place: Place, at: datetime, *, people: int, page: int, pages: int
) -> Board:
    today = at.astimezone(ZoneInfo(place.zone)).date()
    day = sources[0].day if sources else today
    walls = wall_minutes(place.zone, day)
    now = (at - midnight(place.zone, today)) // TICK
    first, end = _extent(sources, place, now if any(s.day == today for s in sources) else None)
    now -= first
    return Board(
        columns=[
            _column(source, place, first, end, today if 0 <= now < end - first else date.min)
            for source in sources
        ],
        hours=[
            Hour(formats.time_format(time(walls[tick] // 60), "g A"), tick - first)
            for tick in range(first, min(end, len(walls)))
            if walls[tick] % 60 == 0
        ],
        rows=end - first,
        now_row=now,
        people=people,
        page=page,
        pages=pages,
    )


def _extent(sources: Sequence[_Source], place: Place, now: int | None) -> tuple[int, int]:
    """The first tick to show and the one after the last, on whole hours where possible.

    Hours around the clock would make every day 24 hours long, most of them empty: of theirs only
    what has visits is shown, and what is left of this hour and the next two (``now``).
    """
    first, end = _EARLIEST, _LATEST
    for source in sources:
        open_ticks = ticks_of(source.masks[1])
        if len(open_ticks) >= _ROUND_THE_CLOCK:
            if now is not None:
                first, end = min(first, now), max(end, min(now + 24, open_ticks[-1] + 1))
        elif open_ticks:
            first, end = min(first, open_ticks[0]), max(end, open_ticks[-1] + 1)
        for visit in source.visits:
            row, span = _rows(visit, place)
            first, end = min(first, row), max(end, row + span)
    return max(first // 12 * 12, 0), -(-end // 12) * 12


def _rows(visit: _Raw, place: Place) -> tuple[int, int]:
    start = (visit.starts_at - midnight(place.zone, visit.day)) // TICK
    return start, max((visit.ends_at - visit.starts_at) // TICK, 1)


def _column(source: _Source, place: Place, first: int, end: int, today: date) -> Column:
    free, template = source.masks
    walls = wall_minutes(place.zone, source.day)
    visits, tracks = _in_tracks(source.visits, place, first)
    shut = ((1 << 300) - 1) & ~template
    return Column(
        key=source.key,
        clinician_id=source.clinician_id,
        title=source.title,
        detail=source.detail,
        day=source.day,
        visits=visits,
        open=[
            Open(_clock(walls[tick]), _iso(walls[tick]), tick - first, span)
            for tick, span in _stretches([t for t in ticks_of(free) if first <= t < end], walls)
        ],
        closed=[
            Closed(tick - first, span)
            for tick, span in _runs(tick for tick in ticks_of(shut) if first <= tick < end)
        ],
        tracks=tracks,
        free_minutes=free.bit_count() * TICK_MINUTES,
        is_today=source.day == today,
    )


def _in_tracks(visits: Sequence[_Raw], place: Place, first: int) -> tuple[list[Visit], int]:
    """Visits side by side where they overlap: each in the first track that is free by then."""
    free_from: list[int] = []
    placed = []
    for visit in visits:
        row, span = _rows(visit, place)
        track = next((n for n, until in enumerate(free_from) if until <= row), len(free_from))
        free_from[track : track + 1] = [row + span]
        placed.append(_visit(visit, place, row - first, span, track))
    return placed, max(len(free_from), 1)


def _visit(raw: _Raw, place: Place, row: int, span: int, track: int) -> Visit:
    walls = wall_minutes(place.zone, raw.day)
    tick = (raw.starts_at - midnight(place.zone, raw.day)) // TICK
    return Visit(
        appointment_id=raw.id,
        patient_id=raw.patient_id,
        name=", ".join(filter(None, (raw.family, raw.name_used or raw.given))),
        birth_date=raw.birth_date,
        visit_type=raw.visit_type,
        status=raw.status,
        overbooked=raw.lane > 0,
        hue=raw.hue % 360 // 10,
        at=_clock(walls[tick]),
        until=_clock(walls[tick + span] if tick + span < len(walls) else 0),
        row=row,
        span=span,
        track=track,
    )


def _stretches(ticks: Sequence[int], walls: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Free runs cut at the half hours of the wall clock, as (first tick, length)."""
    for start, length in _runs(ticks):
        at = start
        while at < start + length:
            piece = min(_PIECE - walls[at] // TICK_MINUTES % _PIECE, start + length - at)
            yield at, piece
            at += piece


def _runs(ticks: Iterable[int]) -> Iterable[tuple[int, int]]:
    """Neighbouring ticks as (first, how many)."""
    start, length = -1, 0
    for tick in ticks:
        if length and tick == start + length:
            length += 1
            continue
        if length:
            yield start, length
        start, length = tick, 1
    if length:
        yield start, length


def _clock(minutes: int) -> str:
    return _clock_in(minutes, get_language() or "")


@lru_cache(maxsize=4096)
def _clock_in(minutes: int, _language: str) -> str:
    return formats.time_format(time(minutes // 60, minutes % 60), "g:i A")


def _iso(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
