"""Bring a database to where the desk can open: tables, files for browsers, a clinic if empty.

A process of its own, so that the supervisor need not hold Django in memory. What the supervisor
prints about the result is written to the file named on the command line.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.core.management import call_command

FIRST_OF_BEFORE = ("facility", "0001_initial")
_FOLDED = (
    "The tables of {duties} are of a version between others that were folded. Bring them up with"
    " commit 04579b84 first; docs/operating.md, Upgrade, says how."
)


@contextmanager
def step(what: str) -> Iterator[None]:
    print(f"  {what} … ", end="", flush=True)
    began = time.monotonic()
    yield
    print(f"{time.monotonic() - began:.1f} s", flush=True)


def migrate() -> None:
    """Bring the tables to this version; each migration is all or nothing.

    Raises SystemExit for tables of a version that this one has no way from.
    """
    if left := _left_behind():
        sys.exit(_FOLDED.format(duties=", ".join(left)))
    with step("Tables"):
        call_command("migrate", verbosity=0, interactive=False)
    _load_diagnoses()


def _left_behind() -> list[str]:
    """The duties whose tables stopped between the steps that `replaces` stands for.

    A start of now never records the one that every start of before recorded first.
    """
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.recorder import MigrationRecorder

    if FIRST_OF_BEFORE not in MigrationRecorder(connection).applied_migrations():
        return []  # no step of before was ever made here
    loader = MigrationLoader(connection)
    return sorted({key[0] for key in loader.replacements if key not in loader.applied_migrations})


def _load_diagnoses() -> None:
    """Put the diagnosis codes that came with the installation into the tables.

    Releases that are there already are passed over, so that an upgrade brings its new ones.
    """
    from almoner.billing import actions
    from almoner.ground import clock

    with step("Diagnosis codes"):
        actions.load_diagnoses(folder=actions.packaged_diagnoses(), at=clock.now())


def collect() -> None:
    """Put style sheets and scripts where the server takes them, under names that carry a hash."""
    with step("Files for browsers"):
        call_command("collectstatic", verbosity=0, interactive=False)


def open_demo() -> list[tuple[str, str, str]]:
    """Build the demo clinic in an empty database; the role, name and password of each sign-in.

    Empty when the database holds a clinic that is not the demo's.
    """
    # Only the demo knows these, and it is not loaded in an installation without one.
    from almoner.demo import clinic, setup
    from almoner.facility.models import Organisation
    from almoner.ground import clock

    if not clinic.is_built():
        with step("Demo clinic, from a seed"):
            clinic.build(now=clock.now())
    if not Organisation.objects.filter(npi=setup.npi(setup.CLINIC)).exists():
        return []
    return [(" and ".join(roles), name, setup.PASSWORD) for name, _, roles, _ in setup.OFFICERS]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("result", type=Path)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "almoner.config.settings")
    django.setup()
    migrate()
    collect()
    sign_ins = open_demo() if asked.demo else []
    asked.result.write_text(json.dumps(sign_ins))
    return 0


if __name__ == "__main__":
    sys.exit(main())
