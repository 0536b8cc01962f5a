"""A hundred thousand texts and e-mails: none twice, none lost, whatever is killed or repeated."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

from bench.harness import Figure, Sample, at_least, at_most, figure

MANY = 100_000
NAME = "Texts and e-mails, 100,000 sent under kills, reported thrice"


@figure(NAME)
def sending() -> Iterator[Figure]:
    # Its own program: it has a database and settings of its own. Not those of the large clinic.
    told = {name: value for name, value in os.environ.items() if not name.startswith("ALMONER_")}
    ran = subprocess.run(
        [sys.executable, "-m", "bench.site.sending", str(MANY)],
        env=told, check=True, capture_output=True, text=True,
    )  # fmt: skip
    found = json.loads(ran.stdout.splitlines()[-1])
    note = f"{found['killed']:,.0f} workers killed, {found['unknown']:,.0f} nobody can know of"
    whole = found["killed"] > 0 and found["unknown"] <= found["killed"]
    for what in ("doubled", "lost", "hidden", "undelivered", "overtold"):
        sample = Sample((float(found[what]),), "")
        yield Figure(sample, at_most(0.0, "median"), what=what, also=whole, note=note)
    yield Figure(Sample((found["rate"],), "/s"), at_least(100.0), what="sent")
