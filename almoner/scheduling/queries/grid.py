"""Clinicians' days as a grid: plain values that a template only writes out.

Rows are five-minute ticks. A block says at which row it begins, how many it spans and in which of
the column's tracks it lies.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import get_language

from almoner.facility.queries import Place
from almoner.facility.rules import TICK, TICK_MINUTES, midnight, ticks_of, wall_minutes

_EARLIEST, _LATEST = 8 * 12, 17 * 12  # ticks shown even when nobody works
_ROUND_THE_CLOCK = 23 * 12  # ticks; hours end on the day they begin, so a little is missing
_PIECE = 6  # an open stretch is offered in half hours


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment as a block; ``status`` may be ``confirmed``, too.

    Of ``kept`` it is a place kept for somebody on the waitlist, whose entry's id it then has.
    ``hue`` is a tenth of the colour circle's degrees.
    """

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
class Raw:
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


@dataclass(frozen=True, slots=True)
class Source:
    """What a column is made of; ``masks`` are free and open ticks."""

    key: str
    clinician_id: int
    title: str
    detail: str
    day: date
    masks: tuple[int, int]
    visits: Sequence[Raw]


def lay_out(
    sources: Sequence[Source], place: Place, at: datetime, *, people: int, page: int, pages: int
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


def _extent(sources: Sequence[Source], place: Place, now: int | None) -> tuple[int, int]:
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


def _rows(visit: Raw, place: Place) -> tuple[int, int]:
    start = (visit.starts_at - midnight(place.zone, visit.day)) // TICK
    return start, max((visit.ends_at - visit.starts_at) // TICK, 1)


def _column(source: Source, place: Place, first: int, end: int, today: date) -> Column:
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


def _in_tracks(visits: Sequence[Raw], place: Place, first: int) -> tuple[list[Visit], int]:
    """Visits side by side where they overlap: each in the first track that is free by then."""
    free_from: list[int] = []
    placed = []
    for visit in visits:
        row, span = _rows(visit, place)
        track = next((n for n, until in enumerate(free_from) if until <= row), len(free_from))
        free_from[track : track + 1] = [row + span]
        placed.append(_visit(visit, place, row - first, span, track))
    return placed, max(len(free_from), 1)


def _visit(raw: Raw, place: Place, row: int, span: int, track: int) -> Visit:
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
