"""When a case is due: by the hours in which the desks work, or by the days of the law.

No database, no clock. Hours are wall-clock times of one zone; what lies between two instants is
counted in real time, so that a day on which the clocks change has the hours it has.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Period = tuple[time, time]
_FAR = 3 * 366  # days looked ahead: a desk that opens on none of them is taken to work always


@dataclass(frozen=True, slots=True)
class Week:
    """When the desks work: periods of each ISO weekday, and the days on which nobody does.

    Without any period they work always.
    """

    zone: str
    periods: Mapping[int, tuple[Period, ...]] = field(default_factory=dict)
    closed: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Level:
    """How soon cases of a kind and desk (empty: any) are answered and settled; in force from."""

    kind: str
    desk: str
    first_answer: timedelta
    resolution: timedelta
    valid_from: date


NO_LEVEL = Level("", "", timedelta(hours=4), timedelta(hours=40), date.min)
"""Four hours of work, and five days of eight: when the clinic has said nothing."""
WARNED_AT = 0.75
"""The part of the time after which the owner is warned."""


def level(levels: list[Level], *, kind: str, desk: str, day: date) -> Level:
    """The level that holds for a case opened on that day; see `Level` for which of several."""
    fitting = [
        each
        for each in levels
        if each.valid_from <= day and each.kind in ("", kind) and each.desk in ("", desk)
    ]
    return max(
        fitting,
        key=lambda each: (bool(each.kind), bool(each.desk), each.valid_from),
        default=NO_LEVEL,
    )


def after(week: Week, since: datetime, span: timedelta) -> datetime:
    """The first instant by which the desks have worked ``span`` since then."""
    if span <= timedelta(0):
        return since
    left = span
    for starts, ends in _worked(week, since):
        if ends - starts >= left:
            return starts + left
        left -= ends - starts
    return since + span


def worked(week: Week, since: datetime, until: datetime) -> timedelta:
    """How long the desks work between two instants."""
    if not any(week.periods.values()):
        return max(until - since, timedelta(0))
    total = timedelta(0)
    for starts, ends in _worked(week, since):
        if starts >= until:
            break
        total += min(ends, until) - starts
    return total


def resumed(week: Week, due: datetime, *, paused: datetime, at: datetime) -> datetime:
    """When something is due that waited meanwhile: what was left then is left now.

    Never earlier than before; what was overdue already stays as overdue as it was.
    """
    if due <= paused:
        return due
    return max(due, after(week, at, worked(week, paused, due)))


def _worked(week: Week, since: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The periods in which the desks work, from an instant on, as instants."""
    zone = ZoneInfo(week.zone)
    first = since.astimezone(zone).date() - timedelta(days=1)
    open_since = since.astimezone(UTC)
    for number in range(_FAR if any(week.periods.values()) else 0):
        day = first + timedelta(days=number)
        if day in week.closed:
            continue
        for begins, ends in sorted(week.periods.get(day.isoweekday(), ())):
            starts = max(_instant(day, begins, zone), open_since)  # periods may lap over
            until = _instant(day, ends, zone)
            if until > starts:
                yield starts, until
                open_since = until


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


# --- The law's clock: calendar days, whatever the desks do.


@dataclass(frozen=True, slots=True)
class Term:
    """On which day after receipt the owner is warned and the patient told; of a state, or any."""

    state: str
    warn_day: int
    tell_day: int
    source: str
    valid_from: date


NEXT_LETTER = 14
"""Days after which the patient hears again of a grievance that could not be settled in time."""
NO_TERM = Term("", 5, 7, "42 CFR 482.13(a)(2)", date.min)


def term(terms: list[Term], *, state: str, day: date) -> Term:
    """The term that holds for a grievance received on that day in that state."""
    fitting = [each for each in terms if each.valid_from <= day and each.state in ("", state)]
    return max(fitting, key=lambda each: (bool(each.state), each.valid_from), default=NO_TERM)


def legal_day(received: datetime, zone: str, days: int) -> date:
    """The calendar day so many days after something was received; nothing makes it later."""
    return received.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)


def end_of(day: date, zone: str) -> datetime:
    """The last minute of a local day."""
    return _instant(day, time(23, 59), ZoneInfo(zone))
