"""Whose turn it is, and how long it takes until then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

_STEP = 5  # minutes: nobody can say it better than that


@dataclass(frozen=True, slots=True)
class Ahead:
    """A visit of the same clinician before this one; ``began_at`` when it is under way."""

    minutes: int
    began_at: datetime | None


def estimate(ahead: Sequence[Ahead], *, starts_at: datetime, at: datetime) -> int:
    """Minutes somebody will wait, in steps of five: never less than until their own time.

    A visit under way takes what is left of its time, one that runs over a step more.
    """
    busy = sum((_left(one, at=at) for one in ahead), timedelta())
    longest = max(busy, starts_at - at, timedelta())
    return ceil(longest / timedelta(minutes=_STEP)) * _STEP


def _left(one: Ahead, *, at: datetime) -> timedelta:
    whole = timedelta(minutes=one.minutes)
    if one.began_at is None:
        return whole
    return max(whole - (at - one.began_at), timedelta(minutes=_STEP))
