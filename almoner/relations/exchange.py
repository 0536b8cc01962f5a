"""How texts and e-mails leave, and what is written down when they have, or have not."""

import smtplib
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage

from almoner.edges import sms
from almoner.ground import outbox
from almoner.ground.models import Outgoing
from almoner.ground.words import gettext_noop
from almoner.relations import actions


@outbox.delivers("sms")
def text(item: Outgoing) -> str:
    """Hand a text to the carrier; its name for the message."""
    if not settings.SMS_URL:
        why = f"{gettext_noop('No carrier is configured')}: ALMONER_SMS_URL"
        raise outbox.Refused(why)
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
