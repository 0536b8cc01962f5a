"""A kiosk without its line: what is entered while it, the server and the browser are killed."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

from bench.harness import Figure, Sample, at_most, figure

MANY = 1_000


@figure("Kiosk, 1,000 entered while line, server and browser are killed")
def nobody_lost() -> Iterator[Figure]:
    # Its own program: it has a database and settings of its own. Not those of the large clinic.
    told = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "ALMONER_VAR", "ALMONER_DEMO"}
    }
    ran = subprocess.run(
        [sys.executable, "-m", "bench.site.kiosk", str(MANY)],
        env=told, check=True, capture_output=True, text=True,
    )  # fmt: skip
    found = json.loads(ran.stdout.splitlines()[-1])
    whole = found["entries"] == MANY and found["server"] > 0 and found["answers"] > 0
    for what in ("lost", "double"):
        sample = Sample((float(found[what]),), "")
        yield Figure(sample, at_most(0.0, "median"), what=what, also=whole)
    yield Figure(Sample((found["seconds"],), "s"), at_most(600.0), what="line back to the last in")
