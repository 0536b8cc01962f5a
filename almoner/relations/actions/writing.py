"""Writing to somebody in words of one's own, and logging what was said on the phone."""

from datetime import datetime
from typing import Any, TypedDict

from django.db import transaction
from django.db.models import Q

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.ground import events
from almoner.ground.words import gettext_noop
from almoner.patients.queries import kept_confidential, said_of_late
from almoner.relations import queries, rules
from almoner.relations.actions import conversing, telling
from almoner.relations.actions.consenting import one_at_a_time
from almoner.relations.actions.posting import tell_of
from almoner.relations.actions.settling import MessageRefused, Refusal
from almoner.relations.models import Call, Conversation, Message, Received
from almoner.relations.queries.about import BILL, VISIT, Thing, about_of

ANSWERED = gettext_noop("answered")
_NO_LANGUAGE = "und"  # BCP 47: nobody has said in which language it is


@transaction.atomic
def answer(
    *,
    officer: Officer,
    received: Received,
    words: str,
    key: str,
    about: Thing | None,
    up_to: int,
    at: datetime,
) -> Message:
    """Answer what came in, to the address that wrote; what waits from there is seen to by it.

    What was written in an account is answered there; a text or e-mail tells that there is a message
    and nothing of what it says.

    ``up_to`` is the newest of it that the officer had before them: what came while they typed still
    waits to be read. ``key`` makes it once, however often it is asked.

    It is about what it answers is about, and about another visit or bill that ``about`` names.

    Raises PermissionDenied; MessageRefused without words, with too many, when that number takes
    no more texts, or when the patient asked to be reached elsewhere.
    """
    may_write(officer)
    one_at_a_time(received.sender)
    waiting = Q(sender=received.sender, work=True, handled_at=None, pk__lte=up_to)
    of_it = Received.objects.filter(Q(pk=received.pk) | waiting)
    of_it = of_it.filter(conversation=received.conversation_id)
    # In the order of all who hold several: a colleague may take them just now.
    held = {each.pk: each for each in of_it.select_for_update().order_by("pk")}
    row = held.get(received.pk) or Received.objects.select_for_update().get(pk=received.pk)
    to = telling.To(row.patient_id, row.channel, row.sender, row)
    by_mail = row.channel == "email"
    subject = rules.subject_of_answer(row.subject) if by_mail else row.subject
    of = inherited(row, about)
    message = _send(to, subject, words, key=key, officer=officer, about=of, at=at)
    answered = Received.objects.filter(waiting, conversation=row.conversation_id)
    answered.update(handled_at=at, handled_by_id=officer.pk, handled_why=ANSWERED)
    if row.channel == rules.CHANNEL:
        tell_of(message, at=at)
    return message


@transaction.atomic
def write(
    *,
    officer: Officer,
    patient_id: int,
    channel: str,
    words: str,
    key: str,
    about: Thing | None,
    at: datetime,
) -> Message:
    """Write to a patient where they are reached by this channel now.

    Raises PermissionDenied; MessageRefused without words, with too many, or with no way there.
    """
    may_write(officer)
    to = telling.reached(queries.reach(patient_id), channel)
    if not to.address:
        raise MessageRefused(Refusal.NO_WAY)
    clinic = queries.sender(None).clinic
    of = inherited(None, about)
    return _send(to, clinic, words, key=key, officer=officer, about=of, at=at)


class About(TypedDict):
    """What a message of ours, or a call, is about."""

    visit_id: int | None
    statement_id: int | None


def said_to_be(about: Thing | None) -> About:
    """That visit or bill, or neither."""
    kind, item_id = about or ("", None)
    return {
        "visit_id": item_id if kind == VISIT else None,
        "statement_id": item_id if kind == BILL else None,
    }


def inherited(row: Received | None, about: Thing | None) -> About:
    """What an answer is about: what was said of it, and of the other kind what came in is about."""
    chosen, came = said_to_be(about), said_to_be(about_of(row) if row else None)
    return {
        "visit_id": chosen["visit_id"] or came["visit_id"],
        "statement_id": chosen["statement_id"] or came["statement_id"],
    }


@transaction.atomic
def log_call_with(*, officer: Officer, patient_id: int, call: dict[str, Any], at: datetime) -> Call:
    """Keep what was said on the phone with a patient. Raises PermissionDenied.

    Which identifiers agreed is what this officer wrote down when they did, and nobody's say-so now.
    """
    access.require(officer, "relations.send")
    where = conversing.with_person(patient_id, at=at)
    if call.get("caller"):
        call = call | {"matched": list(said_of_late(patient_id, officer, at))}
    return _log(where, patient_id, call, officer=officer, at=at)


@transaction.atomic
def log_call_from(
    *, officer: Officer, conversation: Conversation, call: dict[str, Any], at: datetime
) -> Call:
    """Keep what was said on the phone with a number of nobody known. Raises PermissionDenied."""
    access.require(officer, "relations.send")
    one_at_a_time(conversation.address)
    where = conversing.with_address(conversation.channel, conversation.address, at=at)
    facts = call | {"number": conversation.address}
    return _log(where, None, facts, officer=officer, at=at)


@transaction.atomic
def log_call_at(*, officer: Officer, number: str, call: dict[str, Any], at: datetime) -> Call:
    """Keep what was said with a number of nobody known. Raises PermissionDenied."""
    access.require(officer, "relations.send")
    one_at_a_time(number)
    where = conversing.with_address("sms", number, at=at)
    return _log(where, None, call | {"number": number}, officer=officer, at=at)


def may_write(officer: Officer) -> None:
    """Whoever has conversations as work, or a case. Raises PermissionDenied."""
    if not officer.may("relations.cases"):
        access.require(officer, "relations.send")


def _send(
    to: telling.To,
    subject: str,
    words: str,
    *,
    key: str,
    officer: Officer,
    about: About,
    at: datetime,
) -> Message:
    body = words.strip()
    if not body:
        raise MessageRefused(Refusal.NO_WORDS)
    by_text = to.channel == "sms"
    if len(body) > (rules.LONGEST if by_text else rules.LONGEST_MAIL):
        raise MessageRefused(Refusal.TOO_LONG)
    one_at_a_time(to.address)
    if by_text and queries.silenced(to.address):
        raise MessageRefused(Refusal.SILENCED)
    if kept_confidential(to.patient_id, to.channel, to.address):
        raise MessageRefused(Refusal.CONFIDENTIAL)
    typed = telling.Words("", _NO_LANGUAGE, "" if by_text else subject, body)
    return telling.send(to, typed, key=f"typed-{key}", at=at, officer=officer, **about)


def _log(
    conversation_id: int,
    patient_id: int | None,
    call: dict[str, Any],
    *,
    officer: Officer,
    at: datetime,
) -> Call:
    row = Call.objects.create(
        conversation_id=conversation_id, patient_id=patient_id, at=at, by_id=officer.pk, **call
    )
    events.record(
        "relations.called", at=at, by=officer, about=row, patient_id=patient_id,
        disposition=row.disposition, incoming=row.incoming,
    )  # fmt: skip
    return row
