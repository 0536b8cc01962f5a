"""Hearing what patients text us: STOP is obeyed in the transaction it comes in by."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.ground import events, outbox
from almoner.ground.words import gettext_noop
from almoner.relations import queries, rules
from almoner.relations.actions import conversing
from almoner.relations.actions.consenting import one_at_a_time, say
from almoner.relations.actions.files import hand_on_kept, keep_files, throw_away
from almoner.relations.actions.opening import decided_with, hold
from almoner.relations.actions.owning import to_be_read
from almoner.relations.actions.settling import MessageRefused, Refusal
from almoner.relations.actions.telling import worded
from almoner.relations.actions.wording import choose
from almoner.relations.actions.working import heard_from
from almoner.relations.models import Landline, Message, Received
from almoner.relations.rules import Meaning
from almoner.relations.rules.files import Came

SILENCED = gettext_noop("no more texts to this number")


@transaction.atomic
def receive_text(
    *, carrier_id: str, sender: str, body: str, at: datetime, files: Sequence[Came] = ()
) -> Received | None:
    """Keep a text that came in, and do at once what its words say; None when it came before.

    What came with it must be looked at by somebody, whatever the words are.

    STOP: no text of any purpose goes to that number from here on, and one confirms it. START gives
    care and billing back. HELP is answered. Whose the number is, nobody guesses: the events name no
    patient.
    """
    heard = rules.meaning(body)
    one_at_a_time(sender)
    if Received.objects.filter(carrier_id=carrier_id).exists():
        return None
    work = heard.work or bool(files)
    row = Received.objects.create(
        conversation_id=conversing.with_address("sms", sender, at=at),
        channel="sms",
        carrier_id=carrier_id,
        sender=sender,
        body=body,
        at=at,
        meaning=heard.meaning,
        work=work,
        **(to_be_read(at) if work else {}),
    )
    keep_files(row, files, at=at)
    Landline.objects.filter(number=sender).delete()  # whoever texts takes texts
    was_silent = queries.silenced(sender) is not None
    if heard.meaning == Meaning.STOP:
        _heard(row, rules.PURPOSES, given=False, how="text", at=at)
        events.record("relations.revoked", at=at, by=None, about=row)
    elif heard.meaning == Meaning.START:
        _heard(row, rules.GIVEN_BY_START, given=True, how="text", at=at)
        events.record("relations.given_back", at=at, by=None, about=row)
    else:
        events.record("relations.received", at=at, by=None, about=row, meaning=heard.meaning)
    if heard.meaning != Meaning.STOP or not was_silent:  # one text confirms, and no second
        _answer(row, heard, at=at)
    return row


@transaction.atomic
def recognise(*, officer: Officer, received: Received, patient_id: int, at: datetime) -> Received:
    """Say who wrote a text; it is part of their conversation from here on, and our answers to it.

    What came with it goes to their documents. One that was answered can still be said to be theirs
    while something of it waits for that.

    Raises PermissionDenied; MessageRefused when somebody has said so before, when it is not open
    any more, or when that patient is not reached at that number.
    """
    access.require(officer, "relations.send")
    one_at_a_time(received.sender)
    row = Received.objects.select_for_update().get(pk=received.pk)
    if not (_is_open(row) or queries.files_wait(row)):
        raise MessageRefused(Refusal.NOT_OPEN)
    if row.patient_id:
        raise MessageRefused(Refusal.NOT_OPEN)
    if not queries.holders(row.channel, row.sender).filter(pk=patient_id).exists():
        raise MessageRefused(Refusal.NOT_THEIRS)
    before, row.patient_id = row.conversation_id, patient_id
    row.conversation_id = conversing.with_person(patient_id, at=row.at)
    row.save(update_fields=["patient", "conversation"])
    theirs = {"patient_id": patient_id, "conversation_id": row.conversation_id}
    Message.objects.filter(answers=row).update(**theirs)  # "Who is this?" was said to them
    conversing.end_when_empty(before, into=row.conversation_id)
    held = hold([*queries.came_of(row.pk), *queries.waiting_for(patient_id)])
    decided_with(row, held, officer=officer, at=at)
    heard_from(patient_id, held, at=at)
    hand_on_kept(row, at=at)
    events.record("relations.recognised", at=at, by=officer, about=row, patient_id=patient_id)
    return row


@transaction.atomic
def silence(*, officer: Officer, received: Received, at: datetime) -> Received:
    """The words ask for no more texts: none goes to that number, and the text is seen to.

    Raises PermissionDenied; MessageRefused when it is not open any more, has no words, or
    is no text.
    """
    access.require(officer, "relations.send")
    one_at_a_time(received.sender)
    row = _open(received)
    if row.channel != "sms" or not row.body.strip():
        raise MessageRefused(Refusal.NO_REASON)
    _heard(row, rules.PURPOSES, given=False, how="told", at=at, by=officer)
    _close(row, SILENCED, officer=officer, at=at)
    events.record("relations.revoked", at=at, by=officer, about=row, patient_id=row.patient_id)
    return row


@transaction.atomic
def see_to_text(*, officer: Officer, received: Received, why: str, at: datetime) -> Received:
    """A text that came in is nobody's work any more; the reason is kept.

    When nobody has said who wrote it, what came with it is thrown away.

    Raises PermissionDenied; MessageRefused without a reason, or when it is not open any more.
    """
    access.require(officer, "relations.send")
    row = _open(received)
    if not why.strip():
        raise MessageRefused(Refusal.NO_REASON)
    _close(row, why.strip(), officer=officer, at=at)
    if row.patient_id is None:
        throw_away(row, officer=officer, at=at)
    events.record(
        "relations.seen_to", at=at, by=officer, about=row, patient_id=row.patient_id,
        why=row.handled_why,
    )  # fmt: skip
    return row


def _open(received: Received) -> Received:
    """The row as it is now, locked. Raises MessageRefused unless it waits for somebody."""
    row = Received.objects.select_for_update().get(pk=received.pk)
    if not _is_open(row):
        raise MessageRefused(Refusal.NOT_OPEN)
    return row


def _is_open(row: Received) -> bool:
    return row.work and row.handled_at is None


def _heard(
    row: Received,
    purposes: tuple[str, ...],
    *,
    given: bool,
    how: str,
    at: datetime,
    by: Officer | None = None,
) -> None:
    say(row.sender, purposes, given=given, how=how, evidence=row.body, at=at, by=by, received=row)


def _answer(row: Received, heard: rules.Heard, *, at: datetime) -> None:
    text = rules.ANSWERS.get(heard.meaning)
    if text is None:
        return
    chosen = choose([text], heard.language, at=at)
    us = queries.sender(None)
    words = worded(text, chosen, {"clinic": us.clinic, "phone": us.phone})
    outbox.put(
        channel="sms",
        key=f"received-{row.pk}",  # one text confirms, whatever its words are by then
        payload={
            "to": row.sender,
            "body": words.body,
            "purpose": rules.ANSWER,
            "wording": chosen.versions[0].pk,
        },
        about=row,
        at=at,
    )


def _close(row: Received, why: str, *, officer: Officer, at: datetime) -> None:
    row.handled_at, row.handled_by_id, row.handled_why = at, officer.pk, why
    row.save(update_fields=["handled_at", "handled_by_id", "handled_why"])
