"""Working on a case: whose it is, until when, what it waits for, and that it is settled."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from almoner.access.models import Officer
from almoner.ground.constraints import violated
from almoner.relations import queries, rules
from almoner.relations.actions.opening import (
    CaseRefusal,
    CaseRefused,
    attach_all,
    line,
    locked,
    times,
)
from almoner.relations.models import Case, Message
from almoner.relations.rules import Desk, Kind, Verb, WaitsFor

_WHOLE = "grievance_closed_with_its_letter"


@transaction.atomic
def take(*, officer: Officer, case: Case, at: datetime) -> Case:
    """Make a case one's own. Raises PermissionDenied; CaseRefused when it is over."""
    row = locked(case, officer)
    if row.owner_id == officer.pk and row.taken_at:
        return row
    _give(row, officer, at=at)
    line(row, Verb.TAKEN, by=officer, at=at)
    return row


@transaction.atomic
def assign(*, officer: Officer, case: Case, owner: Officer, at: datetime) -> Case:
    """Give a case to a colleague.

    Raises PermissionDenied; CaseRefused when it is over, or they do not work at its desk.
    """
    row = locked(case, officer)
    if owner not in queries.colleagues(row.desk):
        raise CaseRefused(CaseRefusal.NO_OWNER)
    _give(row, owner, at=at)
    line(row, Verb.ASSIGNED, by=officer, at=at, words=owner.name)
    return row


@transaction.atomic
def move(*, officer: Officer, case: Case, desk: Desk, at: datetime) -> Case:
    """Send a case to another desk, where nobody has taken it yet; when it is due stays.

    Raises PermissionDenied; CaseRefused when it is over.
    """
    row = locked(case, officer)
    row.desk, row.owner = desk, queries.lead_of(desk) or officer
    row.taken_at = row.stranded_at = None
    row.save(update_fields=["desk", "owner", "taken_at", "stranded_at"])
    line(row, Verb.MOVED, by=officer, at=at, words=desk)
    return row


@transaction.atomic
def wait(*, officer: Officer, case: Case, reason: WaitsFor, words: str, at: datetime) -> Case:
    """Let a case wait for somebody else: the desk's clock stands meanwhile, the law's does not.

    Raises PermissionDenied; CaseRefused when it waits already or is over.
    """
    row = locked(case, officer)
    if row.state == "waiting":
        raise CaseRefused(CaseRefusal.NOT_NOW)
    row.state, row.waiting_for, row.waiting_since = "waiting", reason, at
    row.save(update_fields=["state", "waiting_for", "waiting_since"])
    line(row, Verb.WAITS, by=officer, at=at, words=words.strip())
    return row


@transaction.atomic
def resume(*, officer: Officer, case: Case, at: datetime) -> Case:
    """Go on with a case that waited. Raises PermissionDenied; CaseRefused when it did not."""
    row = locked(case, officer)
    if row.state != "waiting":
        raise CaseRefused(CaseRefusal.NOT_NOW)
    go_on(row, by=officer, at=at)
    return row


def go_on(row: Case, *, by: Officer | None, at: datetime) -> None:
    """What was left of the desk's time when it began to wait is left now."""
    paused = row.waiting_since
    if row.kind != Kind.GRIEVANCE and paused is not None:
        week = queries.week(paused.date())
        row.answer_by = rules.resumed(week, row.answer_by, paused=paused, at=at)
        row.warn_at = rules.resumed(week, row.warn_at, paused=paused, at=at)
        row.due_at = rules.resumed(week, row.due_at, paused=paused, at=at)
    row.state, row.waiting_for, row.waiting_since = "open", "", None
    row.save()
    line(row, Verb.RESUMED, by=by, at=at)


def heard_from(patient_id: int | None, held: Iterable[Case], *, at: datetime) -> None:
    """A patient has said something: what waited for them goes on, whatever it was about.

    ``held`` are locked, those that wait for the patient (`queries.waiting_for`) among them.
    """
    for row in held:
        waits = row.state == "waiting" and row.waiting_for == WaitsFor.PATIENT
        if waits and patient_id and row.patient_id == patient_id and row.merged_into_id is None:
            go_on(row, by=None, at=at)


@transaction.atomic
def snooze(*, officer: Officer, case: Case, until: datetime, at: datetime) -> Case:
    """Leave a case off the lists until then; when it is due stays.

    Raises PermissionDenied; CaseRefused when that is past, after it is due, or the case is over.
    """
    row = locked(case, officer)
    if not at < until <= max(row.due_at, at):
        raise CaseRefused(CaseRefusal.NOT_NOW)
    row.snoozed_until = until
    row.save(update_fields=["snoozed_until"])
    line(row, Verb.SNOOZED, by=officer, at=at)
    return row


@transaction.atomic
def set_due(*, officer: Officer, case: Case, due_at: datetime, words: str, at: datetime) -> Case:
    """Say by when a case is to be settled, and why then. What the law says nobody moves.

    Raises PermissionDenied; CaseRefused for a grievance, without words, or for a time that is past.
    """
    row = locked(case, officer)
    if row.kind == Kind.GRIEVANCE:
        raise CaseRefused(CaseRefusal.LAW)
    if due_at <= at:
        raise CaseRefused(CaseRefusal.NOT_NOW)
    said = _said(words)
    row.due_at, row.warn_at = due_at, at + (due_at - at) * rules.WARNED_AT
    row.warned_at = row.escalated_at = row.escalated_to = None
    row.save()
    line(row, Verb.DUE, by=officer, at=at, words=said)
    return row


@transaction.atomic
def record_answer(*, officer: Officer, case: Case, message: Message, at: datetime) -> Case:
    """Keep with a case what was just said to whoever it is about; the first answer stops its clock.

    Raises PermissionDenied; CaseRefused when it is over.
    """
    row = locked(case, officer)
    attach_all(row, [("message", message.pk)], by=officer, at=at)
    row.answered_at = row.answered_at or at
    if row.taken_at is None:
        _give(row, officer, at=at)
    row.save(update_fields=["answered_at"])
    line(row, Verb.ANSWERED, by=officer, at=at)
    return row


@transaction.atomic
def close(*, officer: Officer, case: Case, result: str, at: datetime) -> Case:
    """Settle a case. A grievance is settled by its letter: without it the database refuses.

    Raises PermissionDenied; CaseRefused without a result, when it is over, or when the law still
    wants something.
    """
    row = locked(case, officer)
    row.state, row.waiting_for, row.waiting_since = "closed", "", None
    row.closed_at, row.closed_by_id, row.result = at, officer.pk, _said(result)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if not violated(error, _WHOLE):
            raise
        raise CaseRefused(CaseRefusal.LAW) from error
    line(row, Verb.CLOSED, by=officer, at=at, words=row.result)
    return row


@transaction.atomic
def reopen(*, officer: Officer, case: Case, words: str, at: datetime) -> Case:
    """Work on a closed case again, with the time its desk has for a new one.

    Raises PermissionDenied; CaseRefused without words or when it is not closed.
    """
    row = locked(case, officer, over=True)
    said = _said(words)
    row.state, row.closed_at, row.closed_by_id, row.result = "open", None, None, ""
    if row.kind != Kind.GRIEVANCE:
        row.answer_by, row.warn_at, row.due_at = times(row.kind, row.desk, at)
        row.warned_at = row.escalated_at = row.escalated_to = None
    row.save()
    line(row, Verb.REOPENED, by=officer, at=at, words=said)
    return row


def _give(row: Case, owner: Officer, *, at: datetime) -> None:
    row.owner, row.taken_at, row.snoozed_until, row.stranded_at = owner, at, None, None
    row.save(update_fields=["owner", "taken_at", "snoozed_until", "stranded_at"])


def _said(words: str) -> str:
    if not words.strip():
        raise CaseRefused(CaseRefusal.NO_WORDS)
    return words.strip()
