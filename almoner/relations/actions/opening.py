"""Opening cases, saying whose one is and what it is about; and what every change of one shares."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.ground import events
from almoner.ground.words import gettext_noop
from almoner.relations import queries, rules
from almoner.relations.models import Case, CaseLine, CaseThing, Grievance, Received
from almoner.relations.queries.about import abouts_said
from almoner.relations.rules import Desk, Kind, Verb

Thing = tuple[str, int]


class CaseRefusal(StrEnum):
    """Why a case cannot be changed in that way."""

    CLOSED = "closed"
    NOT_YOURS = "not_yours"
    NOT_THEIRS = "not_theirs"
    NO_WORDS = "no_words"
    NO_OWNER = "no_owner"
    NOT_NOW = "not_now"
    NOT_ASKED = "not_asked"
    NOT_ONE = "not_one"
    LAW = "law"
    UNWRITTEN = "unwritten"
    NO_WAY = "no_way"
    CONFIDENTIAL = "confidential"
    LEFT = "left"
    NOT_DECIDED = "not_decided"
    KNOWN = "known"
    TOO_MANY = "too_many"
    NAME_TAKEN = "name_taken"


class CaseRefused(Exception):
    """Nothing was changed; ``reason`` says why."""

    def __init__(self, reason: CaseRefusal) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """A case to be opened: of which kind, for which desk, about what, and whose if that is known.

    ``note`` is what the officer knows of it beyond its subject.
    """

    kind: Kind
    subject: str
    desk: Desk | None = None
    skill: str = ""
    patient_id: int | None = None
    note: str = ""
    things: tuple[Thing, ...] = ()


@transaction.atomic
def open_case(*, officer: Officer, new: New, at: datetime) -> Case:
    """Open a case. It is its desk's lead's until somebody takes it, and due by the desk's level.

    Raises PermissionDenied; CaseRefused without a subject, when something it is about is another
    patient's, or when the kind can only come of the questions.
    """
    access.require(officer, "relations.cases")
    if new.kind not in rules.OPENED_AS:
        raise CaseRefused(CaseRefusal.LAW)
    return begin(new, by=officer, at=at)


def begin(new: New, *, by: Officer | None, at: datetime) -> Case:
    """Open a case for an officer, or by itself. Raises CaseRefused as `open_case` does."""
    subject = " ".join(new.subject.split())
    if not subject:
        raise CaseRefused(CaseRefusal.NO_WORDS)
    desk = new.desk or rules.DESK_OF[new.kind]
    owner = queries.lead_of(desk) or by
    if owner is None:
        raise CaseRefused(CaseRefusal.NO_OWNER)
    answer_by, warn_at, due_at = times(new.kind, desk, at)
    patient_id = _of_one([new.patient_id, *_owners(new.things)])
    row = Case.objects.create(
        kind=new.kind, desk=desk, skill=new.skill or _skill(patient_id), subject=subject,
        patient_id=patient_id, owner=owner,
        answer_by=answer_by, warn_at=warn_at, due_at=due_at,
        opened_at=at, opened_by_id=by.pk if by else None,
    )  # fmt: skip
    line(row, Verb.OPENED, by=by, at=at, words=new.note.strip())
    attach_all(row, new.things, by=by, at=at)
    if by:
        _read(row, by=by, at=at)
    return row


def _skill(patient_id: int | None) -> str:
    """What a case of this patient asks of whoever takes it, when nobody has said: a language."""
    return rules.skill_for(queries.language_of(patient_id))


OPENED = gettext_noop("a case was opened")


def _read(row: Case, *, by: Officer, at: datetime) -> None:
    """What a case of somebody known came of has been read: it is work as that case now."""
    if row.patient_id is None:
        return
    ids = [each for kind, each in queries.things_of([row.pk]) if kind == "received"]
    waiting = Received.objects.filter(
        pk__in=ids, work=True, handled_at=None, patient_id=row.patient_id
    )
    waiting.update(handled_at=at, handled_by_id=by.pk, handled_why=OPENED)


def times(kind: str, desk: str, at: datetime) -> tuple[datetime, datetime, datetime]:
    """By when a case opened now is answered first, its owner warned, and it settled."""
    week = queries.week(at.date())
    day = queries.local_day(at, week.zone)  # a level is in force by the clinic's days
    level = rules.level(queries.levels(), kind=kind, desk=desk, day=day)
    return (
        rules.after(week, at, level.first_answer),
        rules.after(week, at, level.resolution * rules.WARNED_AT),
        rules.after(week, at, level.resolution),
    )


@transaction.atomic
def attach(*, officer: Officer, case: Case, things: Iterable[Thing], at: datetime) -> Case:
    """Say what a case is about, too. What came in earlier makes a grievance's clock start earlier.

    Raises PermissionDenied; CaseRefused when it is over, or something is another patient's.
    """
    row = locked(case, officer)
    wanted = tuple(things)
    whose = _of_one([row.patient_id, *_owners(wanted)])
    if whose != row.patient_id:
        _decide(row, whose, by=officer, at=at)
    new = attach_all(row, wanted, by=officer, at=at)
    if new:
        line(row, Verb.ATTACHED, by=officer, at=at, words=", ".join(f"{k} {i}" for k, i in new))
    return row


@transaction.atomic
def decide(*, officer: Officer, case: Case, patient_id: int, at: datetime) -> Case:
    """Say whose a case is that was nobody's. It stays so: what was said with whom is not guessed.

    Raises PermissionDenied; CaseRefused when somebody has said so before, or what it is about is
    another's.
    """
    row = locked(case, officer)
    if row.patient_id or _of_one([patient_id, *_owners(queries.things_of([row.pk]))]) is None:
        raise CaseRefused(CaseRefusal.NOT_THEIRS)
    _decide(row, patient_id, by=officer, at=at)
    return row


def hold(ids: Iterable[int]) -> list[Case]:
    """These cases as they are now, locked by rising number, as whoever changes several does.

    Whatever one act changes it holds by one call: two rounds of locks could wait in a ring.
    """
    rows = Case.objects.select_for_update().filter(pk__in=set(ids))
    return list(rows.order_by("pk"))


def decided_with(
    received: Received, held: Iterable[Case], *, officer: Officer, at: datetime
) -> None:
    """Whose the cases are that came of a message of which somebody has just said who wrote it."""
    about = set(queries.came_of(received.pk))
    for row in held:
        if row.pk in about and row.patient_id is None:
            _decide(row, received.patient_id, by=officer, at=at)


def _decide(row: Case, patient_id: int | None, *, by: Officer, at: datetime) -> None:
    row.patient_id = patient_id
    row.skill = row.skill or _skill(patient_id)
    row.save(update_fields=["patient", "skill"])
    Grievance.objects.filter(case=row).update(language=queries.language_of(patient_id))
    line(row, Verb.DECIDED, by=by, at=at)
    _read(row, by=by, at=at)


def locked(case: Case, officer: Officer, *, over: bool = False) -> Case:
    """The case as it is now, locked, which this officer may change.

    Raises PermissionDenied; CaseRefused when it is not of their desks, is part of another, or is
    closed (when ``over``: is not closed).
    """
    access.require(officer, "relations.cases")
    row = Case.objects.select_for_update().get(pk=case.pk)
    if not queries.visible_to(officer).filter(pk=row.pk).exists():
        raise CaseRefused(CaseRefusal.NOT_YOURS)
    if row.merged_into_id or (row.state == "closed") is not over:
        raise CaseRefused(CaseRefusal.CLOSED)
    return row


def line(
    row: Case,
    verb: Verb,
    *,
    by: Officer | None,
    at: datetime,
    words: str = "",
    about_id: int | None = None,
) -> CaseLine:
    """Write down what was done to a case: its line, and the event that others follow.

    The event says no words of it. What the privacy desk works on stands on nobody's timeline.
    """
    written = CaseLine.objects.create(
        case=row, at=at, by_id=by.pk if by else None, verb=verb, words=words, about_id=about_id
    )
    private = row.desk == Desk.PRIVACY
    events.record(
        f"relations.case_{verb}", at=at, by=by, about=row,
        patient_id=None if private else row.patient_id,
        number=row.number, case_kind="" if private else row.kind,
    )  # fmt: skip
    return written


def attach_all(
    row: Case, things: Iterable[Thing], *, by: Officer | None, at: datetime
) -> list[Thing]:
    """Those of the things that a case was not about yet; it is now.

    What came in brings with it what it is about itself: the visit, the bill.
    """
    things = list(things)
    things += abouts_said(things)
    known = set(CaseThing.objects.filter(case=row).values_list("kind", "item_id"))
    new = [each for each in dict.fromkeys(things) if each not in known]
    CaseThing.objects.bulk_create(
        CaseThing(case=row, kind=kind, item_id=item_id, at=at, by_id=by.pk if by else None)
        for kind, item_id in new
    )
    known_grievance = Grievance.objects.select_for_update().filter(case=row).first()
    if known_grievance and new:
        start_earlier(known_grievance)
    return new


def start_earlier(known: Grievance, *, no_later_than: datetime | None = None) -> None:
    """The law's clock starts with the first of a grievance and its parts, and never later."""
    heard = [queries.came_in(queries.group(known.case_id)), no_later_than]
    first = min(each for each in heard if each)
    if first >= known.received_at:
        return
    zone = queries.week(first.date()).zone
    moved = queries.local_day(known.received_at, zone) - queries.local_day(first, zone)
    known.received_at = first
    known.warn_on, known.tell_on = known.warn_on - moved, known.tell_on - moved
    known.save(update_fields=["received_at", "warn_on", "tell_on"])
    run_by_law(known.case, known, zone)


def run_by_law(row: Case, known: Grievance, zone: str) -> None:
    """Warn the owner as the law's day of warning begins, and the lead once the patient must hear.

    Once they have heard that it is still open, that is the day the last letter promised, warned of
    as long before. What owner and lead were told of other days counts no more.
    """
    tell_on = queries.promised(row, zone) or known.tell_on
    warn_on = tell_on - (known.tell_on - known.warn_on)
    warn_at = rules.end_of(warn_on - timedelta(days=1), zone)
    due_at = rules.end_of(tell_on, zone)
    if row.warn_at != warn_at:
        row.warn_at, row.warned_at = warn_at, None
    if row.due_at != due_at:
        row.due_at, row.escalated_at, row.escalated_to = due_at, None, None
    row.save(update_fields=["warn_at", "warned_at", "due_at", "escalated_at", "escalated_to"])


def _owners(things: Iterable[Thing]) -> list[int | None]:
    return [queries.whose(kind, item_id) for kind, item_id in things]


def _of_one(ids: list[int | None]) -> int | None:
    """The one patient among them, if any. Raises CaseRefused when there are several."""
    people = {each for each in ids if each}
    if len(people) > 1:
        raise CaseRefused(CaseRefusal.NOT_THEIRS)
    return next(iter(people), None)
