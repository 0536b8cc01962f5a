"""The database: what it is, what is in it, and what it tells its own log."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

import psycopg

from almoner.config import database
from almoner.config.doctor.finding import Finding

MOST_OFFSET = timedelta(seconds=2)
SILENT = timedelta(minutes=1)

Connection = psycopg.Connection[tuple[object, ...]]


def findings(connection: Connection) -> Iterator[Finding]:
    """A line for each thing; one that cannot be looked at says so, and the others go on."""
    for look in (server, role, extensions, logging, clock):
        yield look(connection)
    for named, look in (("tables", migrations), ("diagnosis codes", codes), ("job worker", worker)):
        try:
            yield look(connection)
        except psycopg.errors.UndefinedTable:
            yield Finding(named, "there are no tables yet", "Run: almoner migrate")


def first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__


def server(connection: Connection) -> Finding:
    major = connection.info.server_version // 10_000
    advice = "" if major >= database.OLDEST else f"Use PostgreSQL {database.OLDEST} or newer."
    return Finding("PostgreSQL", f"version {major}", advice)


def role(connection: Connection) -> Finding:
    row = connection.execute(
        "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    name, superuser, bypasses = row or ("?", True, True)
    if superuser or bypasses:
        mighty = "is a superuser" if superuser else "passes row-level security by"
        advice = "Connect as an ordinary role, or the database's own guards do not hold."
        return Finding("database role", f"{name} {mighty}", advice)
    if not database.may_become_patient(connection):
        advice = f"As an administrator: {database.patients_made(connection, str(name))}"
        return Finding("database role", f"{name} may not become the patients' role", advice)
    return Finding("database role", f"{name}, an ordinary one")


def extensions(connection: Connection) -> Finding:
    missing = database.missing_extensions(connection)
    if missing:
        advice = "As a role that may: " + " ".join(f"CREATE EXTENSION {one};" for one in missing)
        return Finding("extensions", f"without {', '.join(missing)}", advice)
    return Finding("extensions", "all there")


_LOGGING = (
    "log_error_verbosity", "log_min_error_statement", "log_statement",
    "log_min_duration_statement", "log_min_duration_sample", "log_transaction_sample_rate",
    "log_parameter_max_length", "log_parameter_max_length_on_error",
)  # fmt: skip


def logging(connection: Connection) -> Finding:
    """Whether patients can get into the server's own log, as this database's settings stand."""
    now = {
        name: str((connection.execute(f"SHOW {name}").fetchone() or ("",))[0]) for name in _LOGGING
    }
    better = quieter(now)
    if not better:
        return Finding("database's log", "quotes no rows and no values")
    found = ", ".join(f"{name} is {now[name]}" for name in better)
    database_ = psycopg.sql.Identifier(connection.info.dbname).as_string(connection)
    told = " ".join(
        f"ALTER DATABASE {database_} SET {name} = '{value}';" for name, value in better.items()
    )
    return Finding("database's log", f"may quote patients: {found}", f"As its superuser: {told}")


def quieter(now: Mapping[str, str]) -> dict[str, str]:
    """What to set so that no patient is quoted, by name; empty when it is so.

    An error's DETAIL quotes the row that was refused, and its STATEMENT what was asked. Statements
    that are logged for their own sake, or because they were slow, quote the values bound to them.
    """
    better = {}
    if now["log_error_verbosity"] != "terse":
        better["log_error_verbosity"] = "terse"
    if now["log_min_error_statement"] not in {"log", "fatal", "panic"}:
        better["log_min_error_statement"] = "panic"
    logs_statements = (
        now["log_statement"] in {"mod", "all"}
        or now["log_min_duration_statement"] != "-1"
        or now["log_min_duration_sample"] != "-1"
        or float(now["log_transaction_sample_rate"]) > 0
    )
    if logs_statements and now["log_parameter_max_length"] not in {"0", "0B"}:
        better["log_parameter_max_length"] = "0"
    if now["log_parameter_max_length_on_error"] not in {"0", "0B"}:
        better["log_parameter_max_length_on_error"] = "0"
    return better


def clock(connection: Connection) -> Finding:
    from almoner.ground import clock as ours

    before = ours.now()
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    after = ours.now()
    theirs = row[0] if row else None
    offset = abs(theirs - (before + (after - before) / 2)) if theirs else MOST_OFFSET  # type: ignore[operator]  # a datetime
    advice = "" if offset < MOST_OFFSET else "Run NTP here and on the database's machine."
    return Finding("clock", f"{offset.total_seconds():.2f} s from the database's", advice)


def migrations(connection: Connection) -> Finding:  # noqa: ARG001 (asked through Django's own)
    from django.db import connection as djangos
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(djangos)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        return Finding("tables", f"{len(plan)} migrations not applied", "Run: almoner migrate")
    return Finding("tables", "of this version")


def codes(connection: Connection) -> Finding:
    from almoner.billing import queries
    from almoner.ground import clock as ours

    connection.execute("SELECT FROM billing_coderelease LIMIT 1")  # raises where there is none
    state = queries.code_set_state(queries.local_day(ours.now()))
    if state is None:
        return Finding("diagnosis codes", "none are loaded", "Run: almoner migrate")
    found = f"{state.name}, {state.codes:,} codes"
    # Nothing to do that we could name: no newer release may be had. Each charge page says it too.
    return Finding("diagnosis codes", f"{found}, older than today" if state.stale else found)


def worker(connection: Connection) -> Finding:
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
