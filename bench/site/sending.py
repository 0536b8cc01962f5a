"""Very many texts and e-mails, sent by workers that are killed; prints a JSON line.

A program of its own: it brings its own database and Django settings.
"""

import json
import os
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "almoner.config.settings"

import django

from tests import embedded

NAME = "bench_sending"
KILLS, LONGEST = 120, 4.0
REPORTED = 10_000


def main(count: int) -> dict[str, float]:
    """What became of so many, and how many a second were sent."""
    from almoner.relations.tests import many

    with tempfile.TemporaryDirectory() as folder:
        many.on_their_way(count)
        began = time.monotonic()
        fate = many.under_kills(Path(folder) / "handed", kills=KILLS, longest=LONGEST)
        seconds = time.monotonic() - began
    undelivered, overtold = many.reported(REPORTED, seed=11)
    return asdict(fate) | {
        "undelivered": undelivered, "overtold": overtold, "rate": count / seconds,
    }  # fmt: skip


if __name__ == "__main__":
    with embedded.copied(NAME) as url:
        os.environ["DATABASE_URL"] = url
        django.setup()
        print(json.dumps(main(int(sys.argv[1]))))
