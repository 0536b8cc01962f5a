"""Joining, changing and leaving. ``by`` is None on the command line: the shell account decides."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from axes.models import AccessAttempt
from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction

from almoner.access.actions.looking import require
from almoner.access.models import Officer
from almoner.access.rules import Role, one_time_password
from almoner.facility.models import Clinician, Location
from almoner.ground import events
from almoner.ground.constraints import violated


class LastAdministrator(Exception):
    """Nobody could let anybody in any more."""


class NameTaken(Exception):
    """Somebody signs in by that name, or did."""


class ClinicianTaken(Exception):
    """Another officer signs in as that clinician."""


class SamePassword(Exception):
    """The new password is the old one."""


@transaction.atomic
def add_officer(
    *,
    username: str,
    name: str,
    password: str,
    roles: Sequence[str],
    at: datetime,
    by: Officer | None = None,
    location: Location | None = None,
    clinician: Clinician | None = None,
    one_time: bool = False,
) -> Officer:
    """Let somebody sign in; a ``one_time`` password must be changed at the first sign-in.

    Raises ValueError for a role we do not know, ValidationError for a weak password, NameTaken,
    ClinicianTaken and PermissionDenied.
    """
    if by:
        require(by, "access.manage")
    officer = Officer(
        username=username,
        name=name,
        roles=_known(roles),
        location=location,
        clinician=clinician,
        joined_at=at,
        password_given_at=at if one_time else None,
    )
    validate_password(password, officer)
    officer.set_password(password)
    _save(officer)
    events.record("access.joined", at=at, by=by, about=officer, roles=officer.roles)
    return officer


@transaction.atomic
def change_officer(
    officer: Officer,
    *,
    name: str,
    roles: Sequence[str],
    location: Location | None,
    clinician: Clinician | None,
    by: Officer | None,
    at: datetime,
) -> bool:
    """What somebody is called, may do, and works as; False when all of it stands so already.

    It holds from their next click on. Raises LastAdministrator, ClinicianTaken, PermissionDenied.
    """
    if by:
        require(by, "access.manage")
    before = _described(officer)
    officer.name, officer.roles = name, _known(roles)
    officer.location, officer.clinician = location, clinician
    after = _described(officer)
    changed: dict[str, Any] = {
        key: [before[key], after[key]] for key in before if before[key] != after[key]
    }
    if not changed:
        return False
    _save(officer, ["name", "roles", "location", "clinician"])
    events.record("access.changed", at=at, by=by, about=officer, **changed)
    return True


def new_password() -> str:
    """A one-time password that nobody has seen yet."""
    return one_time_password(secrets.choice)


@transaction.atomic
def give_password(officer: Officer, *, by: Officer | None, at: datetime, password: str = "") -> str:
    """Set a password that opens one page only: the one that changes it. Answers the password.

    Without ``password`` one is made. Every session of theirs ends, and a closed door opens again.
    Raises ValidationError for a weak password, PermissionDenied.
    """
    if by:
        require(by, "access.manage")
    given = password or new_password()
    validate_password(given, officer)
    officer.set_password(given)
    officer.password_given_at = at
    officer.save(update_fields=["password", "password_given_at"])
    officer.session_set.all().delete()
    _forget_failures(officer)
    events.record("access.password_given", at=at, by=by, about=officer)
    return given


@transaction.atomic
def change_password(officer: Officer, *, password: str, at: datetime, keep: str | None) -> None:
    """Take a password of the officer's own; all their sessions end but the one to ``keep``.

    Raises SamePassword, and ValidationError for a weak one.
    """
    if officer.check_password(password):
        raise SamePassword
    validate_password(password, officer)
    officer.set_password(password)
    officer.password_given_at = None
    officer.save(update_fields=["password", "password_given_at"])
    officer.session_set.exclude(session_key=keep or "").delete()
    events.record("access.password_changed", at=at, by=officer, about=officer)


@transaction.atomic
def go_away(officer: Officer, *, at: datetime) -> None:
    """Somebody signs out or locks their screen; one that was idle too long is no going away."""
    events.record("access.went", at=at, by=officer, about=officer)


@transaction.atomic
def unlock_officer(officer: Officer, *, by: Officer | None, at: datetime) -> None:
    """Open a door again that wrong passwords closed."""
    if by:
        require(by, "access.manage")
    _forget_failures(officer)
    events.record("access.unlocked", at=at, by=by, about=officer)


@transaction.atomic
def end_officer(officer: Officer, *, by: Officer | None, at: datetime) -> None:
    """Somebody leaves: every session of theirs ends now, in the same transaction.

    The clinician they signed in as is free for somebody else. Raises LastAdministrator and
    PermissionDenied.
    """
    if by:
        require(by, "access.manage")
    officer.left_at = at
    officer.clinician = None
    _save(officer, ["left_at", "clinician"])
    officer.session_set.all().delete()
    events.record("access.left", at=at, by=by, about=officer)


def _known(roles: Iterable[str]) -> list[str]:
    """Raises ValueError for a role we do not know."""
    return sorted({Role(role) for role in roles})


def _described(officer: Officer) -> dict[str, Any]:
    return {
        "name": officer.name,
        "roles": list(officer.roles),
        "location": officer.location_id,
        "clinician": officer.clinician_id,
    }


def _save(officer: Officer, fields: list[str] | None = None) -> None:
    """Raises what the database refused, in our words."""
    try:
        officer.save(update_fields=fields)
    except IntegrityError as refused:
        if violated(refused, "officer_last_administrator"):
            raise LastAdministrator from refused
        if violated(refused, "access_officer_clinician_id_key"):
            raise ClinicianTaken from refused
        if violated(refused, "access_officer_username_key"):
            raise NameTaken from refused
        raise


def _forget_failures(officer: Officer) -> None:
    AccessAttempt.objects.filter(username__iexact=officer.username).delete()
