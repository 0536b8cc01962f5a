"""How texts, calls and e-mails leave, and what is written down when they have, or have not."""

import mimetypes
import re
import smtplib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMessage

from almoner.access.queries import Reading
from almoner.edges import mail as mailing
from almoner.edges import reports, sms, voice
from almoner.edges.papers import LARGEST, NotKept, Why
from almoner.facility.models import Organisation
from almoner.ground import clock, outbox
from almoner.ground.models import Outgoing
from almoner.ground.words import gettext_noop
from almoner.patients import queries as patients
from almoner.relations import actions, queries, rules
from almoner.relations.models import Letter
from almoner.relations.queries import by_post
from almoner.relations.rules import files
from almoner.relations.rules.files import Came
from almoner.relations.rules.phoning import CALL_REPORTS, VOICE

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_FOR_GOOD = 500  # replies of a mail server from here on are no for ever (RFC 5321)
_DIGITS = 9  # of a number that the carrier gives for why a text did not arrive; its own have five


@outbox.delivers("sms")
def text(item: Outgoing) -> str:
    """Hand a text to the carrier; its name for the message."""
    if not settings.SMS_URL:
        why = f"{gettext_noop('No carrier is configured')}: ALMONER_SMS_URL"
        raise outbox.Refused(why)
    if item.payload.get("purpose") != rules.ANSWER:
        _may_leave(item)
    with _by_a_carrier(item):
        return sms.send(
            _carrier(),
            to=item.payload["to"],
            body=item.payload["body"],
            report_to=report_to(item.pk),
        )


def _carrier() -> sms.Carrier:
    return sms.Carrier(
        settings.SMS_URL, settings.SMS_ACCOUNT, settings.SMS_TOKEN, settings.SMS_SENDER
    )


@outbox.delivers(VOICE)
def call(item: Outgoing) -> str:
    """Have the carrier call somebody; its name for the call. What is said, it asks us then."""
    if not settings.VOICE_URL or not settings.VOICE_WEBHOOK_URL:
        why = f"{gettext_noop('No carrier of calls is configured')}: ALMONER_VOICE_URL"
        raise outbox.Refused(why)
    due = item.payload.get("not_before", "")
    if due and (item.tried_at or clock.now()) < (when := datetime.fromisoformat(due)):
        raise outbox.NotNow(when)
    _may_leave(item)
    carrier = sms.Carrier(
        settings.VOICE_URL, settings.VOICE_ACCOUNT, settings.VOICE_TOKEN, settings.VOICE_SENDER
    )
    with _by_a_carrier(item):
        return voice.place(
            carrier,
            to=item.payload["to"],
            words_at=call_address(item.pk),
            report_to=call_address(item.pk, "report/"),
        )


@contextmanager
def _by_a_carrier(item: Outgoing) -> Iterator[None]:
    """What a carrier of texts and calls does not do, as the outbox knows it."""
    try:
        yield
    except sms.NotReached as error:
        raise outbox.Undelivered(str(error)) from error
    except sms.OutcomeUnknown as error:
        raise outbox.OutcomeUnknown(str(error)) from error
    except sms.Refused as error:
        actions.record_refusal(outgoing=item, code=error.code, at=item.tried_at or clock.now())
        raise outbox.Refused(rules.trouble(error.code, str(error))) from error


def call_address(item_id: int, rest: str = "") -> str:
    """Where the carrier asks what to say in one call, and reports of it."""
    return urljoin(settings.VOICE_WEBHOOK_URL, f"{item_id}/{rest}")


def report_to(item_id: int) -> str:
    """Where the carrier reports of one text: beside the address it hands us texts at."""
    hears_at = settings.SMS_WEBHOOK_URL
    return urljoin(hears_at, f"../delivery/{item_id}/") if hears_at else ""


def _may_leave(item: Outgoing) -> None:
    """Raises Refused when the number takes no such texts or calls, NotNow when it has to wait.

    Whether it takes any is asked last: what was said until then counts.
    """
    at = item.tried_at or clock.now()
    wait = actions.let_go(outgoing=item, at=at)
    if why := queries.held_back(item):
        raise outbox.Refused(why)
    if wait is None:
        return
    begins = queries.promised_for(item)
    if begins and begins <= wait.until:
        # While somebody can still call: by then it would be too late to be of use.
        raise outbox.Refused(gettext_noop("It would have waited until after the visit began"))
    actions.record_waiting(outgoing=item, wait=wait, at=at)
    raise outbox.NotNow(wait.until)


@outbox.delivers("email")
def mail(item: Outgoing) -> str:
    """Hand a mail to the mail server. Its Message-ID is the idempotency key's, on every try."""
    if not settings.EMAIL_HOST:
        why = f"{gettext_noop('No mail server is configured')}: ALMONER_EMAIL_URL"
        raise outbox.Refused(why)
    if why := queries.mail_held_back(item):
        raise outbox.Refused(why)
    domain = settings.DEFAULT_FROM_EMAIL.partition("@")[2]
    message_id = rules.message_id(item.key, item.pk, settings.SECRET_KEY, domain)
    answered_to = _answered_to(item.pk)
    message = EmailMessage(
        subject=item.payload["subject"],
        body=item.payload["body"],
        # What comes back goes to the address of this very e-mail, which we signed.
        from_email=answered_to[0] if answered_to else None,
        to=[item.payload["to"]],
        headers={"Message-ID": message_id, "From": settings.DEFAULT_FROM_EMAIL}
        | _by_itself(item)
        | _ended_by(item),
        reply_to=answered_to,
    )
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        _came_back(item, *next(iter(error.recipients.values())))
    except smtplib.SMTPResponseException as error:
        raise outbox.Refused(str(error)) from error
    except smtplib.SMTPServerDisconnected as error:
        raise outbox.OutcomeUnknown(str(error)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise outbox.Undelivered(str(error)) from error
    return message_id


def _came_back(item: Outgoing, reply: int, said: bytes | str) -> NoReturn:
    """The mail server refuses the address: for now, or so that nothing is sent there any more."""
    words = said.decode(errors="replace") if isinstance(said, bytes) else said
    if reply < _FOR_GOOD:
        raise outbox.Undelivered(words)
    status, at = rules.status_in(words), item.tried_at or clock.now()
    if rules.is_hard(status, reply):
        actions.close_address(outgoing=item, why=rules.BOUNCED, status=status, at=at)
    raise outbox.Refused(rules.mail_trouble(status))


def _by_itself(item: Outgoing) -> dict[str, str]:
    """What keeps machines from answering us (RFC 3834); words an officer typed may be answered."""
    return {} if item.payload.get("typed") else {"Auto-Submitted": "auto-generated"}


def _ended_by(item: Outgoing) -> dict[str, str]:
    """Where whoever gets it ends such e-mails by a press (RFC 8058): what is care has none.

    Raises Refused when what must have it has none.
    """
    purpose = item.payload.get("purpose", rules.CARE)
    if purpose == rules.CARE or item.about_kind != "message" or item.about_id is None:
        return {}
    link = actions.no_more_link(item.about_id)
    if link:
        return {
            "List-Unsubscribe": f"<{link}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    if purpose in rules.ENDED:
        why = f"{gettext_noop('Nobody could end such e-mails by a link')}: ALMONER_ADDRESS"
        raise outbox.Refused(why)
    return {}


def _answered_to(item_id: int) -> list[str]:
    """The address by which an answer finds its conversation; none when no e-mail is heard."""
    if not settings.EMAIL_WEBHOOK_URL:
        return []
    return [rules.reply_address(settings.EMAIL_REPLY, item_id, settings.SECRET_KEY)]


def genuine_mail(body: bytes, given: str) -> bool:
    """Whether who takes our mail signed these bytes for the address it knows us by, just now."""
    return mailing.genuine(
        url=settings.EMAIL_WEBHOOK_URL,
        body=body,
        given=given,
        secret=settings.EMAIL_WEBHOOK_SECRET,
        now=clock.now().timestamp(),
    )


def reported_on(report: reports.MailReport) -> Outgoing | None:
    """Which e-mail of ours a report is about, by an address that we signed; None by none.

    Anybody can write to us that an e-mail came back: what names no address of ours closes nothing.
    """
    number = rules.answered(report.addresses, settings.SECRET_KEY)
    return queries.mailed_as(number) if number else None


def is_ours(sender: str) -> bool:
    """Whether an e-mail comes from an address of ours: a loop, and nobody's words."""
    name, _at, domain = sender.lower().partition("@")
    ours = (settings.DEFAULT_FROM_EMAIL.lower(), settings.EMAIL_REPLY.lower())
    return f"{name.partition('+')[0]}@{domain}" in ours


def answered_by(mail: mailing.Mail) -> int | None:
    """Which e-mail of ours it answers: by an address that we signed, or one's name that we did.

    Programs that answer to the sender and not to the reply address still say which they answer.
    """
    by_address = rules.answered(mail.to, settings.SECRET_KEY)
    return by_address or rules.referred_to(mail.references, settings.SECRET_KEY)


@outbox.delivers(rules.CHANNEL)
def in_account(item: Outgoing) -> str:
    """A message in the patient's account is there already: the row is what they read."""
    return item.key


@outbox.settles("sms", "email", VOICE, rules.CHANNEL)
def settled(item: Outgoing, at: datetime) -> None:
    actions.record_outcome(outgoing=item, at=at)


def attached_to(mail: mailing.Mail) -> list[Came]:
    """What an e-mail carries; what is too large or too much by its name alone."""
    came = [
        Came(each.name, why=each.why) if each.why else Came(each.name, raw=each.content)
        for each in mail.attached
    ]
    return came + ([Came(f"+ {mail.more}", why=files.TOO_MANY)] if mail.more else [])


def fetched(place: str) -> bytes:
    """What the carrier has of a file that came with a text. Raises NotFetched, or NotKept."""
    try:
        return sms.fetch(_carrier(), place, most=LARGEST, store=settings.SMS_MEDIA_HOST)
    except sms.NotReached as error:
        raise actions.NotFetched from error
    except sms.TooLarge as error:
        raise NotKept(Why.TOO_LARGE) from error


@dataclass(frozen=True, slots=True)
class Incoming:
    """A text as the carrier hands it to us: its name for it, who sent it (E.164), the words.

    ``files`` are what came with it, by where the carrier has each.
    """

    carrier_id: str
    sender: str
    body: str
    files: tuple[Came, ...] = ()


@dataclass(frozen=True, slots=True)
class Reported:
    """How far a text has come, by the carrier's name for it, and its number for a failure."""

    carrier_id: str
    report: rules.Report
    code: int | None


def genuine(fields: sms.Fields, given: str, *, about: int | None = None) -> bool:
    """Whether our carrier signed what it says for the address it knows us by.

    ``about`` is the text it reports of, whose address is its own.
    """
    url = settings.SMS_WEBHOOK_URL if about is None else report_to(about)
    return sms.genuine(url=url, fields=fields, given=given, token=settings.SMS_TOKEN)


def read(fields: Mapping[str, str]) -> Incoming | None:
    """The text in a signed call of the carrier; None when there is none that could be answered."""
    carrier_id, sender = fields.get("MessageSid", ""), fields.get("From", "")
    if not carrier_id or "\0" in carrier_id or not _E164.fullmatch(sender):
        return None
    body = fields.get("Body", "").replace("\0", "")
    return Incoming(carrier_id, sender, body, tuple(_media(fields)))


def _media(fields: Mapping[str, str]) -> Iterator[Came]:
    """Each file that came with a text, by our carrier's name for it and no other address."""
    said = fields.get("NumMedia", "")
    count = int(said) if said.isascii() and said.isdigit() and len(said) <= _DIGITS else 0
    for number in range(min(count, files.MOST_FILES)):
        kind = fields.get(f"MediaContentType{number}", "")
        sort = "picture" if kind.startswith("image/") else "file"
        name = f"{sort}-{number + 1}{mimetypes.guess_extension(kind) or ''}"
        place = sms.media_place(_carrier(), fields.get(f"MediaUrl{number}", ""))
        yield Came(name, place=place) if place else Came(name, why=files.ELSEWHERE)
    if count > files.MOST_FILES:
        yield Came(f"+ {count - files.MOST_FILES}", why=files.TOO_MANY)


def read_report(fields: Mapping[str, str]) -> Reported | None:
    """The report in a signed call of the carrier; None when it says nothing that we know."""
    carrier_id = fields.get("MessageSid", "")
    report = rules.REPORTS.get(fields.get("MessageStatus", ""))
    if not carrier_id or "\0" in carrier_id or report is None:
        return None
    code = fields.get("ErrorCode", "")
    known = code.isascii() and code.isdigit() and len(code) <= _DIGITS
    return Reported(carrier_id, report, int(code) if known else None)


def genuine_call(fields: sms.Fields, given: str, *, about: int, rest: str = "") -> bool:
    """Whether our carrier of calls signed what it says of one, for the address it knows of it."""
    return sms.genuine(
        url=call_address(about, rest), fields=fields, given=given, token=settings.VOICE_TOKEN
    )


def read_call(fields: Mapping[str, str]) -> str:
    """The carrier's name for a call; empty when it gives none that could be kept."""
    carrier_id = fields.get("CallSid", "")
    return "" if "\0" in carrier_id else carrier_id


def read_status(fields: Mapping[str, str]) -> str:
    """How far a call has come, in the carrier's word; empty for one that we do not know."""
    status = fields.get("CallStatus", "")
    return status if status in CALL_REPORTS else ""


def spoken(saying: actions.Saying, about: int) -> bytes:
    """What a call says now, as the carrier reads it."""
    then = call_address(about, f"{saying.turn}/") if saying.digits else ""
    return voice.twiml(voice.Words(saying.language, saying.words, saying.digits, then))


def letter_data(row: Letter, clinic: Organisation, *, reading: Reading) -> dict[str, Any]:
    """What a letter about a grievance says, in ``relations/letter.typ``."""
    if row.case.patient_id:
        reading.saw([row.case.patient_id])
    where = patients.mail_lines(row.case.patient_id) if row.case.patient_id else ()
    to = [queries.name_for_letter(row.case.patient_id)] if row.case.patient_id else []
    return by_post.sheet(
        language=row.language, to=[*to, *where], title=row.subject, body=row.body,
        at=row.drafted_at, clinic=clinic,
    )  # fmt: skip
