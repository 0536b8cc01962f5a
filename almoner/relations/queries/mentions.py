"""What officers ask one another: whom one can ask, what is asked of me, the notes of a place."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from almoner.access.models import Officer
from almoner.access.queries import Evidence, Reading, WorkItem
from almoner.relations import rules
from almoner.relations.models import Case, Conversation, Mention, Note
from almoner.relations.queries.cases import visible_to
from almoner.relations.queries.conversations import address_of
from almoner.relations.queries.received import STILL, Person, person

SIZE = 25
_NOTES = 20


def mentionable(row: Case) -> list[Officer]:
    """Who may be asked in a case: whoever may see it, by name. One query."""
    theirs = {row.owner_id, row.opened_by_id, row.escalated_to_id}
    return [
        each
        for each in _here()
        if each.may("relations.cases")
        and (row.desk in rules.desks_of(each.roles) or each.pk in theirs)
    ]


def mentionable_beside() -> list[Officer]:
    """Who may be asked beside a conversation: whoever has conversations as work. One query."""
    return [each for each in _here() if each.may("relations.send")]


def _here() -> list[Officer]:
    return list(Officer.objects.filter(left_at=None).order_by("name", "id"))


@dataclass(frozen=True, slots=True)
class Asked:
    """Something a colleague asks; of a case (``case_id``), else beside a conversation."""

    id: int
    at: datetime
    by: str
    words: str
    number: str
    case_id: int | None
    conversation_id: int | None
    address: str
    patient: Person | None

    @property
    def reason(self) -> str:
        return f"case:{self.case_id}" if self.case_id else f"mention:{self.id}"


def asked_of(officer: Officer) -> QuerySet[Mention]:
    """What is asked of an officer and not seen to, where they may still look."""
    seen = Q(line__case__in=visible_to(officer))
    if officer.may("relations.send"):
        seen |= Q(note__isnull=False)
    return Mention.objects.filter(seen, officer=officer, ended_at=None)


def asked_count(officer: Officer) -> int:
    return asked_of(officer).count()


def asked(*, number: int, reading: Reading) -> Page[Any]:
    """A page of what is asked of the reader, the oldest first; whom it is about is noted as seen.

    Two queries.
    """
    rows = asked_of(reading.officer).order_by("at", "id")
    page: Page[Any] = Paginator(_with_all(rows), SIZE).get_page(number)
    page.object_list = _told(page.object_list, reading)
    return page


def newest_asked(*, most: int, reading: Reading) -> list[Asked]:
    """The first of what is asked of the reader; whom it is about is noted as seen. One query."""
    return _told(_with_all(asked_of(reading.officer).order_by("at", "id"))[:most], reading)


def asked_in(row: Case, officer: Officer) -> list[Mention]:
    """What is asked of an officer in a case and not seen to. One query."""
    rows = Mention.objects.filter(officer=officer, ended_at=None, line__case=row)
    return list(rows.select_related("by", "line").order_by("at", "id"))


def _with_all(rows: QuerySet[Mention]) -> QuerySet[Mention]:
    return rows.select_related("by", "line__case__patient", "note__conversation__patient")


def _told(rows: Any, reading: Reading) -> list[Asked]:
    lines = [_asked(row) for row in rows]
    for line in lines:
        if line.patient:
            reading.saw_about(WorkItem("mention", line.id), line.patient.id)
    if any(line.patient is None for line in lines):
        reading.saw_strangers()
    return lines


def _asked(row: Mention) -> Asked:
    case = row.line.case if row.line else None
    talk = row.note.conversation if row.note else None
    patient = case.patient if case else talk.patient if talk else None
    return Asked(
        id=row.pk,
        at=row.at,
        by=row.by.name,
        words=row.line.words if row.line else row.note.words if row.note else "",
        number=case.number if case else "",
        case_id=case.pk if case else None,
        conversation_id=talk.pk if talk else None,
        address=address_of(talk),
        patient=person(patient) if patient else None,
    )


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note beside a conversation, by whom."""

    at: datetime
    by: str
    words: str


def notes(conversation: Conversation | None) -> list[NoteLine]:
    """The last notes beside a conversation, the newest first. Two queries."""
    if conversation is None:
        return []
    rows = list(Note.objects.filter(conversation=conversation).order_by("-id")[:_NOTES])
    names = dict(
        Officer.objects.filter(pk__in={row.by_id for row in rows}).values_list("pk", "name")
    )
    return [NoteLine(row.at, names.get(row.by_id, ""), row.words) for row in rows]


def evidence_of_mention(item_id: int) -> Evidence | None:
    """What a question of a colleague proves: whom it is about, until it is seen to."""
    found = _with_all(Mention.objects.filter(pk=item_id)).first()
    if found is None:
        return None
    patient = _asked(found).patient
    until = found.ended_at + STILL if found.ended_at else None
    return Evidence(frozenset([patient.id] if patient else []), found.by_id, until=until)
