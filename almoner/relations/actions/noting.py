"""Notes officers write for one another, in a case or beside a conversation; who is asked in one."""

from datetime import datetime

from django.db import transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.ground import events
from almoner.relations import queries, rules
from almoner.relations.actions import conversing
from almoner.relations.actions.consenting import one_at_a_time
from almoner.relations.actions.opening import CaseRefusal, CaseRefused, line, locked
from almoner.relations.models import Case, CaseLine, Conversation, Mention, Note
from almoner.relations.rules import Verb


@transaction.atomic
def note(*, officer: Officer, case: Case, words: str, at: datetime) -> Case:
    """Write something down in a case; whoever is named in it with an @ is asked.

    What the writer was asked in that case is answered by it.

    Raises PermissionDenied; CaseRefused without words, or when somebody named may not see the case.
    """
    row = locked(case, officer)
    said = _said(words)
    asked = _asked(said, queries.mentionable(row))
    written = line(row, Verb.ASKED if asked else Verb.NOTED, by=officer, at=at, words=said)
    _ask(asked, by=officer, at=at, line=written)
    _answered(officer, at=at, line__case=row)
    return row


@transaction.atomic
def note_with(*, officer: Officer, patient_id: int, words: str, at: datetime) -> Note:
    """Write something down beside the conversation with a patient, as `note` does in a case.

    Raises PermissionDenied; CaseRefused without words, or when somebody named reads none.
    """
    access.require(officer, "relations.send")
    where = queries.with_patient(patient_id)
    where_id = where.pk if where else conversing.with_person(patient_id, at=at)
    return _note_beside(where_id, patient_id, words, officer=officer, at=at)


@transaction.atomic
def note_from(*, officer: Officer, conversation: Conversation, words: str, at: datetime) -> Note:
    """Write something down beside the conversation with an address of nobody known, likewise."""
    access.require(officer, "relations.send")
    one_at_a_time(conversation.address)
    row = Conversation.objects.get(pk=conversation.pk, patient=None)  # not gone meanwhile
    return _note_beside(row.pk, None, words, officer=officer, at=at)


def _note_beside(
    conversation_id: int, patient_id: int | None, words: str, *, officer: Officer, at: datetime
) -> Note:
    said = _said(words)
    asked = _asked(said, queries.mentionable_beside())
    written = Note.objects.create(
        conversation_id=conversation_id, at=at, by_id=officer.pk, words=said
    )
    _ask(asked, by=officer, at=at, note=written)
    _answered(officer, at=at, note__conversation=conversation_id)
    kind = "relations.asked" if asked else "relations.noted"
    events.record(kind, at=at, by=officer, about=written, patient_id=patient_id)
    return written


@transaction.atomic
def put_away(*, officer: Officer, mention_id: int, at: datetime) -> Mention:
    """What an officer was asked needs nothing of them any more.

    Raises Mention.DoesNotExist when it was somebody else, CaseRefused when it is seen to already.
    """
    row = Mention.objects.select_for_update().get(pk=mention_id, officer=officer)
    if row.ended_at:
        raise CaseRefused(CaseRefusal.NOT_NOW)
    row.ended_at, row.ended_how = at, "put_away"
    row.save(update_fields=["ended_at", "ended_how"])
    events.record("relations.put_away", at=at, by=officer, about=row)
    return row


def _asked(words: str, possible: list[Officer]) -> list[Officer]:
    """Whom a note names. Raises CaseRefused when one of them may not see what it is about."""
    known = {each.username.lower(): each for each in possible}
    called = rules.named(words)
    if not set(called) <= known.keys():
        raise CaseRefused(CaseRefusal.NOT_ASKED)
    return [known[name] for name in called]


def _ask(
    asked: list[Officer],
    *,
    by: Officer,
    at: datetime,
    line: CaseLine | None = None,
    note: Note | None = None,
) -> None:
    """Whoever names themselves is asked nothing."""
    others = [each for each in asked if each.pk != by.pk]
    Mention.objects.bulk_create(
        Mention(officer=each, by=by, at=at, line=line, note=note) for each in others
    )


def _answered(officer: Officer, *, at: datetime, **where: Case | int) -> None:
    waiting = Mention.objects.filter(officer=officer, ended_at=None, **where)
    waiting.update(ended_at=at, ended_how="answered")


def _said(words: str) -> str:
    if not words.strip():
        raise CaseRefused(CaseRefusal.NO_WORDS)
    return words.strip()
