"""Making an account, getting into it, getting out of it."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Q
from fido2.server import Fido2Server

from almoner.ground import events
from almoner.ground.constraints import violated
from almoner.portal import queries
from almoner.portal.actions.proving import (
    NotLetIn,
    passkey_of,
    require_proof,
    tell,
    tell_made,
    wrong_of,
)
from almoner.portal.actions.telling import tell_both
from almoner.portal.models import Account, Acting, Entrance, Invitation, Passkey
from almoner.portal.queries import digits
from almoner.portal.queries.secrets import opened, sealed
from almoner.portal.rules import accounts
from almoner.portal.rules.accounts import Invited, Kind
from almoner.portal.rules.people import GIVEN_ANEW, Change

NOBODY = 0
"""Who made an invitation that nobody of the clinic made: a code that was sent did."""
_SECRET = 20  # bytes, as RFC 4226 asks


def open_way(*, at: datetime, **standing: Any) -> str:
    """A browser on its way in; the token for its cookie. Old ones are swept."""
    token = secrets.token_urlsafe(32)
    late = Q(seen_at__lt=at - accounts.ABSOLUTE)
    never = Q(in_at__isnull=True, made_at__lt=at - accounts.WAY_IN_LASTS)
    Entrance.objects.filter(late | never).delete()
    Entrance.objects.create(digest=queries.digest_of(token), made_at=at, seen_at=at, **standing)
    return token


@transaction.atomic
def say_code(*, code: str, born: date, at: datetime) -> Invited | str:
    """Try an invitation's code: the token of a browser that may make an account, or why not."""
    outcome, row = queries.invited(code, born, at=at)
    if row is None:
        return outcome
    if outcome is Invited.WRONG:
        row.tries += 1
        row.save(update_fields=["tries"])
        events.record(
            "portal.code_wrong", at=at, by=None, about=row, patient_id=row.patient_id,
            by_patient=True,
        )  # fmt: skip
    if outcome is not Invited.GOOD:
        return outcome
    return open_way(at=at, invitation=row)


@transaction.atomic
def join_with_password(
    *, way: Entrance, name: str, login: str, password: str, typed: str, language: str, at: datetime
) -> str:
    """An account with a password and an app; ``typed`` are the digits it shows.

    Returns the token of the browser that is in. Raises NotLetIn.
    """
    way = _held(way)
    secret = opened(bytes(way.secret or b""), place=_place(way))
    step = digits.step_of(secret, typed, after=0, at=at)
    if step is None:
        raise NotLetIn("digits_wrong")
    try:
        with transaction.atomic():
            account = _account(way, name, language, at=at)
            account.login, account.password = login.strip().lower(), make_password(password)
            account.totp = sealed(secret, place=f"portal_account.totp:{account.pk}")
            account.totp_step = step
            account.save()
    except IntegrityError as error:
        if not violated(error, "portal_account_login_once"):
            raise
        raise NotLetIn("login_taken") from None
    return _joined(way, account, at=at)


@transaction.atomic
def join_with_passkey(
    *, way: Entrance, server: Fido2Server, name: str, said: Mapping[str, Any], language: str,
    at: datetime,
) -> str:  # fmt: skip
    """An account with the passkey a browser has just made. Raises NotLetIn."""
    way = _held(way)
    made = _registered(way, server, said)
    account = _account(way, name, language, at=at)
    _keep(account, made, at=at)
    return _joined(way, account, at=at)


@transaction.atomic
def add_passkey(
    *, way: Entrance, server: Fido2Server, said: Mapping[str, Any], at: datetime
) -> Passkey:
    """One more passkey of an account that is in. Raises NotLetIn, also without a fresh proof."""
    # The account first, as who gets back into theirs does: what is ended then is ended whole.
    account = Account.objects.select_for_update().filter(entrances=way.pk).first()
    if account is None or way.in_at is None or not Entrance.objects.filter(pk=way.pk).exists():
        raise NotLetIn("stale")
    require_proof(way, at=at)
    way = _held(way)
    made = _registered(way, server, said)
    row = _keep(account, made, at=at)
    tell("portal.passkey_added", account, at=at)
    return row


@transaction.atomic
def act_too(*, way: Entrance, account: Account, at: datetime) -> None:
    """Who has an account already used a code: they act for one more patient. Raises NotLetIn."""
    way = _held(way)
    _use(way, account, at=at)
    way.delete()


@transaction.atomic
def enter_with_passkey(
    *, way: Entrance, server: Fido2Server, said: Mapping[str, Any], at: datetime
) -> str:
    """The token of the browser that is in. Raises NotLetIn."""
    way = _held(way)
    row = passkey_of(way, server, said)
    row.used_at = at
    row.save(update_fields=["used_at"])
    return _in(way, row.account, at=at)


@transaction.atomic
def enter_with_password(*, login: str, password: str, typed: str, at: datetime) -> str | NotLetIn:
    """The token of the browser that is in, or why not: a failed try is kept, so it is no exception.

    Nobody learns which of the three was wrong, nor whether there is such an account.
    """
    account = (
        Account.objects.select_for_update()
        .filter(login=login.strip().lower(), ended_at__isnull=True)
        .first()
    )
    if account is None:
        make_password(password)  # as long as for an account that is there
        return NotLetIn("enter_wrong")
    if why := wrong_of(account, password=password, typed=typed, at=at):
        return NotLetIn(why)
    return _in(None, account, at=at)


def leave(*, way: Entrance, everywhere: bool = False) -> None:
    """Out, here or in every browser."""
    if everywhere and way.account_id:
        Entrance.objects.filter(account_id=way.account_id).delete()
    else:
        Entrance.objects.filter(pk=way.pk).delete()


def act_for(*, way: Entrance, acting_id: int) -> None:
    """Act for another of those the account may act for; the gate asks each time whether it may."""
    Entrance.objects.filter(pk=way.pk).update(acting_id=acting_id)


@transaction.atomic
def forget_passkey(*, way: Entrance, passkey_id: int, at: datetime) -> None:
    """A passkey that was lost, and with it every other browser.

    Raises NotLetIn for the last way in, or without a fresh proof.
    """
    require_proof(way, at=at)
    account = Account.objects.select_for_update().get(entrances=way)
    left = account.passkeys.exclude(pk=passkey_id).exists()
    if not left and not account.password:
        raise NotLetIn("last_way_in")
    account.passkeys.filter(pk=passkey_id).delete()
    account.entrances.exclude(pk=way.pk).delete()
    tell("portal.passkey_forgotten", account, at=at)


def secret_for(way: Entrance) -> bytes:
    """The secret for the app of somebody who is joining; the same until they have joined."""
    if way.secret is None:
        way.secret = sealed(secrets.token_bytes(_SECRET), place=_place(way))
        way.save(update_fields=["secret"])
    return opened(bytes(way.secret), place=_place(way))


def challenge(way: Entrance, state: Mapping[str, Any]) -> None:
    """Keep what a passkey is asked to sign, until it has once."""
    way.challenge = dict(state)
    way.save(update_fields=["challenge"])


def _held(way: Entrance) -> Entrance:
    """The row, locked. Raises NotLetIn once it was used: a button may be pressed twice."""
    rows = Entrance.objects.select_for_update(of=("self",))
    row = rows.select_related("account", "invitation__patient").filter(pk=way.pk).first()
    if row is None:
        raise NotLetIn("stale")
    return row


def _place(way: Entrance) -> str:
    return f"portal_entrance.secret:{way.pk}"


def _registered(way: Entrance, server: Fido2Server, said: Mapping[str, Any]) -> Any:
    state, way.challenge = way.challenge, None
    way.save(update_fields=["challenge"])
    try:
        made = server.register_complete(state, dict(said)).credential_data
    except (ValueError, KeyError, TypeError) as error:
        raise NotLetIn("passkey_wrong") from error
    if made is None:
        raise NotLetIn("passkey_wrong")
    return made


def _keep(account: Account, made: Any, *, at: datetime) -> Passkey:
    return Passkey.objects.create(
        account=account, credential_id=made.credential_id, credential=bytes(made), made_at=at
    )


def _account(way: Entrance, name: str, language: str, *, at: datetime) -> Account:
    """The account of whoever holds the code: a patient's own again, when they had one before."""
    invitation = way.invitation
    if invitation is None:
        raise NotLetIn("stale")
    if invitation.kind == Kind.SELF:
        if old := queries.account_of_patient(invitation.patient_id):
            if invitation.made_by_id == NOBODY:  # only the desk lets somebody back in
                raise NotLetIn("have_account")
            return _recovered(old, language, at=at)
        patient = invitation.patient
        name = f"{patient.given} {patient.family}".strip()
    return Account.objects.create(name=name, language=language, made_at=at)


def _recovered(account: Account, language: str, *, at: datetime) -> Account:
    """Everything that opened it before opens it no more: the desk has looked who this is."""
    account = Account.objects.select_for_update().get(pk=account.pk)
    account.passkeys.all().delete()
    account.recovery_codes.all().delete()
    account.entrances.all().delete()
    account.shares.filter(ended_at=None).update(ended_at=at)
    account.login, account.password, account.totp = None, "", None
    account.tries, account.closed_until, account.language = 0, None, language
    account.save()
    return account


def _joined(way: Entrance, account: Account, *, at: datetime) -> str:
    _use(way, account, at=at)
    return _in(way, account, at=at)


def _use(way: Entrance, account: Account, *, at: datetime) -> None:
    """Use the code once, and act for its patient from now on."""
    if way.invitation is None:
        raise NotLetIn("stale")
    held = Invitation.objects.select_for_update().get(pk=way.invitation.pk)
    if held.used_at or held.withdrawn_at:
        raise NotLetIn("code_used")
    held.used_at = at
    held.save(update_fields=["used_at"])
    if held.made_by_id == NOBODY:
        tell_made(held.patient_id, account, at=at)
    standing = Acting.objects.filter(account=account, patient=held.patient, ended_at__isnull=True)
    on = queries.local_day(at)
    lasting = standing.filter(Q(until__isnull=True) | Q(until__gte=on), kind=Kind.SELF)
    if not (held.kind == Kind.SELF and lasting.exists()):
        standing.update(ended_at=at, ended_because=GIVEN_ANEW)
        row = Acting.objects.create(
            account=account, patient=held.patient, kind=held.kind, parts=held.parts,
            since=on, until=held.until, proof=held.proof,
            made_by_id=held.made_by_id,
        )  # fmt: skip
        if row.kind != Kind.SELF:
            tell_both(row, Change.BEGAN, at=at)
    events.record(
        "portal.joined", at=at, by=None, about=held, patient_id=held.patient_id, by_patient=True,
        name=account.name, role=held.kind,
    )  # fmt: skip


def _in(way: Entrance | None, account: Account, *, at: datetime) -> str:
    """Another token than on the way in, so that who knew that one is not in."""
    if way is not None:
        way.delete()
    token = open_way(at=at, account=account, in_at=at, proved_at=at)
    tell("portal.entered", account, at=at)
    return token
