"""One case: what was done in it, what it is about, and what the law still wants of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q

from almoner.access.models import Officer
from almoner.access.queries import Reading, WorkItem
from almoner.ground.language import language_for
from almoner.ground.models import Event
from almoner.patients.models import Patient
from almoner.relations import rules
from almoner.relations.models import (
    Call,
    Case,
    CaseLine,
    CaseThing,
    Conversation,
    Grievance,
    Letter,
    Received,
)
from almoner.relations.queries.cases import visible_to
from almoner.relations.queries.messages import sender
from almoner.relations.queries.thread import Said, said
from almoner.relations.queries.timeline import SEEN_WITH, Happening

_FEW = 12


def case(case_id: int, *, reading: Reading) -> Case:
    """One case of this officer's desks, noted as read. Raises Case.DoesNotExist."""
    row = visible_to(reading.officer).select_related("owner").get(pk=case_id)
    if row.patient_id:
        reading.saw([row.patient_id])
    else:
        reading.saw_strangers(WorkItem("case", row.pk))
    return row


GROUP = """
    WITH RECURSIVE parts AS (
        SELECT id FROM relations_case WHERE id = %s
        UNION ALL
        SELECT c.id FROM relations_case c JOIN parts ON c.merged_into_id = parts.id
    ) SELECT id FROM parts
"""


def group(case_id: int) -> list[int]:
    """A case and all that was merged into it, and into that: what is shown as one. One query."""
    with connection.cursor() as sql:
        sql.execute(GROUP, [case_id])
        return sorted(row[0] for row in sql.fetchall())


@dataclass(frozen=True, slots=True)
class Line:
    """One line of what was done; ``of`` names the case it was done in, when it is a merged one."""

    at: datetime
    by: str
    verb: str
    words: str
    about: str
    of: str


def lines(row: Case, ids: list[int]) -> list[Line]:
    """What was done in these cases, the newest first. Two queries."""
    rows = list(CaseLine.objects.filter(case__in=ids).order_by("-at", "-id"))
    names = dict(
        Officer.objects.filter(pk__in={each.by_id for each in rows}).values_list("pk", "name")
    )
    return [
        Line(
            at=each.at,
            by=names.get(each.by_id or 0, ""),
            verb=each.verb,
            words=each.words,
            about=rules.number_of(each.about_id) if each.about_id else "",
            of=rules.number_of(each.case_id) if each.case_id != row.pk else "",
        )
        for each in rows
    ]


@dataclass(frozen=True, slots=True)
class About:
    """A visit, claim, statement or payment, by the last that happened to it."""

    kind: str
    id: int
    last: Happening

    @property
    def value(self) -> str:
        return f"{self.kind}:{self.id}"

    @property
    def permission(self) -> str:
        """What its page asks for: whoever may know of a bill may not always open its claim."""
        return _OPENED_WITH[self.kind]


_OPENED_WITH = {
    "appointment": "scheduling.view",
    "claim": "billing.view",
    "statement": "billing.view",
    "payment": "ledger.view",
    "survey": "surveys.view",
}


@dataclass(frozen=True, slots=True)
class Heard:
    """A message or a call of the patient, to be chosen as what a case is about, too."""

    kind: str
    id: int
    at: datetime
    incoming: bool
    words: str

    @property
    def value(self) -> str:
        return f"{self.kind}:{self.id}"


def heard(patient_id: int, known: Iterable[tuple[str, int]]) -> list[Heard]:
    """The last calls and messages of a patient, but those that are known. Two queries."""
    calls = Call.objects.filter(patient_id=patient_id).order_by("-at", "-id")[:_FEW]
    wrote = Received.objects.filter(patient_id=patient_id).order_by("-at", "-id")[:_FEW]
    found = [
        *(Heard("call", row.pk, row.at, row.incoming, row.said) for row in calls),
        *(Heard("received", row.pk, row.at, True, row.subject or row.body) for row in wrote),
    ]
    taken = set(known)
    left = [each for each in found if (each.kind, each.id) not in taken]
    return sorted(left, key=lambda each: each.at, reverse=True)[:_FEW]


def things_of(ids: list[int]) -> list[tuple[str, int]]:
    """What these cases are about, each once, as it was put there. One query."""
    rows = CaseThing.objects.filter(case__in=ids).order_by("at", "id")
    return list(dict.fromkeys(rows.values_list("kind", "item_id")))


def said_in(things: Iterable[tuple[str, int]], *, reading: Reading) -> list[Said]:
    """The messages and calls among these things, the oldest first. At most seven queries."""
    by_kind: dict[str, list[int]] = {}
    for kind, item_id in things:
        by_kind.setdefault(kind, []).append(item_id)
    return said(by_kind, reading=reading)


def behind(things: Iterable[tuple[str, int]], *, reading: Reading) -> list[About]:
    """The visits and bills among these things that the reader may see elsewhere too. One query."""
    wanted = [each for each in things if each[0] in rules.BEHIND]
    if not wanted:
        return []
    rows = Event.objects.filter(
        about_kind__in={kind for kind, _ in wanted}, about_id__in=[each for _, each in wanted]
    )
    found = {(each.kind, each.id): each for each in _abouts(rows, reading)}
    return [found[each] for each in wanted if each in found]


def abouts(patient_id: int, *, reading: Reading) -> list[About]:
    """What of a patient a case may be about, the newest first. One query."""
    rows = Event.objects.filter(patient_id=patient_id, about_kind__in=rules.BEHIND)
    found = _abouts(rows, reading)
    return sorted(found, key=lambda each: each.last.at, reverse=True)[:_FEW]


def _abouts(rows: Any, reading: Reading) -> list[About]:
    newest = rows.order_by("about_kind", "about_id", "-id").distinct("about_kind", "about_id")
    return [
        About(
            each.about_kind,
            each.about_id or 0,
            Happening(
                id=each.pk,
                at=each.at,
                kind=each.kind,
                duty=each.kind.partition(".")[0],
                facts=each.data,
                by=None,
                about_kind=each.about_kind,
                about_id=each.about_id,
            ),
        )
        for each in newest
        if reading.officer.may(SEEN_WITH.get(each.kind.partition(".")[0], "relations.view"))
    ]


def conversation_of(row: Case, things: Iterable[tuple[str, int]]) -> Conversation | None:
    """Where the case is talked about: with its patient, else where it came from."""
    if row.patient_id:
        return Conversation.objects.filter(patient_id=row.patient_id).first()
    heard = list(things)
    received = Received.objects.filter(pk__in=[each for kind, each in heard if kind == "received"])
    calls = Call.objects.filter(pk__in=[each for kind, each in heard if kind == "call"])
    ids = [*received.values_list("conversation_id"), *calls.values_list("conversation_id")]
    return Conversation.objects.filter(pk__in=[each for (each,) in ids], patient=None).first()


def came_in(ids: list[int]) -> datetime:
    """When the first of these cases came in: what was heard first, or the first opening. 4 queries.

    What is told at the desk is heard as the case is opened, whatever comes in after it.
    """
    things = things_of(ids)
    received = Received.objects.filter(pk__in=[each for kind, each in things if kind == "received"])
    calls = Call.objects.filter(
        pk__in=[each for kind, each in things if kind == "call"], incoming=True
    )
    return min(
        [
            *Case.objects.filter(pk__in=ids).values_list("opened_at", flat=True),
            *received.values_list("at", flat=True),
            *calls.values_list("at", flat=True),
        ]
    )


def whose(kind: str, item_id: int) -> int | None:
    """Whose a thing is that a case is about; None while nobody knows. Raises DoesNotExist."""
    if kind == "received":
        return Received.objects.values_list("patient_id", flat=True).get(pk=item_id)
    if kind == "call":
        return Call.objects.values_list("patient_id", flat=True).get(pk=item_id)
    row = Event.objects.filter(about_kind=kind, about_id=item_id).order_by("-id").first()
    if row is None:
        raise Case.DoesNotExist
    return row.patient_id


# --- What the law wants of a grievance.


def grievance(row: Case) -> Grievance | None:
    return Grievance.objects.filter(case=row).first()


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter on the case's page, and whether it reads easily enough."""

    row: Letter
    easy: bool


def answered_letter(outgoing_id: int | None, address: str) -> list[int]:
    """The id of the case whose letter left as this e-mail to there, if it was one. One query."""
    left = Letter.objects.filter(
        message__outgoing=outgoing_id, message__address__iexact=address, sent_at__isnull=False
    )
    return list(left.values_list("case_id", flat=True)) if outgoing_id else []


def letters(row: Case) -> list[LetterLine]:
    """The letters of a case, the newest first. One query."""
    rows = Letter.objects.filter(case=row)
    return [
        LetterLine(each, rules.is_easy(each.measure, float(each.grade)))
        for each in rows.order_by("-id")
    ]


def letter(letter_id: int, *, reading: Reading) -> Letter:
    """One letter of a case this officer may see. Raises DoesNotExist."""
    row = Letter.objects.select_related("case__owner").get(pk=letter_id)
    case(row.case_id, reading=reading)
    return row


def promised(row: Case, zone: str) -> date | None:
    """By which day a letter that left promised the patient the next, if one did. One query."""
    left = Letter.objects.filter(case=row, kind=rules.STILL_OPEN, sent_at__isnull=False)
    drafted = left.order_by("-drafted_at").values_list("drafted_at", flat=True).first()
    return rules.legal_day(drafted, zone, rules.NEXT_LETTER) if drafted else None


WANTS = ("contact", "steps", "result", "completed", "letter", "delivery")


def lacks(known: Grievance, written: Iterable[Letter]) -> list[str]:
    """What the law still wants before a grievance is closed, by the names of `WANTS`.

    Of one that is nobody's, and that no letter reaches, the decision that no notice can be
    delivered stands in place of the letter and its proof.
    """
    answers = [
        each for each in written if each.kind == "answer" and each.language == known.language
    ]
    nobody = known.no_notice != "" and nobody_to_write_to(known.case_id)
    have = {
        "contact": bool(known.contact.strip()),
        "steps": bool(known.steps.strip()),
        "result": bool(known.result.strip()),
        "completed": known.completed_on is not None,
        "letter": nobody or any(each.sent_at for each in answers),
        "delivery": nobody or any(each.delivered_at for each in answers),
    }
    return [name for name in WANTS if not have[name]]


def nobody_to_write_to(case_id: int) -> bool:
    """Whether nobody can be told of a case and its parts: whose it is, is not known. One query.

    There is no address either, or the answer left two weeks ago and nothing proves that it came.
    """
    with connection.cursor() as sql:
        sql.execute("SELECT relations_nobody_to_write_to(%s)", [case_id])
        return bool(sql.fetchone()[0])


def days_since(received_at: datetime, at: datetime, zone: str) -> int:
    """Which day of a grievance it is: 0 is the day of receipt."""
    return (local_day(at, zone) - local_day(received_at, zone)).days


def local_day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def name_for_letter(patient_id: int) -> str:
    """How a patient is addressed in a letter."""
    row = Patient.objects.only("given", "family", "name_used").get(pk=patient_id)
    return f"{row.name_used or row.given} {row.family}"


def facts_for_macros(patient_id: int | None, row: Case | None) -> dict[str, str]:
    """What a canned answer may name: of whom it goes to, of us, of a case. At most two queries."""
    us, name = sender(None), name_for_letter(patient_id) if patient_id else ""
    facts = {"name": name, "clinic": us.clinic, "phone": us.phone}
    return facts | ({"number": row.number} if row else {})


def parts_of(row: Case) -> list[Case]:
    """The cases that were merged into this one itself, in order. One query."""
    return list(Case.objects.filter(merged_into=row).order_by("id"))


def mergeable(row: Case, officer: Officer) -> list[Case]:
    """The patient's other cases this one may become part of, the newest first. One query."""
    if row.patient_id is None or row.state == "closed" or row.merged_into_id:
        return []
    others = visible_to(officer).filter(patient_id=row.patient_id, merged_into=None)
    others = others.exclude(Q(pk=row.pk) | Q(state="closed")).order_by("-id")[:_FEW]
    return [
        each
        for each in others
        if rules.may_merge(
            kinds=(row.kind, each.kind),
            patients=(row.patient_id, each.patient_id),
            roots=(True, True),
        )
    ]


def language_of(patient_id: int | None) -> str:
    """The language a patient is written to; English while nobody knows who it is."""
    return language_for(preferred(patient_id))


def preferred(patient_id: int | None) -> str:
    """The language a patient prefers (BCP 47); empty while nobody knows who it is."""
    known = Patient.objects.filter(pk=patient_id or 0).values_list("language", flat=True)
    return known.first() or ""
