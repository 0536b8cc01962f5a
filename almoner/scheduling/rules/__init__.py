"""What may be booked, and where in a day it fits. Masks are those of `facility.rules`."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

from almoner.facility.rules import (
    FULL,
    TICK,
    TICK_MINUTES,
    TICKS,
    midnight,
    span_mask,
    wall_minutes,
)

UNDO_WITHIN = timedelta(seconds=10)
UNDO_GRACE = timedelta(seconds=2)
"""The way of the request to us, which is not the officer's time."""
LATE_CANCEL = timedelta(hours=24)
"""A cancellation nearer to the visit than this counts as late."""
LATE_START = timedelta(minutes=15)
"""How long after its start a visit can still be booked: the patient stands at the desk."""

FOLLOW_UP = timedelta(days=14)
"""How long after its day a visit is still the desk's work, and so a reason to look by itself.

In two weeks charges are entered, the one who did not come has been called, and who comes back for
a question has asked it. What lasts longer has work items of its own that explain a look for as long
as they are open: a balance, a claim, a denial, a statement, the next visit. Without a bound any
visit of the last ten years would open its patient's record for ever.
"""


def still_work(day: date, *, today: date) -> bool:
    """Whether a day of the schedule is work: to come, or not longer ago than `FOLLOW_UP`."""
    return day >= today - FOLLOW_UP


class CancelReason(StrEnum):
    """Why an appointment is given up.

    `CLINIC` and `CLINICIAN_AWAY` are the clinic's doing: bumped, not cancelled by the patient.
    """

    PATIENT = "patient"
    ILL = "ill"
    TRANSPORT = "transport"
    COST = "cost"
    ELSEWHERE = "elsewhere"
    CLINICIAN_AWAY = "clinician_away"
    CLINIC = "clinic"
    MISTAKE = "mistake"
    OTHER = "other"


UNDOABLE = frozenset(
    {"scheduling.booked", "scheduling.moved", "scheduling.cancelled", "scheduling.no_show"}
)
UNDONE = "undone"
"""The reason written on a booking that was taken back within seconds."""


class Refusal(StrEnum):
    """Why something cannot be done at all, whoever asks and however often."""

    PAST = "past"
    NOTICE = "notice"
    HORIZON = "horizon"
    GRID = "grid"
    RETIRED = "retired"
    NOT_DONE = "not_done"
    DECEASED = "deceased"
    OUTSIDE_HOURS = "outside_hours"
    NO_ROOM = "no_room"
    PATIENT_BUSY = "patient_busy"
    LANES_FULL = "lanes_full"
    NO_REASON = "no_reason"
    NOT_BOOKED = "not_booked"
    NOT_STARTED = "not_started"
    NOTHING_TO_UNDO = "nothing_to_undo"
    TOO_LATE_TO_UNDO = "too_late_to_undo"
    NO_WHY = "no_why"
    LAST_DAY = "last_day"
    WAITS_ALREADY = "waits_already"
    NOT_WAITING = "not_waiting"


@dataclass(frozen=True, slots=True)
class Policy:
    """What a visit type asks of a booking. Minutes are multiples of five."""

    minutes: int
    before: int = 0
    after: int = 0
    align: int = TICK_MINUTES
    notice: int = 0
    horizon_days: int = 180
    lanes: int = 0
    retired: bool = False

    @property
    def ticks(self) -> int:
        """Ticks kept free, buffers included."""
        return (self.before + self.minutes + self.after) // TICK_MINUTES

    def hold(self, starts_at: datetime) -> tuple[datetime, datetime]:
        """What is kept free around a visit that starts then, [start, end)."""
        minutes = timedelta(minutes=1)
        return starts_at - self.before * minutes, starts_at + (self.minutes + self.after) * minutes


def refusal(
    policy: Policy,
    *,
    starts_at: datetime,
    local_day: date,
    asked_at: datetime,
    asked_day: date,
    does_it: bool,
    deceased: bool,
) -> Refusal | None:
    """Why this visit may not be booked, or None. Whether the time is free is not asked here."""
    grounds = {
        Refusal.RETIRED: policy.retired,
        Refusal.NOT_DONE: not does_it,
        Refusal.DECEASED: deceased,
        Refusal.GRID: bool(starts_at.minute % TICK_MINUTES or starts_at.second),
        Refusal.PAST: starts_at < asked_at - LATE_START,
        Refusal.NOTICE: policy.notice > 0
        and starts_at < asked_at + timedelta(minutes=policy.notice),
        Refusal.HORIZON: local_day > asked_day + timedelta(days=policy.horizon_days),
    }
    return next((reason for reason, holds in grounds.items() if holds), None)


def undo_refusal(
    *, kind: str, by_id: int | None, officer_id: int, made_at: datetime, asked_at: datetime
) -> Refusal | None:
    """Why the last change of a visit cannot be taken back by this officer now, or None."""
    if kind not in UNDOABLE or by_id != officer_id:
        return Refusal.NOTHING_TO_UNDO
    if asked_at - made_at > UNDO_WITHIN + UNDO_GRACE:
        return Refusal.TOO_LATE_TO_UNDO
    return None


def run_mask(free: int, ticks: int) -> int:
    """Ticks at which a free run of at least ``ticks`` begins."""
    run, have = free, 1
    while have < ticks:
        step = min(have, ticks - have)
        run &= run << step & FULL
        have += step
    return run


def hold_mask(zone: str, day: date, since: datetime, until: datetime) -> int | None:
    """The ticks of that local day a hold takes; None when it does not lie within the day."""
    start = midnight(zone, day)
    first, end = (since - start) // TICK, -((start - until) // TICK)
    if first < 0 or end > (midnight(zone, day + timedelta(days=1)) - start) // TICK:
        return None
    return span_mask(first, end)


class NotWeekdays(ValueError):
    """What was typed names no days of the week."""


_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LETTERS = re.compile(r"th|tu|sa|su|mo|we|fr|[mtwrfsu]")
_LETTER_DAYS = {
    "m": 1, "mo": 1, "t": 2, "tu": 2, "w": 3, "we": 3, "r": 4, "th": 4, "f": 5, "fr": 5,
    "s": 6, "sa": 6, "u": 7, "su": 7,
}  # fmt: skip
_NAME = 3  # letters from which a word is a name and not a row of letters


def typed_weekdays(text: str) -> frozenset[int]:
    """ISO weekdays as typed: ``tr`` and ``tu th`` and ``Tue, Thursday`` are 2 and 4.

    One letter for each day: M T W R F S U. Nothing typed is any day. Raises NotWeekdays.
    """
    days: set[int] = set()
    for word in re.findall(r"[a-z]+", text.casefold()):
        named = [n for n, name in enumerate(_WEEKDAYS, start=1) if name.startswith(word)]
        letters = _LETTERS.findall(word)
        if named and len(word) >= _NAME:
            days.update(named)
        elif "".join(letters) == word:
            days.update(_LETTER_DAYS[letter] for letter in letters)
        else:
            raise NotWeekdays(word)
    if text.strip() and not days:
        raise NotWeekdays(text)
    return frozenset(days)


@dataclass(frozen=True, slots=True)
class Wish:
    """When a visit should start: ISO weekdays (all when empty), wall clock in [since, until)."""

    weekdays: frozenset[int] = frozenset()
    since: time | None = None
    until: time | None = None
    align: int = TICK_MINUTES


@lru_cache(maxsize=4096)
def start_mask(zone: str, day: date, wish: Wish) -> int:
    """Ticks of that day at which a visit may start by wall clock."""
    since = wish.since.hour * 60 + wish.since.minute if wish.since else 0
    until = wish.until.hour * 60 + wish.until.minute if wish.until else 24 * 60
    if wish.weekdays and day.isoweekday() not in wish.weekdays:
        return 0
    return _starts_on(wall_minutes(zone, day), since, until, wish.align)


@lru_cache(maxsize=1024)
def _starts_on(walls: tuple[int, ...], since: int, until: int, align: int) -> int:
    mask = 0
    for tick, wall in enumerate(walls):
        if since <= wall < until and wall % align == 0:
            mask |= 1 << (TICKS - 1 - tick)
    return mask


def not_before(zone: str, day: date, earliest: datetime) -> int:
    """Ticks of that day that begin at or after an instant."""
    return span_mask(-((midnight(zone, day) - earliest) // TICK), TICKS)


def uncovered(holds: Collection[tuple[int, int]], template: int) -> list[int]:
    """Ids of holds, given as (id, mask), that do not lie wholly within the template."""
    return [id_ for id_, mask in holds if mask & ~template]
