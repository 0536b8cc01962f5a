"""Visits by video: how soon the others are seen, and how soon a lost line is back."""

import shutil
from collections.abc import Iterator

from bench.harness import Figure, Sample, apart, at_most, figure

ROUNDS = "20"


@figure("Visit by video, two browsers on this machine, direct")
def direct() -> Iterator[Figure]:
    times = apart("call", ROUNDS)
    yield Figure(Sample(tuple(times["joined"])), at_most(1500.0), what="page to first picture")
    yield Figure(Sample(tuple(times["asked"])), at_most(1500.0), what="asked to first picture")


@figure("Visit by video, two browsers on this machine, relayed")
def relayed() -> Iterator[Figure]:
    """Through coturn, which the demo starts where it is installed."""
    if shutil.which("turnserver") is None:
        raise SystemExit("There is no turnserver to relay by (Debian: apt-get install coturn).")
    times = apart("call", ROUNDS, "--relayed")
    yield Figure(
        Sample(tuple(times["joined"])),
        at_most(2000.0),
        what="page to first picture",
        also=times["by"] == ["relay"],
    )
    yield Figure(Sample(tuple(times["back"])), at_most(5000.0), what="line back to moving pictures")


@figure("Visit by video, four browsers on this machine, each with each")
def four() -> Figure:
    times = apart("call", ROUNDS, "--four")
    return Figure(
        Sample(tuple(times["joined"])), at_most(5000.0), what="page to the pictures of all three"
    )
