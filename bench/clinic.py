"""The large clinic the benches measure: built once, kept under ``var/bench``, fully durable."""

import os
import subprocess
import sys
from pathlib import Path

from almoner.config import embedded

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var" / "bench"
CLUSTER = embedded.cluster(VAR)
PATIENTS, APPOINTMENTS = 200_000, 500_000
_BUILT = VAR / "built"


def point_django_at() -> None:
    """Have Django, not loaded yet, use the large clinic's database."""
    os.environ["DATABASE_URL"] = CLUSTER.url()
    os.environ["ALMONER_VAR"] = str(VAR)
    os.environ["ALMONER_DEMO"] = "1"
    os.environ["DJANGO_SETTINGS_MODULE"] = "almoner.config.settings"


def open_large() -> None:
    """Start the database, and build the clinic when it is not there yet (up to five minutes)."""
    VAR.mkdir(parents=True, exist_ok=True)
    embedded.start(CLUSTER)
    size = f"{PATIENTS} {APPOINTMENTS}"
    built = _BUILT.read_text() if _BUILT.exists() else ""
    _almoner("migrate")
    if built != size:
        _almoner("demo", "--patients", str(PATIENTS), "--appointments", str(APPOINTMENTS))
        _BUILT.write_text(size)


def _almoner(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "almoner", *arguments], cwd=ROOT, check=True)
