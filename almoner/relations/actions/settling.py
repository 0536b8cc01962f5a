"""What became of a message, and what somebody did about one that did not arrive."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.ground import dates, events
from almoner.ground.models import Outgoing
from almoner.ground.words import gettext_noop
from almoner.patients.queries import kept_confidential
from almoner.relations import queries, rules
from almoner.relations.actions import telling
from almoner.relations.actions.consenting import one_at_a_time
from almoner.relations.models import Message
from almoner.relations.rules.phoning import VOICE
from almoner.relations.rules.spoken import CALL_REMINDER

_OUTCOMES = {
    Outgoing.State.SENT: "relations.sent",
    Outgoing.State.FAILED: "relations.failed",
    Outgoing.State.UNKNOWN: "relations.unknown",
}
AGAIN = gettext_noop("sent again")


class Refusal(StrEnum):
    """Why a message cannot be seen to in that way."""

    NOT_OPEN = "not_open"
    NOT_TRUE = "not_true"
    NO_WAY = "no_way"
    NO_REASON = "no_reason"
    NOT_THEIRS = "not_theirs"
    NO_WORDS = "no_words"
    NO_SUBJECT = "no_subject"
    TOO_LONG = "too_long"
    SILENCED = "silenced"
    CONFIDENTIAL = "confidential"
    OFTEN = "often"
    CODE_OVER = "code_over"
    FULL = "full"
    NO_OWNER = "no_owner"
    NO_ADDRESS = "no_address"
    PRIVATE = "private"
    NOT_THAT_DAY = "not_that_day"
    NOT_SO = "not_so"
    OTHERS = "others"


class MessageRefused(Exception):
    """Nothing was sent and nothing was written; ``reason`` says why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason)
        self.reason = reason


def record_outcome(*, outgoing: Outgoing, at: datetime) -> None:
    """Write down that a message was handed over, was refused, or may have arrived."""
    message = Message.objects.filter(outgoing=outgoing).first()
    if message is None:
        return  # somebody else's item
    more = {"trouble": outgoing.trouble} if outgoing.trouble else {}
    _record(_OUTCOMES[Outgoing.State(outgoing.state)], message, by=None, at=at, **more)


@transaction.atomic
def record_waiting(*, outgoing: Outgoing, wait: rules.Wait, at: datetime) -> None:
    """Write down, once for each wait, until when a message is held and why."""
    message = Message.objects.filter(outgoing=outgoing).first()
    if message is None or (message.held_until, message.held_why) == (wait.until, wait.why):
        return  # somebody else's item, or known
    message.held_until, message.held_why = wait.until, wait.why
    message.save(update_fields=["held_until", "held_why"])
    zone = queries.zones(outgoing)[0]
    until = f"{dates.moment(wait.until, zone)} {wait.until.astimezone(ZoneInfo(zone)):%Z}"
    _record("relations.waits", message, by=None, at=at, until=until, why=wait.why)


@transaction.atomic
def send_again(*, officer: Officer, message: Message, at: datetime) -> Message:
    """Send the same words to where the patient is reached now; the old message is seen to.

    What answers somebody goes to the address that wrote.

    Raises PermissionDenied; MessageRefused when it is not waiting for anybody, is not true any
    more, or there is neither a phone that takes texts nor an e-mail address.
    """
    access.require(officer, "relations.send")
    one_at_a_time(message.address)
    row = _open(message)
    if not is_true(row, at=at):
        raise MessageRefused(Refusal.NOT_TRUE)
    to = _where(row)
    purpose = row.outgoing.payload.get("purpose", rules.CARE) if row.outgoing else rules.CARE
    words = telling.Words(
        row.template, row.language, row.subject, row.body, row.wording, tuple(row.parts), purpose
    )
    _see_to(row, AGAIN, officer=officer, at=at)
    return telling.send(
        to,
        words,
        key=f"{telling.AGAIN}{row.pk}",
        event=row.event,
        at=at,
        officer=officer,
        visit_id=row.visit_id,
        statement_id=row.statement_id,
        unasked=row.template in ("reminder", "book", CALL_REMINDER.code),  # nobody asks for one
        asked_for=bool(row.outgoing and row.outgoing.payload.get("asked_for")),
    )


@transaction.atomic
def handle_otherwise(*, officer: Officer, message: Message, why: str, at: datetime) -> Message:
    """The patient knows, or need not: a message that did not arrive is nobody's work any more.

    Raises PermissionDenied; MessageRefused without a reason, or when somebody saw to it before.
    """
    access.require(officer, "relations.send")
    row = _open(message)
    if not why.strip():
        raise MessageRefused(Refusal.NO_REASON)
    _see_to(row, why.strip(), officer=officer, at=at)
    _record("relations.handled", row, by=officer, at=at, why=row.handled_why)
    return row


def _open(message: Message) -> Message:
    """The row as it is now, locked. Raises MessageRefused unless it waits for somebody."""
    row = Message.objects.select_for_update().get(pk=message.pk)
    if not queries.is_troubled(row.pk):
        raise MessageRefused(Refusal.NOT_OPEN)
    return row


def _where(row: Message) -> telling.To:
    """Where the same words go now: what answered somebody to whoever wrote, and nowhere else.

    What an officer typed was meant for one channel, and keeps to it.

    Raises MessageRefused when there is no way there.
    """
    if row.answers or row.patient_id is None:
        if row.channel == "sms" and queries.silenced(row.address):
            raise MessageRefused(Refusal.NO_WAY)
        if kept_confidential(row.patient_id, row.channel, row.address):
            raise MessageRefused(Refusal.CONFIDENTIAL)
        return telling.To(row.patient_id, row.channel, row.address, row.answers)
    reach = queries.reach(row.patient_id)
    if row.channel == VOICE:  # words for the ear
        here = queries.by_phone(reach)
        if not here.may:
            raise MessageRefused(Refusal.NO_WAY)
        return telling.To(row.patient_id, VOICE, here.number)
    ways = telling.channels(reach)
    if not row.template:
        possible = reach.may_text and reach.phone if row.channel == "sms" else reach.email
        ways = (row.channel,) if possible else ()
    if not ways:
        raise MessageRefused(Refusal.NO_WAY)
    return telling.reached(reach, ways[0])


def is_true(row: Message, *, at: datetime) -> bool:
    """Whether the words still say what holds; words an officer typed are his to judge."""
    if row.event is None:
        return True
    if "starts_at" not in row.event.data:
        return True  # a link to book by, which is asked when it is opened
    every = queries.of_visit(row.event)
    if kept_until := row.event.data.get("expires_at"):  # a place that was offered
        return every[-1].pk == row.event.pk and at < datetime.fromisoformat(kept_until)
    changes = queries.changes(every)
    starts_at = datetime.fromisoformat(row.event.data["starts_at"])
    return rules.still_true(changes, told=row.event.pk, starts_at=starts_at, at=at)


def _see_to(row: Message, why: str, *, officer: Officer, at: datetime) -> None:
    row.handled_at, row.handled_by_id, row.handled_why = at, officer.pk, why
    row.save(update_fields=["handled_at", "handled_by_id", "handled_why"])


def _record(kind: str, row: Message, *, by: Officer | None, at: datetime, **more: Any) -> None:
    events.record(
        kind,
        at=at,
        by=by,
        about=row,
        patient_id=row.patient_id,
        channel=row.channel,
        subject=queries.title(row),
        **more,
    )
