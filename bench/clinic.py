"""The large clinic the benches measure: built once, kept under ``var/bench``, fully durable."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import psycopg.sql

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


@contextmanager
def opened() -> Iterator[None]:
    """The database, as long as benches run; the clinic is built first (up to five minutes) when it
    is not there, or was built by other code.
    """
    VAR.mkdir(parents=True, exist_ok=True)
    started = embedded.start(CLUSTER)
    try:
        made_from = _sources()
        if not _BUILT.exists() or _BUILT.read_text() != made_from:
            _start_afresh()
            _almoner("demo", "--patients", str(PATIENTS), "--appointments", str(APPOINTMENTS))
            _BUILT.write_text(made_from)
        yield
    finally:
        if started:
            embedded.stop(CLUSTER)


def _sources() -> str:
    digest = hashlib.sha256(f"{PATIENTS} {APPOINTMENTS}".encode())
    built_by = [ROOT / "almoner" / "demo" / f"{name}.py" for name in ("large", "people", "setup")]
    for source in sorted([*ROOT.glob("almoner/*/migrations/*.py"), *built_by]):
        digest.update(source.read_bytes())
    return digest.hexdigest()


def _start_afresh() -> None:
    name = psycopg.sql.Identifier(embedded.ROLE)
    superuser = CLUSTER.url(embedded.SUPERUSER, embedded.SUPERUSER)
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute(psycopg.sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
        connection.execute(psycopg.sql.SQL("CREATE DATABASE {} OWNER {}").format(name, name))


def _almoner(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "almoner", *arguments], cwd=ROOT, check=True)
