"""What the demo's mail servers send back: that an e-mail was not delivered, or is not wanted."""

from email import message_from_bytes
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from uuid import uuid4

_RETURNS = {"gone": ("5.1.1", 2), "full": ("5.2.2", 1)}
"""What an address is called whose e-mails come back: the status, and how often it is reported."""


def reports_on(sender: str, to: str, raw: bytes) -> list[bytes]:
    """Every report of one e-mail, as bytes to be handed on to whoever sent it."""
    name = named(to)
    if name in _RETURNS:
        status, times = _RETURNS[name]
        return [_returned(sender, to, status, raw)] * times
    return [_complained(raw)] if name == "angry" else []


def named(to: str) -> str:
    """What an address is called, without a sign of its own: ``gone+2@people.example`` is gone."""
    return to.partition("@")[0].partition("+")[0].lower()


def _returned(sender: str, to: str, status: str, raw: bytes) -> bytes:
    """A delivery status notification (RFC 3464)."""
    said = (
        "Reporting-MTA: dns; mx.people.example\n\n"
        f"Final-Recipient: rfc822; {to}\nAction: failed\nStatus: {status}\n"
    )
    return _report("delivery-status", "Undelivered Mail", sender, said, raw)


def _complained(raw: bytes) -> bytes:
    """An abuse report (RFC 5965)."""
    said = "Feedback-Type: abuse\nUser-Agent: People/1.0\nVersion: 1\n"
    return _report("feedback-report", "Abuse report", "abuse@clinic.example", said, raw)


def _report(kind: str, subject: str, to: str, said: str, raw: bytes) -> bytes:
    report = MIMEMultipart("report", report_type=kind)
    report["From"], report["To"] = "Mail Delivery System <mailer-daemon@people.example>", to
    report["Subject"], report["Message-ID"] = subject, f"<{uuid4().hex}@people.example>"
    report.attach(MIMEText("What became of your e-mail is said below."))
    fields = MIMEBase("message", kind)
    fields.set_payload([_blocks(each) for each in said.split("\n\n")])
    report.attach(fields)
    headers = MIMEText(_headers(message_from_bytes(raw)), "rfc822-headers")
    report.attach(headers)
    return report.as_bytes()


def _blocks(said: str) -> Message:
    block = Message()
    for line in said.strip().splitlines():
        name, _colon, value = line.partition(": ")
        block[name] = value
    return block


def _headers(message: Message) -> str:
    return "".join(f"{name}: {value}\n" for name, value in message.items())
