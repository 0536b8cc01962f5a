"""A thousand people at a kiosk whose line, server and browser are killed; prints a JSON line.

A program of its own: it brings its own database, clinic and Django settings.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "almoner.config.settings"

import django

from tests import embedded  # noqa: F401  (first: it names the database)

django.setup()

from tests import browser, kiosks  # noqa: E402 (Django is ready only now)


def main(many: int) -> dict[str, float]:
    """How many were lost and taken twice, and the seconds from the line's return to the last."""
    with (
        kiosks.clinic("kiosk_bench", many) as clinic,
        browser.chromium() as chromium,
        tempfile.TemporaryDirectory() as folder,
    ):
        return kiosks.under_kills(chromium, clinic, Path(folder), many)


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
