"""What patients, and who acts for them, write to us in their account, and read there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction

from almoner.ground import events
from almoner.ground.turns import in_turn
from almoner.ground.words import gettext_noop
from almoner.relations import queries, rules
from almoner.relations.actions import conversing, telling
from almoner.relations.actions.consenting import one_at_a_time
from almoner.relations.actions.opening import CaseRefused, New, attach_all, begin, hold
from almoner.relations.actions.settling import MessageRefused, Refusal
from almoner.relations.actions.working import heard_from
from almoner.relations.models import Message, Opened, Received, Thread
from almoner.relations.queries.about import Thing, is_theirs
from almoner.relations.rules import Kind, Meaning, Topic

NOT_ANSWERED = gettext_noop(
    "A message in the account was not answered by the time that was promised"
)
NOT_READ = gettext_noop("Our message in the account was not read, see that they know")

Way = Callable[[], str]
_ways: list[Way] = []


def read_at(way: Way) -> None:
    """Register where patients read their messages: called for the whole address, or nothing."""
    _ways.append(way)


@dataclass(frozen=True, slots=True)
class Writer:
    """Whose account it is written or read in, and for whom; of a proxy the name is their own."""

    patient_id: int
    account_id: int
    name: str


@transaction.atomic
def open_thread(
    *,
    writer: Writer,
    topic: Topic,
    subject: str,
    words: str,
    key: str,
    at: datetime,
    about: Thing | None = None,
) -> Received:
    """Write to us about a new matter; once for each ``key``, however often it is sent.

    ``about`` is the visit or bill it is about; whoever calls has made sure that the writer sees it.

    Raises MessageRefused without words or subject, with too many, or about what is not theirs.
    """
    if known := _known(writer, key):
        return known
    subject = " ".join(subject.split())
    if not subject:
        raise MessageRefused(Refusal.NO_SUBJECT)
    if len(subject) > rules.LONGEST_SUBJECT:
        raise MessageRefused(Refusal.TOO_LONG)
    body = _said(words)
    if about and not is_theirs(about, writer.patient_id):
        raise MessageRefused(Refusal.OTHERS)
    kind, about_id = about or ("", None)
    thread = Thread.objects.create(
        patient_id=writer.patient_id, topic=topic, subject=subject, opened_at=at, last_at=at,
        about_kind=kind, about_id=about_id,
    )  # fmt: skip
    return _post(thread, writer, body, key=key, at=at)


@transaction.atomic
def post(*, writer: Writer, thread_id: int, words: str, key: str, at: datetime) -> Received:
    """Write more in a thread. Raises MessageRefused as above; Thread.DoesNotExist for another's."""
    if known := _known(writer, key):
        return known
    body = _said(words)
    one_at_a_time(rules.address_of_thread(thread_id))
    thread = Thread.objects.get(pk=thread_id, patient_id=writer.patient_id)
    return _post(thread, writer, body, key=key, at=at)


def _known(writer: Writer, key: str) -> Received | None:
    """What was sent with this key before, by a second press or an answer that was lost."""
    one_at_a_time(f"account {writer.account_id}")
    return Received.objects.filter(
        carrier_id=rules.carrier_id(writer.account_id, key), patient_id=writer.patient_id
    ).first()


def _said(words: str) -> str:
    body = words.strip()
    if not body:
        raise MessageRefused(Refusal.NO_WORDS)
    if len(body) > rules.LONGEST_POST:
        raise MessageRefused(Refusal.TOO_LONG)
    return body


def _post(thread: Thread, writer: Writer, body: str, *, key: str, at: datetime) -> Received:
    row = Received.objects.create(
        conversation_id=conversing.with_person(writer.patient_id, at=at),
        patient_id=writer.patient_id,
        channel=rules.CHANNEL,
        carrier_id=rules.carrier_id(writer.account_id, key),
        sender=rules.address_of_thread(thread.pk),
        subject=thread.subject,
        body=body,
        at=at,
        meaning=Meaning.OTHER,
        work=True,
        wrote=writer.name,
        account_id=writer.account_id,
        about_kind=thread.about_kind,
        about_id=thread.about_id,
        about_at=at if thread.about_id else None,
        answer_by=queries.answered_by(at)[Topic(thread.topic)],
        desk=rules.BELONGS_TO[thread.topic][1],
    )
    said_in(thread.pk, at=at)
    earlier = Received.objects.filter(channel=row.channel, sender=row.sender).exclude(pk=row.pk)
    same = set(queries.open_cases_about("received", earlier.values("pk")))
    held = hold([*same, *queries.waiting_for(writer.patient_id)])
    # What is written in a thread belongs to the case that is open about it, too.
    for case in held:
        if case.pk in same:
            attach_all(case, [("received", row.pk)], by=None, at=at)
    heard_from(writer.patient_id, held, at=at)
    events.record(
        "relations.posted", at=at, by=None, about=row, patient_id=writer.patient_id,
        by_patient=True, name=writer.name,
    )  # fmt: skip
    return row


def said_in(thread_id: int, *, at: datetime) -> None:
    """Something was said in a thread: it stands first among the patient's."""
    Thread.objects.filter(pk=thread_id, last_at__lt=at).update(last_at=at)


@transaction.atomic
def note_opened(*, writer: Writer, thread_id: int, at: datetime) -> int:
    """Somebody has our messages of a thread before them: each is read by them, once; how many."""
    unread = Message.objects.filter(
        channel=rules.CHANNEL,
        address=rules.address_of_thread(thread_id),
        patient_id=writer.patient_id,
    ).exclude(opened__account_id=writer.account_id)
    rows = [
        Opened(message=each, account_id=writer.account_id, name=writer.name, at=at)
        for each in unread.order_by("pk")
    ]
    if not rows:
        return 0
    Opened.objects.bulk_create(rows, ignore_conflicts=True)  # two windows at once
    events.record(
        "relations.opened", at=at, by=None, about=rows[-1].message,
        patient_id=writer.patient_id, by_patient=True, name=writer.name,
    )  # fmt: skip
    return len(rows)


def tell_of(message: Message, *, at: datetime) -> Message | None:
    """Tell the patient, where they are reached, that there is a message; nothing of its words.

    None when there is no phone that takes texts and no e-mail address.
    """
    assert message.patient_id  # noqa: S101 (whoever has an account is somebody)
    said_in(rules.thread_at(message.address), at=at)
    link = next(filter(None, (way() for way in _ways)), "")
    sent = telling.tell(
        patient_id=message.patient_id,
        text=rules.WAITS_IN_ACCOUNT.code,
        facts=lambda _language: {"link": link},
        step=f"notice-{message.pk}",
        at=at,
        asked_for=True,
    )
    return sent[0] if sent else None


def keep_posted(*, at: datetime) -> int:
    """Make a case of what was promised and not answered, and of what nobody has read; how many.

    Each once. Raises an ExceptionGroup of what failed once all have had their turn.
    """
    late = in_turn(queries.to_answer(at), partial(_not_answered, at=at), named="message")
    unread = in_turn(queries.not_read(at), partial(_not_read, at=at), named="message")
    return late + unread


@transaction.atomic
def _not_answered(received_id: int, *, at: datetime) -> bool:
    row = Received.objects.select_for_update().get(pk=received_id)
    if row.handled_at:
        return False
    thread = Thread.objects.get(pk=rules.thread_at(row.sender))
    kind, desk = rules.BELONGS_TO[thread.topic]
    new = New(
        kind=kind, desk=desk, subject=thread.subject, patient_id=row.patient_id,
        note=NOT_ANSWERED, things=(("received", row.pk),),
    )  # fmt: skip
    return _begun(new, at=at)


@transaction.atomic
def _not_read(message_id: int, *, at: datetime) -> bool:
    row = Message.objects.select_for_update().get(pk=message_id)
    thread = Thread.objects.get(pk=rules.thread_at(row.address))
    new = New(
        kind=Kind.CALL_BACK, desk=rules.BELONGS_TO[thread.topic][1], subject=thread.subject,
        patient_id=row.patient_id, note=NOT_READ, things=(("message", row.pk),),
    )  # fmt: skip
    return _begun(new, at=at)


def _begun(new: New, *, at: datetime) -> bool:
    """False while nobody leads the desk: it stays on the list of what waits, and is tried again."""
    try:
        begin(new, by=None, at=at)
    except CaseRefused:
        return False
    return True
