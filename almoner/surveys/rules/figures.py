"""What the answers come to. No database.

A figure of few answers says more about chance, and who gave them, than about a desk: below
``FEWEST`` it is not shown, below ``SURE`` it is marked.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

FEWEST = 5
SURE = 30
_PROMOTER, _DETRACTOR = 9, 6
_SATISFIED = 4


def nps(scores: Mapping[int, int]) -> int | None:
    """Net promoter score, -100 to 100, of how often each of 0 to 10 was given; None without any.

    Those who say 9 or 10 less those who say 0 to 6, of a hundred, rounded half away from zero.
    """
    return _of_a_hundred(
        sum(count for score, count in scores.items() if score >= _PROMOTER)
        - sum(count for score, count in scores.items() if score <= _DETRACTOR),
        sum(scores.values()),
    )


def csat(scores: Mapping[int, int]) -> int | None:
    """Of a hundred who answered 1 to 5, how many said 4 or 5; None without any."""
    return _of_a_hundred(
        sum(count for score, count in scores.items() if score >= _SATISFIED), sum(scores.values())
    )


def rate(answered: int, asked: int) -> int | None:
    """Of a hundred who were asked, how many answered; None when nobody was."""
    return _of_a_hundred(answered, asked)


def _of_a_hundred(part: int, whole: int) -> int | None:
    if not whole:
        return None
    size = (abs(part) * 200 + whole) // (2 * whole)
    return size if part >= 0 else -size


@dataclass(frozen=True, slots=True)
class Figure:
    """A score of ``n`` answers; ``value`` is None when there are too few of them to be shown."""

    n: int
    value: int | None

    @property
    def unsure(self) -> bool:
        return self.value is not None and self.n < SURE


def shown(value: int | None, n: int) -> Figure:
    return Figure(n, value if n >= FEWEST else None)


def moved(
    score: Callable[[Counter[int]], int | None], before: Counter[int], now: Counter[int]
) -> int | None:
    """By how much a score is more than in the time before; None where either is of too few.

    What few said before is told by a difference as surely as by their figure.
    """
    was, is_now = (shown(score(each), each.total()).value for each in (before, now))
    return None if was is None or is_now is None else is_now - was
