"""Reaching the database, and whether it is one we can work with."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from almoner.config import embedded
from almoner.config.embedded import EXTENSIONS, PATIENTS, DatabaseUnavailable

OLDEST = 15


@contextmanager
def opened(var: Path) -> Iterator[None]:
    """Have the configured database answer for as long as one command needs it.

    The embedded one is started if it does not run, and stopped again then. Raises
    DatabaseUnavailable with one sentence for the operator.
    """
    if url := os.environ.get("DATABASE_URL"):
        ready(url)
        yield
        return
    at = embedded.cluster(var)
    started = embedded.start(at)
    try:
        yield
    finally:
        if started:
            embedded.stop(at)


def ready(url: str) -> None:
    """Make sure the server is new enough and has the extensions and the patients' role.

    What is missing is made, where this role may make it.

    Raises DatabaseUnavailable with one sentence for the operator.
    """
    try:
        with psycopg.connect(url, connect_timeout=10, autocommit=True) as connection:
            _new_enough(connection.info.server_version)
            _extensions(connection)
            _patients(connection)
    except psycopg.ProgrammingError as error:
        message = f"DATABASE_URL cannot be used: {_first_line(error)}."
        raise DatabaseUnavailable(message) from error
    except psycopg.OperationalError as error:
        message = (
            f"The database of DATABASE_URL cannot be reached: {_first_line(error)}. "
            "Start it, or unset DATABASE_URL to use the embedded one."
        )
        raise DatabaseUnavailable(message) from error


def _new_enough(version: int) -> None:
    major = version // 10_000
    if major < OLDEST:
        message = f"This server is PostgreSQL {major}; Almoner needs {OLDEST} or newer."
        raise DatabaseUnavailable(message)


def missing_extensions(connection: "psycopg.Connection[tuple[Any, ...]]") -> list[str]:
    """Extensions we need that this database has not."""
    rows = connection.execute("SELECT extname FROM pg_extension").fetchall()
    return sorted(set(EXTENSIONS) - {row[0] for row in rows})


def _extensions(connection: "psycopg.Connection[tuple[Any, ...]]") -> None:
    for name in missing_extensions(connection):
        create = psycopg.sql.SQL("CREATE EXTENSION IF NOT EXISTS {}")
        try:
            connection.execute(create.format(psycopg.sql.Identifier(name)))
        except psycopg.errors.FeatureNotSupported:
            message = (
                f"This server lacks the extension {name}; install PostgreSQL's contrib package "
                "(Debian: postgresql-contrib) on it."
            )
            raise DatabaseUnavailable(message) from None
        except psycopg.errors.InsufficientPrivilege:
            message = (
                f"The database lacks the extension {name} and this role may not create it; "
                f"let its owner run: CREATE EXTENSION {name};"
            )
            raise DatabaseUnavailable(message) from None


def may_become_patient(connection: "psycopg.Connection[tuple[Any, ...]]") -> bool:
    """Whether this role can answer patients as the role that sees nobody else's rows."""
    if not embedded.known_patients(connection):
        return False
    row = connection.execute("SELECT pg_has_role(%s, 'MEMBER')", [PATIENTS]).fetchone()
    return bool(row and row[0])


def patients_made(connection: "psycopg.Connection[tuple[Any, ...]]", me: str) -> str:
    """What an administrator must run for this role; roles are the whole server's."""
    made = "" if embedded.known_patients(connection) else f"CREATE ROLE {PATIENTS} NOLOGIN; "
    return f"{made}GRANT {PATIENTS} TO {me};"


def _patients(connection: "psycopg.Connection[tuple[Any, ...]]") -> None:
    if may_become_patient(connection):
        return
    me = connection.info.user
    try:
        embedded.make_patients(connection, me)
    except psycopg.errors.InsufficientPrivilege:
        message = (
            f"What patients ask for is answered as a role of its own, which {me} may not make; let "
            f"an administrator run: {patients_made(connection, me)}"
        )
        raise DatabaseUnavailable(message) from None


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
