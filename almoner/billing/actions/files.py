"""What partners send us: kept whole, once, before anything is made of it."""

import hashlib
from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.billing.models import Mailbox, ReceivedFile
from almoner.edges.x12.syntax import X12SyntaxError, segments
from almoner.ground import events
from almoner.ground.words import gettext_noop

_KINDS = {
    "TA1": ReceivedFile.Kind.TA1,
    "999": ReceivedFile.Kind.ACK_999,
    "277": ReceivedFile.Kind.STATUS_277CA,
    "835": ReceivedFile.Kind.REMITTANCE,
}
_FAR_ENOUGH = 8  # ISA, perhaps some TA1, GS, ST stand at the very beginning


@transaction.atomic
def receive(*, content: bytes, name: str, at: datetime, by: Officer | None = None) -> ReceivedFile:
    """Keep a file; the same file again, however often, is the row that is already there.

    Whatever the bytes are, they are kept: what cannot be read is refused, with the reason. ``by``
    is who brought it; nobody did when it came from the clearinghouse.
    """
    digest = hashlib.sha256(content).hexdigest()
    names, trouble = _names(content)
    kind = _KINDS.get(names.pop("kind"), ReceivedFile.Kind.OTHER)
    twins = ReceivedFile.objects.filter(**names).exclude(interchange_control="")
    row, new = ReceivedFile.objects.get_or_create(
        **names,
        sha256=digest,
        defaults={
            "kind": kind,
            "name": name,
            "content": content,
            "received_at": at,
            "trouble": trouble,
            "state": ReceivedFile.State.REFUSED if trouble else ReceivedFile.State.STORED,
            "number_used_before": twins.exclude(sha256=digest).exists(),
        },
    )
    if new:
        events.record("billing.file_received", at=at, by=by, about=row, file_kind=str(kind))
    return row


def _names(content: bytes) -> tuple[dict[str, str], str]:
    """The numbers by which a file is known again, its kind, and why it cannot be read, if so."""
    found = dict.fromkeys(
        ("kind", "sender", "receiver", "interchange_control", "group_control", "set_control"), ""
    )
    try:
        for segment in segments(content):
            if segment.tag == "ISA":
                found["sender"], found["receiver"] = segment[6].strip(), segment[8].strip()
                found["interchange_control"] = segment[13][:9]
            elif segment.tag == "TA1":
                found["kind"] = "TA1"
            elif segment.tag == "GS":
                found["group_control"] = segment[6][:9]
            elif segment.tag == "ST":
                found["kind"], found["set_control"] = segment[1], segment[2][:9]
                break
            if segment.ordinal >= _FAR_ENOUGH:
                break
    except X12SyntaxError as refused:
        return found, str(refused)
    return found, "" if found["interchange_control"] else _NO_X12


_NO_X12 = gettext_noop("There is no X12 interchange in it.")


def mailbox_seen() -> str:
    """The last file of the clearinghouse's mailbox that was taken in."""
    return Mailbox.objects.filter(pk=1).values_list("seen", flat=True).first() or ""


def note_seen(*, file_id: str, at: datetime) -> None:
    """The mailbox is read up to and with this file."""
    Mailbox.objects.update_or_create(id=1, defaults={"seen": file_id, "read_at": at, "trouble": ""})


def note_mailbox_trouble(*, trouble: str, at: datetime) -> None:
    """The mailbox could not be read; the claims page says since when."""
    Mailbox.objects.update_or_create(id=1, defaults={"trouble": trouble, "read_at": at})


@transaction.atomic
def bring_remittance(*, officer: Officer, content: bytes, name: str, at: datetime) -> ReceivedFile:
    """Keep a remittance a person brought (a portal's download) and have a job post it.

    Raises PermissionDenied.
    """
    require(officer, "billing.post")
    received = receive(content=content, name=name, at=at, by=officer)
    if received.kind == ReceivedFile.Kind.REMITTANCE:
        app.configure_task("billing.post_received", queue="billing", lock="billing.mailbox").defer(
            received_id=received.pk
        )
    return received
