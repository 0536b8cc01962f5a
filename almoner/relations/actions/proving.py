"""Whose a number or an address is: a code goes there, and whoever holds it reads it back."""

import hmac
import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.ground import events
from almoner.patients import actions as patients
from almoner.relations import queries
from almoner.relations.actions.consenting import one_at_a_time
from almoner.relations.actions.settling import MessageRefused, Refusal
from almoner.relations.actions.telling import tell
from almoner.relations.models import AddressCode
from almoner.relations.rules import proving

READ_BACK = "read back"


@transaction.atomic
def send_code(
    *, officer: Officer, patient_id: int, channel: str, address: str, at: datetime
) -> AddressCode:
    """Send a patient a code that they read back; an older one is good no more.

    Raises PermissionDenied; MessageRefused when the address is not theirs, takes nothing, or had
    codes enough today.
    """
    access.require(officer, "relations.send")
    one_at_a_time(address)
    if not queries.holders(channel, address).filter(pk=patient_id).exists():
        raise MessageRefused(Refusal.NOT_THEIRS)
    if why := queries.takes_no_code(channel, address):
        raise MessageRefused(Refusal(why))
    row = AddressCode(
        patient_id=patient_id, channel=channel, address=address, sent_at=at, by_id=officer.pk
    )
    if queries.codes_sent(row, since=at - proving.DAY) >= proving.MOST:
        raise MessageRefused(Refusal.OFTEN)
    AddressCode.objects.filter(
        patient_id=patient_id, channel=channel, address=address, used_at=None
    ).update(used_at=at)
    code = proving.as_read(secrets.randbelow(10**proving.DIGITS))
    row.salt = secrets.token_bytes(16)
    row.digest = _digest(row, code)
    row.save()
    sent = tell(
        patient_id=patient_id,
        text=proving.TO_READ_BACK.code,
        facts=lambda _language: {"code": code},
        step=f"{proving.TO_READ_BACK.code}-{row.pk}",
        by=(channel,),
        to=address,
        asked_for=True,
        officer=officer,
        at=at,
    )
    if not sent:
        raise MessageRefused(Refusal.NO_WAY)
    events.record(
        "relations.code_sent", at=at, by=officer, about=row, patient_id=patient_id, channel=channel
    )
    return row


@transaction.atomic
def hear_code(
    *, officer: Officer, patient_id: int, channel: str, address: str, typed: str, at: datetime
) -> bool:
    """Try what was read back; whether it was the code. A wrong one is counted.

    Raises PermissionDenied; MessageRefused when no code may be tried any more.
    """
    access.require(officer, "relations.send")
    rows = AddressCode.objects.select_for_update().filter(
        patient_id=patient_id, channel=channel, address=address, used_at=None
    )
    row = rows.order_by("-pk").first()
    if row is None or not proving.may_try(sent_at=row.sent_at, tries=row.tries, at=at):
        raise MessageRefused(Refusal.CODE_OVER)
    if not hmac.compare_digest(bytes(row.digest), _digest(row, typed)):
        AddressCode.objects.filter(pk=row.pk).update(tries=F("tries") + 1)
        return False
    row.used_at = at
    row.save(update_fields=["used_at"])
    patients.prove_address(
        patient_id=patient_id, channel=channel, address=address, how=READ_BACK, by=officer, at=at
    )
    return True


def _digest(row: AddressCode, code: str) -> bytes:
    """Keyed, as six digits are soon guessed by whoever has a copy of the table."""
    said = f"{bytes(row.salt).hex()}:{proving.as_typed(code)}"
    return salted_hmac("almoner.relations.proving", said, algorithm="sha256").digest()
