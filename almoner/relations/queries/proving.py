"""Which numbers and addresses are shown to be whose, and what codes are on their way."""

from collections.abc import Iterable
from datetime import datetime

from almoner.patients.models import ProvenAddress
from almoner.relations.models import AddressCode, Message
from almoner.relations.rules import proving


def codes_sent(row: AddressCode, *, since: datetime) -> int:
    """How many codes went to this address of this patient since then."""
    rows = AddressCode.objects.filter(patient_id=row.patient_id, sent_at__gt=since)
    return rows.filter(channel=row.channel, address=row.address).count()


def proofs_of(patient_id: int) -> dict[tuple[str, str], ProvenAddress]:
    """What was shown to be a patient's, by channel and address. One query."""
    rows = ProvenAddress.objects.filter(patient_id=patient_id)
    return {(row.channel, row.address): row for row in rows}


def codes_open(patient_id: int, *, at: datetime) -> dict[tuple[str, str], AddressCode]:
    """The codes that can still be read back, by channel and address. One query."""
    rows = AddressCode.objects.filter(patient_id=patient_id, used_at=None)
    return {
        (row.channel, row.address): row
        for row in rows
        if proving.may_try(sent_at=row.sent_at, tries=row.tries, at=at)
    }


def was_told(steps: Iterable[str]) -> bool:
    """Whether a message of one of these steps was written. One query."""
    return Message.objects.filter(step__in=list(steps)).exists()


def sent_to(step: str) -> tuple[str, str]:
    """Where the message of a step went: its channel and address. Raises DoesNotExist."""
    channel, address = Message.objects.values_list("channel", "address").get(step=step)
    return channel, address
