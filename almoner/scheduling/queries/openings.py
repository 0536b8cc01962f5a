"""When can somebody be seen? Answered from day bitmaps, a whole day of one clinician at a time."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from almoner.facility import queries as facility
from almoner.facility.models import VisitType
from almoner.facility.queries import Person, Place
from almoner.facility.rules import TICK, TICK_MINUTES, bits, is_ordinary, ticks_of
from almoner.scheduling.queries import kept
from almoner.scheduling.queries.days import DEVICE, ROOM
from almoner.scheduling.rules import Policy, Wish, not_before, start_mask

MOST = 200
"""The longest list of openings anybody is shown; later ones are reached by a later start."""


@dataclass(frozen=True, slots=True)
class Search:
    """What a caller asks for. Empty means any; times are wall clock where the visit takes place.

    ``not_before`` is an instant before which nothing is of use to who asks.
    """

    visit_type_id: int
    clinician_ids: frozenset[int] = frozenset()
    specialty: str = ""
    location_ids: frozenset[int] = frozenset()
    weekdays: frozenset[int] = frozenset()
    since: time | None = None
    until: time | None = None
    earliest: date | None = None
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """A time at which this visit can be booked with this clinician."""

    clinician_id: int
    clinician: str
    location_id: int
    location: str
    location_short: str
    starts_at: datetime
    ends_at: datetime
    local_day: date
    local_time: time


@dataclass(frozen=True, slots=True)
class _Plan:
    """A search with everything it needs looked up."""

    search: Search
    policy: Policy
    people: dict[int, Person]
    places: dict[int, Place]
    rooms: list[int] | None  # None: no room is needed
    devices: list[int] | None
    at: datetime
    table: str  # of the days, less what offers keep that are over


def policy_of(visit_type: VisitType) -> Policy:
    return Policy(
        minutes=visit_type.minutes,
        before=visit_type.buffer_before,
        after=visit_type.buffer_after,
        align=visit_type.align_minutes,
        notice=visit_type.notice_minutes,
        horizon_days=visit_type.horizon_days,
        lanes=visit_type.overbook_lanes,
        retired=visit_type.retired_at is not None,
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """Openings in order, with what stands beside them.

    ``counts`` are bookable starts by day from the Monday ``since``; ``third`` is the days until the
    third next available, None when there are not three.
    """

    openings: list[Opening]
    since: date
    counts: dict[date, int]
    third: int | None


def find(search: Search, *, at: datetime, limit: int = 12, skip: int = 0) -> list[Opening]:
    """The earliest openings, in order of instant, then clinician; at most `MOST`.

    Reads at most six small things and, for each time zone among the locations, runs one query that
    stops at the first day that holds enough.
    """
    return _find(_plan(search, at=at), limit, skip)


def answer(
    search: Search, *, at: datetime, limit: int = 12, skip: int = 0, weeks: int = 4
) -> Answer:
    """The earliest openings, and the heat map of the weeks that begin with the first of them."""
    plan = _plan(search, at=at)
    there = _find(plan, limit, skip)
    first = there[0].local_day if there else (search.earliest or at.date())
    since = first - timedelta(days=first.weekday())
    return Answer(
        openings=there,
        since=since,
        counts=_count(plan, since, since + timedelta(weeks=weeks)),
        third=_third(plan),
    )


def count_by_day(search: Search, *, at: datetime, since: date, until: date) -> dict[date, int]:
    """How many starts are open on each day in [since, until); days without any are left out."""
    return _count(_plan(search, at=at), since, until)


def third_next(search: Search, *, at: datetime) -> int | None:
    """Calendar days until the third opening, weekends counted; None when there are not three.

    The measure of the Institute for Healthcare Improvement: the third, since the first two may be
    cancellations of this morning.
    """
    return _third(_plan(search, at=at))


def _find(plan: _Plan, limit: int, skip: int) -> list[Opening]:
    wanted = min(skip + limit, MOST)
    found = [
        opening
        for zone, places in _by_zone(plan.places).items()
        for opening in _in_zone(plan, zone, places, wanted)
    ]
    return sorted(found, key=lambda each: (each.starts_at, each.clinician_id))[skip:wanted]


def _count(plan: _Plan, since: date, until: date) -> dict[date, int]:
    counts: dict[date, int] = defaultdict(int)
    for zone, places in _by_zone(plan.places).items():
        for day, count in _counts(_frame(plan, zone, places, since=since, until=until)):
            counts[day] += count
    return dict(counts)


def _third(plan: _Plan) -> int | None:
    openings = _find(replace(plan, search=replace(plan.search, earliest=None)), 3, 0)
    if len(openings) < 3:  # noqa: PLR2004 (the third)
        return None
    zone = ZoneInfo(plan.places[openings[2].location_id].zone)
    return (openings[2].local_day - plan.at.astimezone(zone).date()).days


def _plan(search: Search, *, at: datetime) -> _Plan:
    visit_type = facility.visit_type(search.visit_type_id)
    people = {
        person.id: person
        for person in facility.people(visit_type_id=search.visit_type_id).values()
        if (not search.clinician_ids or person.id in search.clinician_ids)
        and (not search.specialty or person.specialty == search.specialty)
    }
    places = {
        place.id: place
        for place in facility.places().values()
        if not search.location_ids or place.id in search.location_ids
    }
    room, device = visit_type.room_kind, visit_type.device_kind
    return _Plan(
        search=search,
        policy=policy_of(visit_type),
        people=people,
        places=places,
        rooms=facility.rooms(room, places) if room else None,
        devices=facility.devices(device, places) if device else None,
        at=at,
        table=kept.LESS_OVER.format(at=at.isoformat()) if kept.any_over(at) else _DAYS,
    )


_DAYS = "scheduling_resource_day"


def _by_zone(places: dict[int, Place]) -> dict[str, list[int]]:
    zones: dict[str, list[int]] = defaultdict(list)
    for place in places.values():
        zones[place.zone].append(place.id)
    return zones


@dataclass(frozen=True, slots=True)
class _Frame:
    """The rows to look at, as SQL after FROM, and its parameters; ``starts`` is a column of it."""

    sql: str
    parameters: dict[str, Any]


def _frame(
    plan: _Plan, zone: str, places: list[int], *, since: date | None, until: date | None
) -> _Frame:
    """Clinician days in one zone with the ticks at which this visit can start."""
    search, policy = plan.search, plan.policy
    earliest = plan.at + timedelta(minutes=policy.notice)
    earliest = max(earliest, search.not_before or earliest)
    today = earliest.astimezone(ZoneInfo(zone)).date()
    first = max(today, search.earliest or today, since or today)
    end = plan.at.astimezone(ZoneInfo(zone)).date() + timedelta(days=policy.horizon_days + 1)
    end = min(end, until or end)
    needs = [("room", ROOM)] if plan.rooms is not None else []
    needs += [("device", DEVICE)] if plan.devices is not None else []
    return _Frame(
        sql=_FRAME.format(
            table=plan.table,
            run=_run("d.free", policy.ticks),
            needs="".join(
                _NEED.format(
                    table=plan.table, run=_run("r.free", policy.ticks), name=name, kind=kind
                )
                for name, kind in needs
            ),
            open="".join(f" & {name}.run" for name, _ in needs),
            before=policy.before // TICK_MINUTES,
            ticks=policy.ticks,
            weekdays=_WEEKDAYS if search.weekdays else "",
            wanted=_wanted(zone, first, end, earliest, _wish(search, policy)),
        ),
        parameters={
            "first": first,
            "end": end,
            "weekdays": sorted(search.weekdays),
            "people": sorted(plan.people),
            "places": places,
            "room": plan.rooms,
            "device": plan.devices,
        },
    )


def _wish(search: Search, policy: Policy) -> Wish:
    return Wish(search.weekdays, search.since, search.until, policy.align)


# A day with too little free time in all is passed over before its runs are worked out: most days
# of a busy clinic are such days.
_FRAME = """
      FROM {table} d {needs}
     CROSS JOIN LATERAL (
           SELECT (({run}{open}) >> {before}) & {wanted} AS starts OFFSET 0
     ) AS s
     WHERE d.kind = 1 AND d.local_day >= %(first)s AND d.local_day < %(end)s
       AND d.resource_id = ANY(%(people)s) AND d.location_id = ANY(%(places)s)
       AND bit_count(d.free) >= {ticks} {weekdays}
       AND s.starts <> 0::bit(300)
"""

_WEEKDAYS = "AND extract(isodow FROM d.local_day)::int = ANY(%(weekdays)s)"

_NEED = """
     CROSS JOIN LATERAL (
           SELECT bit_or({run}) AS run FROM {table} r
            WHERE r.kind = {kind} AND r.local_day = d.local_day
              AND r.location_id = d.location_id AND r.resource_id = ANY(%({name})s)
     ) AS {name}
"""


def _run(column: str, ticks: int) -> str:
    """SQL for `rules.run_mask`: ticks at which that many free ticks begin."""
    return " & ".join([column, *(f"({column} << {later})" for later in range(1, ticks))])


def _wanted(zone: str, first: date, end: date, earliest: datetime, wish: Wish) -> str:
    """SQL for the ticks at which a start is wished for, day by day.

    All days have one mask, but for the first (nothing before the notice) and the few on which the
    clocks change, whose ticks stand elsewhere on the wall clock.
    """
    wish = replace(wish, weekdays=frozenset())  # the query itself looks at the day of the week
    days = [first + timedelta(days=n) for n in range((end - first).days)]
    special = {day: start_mask(zone, day, wish) for day in days if not is_ordinary(zone, day)}
    if days:
        mask = start_mask(zone, first, wish) & not_before(zone, first, earliest)
        special[first] = mask
    ordinary = next((day for day in days if is_ordinary(zone, day)), first)
    other = f"B'{bits(start_mask(zone, ordinary, wish))}'"
    cases = "".join(f" WHEN '{day}' THEN B'{bits(mask)}'" for day, mask in special.items())
    return f"(CASE d.local_day{cases} ELSE {other} END)" if cases else other


def _in_zone(plan: _Plan, zone: str, places: list[int], wanted: int) -> Iterable[Opening]:
    """At least the first ``wanted`` openings of a zone, when there are so many.

    Each row is a clinician's day and holds one opening at least, so the first ``wanted`` rows in
    order of their first opening hold the first ``wanted`` openings.
    """
    frame = _frame(plan, zone, places, since=None, until=None)
    there = ZoneInfo(zone)
    lead = timedelta(minutes=plan.policy.minutes)
    with connection.cursor() as sql:
        sql.execute(_first_rows(frame, wanted), frame.parameters)
        rows = sql.fetchall()
    for clinician_id, location_id, midnight, day, starts in rows:
        for tick in ticks_of(int(starts, 2))[:wanted]:
            starts_at = midnight + tick * TICK
            yield Opening(
                clinician_id=clinician_id,
                clinician=plan.people[clinician_id].name,
                location_id=location_id,
                location=plan.places[location_id].name,
                location_short=plan.places[location_id].short_name,
                starts_at=starts_at,
                ends_at=starts_at + lead,
                local_day=day,
                local_time=starts_at.astimezone(there).time(),
            )


def _first_rows(frame: _Frame, wanted: int) -> str:
    return f"""
        SELECT d.resource_id, d.location_id, d.midnight, d.local_day, s.starts::text
        {frame.sql}
        ORDER BY d.local_day, position(B'1' IN s.starts), d.resource_id
        LIMIT {wanted}
    """


def statements(search: Search, *, at: datetime, limit: int) -> list[tuple[str, dict[str, Any]]]:
    """The SQL that `find` runs, one statement for each time zone, for whoever measures it."""
    plan = _plan(search, at=at)
    frames = [
        _frame(plan, zone, places, since=None, until=None)
        for zone, places in _by_zone(plan.places).items()
    ]
    return [(_first_rows(frame, limit), frame.parameters) for frame in frames]


def _counts(frame: _Frame) -> Collection[tuple[date, int]]:
    with connection.cursor() as sql:
        sql.execute(
            f"SELECT d.local_day, sum(bit_count(s.starts)) {frame.sql} GROUP BY d.local_day",
            frame.parameters,
        )
        return [(day, int(count)) for day, count in sql.fetchall()]
