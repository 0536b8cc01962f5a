"""A pytest plugin, loaded before Django reads its settings: tests run on a PostgreSQL of their own.

The cluster lives under ``var/`` with durability off. The schema is migrated once into a template
database named by a hash of the migrations; each run, and each xdist worker, starts from a copy.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from almoner.config import embedded

ROOT = Path(__file__).resolve().parent.parent
CLUSTER = embedded.cluster(ROOT / "var", "test-postgres")
TEMPLATE_PREFIX = "template_"

os.environ["DATABASE_URL"] = CLUSTER.url()
os.environ["ALMONER_VAR"] = str(ROOT / "var" / "test")


def _migrations_digest() -> str:
    digest = hashlib.sha256()
    sources = [*ROOT.glob("almoner/*/migrations/*.py"), *ROOT.glob("requirements/*.txt")]
    for source in sorted(sources):
        digest.update(source.name.encode() + source.read_bytes())
    return digest.hexdigest()[:12]


def template() -> str:
    """Start the cluster; the name of the migrated template, made by the first process to need it.

    Workers of one run come here at the same moment: the first makes cluster and template, the
    others wait for it.
    """
    (ROOT / "var").mkdir(exist_ok=True)
    with (ROOT / "var" / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        embedded.start(CLUSTER, embedded.DISPOSABLE)
        with psycopg.connect(CLUSTER.url(), autocommit=True) as connection:
            return _template(connection)


def _template(connection: psycopg.Connection[tuple[str, ...]]) -> str:
    name = TEMPLATE_PREFIX + _migrations_digest()
    known = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
    if name in known:
        return name
    for stale in known:
        if stale.startswith((TEMPLATE_PREFIX, "unfinished_")):
            connection.execute(f'DROP DATABASE "{stale}"')
    unfinished = f"unfinished_{name}"
    connection.execute(f'CREATE DATABASE "{unfinished}"')
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "-v", "0"],
        cwd=ROOT,
        env=os.environ
        | {
            "DATABASE_URL": CLUSTER.url(unfinished),
            "DJANGO_SETTINGS_MODULE": "almoner.config.settings",
            "PYTHONPATH": str(ROOT),
        },
        check=True,
    )
    connection.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
    return name


@contextmanager
def copied(name: str) -> Iterator[str]:
    """A database of one's own, migrated and empty; dropped with the block."""
    migrated = template()
    with psycopg.connect(CLUSTER.url(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{migrated}"')
    try:
        yield CLUSTER.url(name)
    finally:
        # As superuser: forcing may have to end a worker that vacuums, which belongs to nobody else.
        superuser = CLUSTER.url(role="postgres")
        with psycopg.connect(superuser, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
