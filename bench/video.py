"""Visits by video: how soon the others are seen, and how soon a lost line is back."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from bench.harness import Figure, Sample, at_most, figure

ROUNDS = 20


def _calls(*options: str) -> dict[str, Any]:
    # Its own program: it has a database and settings of its own. Not those of the large clinic.
    told = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "ALMONER_VAR", "ALMONER_DEMO"}
    }
    ran = subprocess.run(
        [sys.executable, "-m", "bench.site.call", str(ROUNDS), *options],
        env=told, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    times: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return times


@figure("Visit by video, two browsers on this machine, direct")
def direct() -> Iterator[Figure]:
    times = _calls()
    yield Figure(Sample(tuple(times["joined"])), at_most(1500.0), what="page to first picture")
    yield Figure(Sample(tuple(times["asked"])), at_most(1500.0), what="asked to first picture")
    yield Figure(Sample(tuple(times["back"])), at_most(5000.0), what="line back to moving pictures")


@figure("Visit by video, two browsers on this machine, relayed")
def relayed() -> Iterator[Figure]:
    """Through coturn, which the demo starts where it is installed."""
    if shutil.which("turnserver") is None:
        raise SystemExit("There is no turnserver to relay by (Debian: apt-get install coturn).")
    times = _calls("--relayed")
    yield Figure(
        Sample(tuple(times["joined"])),
        at_most(2000.0),
        what="page to first picture",
        also=times["by"] == ["relay"],
    )
    yield Figure(Sample(tuple(times["back"])), at_most(5000.0), what="line back to moving pictures")


@figure("Visit by video, four browsers on this machine, each with each")
def four() -> Figure:
    times = _calls("--four")
    return Figure(
        Sample(tuple(times["joined"])), at_most(5000.0), what="page to the pictures of all three"
    )
