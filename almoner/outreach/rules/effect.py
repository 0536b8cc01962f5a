"""What a campaign did: how many more booked than of those held out, and how sure that is.

Everybody is counted in the group they were drawn into, also whom no message reached: leaving those
out would compare the reachable with everybody. The interval is Newcombe's hybrid score interval for
the difference of two proportions (Statistics in Medicine 17 (1998) 873-890, method 10): made of
each group's Wilson interval at 95 %, it keeps its word where few or none booked, too.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

FEWEST = 30
"""People in each group below which nothing is said: an interval of so few says nothing either."""
_Z = 1.959964  # 95 % of the normal distribution lie within it


class Verdict(StrEnum):
    TOO_FEW = "too_few"
    MORE = "more"
    FEWER = "fewer"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Arm:
    """One group: how many people whose time is over, and how many of them booked in it."""

    people: int
    booked: int

    @property
    def share(self) -> float:
        return self.booked / self.people if self.people else 0.0


@dataclass(frozen=True, slots=True)
class Effect:
    """Shares in percent; ``difference`` and its bounds in percentage points, None when too few."""

    verdict: Verdict
    difference: float | None = None
    lower: float | None = None
    upper: float | None = None


def effect(written_to: Arm, held_out: Arm) -> Effect:
    """What can be said of the two groups; nothing of few."""
    if min(written_to.people, held_out.people) < FEWEST:
        return Effect(Verdict.TOO_FEW)
    difference = written_to.share - held_out.share
    (low_1, high_1), (low_2, high_2) = _wilson(written_to), _wilson(held_out)
    lower = difference - sqrt((written_to.share - low_1) ** 2 + (high_2 - held_out.share) ** 2)
    upper = difference + sqrt((high_1 - written_to.share) ** 2 + (held_out.share - low_2) ** 2)
    verdict = Verdict.MORE if lower > 0 else Verdict.FEWER if upper < 0 else Verdict.CANNOT_TELL
    return Effect(verdict, *(round(100 * each, 1) for each in (difference, lower, upper)))


def _wilson(arm: Arm) -> tuple[float, float]:
    n, p = arm.people, arm.share
    middle = p + _Z**2 / (2 * n)
    spread = _Z * sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2))
    whole = 1 + _Z**2 / n
    return (middle - spread) / whole, (middle + spread) / whole
