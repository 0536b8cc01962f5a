"""Showing that one is still who signed in: a passkey, or the password and what an app shows."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import check_password
from django.db import transaction
from fido2.server import Fido2Server
from fido2.webauthn import AttestedCredentialData, AuthenticationResponse

from almoner.ground import events
from almoner.portal import queries
from almoner.portal.models import Account, Acting, Entrance, Passkey, RecoveryCode
from almoner.portal.queries import digits
from almoner.portal.queries.secrets import opened
from almoner.portal.rules import accounts, is_closed
from almoner.portal.rules.accounts import Kind
from almoner.portal.rules.join_words import JOINED
from almoner.portal.rules.recovery_words import CODES_MADE, RECOVERED
from almoner.relations import actions as relations
from almoner.relations.rules import TextKind


class NotLetIn(Exception):
    """Nobody was let in; ``why`` is a text of `rules.WORDS`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def wrong_of(account: Account, *, password: str, typed: str, at: datetime) -> str:
    """Why a password and what was typed beside it do not let in; empty when they do.

    ``typed`` are the app's digits, or one of the recovery codes, which is used up. A failed try is
    kept, so it is no exception. Nobody learns which of them was wrong.
    """
    right = check_password(password, account.password)
    if is_closed(account.closed_until, at=at):  # said to whom it is about alone
        return "enter_closed" if right else "enter_wrong"
    secret = opened(bytes(account.totp or b""), place=f"portal_account.totp:{account.pk}")
    step = digits.step_of(secret, typed, after=account.totp_step, at=at)
    if not right or (step is None and not _recovers(account, typed, at=at)):
        account.tries, account.closed_until = accounts.failed(account.tries, at=at)
        account.save(update_fields=["tries", "closed_until"])
        tell("portal.not_entered", account, at=at)
        return "enter_wrong"
    account.tries, account.closed_until = 0, None
    account.totp_step = account.totp_step if step is None else step
    account.save(update_fields=["tries", "closed_until", "totp_step"])
    return ""


def _recovers(account: Account, typed: str, *, at: datetime) -> bool:
    """Use a recovery code up; the patient is told, and the desk sees it."""
    digest = queries.digest_of(accounts.normal(typed))
    used = RecoveryCode.objects.filter(account=account, digest=digest, used_at=None)
    if not used.update(used_at=at):
        return False
    left = account.recovery_codes.filter(used_at=None).count()
    tell("portal.recovered", account, at=at, left=left)
    _tell_patient(RECOVERED, account, at=at)
    return True


def passkey_of(way: Entrance, server: Fido2Server, said: Mapping[str, Any]) -> Passkey:
    """The passkey that signed the browser's challenge, its counter moved on. Raises NotLetIn."""
    try:
        answer = AuthenticationResponse.from_dict(said)
        row = (
            Passkey.objects.select_for_update(of=("self",))
            .select_related("account")
            .get(credential_id=answer.raw_id, account__ended_at__isnull=True)
        )
        known = [AttestedCredentialData(bytes(row.credential))]
        server.authenticate_complete(way.challenge, known, answer)
        counter = answer.response.authenticator_data.counter
    except (Passkey.DoesNotExist, ValueError, KeyError, TypeError) as error:
        raise NotLetIn("passkey_wrong") from error
    if counter and counter <= row.counter:
        raise NotLetIn("passkey_copied")
    row.counter = counter
    row.save(update_fields=["counter"])
    return row


@transaction.atomic
def prove_with_password(*, way: Entrance, password: str, typed: str, at: datetime) -> str:
    """Why it is not proved, or nothing: this browser may change the ways in for a while."""
    account = Account.objects.select_for_update().get(entrances=way)
    if not account.password:
        return "enter_wrong"
    if why := wrong_of(account, password=password, typed=typed, at=at):
        return why
    _proved(way, at=at)
    return ""


@transaction.atomic
def prove_with_passkey(
    *, way: Entrance, server: Fido2Server, said: Mapping[str, Any], at: datetime
) -> None:
    """The same by a passkey of the account. Raises NotLetIn."""
    held = Entrance.objects.select_for_update(of=("self",)).get(pk=way.pk)
    row = passkey_of(held, server, said)
    if row.account_id != held.account_id:
        raise NotLetIn("passkey_wrong")
    row.used_at = at
    row.save(update_fields=["used_at"])
    held.challenge = None
    held.save(update_fields=["challenge"])
    _proved(held, at=at)


def _proved(way: Entrance, *, at: datetime) -> None:
    Entrance.objects.filter(pk=way.pk).update(proved_at=at)


def require_proof(way: Entrance, *, at: datetime) -> None:
    """Raises NotLetIn unless this browser has just shown that it is still the same person."""
    if not accounts.is_fresh(way.proved_at, at=at):
        raise NotLetIn("prove_first")


@transaction.atomic
def new_codes(*, way: Entrance, at: datetime) -> list[str]:
    """Recovery codes, kept nowhere else: they are shown now. Older ones open nothing any more.

    Raises NotLetIn without a fresh proof, or where no password and app are used.
    """
    require_proof(way, at=at)
    account = Account.objects.select_for_update().get(entrances=way)
    if not account.password:
        raise NotLetIn("codes_need_password")
    account.recovery_codes.filter(used_at=None).delete()
    codes = [accounts.code_of(secrets.choice) for _each in range(accounts.RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(
            account=account, digest=queries.digest_of(accounts.normal(code)), made_at=at
        )
        for code in codes
    )  # fmt: skip
    tell("portal.codes_made", account, at=at)
    _tell_patient(CODES_MADE, account, at=at)
    return codes


def tell(kind: str, account: Account, *, at: datetime, **more: Any) -> None:
    """An event about an account, on the timeline of the patient it acts for first."""
    own = account.acting.filter(ended_at__isnull=True).order_by("pk").first()
    events.record(
        kind, at=at, by=None, about=account, patient_id=own.patient_id if own else None,
        by_patient=True, name=account.name, **more,
    )  # fmt: skip


def _tell_patient(text: TextKind, account: Account, *, at: datetime) -> None:
    """By text or e-mail, to whose own account it is: of others we know no phone."""
    own = Acting.objects.filter(account=account, kind=Kind.SELF, ended_at__isnull=True).first()
    if own is None:
        return
    relations.tell(
        patient_id=own.patient_id,
        text=text.code,
        facts=lambda _language: {},
        step=f"{text.code}-{account.pk}-{at.timestamp():.0f}",
        at=at,
        asked_for=True,
    )


def tell_made(patient_id: int, account: Account, *, at: datetime) -> None:
    """By text and by e-mail: whoever could read a code at one of them need not have the other."""
    relations.tell(
        patient_id=patient_id,
        text=JOINED.code,
        facts=lambda _language: {},
        step=f"{JOINED.code}-{account.pk}",
        by=("sms", "email"),
        at=at,
        asked_for=True,
    )
