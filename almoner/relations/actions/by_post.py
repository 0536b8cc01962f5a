"""Letters to a patient: written, printed, posted on a day, and what the post brought back."""

from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.facility import queries as facility
from almoner.ground import dates, events, paper
from almoner.ground.language import PATIENTS_READ
from almoner.ground.turns import in_turn
from almoner.patients.queries import mail_lines
from almoner.relations import queries
from almoner.relations.actions import conversing
from almoner.relations.actions.consenting import one_at_a_time
from almoner.relations.actions.opening import hold, times
from almoner.relations.actions.settling import AGAIN, MessageRefused, Refusal
from almoner.relations.actions.writing import ANSWERED, About, inherited, may_write
from almoner.relations.models import Message, Paper, Received
from almoner.relations.queries import by_post, kept
from almoner.relations.queries.about import Thing
from almoner.relations.rules import LONGEST_MAIL, Desk, Kind
from almoner.relations.rules import by_post as rules
from almoner.relations.rules.by_post import LETTER, Stage

_AGAIN = "again-"


@transaction.atomic
def write_letter(
    *,
    officer: Officer,
    patient_id: int,
    words: str,
    language: str,
    key: str,
    about: Thing | None,
    up_to: int,
    at: datetime,
) -> Message:
    """Write a patient a letter in that language, and keep it as it is printed.

    It waits to be posted with whoever wrote it. What came in by letter, up to ``up_to``, is
    answered by it, and what the newest of that is about it is about, too. ``key`` makes it one,
    however often it is asked.

    Raises PermissionDenied; MessageRefused without words, with too many, when there is no address
    that letters may go to, or when the visit or bill it is about is kept private.
    """
    may_write(officer)
    body = words.strip()
    if not body:
        raise MessageRefused(Refusal.NO_WORDS)
    if len(body) > LONGEST_MAIL:
        raise MessageRefused(Refusal.TOO_LONG)
    waiting = Received.objects.filter(
        patient=patient_id, channel=LETTER, work=True, handled_at=None, pk__lte=up_to
    )
    newest = waiting.filter(about_id__isnull=False).order_by("-pk").first()
    row = _write(
        patient_id, body, language if language in PATIENTS_READ else "en",
        step=f"typed-{key}", about=inherited(newest, about), officer=officer, at=at,
    )  # fmt: skip
    waiting.update(handled_at=at, handled_by_id=officer.pk, handled_why=ANSWERED)
    return row


def _write(
    patient_id: int,
    body: str,
    language: str,
    *,
    step: str,
    about: About,
    officer: Officer,
    at: datetime,
) -> Message:
    one_at_a_time(f"letters {patient_id}")
    if known := Message.objects.filter(channel=LETTER, step=step).first():
        return known
    address = _address(patient_id, **about)
    clinic = facility.organisation()
    title = rules.TITLES[language].format(clinic=clinic.name)
    row = Message.objects.create(
        conversation_id=conversing.with_person(patient_id, at=at), patient_id=patient_id,
        channel=LETTER, address=address, language=language, step=step, subject=title, body=body,
        written_at=at, written_by_id=officer.pk, **about,
    )  # fmt: skip
    sheet = by_post.sheet(
        language=language, to=[queries.name_for_letter(patient_id), *address.splitlines()],
        title=title, body=body, at=at, clinic=clinic,
    )  # fmt: skip
    desk, due_at = _due(at)
    Paper.objects.create(
        message=row,
        pdf=paper.pdf("relations/letter.typ", data=sheet, at=at),
        owner=officer,
        desk=desk,
        due_at=due_at,
    )
    _record("written", row, by=officer, at=at)
    return row


def _whose(row: Message) -> int:
    """The patient a letter is to. Raises MessageRefused for what is nobody's: it is no letter."""
    if row.patient_id is None:
        raise MessageRefused(Refusal.NOT_SO)
    return row.patient_id


def _about(row: Message) -> About:
    return {"visit_id": row.visit_id, "statement_id": row.statement_id}


def _address(patient_id: int, *, visit_id: int | None, statement_id: int | None) -> str:
    """The lines of the envelope, as the patient is written to now. Raises MessageRefused."""
    lines = mail_lines(patient_id)
    if not lines:
        raise MessageRefused(Refusal.NO_ADDRESS)
    if kept.unsaid_how(patient_id, visit_id=visit_id, statement_id=statement_id):
        raise MessageRefused(Refusal.PRIVATE)
    return "\n".join(lines)


def _due(at: datetime) -> tuple[Desk, datetime]:
    """Whose a letter is that waits, and by when: as long as what came in may wait."""
    return Desk.FRONT, times(Kind.QUESTION, Desk.FRONT, at)[0]


@transaction.atomic
def post_letter(*, officer: Officer, message: Message, on: date, at: datetime) -> Paper:
    """A letter was printed, and posted on that day.

    Raises PermissionDenied; MessageRefused when it was before, when that day cannot be, or when it
    may not go to that address any more: then it is taken back.
    """
    row, found = _as_it_is(officer, message, Stage.POSTED)
    if _address(_whose(row), **_about(row)) != row.address:
        raise MessageRefused(Refusal.NOT_THEIRS)
    _check_day(on, since=row.written_at, at=at)
    found.posted_on, found.posted_by_id = on, officer.pk
    return _becomes(row, found, Stage.POSTED, on=on, by=officer, at=at)


@transaction.atomic
def letter_arrived(*, officer: Officer, message: Message, on: date, at: datetime) -> Paper:
    """A posted letter is known to have arrived. Raises as `post_letter`."""
    row, found = _as_it_is(officer, message, Stage.DELIVERED)
    return _ends(row, found, Stage.DELIVERED, on=on, officer=officer, at=at)


@transaction.atomic
def letter_came_back(
    *, officer: Officer, message: Message, on: date, why: str, at: datetime
) -> Paper:
    """The post brought a letter back: somebody must see to it that the patient knows.

    It is whose who wrote it while they are here, else the desk's lead's.

    Raises as `post_letter`, and MessageRefused without saying why.
    """
    row, found = _as_it_is(officer, message, Stage.RETURNED)
    if not why.strip():
        raise MessageRefused(Refusal.NO_REASON)
    found.why = why.strip()
    found.desk, found.due_at = _due(at)
    wrote = Officer.objects.filter(pk=row.written_by_id or 0, left_at=None).first()
    found.owner = wrote if wrote and wrote.may("relations.send") else queries.lead_of(found.desk)
    return _ends(row, found, Stage.RETURNED, on=on, officer=officer, at=at)


@transaction.atomic
def take_letter_back(*, officer: Officer, message: Message, at: datetime) -> Paper:
    """A letter is not posted after all: what came by post, and it answered, waits again.

    So does the case of which it was the first answer. Raises PermissionDenied, MessageRefused.
    """
    row, found = _as_it_is(officer, message, Stage.WITHDRAWN)
    answered = Received.objects.filter(
        patient=row.patient_id, channel=LETTER, handled_at=row.written_at,
        handled_by_id=row.written_by_id, handled_why=ANSWERED,
    )  # fmt: skip
    answered.update(handled_at=None, handled_by_id=None, handled_why="")
    for case in hold(queries.open_cases_about("message", [row.pk])):
        others = case.things.filter(kind="message").exclude(item_id=row.pk)
        if case.answered_at == row.written_at and not others.exists():
            case.answered_at = None
            case.save(update_fields=["answered_at"])
    return _ends(row, found, Stage.WITHDRAWN, on=by_post.today(at), officer=officer, at=at)


@transaction.atomic
def write_letter_again(*, officer: Officer, message: Message, at: datetime) -> Message:
    """The words of a letter that came back, to where the patient is written to now.

    Raises PermissionDenied; MessageRefused when it did not come back, somebody has seen to it, or
    no letter goes to them.
    """
    access.require(officer, "relations.send")
    row = Message.objects.select_for_update().get(pk=message.pk)
    if not queries.is_troubled(row.pk):
        raise MessageRefused(Refusal.NOT_OPEN)
    row.handled_at, row.handled_by_id, row.handled_why = at, officer.pk, AGAIN
    row.save(update_fields=["handled_at", "handled_by_id", "handled_why"])
    return _write(
        _whose(row), row.body, row.language, step=f"{_AGAIN}{row.pk}",
        about=_about(row), officer=officer, at=at,
    )  # fmt: skip


def _as_it_is(officer: Officer, message: Message, then: Stage) -> tuple[Message, Paper]:
    """The letter as it is now, locked, which can become so. Raises as above."""
    access.require(officer, "relations.send")
    row = Message.objects.select_for_update().get(pk=message.pk)
    found = Paper.objects.select_for_update().defer("pdf").filter(message=row).first()
    if found is None or not rules.follows(found.state, then):
        raise MessageRefused(Refusal.NOT_SO)
    return row, found


def _ends(
    row: Message, found: Paper, stage: Stage, *, on: date, officer: Officer, at: datetime
) -> Paper:
    since = found.posted_on or on
    if not rules.can_be_that_day(on, since=since, today=by_post.today(at)):
        raise MessageRefused(Refusal.NOT_THAT_DAY)
    found.ended_on, found.ended_by_id = on, officer.pk
    return _becomes(row, found, stage, on=on, by=officer, at=at)


def _becomes(
    row: Message, found: Paper, stage: Stage, *, on: date, by: Officer, at: datetime
) -> Paper:
    found.state = stage
    if stage not in rules.WORK:
        found.due_at = None
    found.late_at = None
    found.save(
        update_fields=[
            "state", "posted_on", "posted_by_id", "ended_on", "ended_by_id", "why", "desk",
            "owner", "due_at", "late_at",
        ]
    )  # fmt: skip
    more = {"why": found.why} if found.why else {}
    _record(stage.value, row, by=by, at=at, on=dates.day(on), **more)
    return found


def _check_day(on: date, *, since: datetime, at: datetime) -> None:
    if not rules.can_be_that_day(on, since=by_post.today(since), today=by_post.today(at)):
        raise MessageRefused(Refusal.NOT_THAT_DAY)


def _record(what: str, row: Message, *, by: Officer | None, at: datetime, **more: Any) -> None:
    events.record(
        f"relations.letter_{what}", at=at, by=by, about=row, patient_id=row.patient_id, **more
    )


def tell_of_late_letters(*, at: datetime) -> int:
    """Tell of letters that wait too long to be posted, or seen to; each once, to the desk's lead.

    Raises an ExceptionGroup of what failed once all have had their turn.
    """
    return in_turn(by_post.late(at), partial(_late, at=at), named="letter")


@transaction.atomic
def _late(paper_id: int, *, at: datetime) -> bool:
    found = Paper.objects.select_for_update().defer("pdf").get(pk=paper_id)
    if found.late_at or found.due_at is None or found.due_at > at:
        return False
    found.late_at, found.owner = at, queries.lead_of(found.desk) or found.owner
    found.save(update_fields=["late_at", "owner"])
    _record("late", Message.objects.get(pk=found.message_id), by=None, at=at)
    return True
