"""`almoner doctor`: whether all is well, and if not, what to do; one line for each thing.

It looks and changes nothing. Whatever it finds broken, it goes on to the next thing.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg

from almoner.config import embedded, environment
from almoner.config.doctor import database, machine, partners
from almoner.config.doctor.finding import Finding

__all__ = ["Finding", "examine"]


def examine(var: Path) -> int:
    """Write a line for each finding; 1 when any needs doing something."""
    code = 0
    for finding in _findings(var):
        print(finding, flush=True)
        code |= bool(finding.advice)
    return code


def _findings(var: Path) -> Iterator[Finding]:
    broken = environment.faults(os.environ)
    yield from machine.configuration(list(broken.values()))
    yield machine.disk(var)
    yield machine.browser_files()
    if broken.keys() - environment.OF_THE_SERVER:
        return  # nothing further can be opened by settings that cannot be read
    import django

    django.setup()
    yield from _database(var)
    yield from partners.findings(var)


def _database(var: Path) -> Iterator[Finding]:
    """The database as it is; the embedded one is started for the look if it does not run."""
    from django.conf import settings

    at = None if os.environ.get("DATABASE_URL") else embedded.cluster(var)
    if at and not (at.data / "PG_VERSION").exists():
        yield Finding("database", f"there is none in {at.data} yet", "Run: almoner run")
        return
    started = False
    try:
        started = bool(at and embedded.start(at))
        with psycopg.connect(
            settings.DATABASE_URL, connect_timeout=5, autocommit=True
        ) as connection:
            yield from database.findings(connection)
    except (psycopg.Error, embedded.DatabaseUnavailable) as error:
        advice = (
            f"The end of {at.data}.log says why."
            if at
            else "Start it, or correct DATABASE_URL; without it the embedded one is used."
        )
        yield Finding("database", database.first_line(error), advice)
    finally:
        if at and started:
            embedded.stop(at)
