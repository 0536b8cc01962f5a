"""Very many texts and e-mails, sent by workers that are killed.

A program of `bench.site`.
"""

import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from almoner.relations.tests import many

KILLS, LONGEST = 120, 4.0
REPORTED = 10_000


def main(asked: str) -> dict[str, float]:
    """What became of so many, and how many a second were sent."""
    count = int(asked)
    with tempfile.TemporaryDirectory() as folder:
        many.on_their_way(count)
        began = time.monotonic()
        fate = many.under_kills(Path(folder) / "handed", kills=KILLS, longest=LONGEST)
        seconds = time.monotonic() - began
    undelivered, overtold = many.reported(REPORTED, seed=11)
    return asdict(fate) | {
        "undelivered": undelivered, "overtold": overtold, "rate": count / seconds,
    }  # fmt: skip
