"""`almoner users`: who may sign in. The shell account decides; every change is an event."""

import getpass
import sys
from argparse import Namespace
from collections.abc import Callable
from functools import wraps
from typing import Any

Act = Callable[[Namespace], int]
NONE = "none"


class NotThere(Exception):
    """What was named on the command line is not in the database; the message says what is."""


def _refusing(act: Act) -> Act:
    """Say in one sentence what the action refused, and that nothing was done."""

    @wraps(act)
    def acting(asked: Namespace) -> int:
        from django.core.exceptions import ValidationError

        from almoner.access import actions

        try:
            return act(asked)
        except NotThere as missing:
            said = str(missing)
        except ValidationError as weak:
            said = " ".join(weak.messages)
        except actions.NameTaken:
            said = f"There is, or was, somebody called {asked.username} already."
        except actions.ClinicianTaken:
            said = "Another officer signs in as that clinician."
        except actions.LastAdministrator:
            said = "Nobody else is an administrator. Make somebody else one first."
        print(f"Nothing was changed. {said}")
        return 1

    return acting


def list_users(asked: Namespace) -> int:
    """A line for each officer: user name, name, roles, location, standing; tabs between."""
    from almoner.access.queries import officers
    from almoner.ground import clock

    show, number = "all" if asked.all else "here", 1
    while True:
        page = officers.officer_page(officers.Asked(show=show), number=number, at=clock.now())
        for line in page.object_list:
            told = (line.username, line.name, ",".join(line.roles), line.location or "-")
            print(*told, _standing(line), sep="\t")
        if not page.has_next():
            return 0
        number += 1


def _standing(line: Any) -> str:
    if line.left_at:
        return "has left"
    if line.shut_out:
        return "shut out by wrong passwords"
    return "one-time password" if line.password_given_at else "open"


@_refusing
def add_user(asked: Namespace) -> int:
    """Let somebody sign in; asks for the password, or reads it from a pipe."""
    from almoner.access import actions
    from almoner.ground import clock

    actions.add_officer(
        username=_slug(asked.username),
        name=asked.name,
        roles=asked.role,
        location=_location(asked.location),
        clinician=_clinician(asked.clinician),
        password=_password(),
        one_time=asked.one_time,
        at=clock.now(),
    )
    print(f"{asked.name} can sign in as {asked.username}.")
    return 0


@_refusing
def change_user(asked: Namespace) -> int:
    """Change what is named; the rest stays."""
    from almoner.access import actions
    from almoner.ground import clock

    officer = _officer(asked.username)
    stays = officer.location if asked.location is None else _location(asked.location)
    is_still = officer.clinician if asked.clinician is None else _clinician(asked.clinician)
    changed = actions.change_officer(
        officer,
        name=asked.name or officer.name,
        roles=asked.role or officer.roles,
        location=stays,
        clinician=is_still,
        by=None,
        at=clock.now(),
    )
    print(f"{officer.name} is changed." if changed else "It stands so already.")
    return 0


@_refusing
def give_password(asked: Namespace) -> int:
    """Set a one-time password; asks for it, or reads it from a pipe."""
    from almoner.access import actions
    from almoner.access.rules import ONE_TIME_HOURS
    from almoner.ground import clock

    officer = _officer(asked.username)
    actions.give_password(officer, password=_password(), by=None, at=clock.now())
    print(
        f"{officer.name} has a one-time password, good for {ONE_TIME_HOURS} hours; it must be "
        "changed at the next sign-in. Their sessions have ended."
    )
    return 0


@_refusing
def end_user(asked: Namespace) -> int:
    """Somebody leaves."""
    from almoner.access import actions
    from almoner.ground import clock

    officer = _officer(asked.username)
    actions.end_officer(officer, by=None, at=clock.now())
    print(f"{officer.name} has left. Every session of theirs has ended.")
    return 0


def _slug(username: str) -> str:
    from django.core.validators import validate_slug

    validate_slug(username)
    return username


def _officer(username: str) -> Any:
    """Somebody who works here. Raises NotThere."""
    from django.core.exceptions import ObjectDoesNotExist

    from almoner.access.queries import officers

    try:
        officer = officers.officer_named(username)
    except ObjectDoesNotExist:
        message = f"Nobody signs in as {username}. `almoner users list` names everybody."
        raise NotThere(message) from None
    if not officer.is_active:
        message = f"{officer.name} has left; whoever returns gets a new user name."
        raise NotThere(message)
    return officer


def _location(named: str | None) -> Any:
    """The location of that short name; nothing for none. Raises NotThere."""
    from almoner.facility import queries

    if named in {None, NONE}:
        return None
    known = {place.short_name: place.id for place in queries.places().values()}
    if named not in known:
        message = f"There is no location {named}. There are: {', '.join(known) or 'none yet'}."
        raise NotThere(message)
    return queries.location(known[named])


def _clinician(npi: str | None) -> Any:
    """The clinician of that NPI; nothing for none. Raises NotThere."""
    from almoner.facility import queries

    if npi in {None, NONE}:
        return None
    found = queries.clinician_with_npi(npi)
    if found is None:
        message = f"No clinician has the NPI {npi}."
        raise NotThere(message)
    return found


def _password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("Password: ")
    return sys.stdin.readline().rstrip("\n")
