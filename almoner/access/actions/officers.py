"""Joining and leaving."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from almoner.access.actions.looking import require
from almoner.access.models import Officer
from almoner.access.rules import Role
from almoner.facility.models import Clinician, Location
from almoner.ground import events


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
) -> Officer:
    """Let somebody sign in. ``by`` is None on the command line, where the shell account decides.

    Raises ValueError for a role we do not know, ValidationError for a weak password, and
    PermissionDenied.
    """
    if by:
        require(by, "access.manage")
    officer = Officer(
        username=username,
        name=name,
        roles=sorted({Role(role) for role in roles}),
        location=location,
        clinician=clinician,
        joined_at=at,
    )
    validate_password(password, officer)
    officer.set_password(password)
    officer.save()
    events.record("access.joined", at=at, by=by, about=officer, roles=officer.roles)
    return officer


@transaction.atomic
def end_officer(officer: Officer, *, by: Officer | None, at: datetime) -> None:
    """Somebody leaves: every session of theirs ends now, in the same transaction."""
    if by:
        require(by, "access.manage")
    officer.left_at = at
    officer.save(update_fields=["left_at"])
    officer.session_set.all().delete()
    events.record("access.left", at=at, by=by, about=officer)
