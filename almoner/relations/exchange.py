"""How texts and e-mails leave, and what is written down when they have, or have not."""

import re
import smtplib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage

from almoner.edges import sms
from almoner.ground import clock, outbox
from almoner.ground.models import Outgoing
from almoner.ground.words import gettext_noop
from almoner.relations import actions, queries, rules

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


@outbox.delivers("sms")
def text(item: Outgoing) -> str:
    """Hand a text to the carrier; its name for the message."""
    if not settings.SMS_URL:
        why = f"{gettext_noop('No carrier is configured')}: ALMONER_SMS_URL"
        raise outbox.Refused(why)
    if item.payload.get("purpose") != rules.ANSWER:
        _may_leave(item)
    carrier = sms.Carrier(
        settings.SMS_URL, settings.SMS_ACCOUNT, settings.SMS_TOKEN, settings.SMS_SENDER
    )
    try:
        return sms.send(carrier, to=item.payload["to"], body=item.payload["body"])
    except sms.NotReached as error:
        raise outbox.Undelivered(str(error)) from error
    except sms.OutcomeUnknown as error:
        raise outbox.OutcomeUnknown(str(error)) from error
    except sms.Refused as error:
        raise outbox.Refused(str(error)) from error


def _may_leave(item: Outgoing) -> None:
    """Raises Refused when the number takes no such texts, NotNow when it is not day there."""
    if why := queries.held_back(item):
        raise outbox.Refused(why)
    at = item.tried_at or clock.now()
    until = rules.may_send_at(at, queries.zones(item), hours=settings.TEXT_HOURS)
    if until == at:
        return
    begins = queries.promised_for(item)
    if begins and begins <= until:
        # While somebody can still call: in the morning it would be too late to be of use.
        raise outbox.Refused(gettext_noop("It is night there, and the visit begins before morning"))
    actions.record_waiting(outgoing=item, until=until, at=at)
    raise outbox.NotNow(until)


@outbox.delivers("email")
def mail(item: Outgoing) -> str:
    """Hand a mail to the mail server. Its Message-ID is the idempotency key's, on every try."""
    if not settings.EMAIL_HOST:
        why = f"{gettext_noop('No mail server is configured')}: ALMONER_EMAIL_URL"
        raise outbox.Refused(why)
    message_id = f"<{item.key}.{item.pk}@{settings.DEFAULT_FROM_EMAIL.partition('@')[2]}>"
    message = EmailMessage(
        subject=item.payload["subject"],
        body=item.payload["body"],
        to=[item.payload["to"]],
        headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
    )
    try:
        message.send()
    except smtplib.SMTPResponseException as error:
        raise outbox.Refused(str(error)) from error
    except smtplib.SMTPServerDisconnected as error:
        raise outbox.OutcomeUnknown(str(error)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise outbox.Undelivered(str(error)) from error
    return message_id


@outbox.settles("sms", "email")
def settled(item: Outgoing, at: datetime) -> None:
    actions.record_outcome(outgoing=item, at=at)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A text as the carrier hands it to us: its name for it, who sent it (E.164), the words."""

    carrier_id: str
    sender: str
    body: str


def genuine(fields: sms.Fields, given: str) -> bool:
    """Whether our carrier signed what it says for the address it knows us by."""
    url = settings.SMS_WEBHOOK_URL
    return sms.genuine(url=url, fields=fields, given=given, token=settings.SMS_TOKEN)


def read(fields: Mapping[str, str]) -> Incoming | None:
    """The text in a signed call of the carrier; None when there is none that could be answered."""
    carrier_id, sender = fields.get("MessageSid", ""), fields.get("From", "")
    if not carrier_id or "\0" in carrier_id or not _E164.fullmatch(sender):
        return None
    return Incoming(carrier_id, sender, fields.get("Body", "").replace("\0", ""))
