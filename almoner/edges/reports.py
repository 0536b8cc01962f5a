"""What became of an e-mail, as other mail servers report it by e-mail.

That it could not be delivered is a delivery status notification (RFC 3464), that its recipient took
it for spam an abuse report (RFC 5965). Both return what they are about, or its headers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser, HeaderParser
from email.utils import getaddresses
from enum import StrEnum
from typing import Any

_ADDRESSED = ("Delivered-To", "X-Original-To", "To", "Reply-To", "Return-Path")


class Fate(StrEnum):
    """What is reported; ``late`` is still being tried."""

    FAILED = "failed"
    LATE = "late"
    ARRIVED = "arrived"
    COMPLAINED = "complained"


_FATES = {
    "failed": Fate.FAILED,
    "delayed": Fate.LATE,
    "delivered": Fate.ARRIVED,
    "relayed": Fate.ARRIVED,
    "expanded": Fate.ARRIVED,
}
_WORST = (Fate.FAILED, Fate.LATE, Fate.ARRIVED)


@dataclass(frozen=True, slots=True)
class MailReport:
    """One report: of what, with which status (RFC 3463, like 5.1.1), and every address it names.

    ``addresses`` are those it was sent to and those of the e-mail it returns: one of them may be
    an address that we signed.
    """

    fate: Fate
    status: str
    addresses: tuple[str, ...]


def read_report(raw: bytes) -> MailReport | None:
    """The report in these bytes; None when they are none that we know."""
    try:
        return _read(raw)
    except RecursionError:  # parts in parts, thousands deep
        return None


def _read(raw: bytes) -> MailReport | None:
    message = BytesParser(EmailMessage, policy=policy.default).parsebytes(raw)
    if message.get_content_type() != "multipart/report":
        return None
    parts = {each.get_content_type(): each for each in message.walk()}
    if delivery := parts.get("message/delivery-status"):
        fate, status = _delivery(delivery)
    elif complaint := parts.get("message/feedback-report"):
        fate, status = (Fate.COMPLAINED if _is_abuse(complaint) else None), ""
    else:
        return None
    return MailReport(fate, status, tuple(_addresses(message))) if fate else None


def _fields(part: Message) -> Iterator[Message]:
    """The blocks of fields in a part, each read as headers."""
    payload: Any = part.get_payload()
    if isinstance(payload, list):
        yield from payload
    if isinstance(payload, str):
        yield HeaderParser().parsestr(payload)


def _delivery(part: Message) -> tuple[Fate | None, str]:
    """The worst of what is said of its recipients: we write to one at a time."""
    found = {}
    for block in _fields(part):
        fate = _FATES.get(_said(block, "Action").lower())
        if fate:
            found[fate] = _said(block, "Status").split(" ")[0][:12]
    return next(((each, found[each]) for each in _WORST if each in found), (None, ""))


def _is_abuse(part: Message) -> bool:
    """Somebody took it for spam, or wants no more; a report that it is none is no complaint."""
    kinds = {_said(block, "Feedback-Type").lower() for block in _fields(part)}
    return bool(kinds & {"abuse", "fraud", "opt-out", "other"})


def _said(block: Message, name: str) -> str:
    return " ".join(str(block.get(name, "")).replace("\0", "").split())


def _addresses(message: EmailMessage) -> Iterator[str]:
    for each in (message, *_returned(message)):
        headers = [_said(each, name) for name in _ADDRESSED]
        yield from (found for _name, found in getaddresses(headers) if "@" in found)


def _returned(message: EmailMessage) -> Iterator[Message]:
    for part in message.walk():
        if part.get_content_type() == "message/rfc822":
            yield from _fields(part)
        elif part.get_content_type() == "text/rfc822-headers":
            yield HeaderParser().parsestr(str(part.get_payload()))
