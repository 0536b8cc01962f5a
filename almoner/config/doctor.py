"""`almoner doctor`: whether all is well, and if not, what to do; one line for each thing."""

import os
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg

from almoner.config import database

LITTLE_DISK = 2_000_000_000  # bytes
MOST_OFFSET = timedelta(seconds=2)
SILENT = timedelta(minutes=1)
PARTNERS = {
    "clearinghouse": "CLEARINGHOUSE_URL",
    "card processor": "CARD_PROCESSOR_URL",
    "text messages": "SMS_URL",
}

Connection = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; ``advice`` is empty when it is well."""

    what: str
    found: str
    advice: str = ""

    def __str__(self) -> str:
        mark = "ok  " if not self.advice else "LOOK"
        return f"{mark}  {self.what}: {self.found}{f'. {self.advice}' if self.advice else ''}"


def examine() -> int:
    """Write a line for each finding; 1 when any needs doing something."""
    code = 0
    for finding in _findings():
        print(finding)
        code |= bool(finding.advice)
    return code


def _findings() -> Iterator[Finding]:
    from django.conf import settings

    yield from _configuration()
    yield _disk(settings.VAR)
    yield _browser_files(settings.ROOT)
    try:
        with psycopg.connect(settings.DATABASE_URL, connect_timeout=5) as connection:
            for look in (_server, _role, _extensions, _migrations, _codes, _clock, _worker):
                yield look(connection)
    except psycopg.Error as error:
        advice = "Start it with `almoner run`, or correct DATABASE_URL."
        yield Finding("database", str(error).strip().splitlines()[0], advice)
    for name, setting in PARTNERS.items():
        yield _partner(name, getattr(settings, setting, ""))


def _configuration() -> Iterator[Finding]:
    if os.environ.get("ALMONER_HTTPS") == "1" or not os.environ.get("DATABASE_URL"):
        yield Finding("configuration", "complete")
    else:
        advice = "Put a TLS proxy in front and set ALMONER_HTTPS=1, or cookies travel in the clear."
        yield Finding("configuration", "ALMONER_HTTPS is not set", advice)


def _disk(var: Path) -> Finding:
    usage = shutil.disk_usage(var if var.exists() else var.parent)
    found = f"{usage.free / 1e9:.1f} GB free for {var}"
    return Finding("disk", found, "" if usage.free > LITTLE_DISK else "Make room.")


def _browser_files(root: Path) -> Finding:
    from almoner.config.vendor import FILES

    folder = root / "almoner" / "ground" / "static" / "vendor"
    missing = [name for name in FILES if not (folder / Path(name).name).exists()]
    if missing:
        return Finding("files for browsers", f"{missing[0]} is missing", "Run: make setup")
    return Finding("files for browsers", "there")


def _server(connection: Connection) -> Finding:
    major = connection.info.server_version // 10_000
    advice = "" if major >= database.OLDEST else f"Use PostgreSQL {database.OLDEST} or newer."
    return Finding("PostgreSQL", f"version {major}", advice)


def _role(connection: Connection) -> Finding:
    row = connection.execute(
        "SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    name, mighty = row or ("?", True)
    if mighty:
        advice = "Connect as an ordinary role, or the database's own guards do not hold."
        return Finding("database role", f"{name} is a superuser", advice)
    return Finding("database role", f"{name}, an ordinary one")


def _extensions(connection: Connection) -> Finding:
    missing = database.missing_extensions(connection)
    if missing:
        advice = "As a role that may: " + " ".join(f"CREATE EXTENSION {one};" for one in missing)
        return Finding("extensions", f"without {', '.join(missing)}", advice)
    return Finding("extensions", "all there")


def _migrations(_: Connection) -> Finding:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        return Finding("tables", f"{len(plan)} migrations not applied", "Run: almoner migrate")
    return Finding("tables", "of this version")


def _codes(_: Connection) -> Finding:
    from django.db import ProgrammingError

    from almoner.billing import queries
    from almoner.ground import clock

    try:
        state = queries.code_set_state(queries.local_day(clock.now()))
    except ProgrammingError:  # there are no tables yet; another line says so
        state = None
    if state is None:
        return Finding("diagnosis codes", "none are loaded", "Run: almoner migrate")
    found = f"{state.name}, {state.codes:,} codes"
    # Nothing to do that we could name: no newer release may be had. Each charge page says it too.
    return Finding("diagnosis codes", f"{found}, older than today" if state.stale else found)


def _clock(connection: Connection) -> Finding:
    from almoner.ground import clock

    before = clock.now()
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    after = clock.now()
    theirs = row[0] if row else None
    offset = abs(theirs - (before + (after - before) / 2)) if theirs else MOST_OFFSET  # type: ignore[operator]  # a datetime
    advice = "" if offset < MOST_OFFSET else "Run NTP here and on the database's machine."
    return Finding("clock", f"{offset.total_seconds():.2f} s from the database's", advice)


def _worker(connection: Connection) -> Finding:
    row = connection.execute(
        "SELECT now() - max(last_heartbeat) FROM procrastinate_workers"
    ).fetchone()
    silent = row[0] if row else None
    if silent is None or silent > SILENT:  # type: ignore[operator]  # an interval
        return Finding("job worker", "none is at work", "Start it with `almoner run`.")
    waiting = connection.execute(
        "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND scheduled_at IS NULL"
    ).fetchone()
    return Finding("job worker", f"at work, {waiting[0] if waiting else 0} jobs waiting")


def _partner(name: str, address: str) -> Finding:
    if not address:
        return Finding(name, "none is configured; what would go there waits or is refused")
    try:
        urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 (the operator's own setting)
    except urllib.error.HTTPError:
        pass  # it answered
    except OSError as error:
        reason = getattr(error, "reason", error)
        return Finding(name, f"{address} does not answer ({reason})", "See that it runs.")
    return Finding(name, f"{address} answers")
