"""The machine and the configuration."""

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from almoner.config.doctor.finding import Finding

LITTLE_DISK = 2_000_000_000  # bytes


def configuration(broken: Sequence[str]) -> Iterator[Finding]:
    for fault in broken:
        yield Finding("configuration", fault, "Correct it in the environment.")
    if os.environ.get("DATABASE_URL") and os.environ.get("ALMONER_HTTPS") != "1":
        advice = "Put a TLS proxy in front and set ALMONER_HTTPS=1, or cookies travel in the clear."
        yield Finding("configuration", "ALMONER_HTTPS is not set", advice)
    elif not broken:
        yield Finding("configuration", "complete")


def disk(var: Path) -> Finding:
    there = next(folder for folder in (var, *var.parents) if folder.exists())
    usage = shutil.disk_usage(there)
    found = f"{usage.free / 1e9:.1f} GB free for {var}"
    return Finding("disk", found, "Make room." if usage.free < LITTLE_DISK else "")


def browser_files() -> Finding:
    from almoner.config import vendor

    folder = Path(vendor.__file__).parent.parent / "ground" / "static" / "vendor"
    missing = [name for name in vendor.FILES if not (folder / Path(name).name).exists()]
    if missing:
        return Finding("files for browsers", f"{missing[0]} is missing", "Run: make setup")
    return Finding("files for browsers", "there")
