"""What was said in one conversation, by both sides and in every way, in one line of time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from almoner.access.models import Officer
from almoner.access.queries import Reading, WorkItem
from almoner.patients.rules.details import readable
from almoner.relations import rules
from almoner.relations.models import Call, Conversation, Message, Received
from almoner.relations.queries.about import (
    VISIT,
    Subject,
    Thing,
    about_of,
    calls_about,
    named,
    ours_about,
    theirs_about,
    things_of_call,
    things_of_ours,
)
from almoner.relations.queries.by_post import PaperLine, papers_of
from almoner.relations.queries.conversations import shown, told_of
from almoner.relations.queries.files import FileLine, files_of
from almoner.relations.queries.messages import come_to, trouble_of
from almoner.relations.queries.phoning import Rung, rung
from almoner.relations.queries.posting import read_by, subjects_of
from almoner.relations.queries.received import Person, who_may_be
from almoner.relations.rules.by_post import LETTER
from almoner.relations.rules.proving import without_code

SIZE = 30
_CARRY = {"sms", "email", LETTER}  # what files come with
Row = Message | Received | Call
Cursor = tuple[datetime, int, int]
"""When, of which kind (by its place in the query), and which: what stands before is older."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing that was said: a ``message`` of ours, one ``received``, or a ``call``.

    ``rung`` are the calls of ours that said it, or tried to; ``paper`` how far a letter has come.
    ``about`` are the visit and bill it is about, ``visit`` that of which it told.
    ``caller``, ``asked`` and ``matched`` are what the log of a call keeps of its script.
    """

    kind: str
    id: int
    at: datetime
    incoming: bool
    channel: str
    address: str
    words: str
    subject: str = ""
    by: str = ""
    visit: str = ""
    about: tuple[Subject, ...] = ()
    state: str = ""
    trouble: str = ""
    held_until: datetime | None = None
    held_why: str = ""
    meaning: str = ""
    open: bool = False
    suggestion: str = ""
    quoted: str = ""
    attached: tuple[str, ...] = ()
    files: tuple[FileLine, ...] = ()
    files_wait: bool = False
    why: str = ""
    disposition: str = ""
    caller: str = ""
    asked: tuple[str, ...] = ()
    matched: tuple[str, ...] = ()
    wrote: str = ""
    answer_by: datetime | None = None
    desk: str = ""
    owner: str = ""
    owner_id: int | None = None
    read_by: tuple[tuple[str, datetime], ...] = ()
    may_be: tuple[Person, ...] = field(default=())
    rung: tuple[Rung, ...] = ()
    paper: PaperLine | None = None


def thread(
    conversation: Conversation | None,
    *,
    reading: Reading,
    before: Cursor | None = None,
    about: Thing | None = None,
    limit: int = SIZE,
) -> tuple[list[Said], Cursor | None]:
    """The newest of it, the oldest first, and where what is older ends. At most thirteen queries.

    ``about`` narrows it to what was said about a visit or bill. Whoever may have written what waits
    is noted as seen, each for that.
    """
    if conversation is None:
        return [], None
    ours, theirs, calls = (
        (ours_about(about), theirs_about(about), calls_about(about)) if about else (Q(), Q(), Q())
    )
    rows: list[Row] = [*_messages(conversation, before).filter(ours)[: limit + 1]]
    rows += _received(conversation, before).filter(theirs)[: limit + 1]
    rows += _calls(conversation, before).filter(calls)[: limit + 1]
    rows.sort(key=_place, reverse=True)
    shown_rows = rows[:limit]
    names = _Names(shown_rows, reading.officer)
    lines = [names.line(row) for row in reversed(shown_rows)]
    _note(lines, reading)
    return lines, _place(shown_rows[-1]) if len(rows) > limit else None


def said(by_kind: Mapping[str, Sequence[int]], *, reading: Reading) -> list[Said]:
    """These messages and calls, by kind and id, the oldest first. At most thirteen queries.

    Whoever may have written what waits is noted as seen, each for that.
    """
    messages = Message.objects.filter(pk__in=by_kind.get("message", ()))
    rows: list[Row] = [*messages.select_related("outgoing__delivery", "event")]
    rows += Received.objects.filter(pk__in=by_kind.get("received", ()))
    rows += Call.objects.filter(pk__in=by_kind.get("call", ()))
    names = _Names(rows, reading.officer)
    lines = [names.line(row) for row in sorted(rows, key=_place)]
    _note(lines, reading)
    return lines


def _note(lines: Iterable[Said], reading: Reading) -> None:
    for line in lines:
        for who in line.may_be:
            reading.saw_about(WorkItem("received", line.id), who.id)


def _messages(conversation: Conversation, before: Cursor | None) -> QuerySet[Message]:
    rows = Message.objects.filter(conversation=conversation)
    rows = rows.select_related("outgoing__delivery", "event")
    return rows.filter(_older(before, "written_at", 0)).order_by("-written_at", "-id")


def _received(conversation: Conversation, before: Cursor | None) -> QuerySet[Received]:
    rows = Received.objects.filter(conversation=conversation)
    return rows.filter(_older(before, "at", 1)).order_by("-at", "-id")


def _calls(conversation: Conversation, before: Cursor | None) -> QuerySet[Call]:
    rows = Call.objects.filter(conversation=conversation)
    return rows.filter(_older(before, "at", 2)).order_by("-at", "-id")


def _older(before: Cursor | None, when: str, kind: int) -> Q:
    if before is None:
        return Q()
    at, its_kind, its_id = before
    at_once = Q(**{when: at})
    if kind == its_kind:
        at_once &= Q(id__lt=its_id)
    elif kind > its_kind:
        at_once = Q(pk=None)
    return Q(**{f"{when}__lt": at}) | at_once


def _place(row: Row) -> Cursor:
    if isinstance(row, Message):
        return row.written_at, 0, row.pk
    return row.at, 1 if isinstance(row, Received) else 2, row.pk


class _Names:
    """What the rows of one page only number, looked up together."""

    def __init__(self, rows: Iterable[Any], officer: Officer) -> None:
        rows = list(rows)
        officers = {each for row in rows if (each := _officer_of(row))}
        officers |= {row.owner_id for row in rows if isinstance(row, Received) and row.owner_id}
        by_message = [row for row in rows if isinstance(row, Received) and row.channel in _CARRY]
        self.files = files_of([row.pk for row in by_message]) if by_message else {}
        self.officers = dict(
            Officer.objects.filter(pk__in=officers).values_list("pk", "name") if officers else ()
        )
        self.subjects_of = {(type(row), row.pk): _things(row) for row in rows}
        self.named = named((each for found in self.subjects_of.values() for each in found), officer)
        unknown = {
            (row.channel, row.sender)
            for row in rows
            if isinstance(row, Received) and self._is_to_decide(row)
        }
        self.may_be = who_may_be(unknown)
        letters = [row.pk for row in rows if isinstance(row, Message) and row.channel == LETTER]
        self.papers = papers_of(letters) if letters else {}
        self.rung = rung([row for row in rows if isinstance(row, Message)])
        in_accounts = [row for row in rows if _address(row).startswith("thread:")]
        self.subjects = subjects_of({_address(row) for row in in_accounts})
        self.read_by = read_by([row for row in in_accounts if isinstance(row, Message)])

    def _about(self, row: Row) -> tuple[Subject, ...]:
        """What it is about, as far as the reader may know of it."""
        found = self.subjects_of[type(row), row.pk]
        return tuple(self.named[each] for each in found if each in self.named)

    def _shown(self, row: Message | Received) -> str:
        """Where it went or came from; of a message in an account what its thread is about."""
        address = _address(row)
        return self.subjects.get(address) or shown(row.channel, address)

    def _is_to_decide(self, row: Received) -> bool:
        """Whether somebody must say who wrote it: it waits, or something that came with it does."""
        if row.patient_id is not None:
            return False
        return _waits(row) or self._files_wait(row)

    def _files_wait(self, row: Received) -> bool:
        return any(each.undecided for each in self.files.get(row.pk, ()))

    def line(self, row: Row) -> Said:
        if isinstance(row, Message):
            return self._ours(row)
        return self._theirs(row) if isinstance(row, Received) else self._called(row)

    def _ours(self, row: Message) -> Said:
        item, letter = row.outgoing, self.papers.get(row.pk)
        waits = item is not None and item.state == item.State.WAITING
        return Said(
            kind="message",
            id=row.pk,
            at=row.written_at,
            incoming=False,
            channel=row.channel,
            address=self._shown(row),
            read_by=tuple(self.read_by.get(row.pk, ())),
            words=without_code(row.template, row.body),
            subject=row.subject if row.channel == "email" else "",
            by=self.officers.get(row.written_by_id or 0, ""),
            visit=told_of(row) or _first_visit(self._about(row)),
            about=self._about(row),
            state=letter.state if letter else come_to(item) if item else "",
            trouble=letter.why if letter else trouble_of(item) if item else "",
            held_until=row.held_until if waits else None,
            held_why=row.held_why if waits else "",
            why=row.handled_why,
            owner=letter.owner if letter else "",
            paper=letter,
            rung=self.rung.get(row.pk, ()),
        )

    def _theirs(self, row: Received) -> Said:
        waits = _waits(row)
        words, quoted = rules.without_quote(row.body) if row.channel == "email" else (row.body, "")
        return Said(
            kind="received",
            id=row.pk,
            at=row.at,
            incoming=True,
            channel=row.channel,
            address=self._shown(row),
            wrote=row.wrote,
            answer_by=row.answer_by if waits else None,
            desk=row.desk if waits else "",
            owner=self.officers.get(row.owner_id or 0, "") if waits else "",
            owner_id=row.owner_id if waits else None,
            words=words,
            about=self._about(row),
            quoted=quoted,
            subject=row.subject if row.channel == "email" else "",
            attached=tuple(row.attached),
            meaning=row.meaning,
            open=waits,
            suggestion=rules.meaning(row.body).suggestion if waits else "",
            why=row.handled_why,
            by=self.officers.get(row.handled_by_id or 0, ""),
            files=self.files.get(row.pk, ()),
            files_wait=self._files_wait(row),
            may_be=self.may_be.get((row.channel, row.sender), ())
            if self._is_to_decide(row)
            else (),
        )

    def _called(self, row: Call) -> Said:
        return Said(
            kind="call",
            id=row.pk,
            at=row.at,
            incoming=row.incoming,
            channel="call",
            address=readable(row.number) if row.number else "",
            words=row.said,
            by=self.officers.get(row.by_id, ""),
            visit=_first_visit(self._about(row)),
            about=self._about(row),
            disposition=row.disposition,
            caller=row.caller,
            asked=tuple(row.asked),
            matched=tuple(row.matched),
        )


def _things(row: Row) -> list[Thing]:
    if isinstance(row, Message):
        return things_of_ours(row)
    if isinstance(row, Call):
        return things_of_call(row)
    about = about_of(row)
    return [about] if about else []


def _first_visit(about: Iterable[Subject]) -> str:
    return next((each.text for each in about if each.kind == VISIT), "")


def _address(row: Row) -> str:
    if isinstance(row, Call):
        return ""
    return row.address if isinstance(row, Message) else row.sender


def _officer_of(row: Row) -> int | None:
    if isinstance(row, Message):
        return row.written_by_id
    return row.handled_by_id if isinstance(row, Received) else row.by_id


def _waits(row: Received) -> bool:
    return row.work and row.handled_at is None
