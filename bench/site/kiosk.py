"""A thousand people at a kiosk whose line, server and browser are killed.

A program of `bench.site`.
"""

import tempfile
from pathlib import Path

from tests import browser, kiosks


def main(asked: str) -> dict[str, float]:
    """How many were lost and taken twice, and the seconds from the line's return to the last."""
    many = int(asked)
    with (
        kiosks.clinic("kiosk_bench", many) as clinic,
        browser.chromium() as chromium,
        tempfile.TemporaryDirectory() as folder,
    ):
        return kiosks.under_kills(chromium, clinic, Path(folder), many)
