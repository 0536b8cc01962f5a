"""What every bench stands on: samples, targets, and a figure registered under its name.

A bench is a function that measures and answers with one `Figure`, or several::

    @figure("First opening, 200 clinicians, 90 days", clinic=True)
    def first_opening() -> Figure:
        ours, theirs = alternate(by_bitmap, by_multirange, rounds=200)
        return Figure(ours, at_most(5.0, "p95"), alternative="multirange subtraction", other=theirs)

Ours and the alternative are measured in the same run, in turns, since the machine may be busy.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

Act = Callable[[], object]
HIGHER_IS_BETTER = frozenset({"/s"})


@dataclass(frozen=True, slots=True)
class Sample:
    """Measured values of one thing, in one unit: ``ms``, ``/s``, ``MB``, ``s`` or ``KB``."""

    values: tuple[float, ...]
    unit: str = "ms"

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def p95(self) -> float:
        """The value that 19 of 20 are no worse than: for a rate, the low end."""
        worst_last = sorted(self.values, reverse=self.unit in HIGHER_IS_BETTER)
        return worst_last[min(len(worst_last) - 1, int(len(worst_last) * 0.95))]

    def percentile(self, percent: float) -> float:
        ordered = sorted(self.values)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


@dataclass(frozen=True, slots=True)
class Target:
    """What was promised: ``limit`` of the median, the p95, or the ratio to the alternative."""

    limit: float
    of: str  # "median", "p95" or "ratio"
    at_least: bool

    def __str__(self) -> str:
        return f"{self.of} {'≥' if self.at_least else '≤'} {self.limit:,g}"


def at_most(limit: float, of: str = "p95") -> Target:
    return Target(limit, of, at_least=False)


def at_least(limit: float, of: str = "median") -> Target:
    return Target(limit, of, at_least=True)


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table.

    ``other`` is what the named alternative measured in the same run; ``also`` are promises beside
    the first (exactness, size); ``what`` tells figures of one bench apart.
    """

    sample: Sample
    target: Target
    alternative: str = ""
    other: Sample | None = None
    what: str = ""
    also: bool = True
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times better than the alternative; above 1 is better, whatever the unit."""
        if self.other is None:
            return None
        ours, theirs = self.sample.median, self.other.median
        if self.sample.unit in HIGHER_IS_BETTER:
            return ours / theirs if theirs else float("inf")
        return theirs / ours if ours else float("inf")

    @property
    def met(self) -> bool:
        known = {"median": self.sample.median, "p95": self.sample.p95, "ratio": self.ratio}
        value = known[self.target.of]
        if value is None:
            return False
        kept = value >= self.target.limit if self.target.at_least else value <= self.target.limit
        return kept and self.also


@dataclass(frozen=True, slots=True)
class Bench:
    """A registered bench; ``clinic`` when it needs the large clinic's database."""

    name: str
    measure: Callable[[], Figure | Iterable[Figure]]
    clinic: bool


BENCHES: list[Bench] = []


def figure(
    name: str, *, clinic: bool = False
) -> Callable[[Callable[[], Figure | Iterable[Figure]]], Callable[[], Figure | Iterable[Figure]]]:
    """Register a function as a bench."""

    def register(
        measure: Callable[[], Figure | Iterable[Figure]],
    ) -> Callable[[], Figure | Iterable[Figure]]:
        BENCHES.append(Bench(name, measure, clinic))
        return measure

    return register


def apart(program: str, *arguments: str) -> dict[str, Any]:
    """What a module of ``bench.site`` prints last, as JSON; what it says to people goes through.

    It has a database and settings of its own, not those of the large clinic.
    """
    ours = {"DATABASE_URL", "ALMONER_VAR", "ALMONER_DEMO"}
    told = {name: value for name, value in os.environ.items() if name not in ours}
    ran = subprocess.run(
        [sys.executable, "-m", "bench.site", program, *arguments],
        env=told, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


def timed(act: Act) -> float:
    """Milliseconds of one call."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def repeat(act: Act, *, rounds: int, warm: int = 3) -> Sample:
    """Milliseconds of each of ``rounds`` calls, after a few that do not count."""
    for _ in range(warm):
        act()
    return Sample(tuple(timed(act) for _ in range(rounds)))


def alternate(ours: Act, theirs: Act, *, rounds: int, warm: int = 3) -> tuple[Sample, Sample]:
    """Milliseconds of both, in turns, so that a busy machine is busy for both."""
    for _ in range(warm):
        ours()
        theirs()
    pairs = [(timed(ours), timed(theirs)) for _ in range(rounds)]
    return Sample(tuple(one for one, _ in pairs)), Sample(tuple(two for _, two in pairs))


def rate(act: Callable[[], int], *, windows: int = 5, warm: int = 1) -> Sample:
    """Things per second: each call answers how many it did, and is one window."""
    for _ in range(warm):
        act()
    found = []
    for _ in range(windows):
        began = time.perf_counter()
        done = act()
        found.append(done / (time.perf_counter() - began))
    return Sample(tuple(found), "/s")
