"""When a patient hears of a result, and how values of one kind stand in time. No database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from almoner.portal.rules.accounts import Kind


class Wish(StrEnum):
    """When a patient wants to be told; whatever they chose, they can look at any time.

    45 CFR 171.103: a practice that holds results back needs an exception; the patient's own wish
    (171.202(e)) is one, and it is never anybody else's.
    """

    AT_ONCE = "at_once"
    REVIEWED = "reviewed"


def may_wish(kind: str) -> bool:
    """Whether somebody who acts for a patient may say so for them; who only helps may not."""
    return kind != Kind.HELPER


def stands_behind(wish: str, *, reviewed: bool) -> bool:
    """Whether a result stands behind its “show it now” until a clinician has looked."""
    return wish == Wish.REVIEWED and not reviewed


def told_now(wish: str, *, reviewed: bool) -> bool:
    """Whether the patient is told of a final version as things stand; each is told of once."""
    return not stands_behind(wish, reviewed=reviewed)


def step_of(version_id: int, *, noted: bool) -> str:
    """What makes one telling of a version another: who was told before hears of the word too."""
    return f"result-{version_id}{'-note' if noted else ''}"


WIDTH, HEIGHT, EDGE = 288, 96, 10
"""Of the figure, and what is left free around its points, in its own units."""


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Figure:
    """Points of values in time, left to right, and the band of the range as top and height."""

    points: tuple[Point, ...]
    band: tuple[float, float] | None

    @property
    def line(self) -> str:
        return " ".join(f"{point.x:g},{point.y:g}" for point in self.points)


def figure(
    values: Sequence[tuple[date, float]], *, low: float | None, high: float | None
) -> Figure | None:
    """Values of days, the earliest first, as points; None for fewer than two.

    The scale holds the range too, so that where a value stands to it can be seen.
    """
    if len(values) < 2:  # noqa: PLR2004 (one value has no course)
        return None
    numbers = [number for _day, number in values]
    bounds = [*numbers, *(bound for bound in (low, high) if bound is not None)]
    least, most = min(bounds), max(bounds)
    first, days = values[0][0], (values[-1][0] - values[0][0]).days or 1
    span = (most - least) or 1.0

    def height(number: float) -> float:
        return round(EDGE + (most - number) / span * (HEIGHT - 2 * EDGE), 1)

    points = tuple(
        Point(round(EDGE + (day - first).days / days * (WIDTH - 2 * EDGE), 1), height(number))
        for day, number in values
    )
    band = None
    if low is not None and high is not None and low < high:
        band = (height(high), round(height(low) - height(high), 1))
    return Figure(points, band)
