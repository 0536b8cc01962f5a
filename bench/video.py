"""Visits by video: how soon the other side is seen, and how soon a lost line is back."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

from bench.harness import Figure, Sample, at_most, figure

ROUNDS = 20


@figure("Visit by video, two browsers on this machine, direct")
def first_picture() -> Iterator[Figure]:
    # Its own program: it has a database and settings of its own. Not those of the large clinic.
    told = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "ALMONER_VAR", "ALMONER_DEMO"}
    }
    ran = subprocess.run(
        [sys.executable, "-m", "bench.site.call", str(ROUNDS)],
        env=told, check=True, capture_output=True, text=True,
    )  # fmt: skip
    times = json.loads(ran.stdout.splitlines()[-1])
    yield Figure(Sample(tuple(times["joined"])), at_most(1500.0), what="page to first picture")
    yield Figure(Sample(tuple(times["asked"])), at_most(1500.0), what="asked to first picture")
    yield Figure(Sample(tuple(times["back"])), at_most(5000.0), what="line back to moving pictures")
