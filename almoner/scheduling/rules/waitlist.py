"""Who waits for a place, and whom a place that came free is offered. Pure: no clock, no rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from almoner.facility.rules import TICK_MINUTES, span_mask, ticks_of
from almoner.scheduling.rules import Policy, run_mask

LEAST_NOTICE = timedelta(minutes=60)
"""Nearer than this a place is offered by the desk alone: nobody could set out in time."""
NEAR = timedelta(hours=4)
NEAR_LASTS = timedelta(minutes=10)
"""How long a place is kept for one patient when it begins within `NEAR`."""
LASTS_AT_MOST = timedelta(hours=24)
FILLS_WITHIN = 2
"""A visit fills a place that it leaves no more than so many ticks of: ten minutes."""
AHEAD = timedelta(days=60)
"""How far ahead hours that were opened are offered."""


class Priority(IntEnum):
    """How much it hurries; the first two for a reason that is kept."""

    URGENT = 1
    SOON = 2
    ROUTINE = 3


class Ended(StrEnum):
    """Why somebody waits no longer."""

    BOOKED = "booked"
    REMOVED = "removed"
    LEFT = "left"
    VISIT_GONE = "visit_gone"


class OfferState(StrEnum):
    """What became of an offer. An open one whose time is over binds nobody."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Barred(StrEnum):
    """Why somebody cannot be told of a place by text or e-mail now."""

    NO_WAY = "no_way"
    NIGHT = "night"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a visit fits into a place that came free; ``leaves`` are the ticks nobody uses then."""

    tick: int
    leaves: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody for whom a place would do."""

    entry_id: int
    priority: int
    since: datetime
    leaves: int


def in_order(waiting: Collection[Waiting]) -> list[Waiting]:
    """Whom a place is offered, first first.

    What hurries before what does not; then whose visit fills the place, so that little of it is
    lost; then who has waited longest. Nobody's name, plan or past is asked.
    """
    return sorted(
        waiting,
        key=lambda one: (one.priority, one.leaves > FILLS_WITHIN, one.since, one.entry_id),
    )


def lasts(*, starts_at: datetime, at: datetime, minutes: int) -> timedelta:
    """How long a place is kept for one patient: shorter when it is near, never beyond its start."""
    left = starts_at - at
    wanted = min(timedelta(minutes=minutes), LASTS_AT_MOST)
    return min(wanted, NEAR_LASTS if left <= NEAR else wanted, left)


def is_open(state: str, *, expires_at: datetime, at: datetime) -> bool:
    """Whether an offer can still be accepted: by time, whatever a job has made of it."""
    return state == OfferState.OPEN and at < expires_at


def place_in(
    free: int, needs: Sequence[Collection[int]], policy: Policy, *, wanted: int, window: int
) -> Place | None:
    """Where in a window of a day a visit uses most of it, the earliest such; None when nowhere.

    ``free`` are the clinician's free ticks, ``needs`` those of each room (of each device) that
    would do, ``wanted`` the ticks at which the visit may start, ``window`` what came free.
    """
    runs = run_mask(free, policy.ticks)
    for kind in needs:
        one_of = 0
        for mask in kind:
            one_of |= run_mask(mask, policy.ticks)
        runs &= one_of
    before = policy.before // TICK_MINUTES
    starts = (runs >> before) & wanted
    best: tuple[int, int] | None = None
    for tick in ticks_of(starts):
        taken = span_mask(tick - before, tick - before + policy.ticks)
        used = (taken & window).bit_count()
        if used and (best is None or used > best[1]):
            best = (tick, used)
    return Place(best[0], window.bit_count() - best[1]) if best else None


def days_waited(since: datetime, at: datetime) -> int:
    return max((at - since).days, 0)
