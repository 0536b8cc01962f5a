"""When somebody is here: wall-clock rules laid out over real days.

A local day is a row of five-minute ticks counted from the instant of local midnight: 288 on an
ordinary day, 276 on the day the clocks go forward, 300 on the day they go back. A mask is an
integer of 300 bits whose most significant bit is tick 0, so that ``bits`` writes it as PostgreSQL's
``bit(300)`` does. Wall clock becomes ticks by asking zoneinfo, never by adding an offset.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

TICK_MINUTES = 5
TICK = timedelta(minutes=TICK_MINUTES)
TICKS = 300
FULL = (1 << TICKS) - 1
_ORDINARY = tuple(range(0, 24 * 60, TICK_MINUTES))

Span = tuple[time, time]
"""Wall-clock hours, [start, end)."""


class UnsupportedZone(ValueError):
    """A zone with a day of more than 25 hours. Only Antarctica/Troll has one."""


@dataclass(frozen=True, slots=True)
class Weekly:
    """Hours at one location on one ISO weekday, on days in [valid_from, valid_until)."""

    location_id: int
    weekday: int
    starts: time
    ends: time
    valid_from: date
    valid_until: date | None = None

    def holds_on(self, day: date) -> bool:
        return (
            self.weekday == day.isoweekday()
            and self.valid_from <= day
            and (self.valid_until is None or day < self.valid_until)
        )


@dataclass(frozen=True, slots=True)
class Exceptional:
    """One day that differs. Without hours: absent from that location, or from all when None."""

    day: date
    location_id: int | None = None
    starts: time | None = None
    ends: time | None = None


@dataclass(frozen=True, slots=True)
class Rota:
    """Everything that decides when one clinician is here."""

    weekly: tuple[Weekly, ...] = ()
    exceptions: tuple[Exceptional, ...] = ()
    active: bool = True


def clinician_name(given: str, family: str, credentials: str) -> str:
    """``Linh Ng, MD``."""
    return f"{given} {family}, {credentials}".rstrip(", ")


@lru_cache(maxsize=8192)
def midnight(zone: str, day: date) -> datetime:
    """The instant, in UTC, at which that day begins there.

    Where midnight comes twice it is the first; where the clocks skip it, the instant they do.
    """
    return datetime.combine(day, time(0), ZoneInfo(zone)).astimezone(UTC)


@lru_cache(maxsize=8192)
def ticks_in_day(zone: str, day: date) -> int:
    """How many five-minute ticks that day has there. Raises UnsupportedZone above 300."""
    ticks = (midnight(zone, day + timedelta(days=1)) - midnight(zone, day)) // TICK
    if ticks > TICKS:
        raise UnsupportedZone(zone)
    return ticks


def whole_day(zone: str, day: date) -> int:
    """The mask of every tick the day has."""
    return span_mask(0, ticks_in_day(zone, day))


def span_mask(first: int, end: int) -> int:
    """The mask of ticks [first, end), cut to [0, 300)."""
    first, end = max(first, 0), min(end, TICKS)
    return ((1 << (end - first)) - 1) << (TICKS - end) if end > first else 0


def bits(mask: int) -> str:
    """The mask as PostgreSQL writes a ``bit(300)``."""
    return format(mask, f"0{TICKS}b")


def shifted(mask: int, ticks: int) -> int:
    """The mask moved ``ticks`` later (earlier when negative); what leaves the day is lost."""
    return (mask >> ticks) if ticks >= 0 else (mask << -ticks) & FULL


def ticks_of(mask: int) -> list[int]:
    """The ticks that are set, earliest first."""
    return [tick for tick, bit in enumerate(bits(mask)) if bit == "1"]


@lru_cache(maxsize=1024)
def wall_minutes(zone: str, day: date) -> tuple[int, ...]:
    """Minutes since wall-clock midnight shown at the start of each tick of that day."""
    start, there = midnight(zone, day), ZoneInfo(zone)
    if is_ordinary(zone, day):
        return _ORDINARY
    clocks = (
        (start + tick * TICK).astimezone(there).time() for tick in range(ticks_in_day(zone, day))
    )
    return tuple(clock.hour * 60 + clock.minute for clock in clocks)


@lru_cache(maxsize=8192)
def is_ordinary(zone: str, day: date) -> bool:
    """Whether the clocks stand still that day: no change of the offset between its midnights."""
    first = midnight(zone, day).astimezone(ZoneInfo(zone))
    return ticks_in_day(zone, day) == len(_ORDINARY) and first.time() == time(0)


def hours_mask(zone: str, day: date, spans: Iterable[Span]) -> int:
    """Ticks that lie wholly within any of these wall-clock hours.

    An hour that the clocks show twice is open twice; an hour they skip is not there.
    """
    mask = 0
    for starts, ends in spans:
        mask |= _span_on(wall_minutes(zone, day), _minutes(starts), _minutes(ends))
    return mask


@lru_cache(maxsize=4096)
def _span_on(walls: tuple[int, ...], since: int, until: int) -> int:
    mask = 0
    for tick, wall in enumerate(walls):
        if since <= wall and wall + TICK_MINUTES <= until:
            mask |= 1 << (TICKS - 1 - tick)
    return mask


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def hours_on(day: date, rota: Rota, *, closed: bool) -> dict[int, list[Span]]:
    """Wall-clock hours of that day by location.

    Hours given for the day replace the weekly rule of their location. An absence takes the weekly
    hours of its location, or of all. On a closed day (a holiday) only hours given for the day
    itself remain.
    """
    given: dict[int, list[Span]] = defaultdict(list)
    absent: set[int | None] = set()
    for exception in rota.exceptions:
        if exception.day != day:
            continue
        if exception.starts and exception.ends and exception.location_id:
            given[exception.location_id].append((exception.starts, exception.ends))
        else:
            absent.add(exception.location_id)
    hours = dict(given)
    if not rota.active:
        return {}
    if closed or None in absent:
        return hours
    for rule in rota.weekly:
        if rule.holds_on(day) and rule.location_id not in absent | given.keys():
            hours.setdefault(rule.location_id, []).append((rule.starts, rule.ends))
    return hours


def templates(day: date, rota: Rota, *, closed: bool, zones: Mapping[int, str]) -> dict[int, int]:
    """The mask of open ticks of that day by location; locations without any are left out.

    Nobody is at two places at once: hours given for the day itself win over the weekly rule, then
    the location with the lower id.
    """
    hours = hours_on(day, rota, closed=closed)
    given = {each.location_id for each in rota.exceptions if each.day == day and each.starts}
    taken: list[tuple[datetime, int]] = []
    masks: dict[int, int] = {}
    for location_id in sorted(hours, key=lambda id_: (id_ not in given, id_)):
        zone = zones[location_id]
        start = midnight(zone, day)
        mask = hours_mask(zone, day, hours[location_id])
        for other_start, other in taken:
            mask &= ~shifted(other, (other_start - start) // TICK)
        if mask:
            taken.append((start, mask))
            masks[location_id] = mask
    return masks


def overlapping(rules: Sequence[Weekly]) -> tuple[Weekly, Weekly] | None:
    """Two weekly rules of one clinician that claim the same time, if there are any."""
    ordered = sorted(rules, key=lambda rule: (rule.weekday, rule.starts))
    for index, first in enumerate(ordered):
        for second in ordered[index + 1 :]:
            if (
                first.weekday == second.weekday
                and second.starts < first.ends
                and _meet(first, second)
            ):
                return first, second
    return None


def _meet(first: Weekly, second: Weekly) -> bool:
    """Whether the days on which two rules hold have one in common."""
    return (second.valid_until is None or first.valid_from < second.valid_until) and (
        first.valid_until is None or second.valid_from < first.valid_until
    )
