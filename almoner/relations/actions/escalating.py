"""What the clock does to cases: owners are warned, leads are told, letters are drafted."""

from datetime import datetime
from functools import partial

from django.db import transaction

from almoner.facility import queries as facility
from almoner.ground.turns import in_turn
from almoner.relations import queries, rules
from almoner.relations.actions.grieving import draft_of
from almoner.relations.actions.opening import line
from almoner.relations.models import Case, Grievance
from almoner.relations.rules import Kind, Verb


def escalate(*, at: datetime) -> int:
    """Warn of what is due soon, or not answered in time, and give what is overdue to the lead too.

    Answers how many cases.
    Each case once for each time it is due, however often this runs. Each is its own transaction,
    and what fails is tried again by the next call. Raises an ExceptionGroup of what failed once all
    have had their turn.
    """
    return in_turn(queries.to_escalate(at), partial(_one, at=at), named="case")


def tell_of_stranded(*, at: datetime) -> int:
    """Tell leads of cases that nobody here has the skill for; how many.

    Each case once until somebody takes it or sends it on. Raises an ExceptionGroup as `escalate`
    does.
    """
    return in_turn(queries.stranded(at), partial(_stranded, at=at), named="case")


@transaction.atomic
def _stranded(case_id: int, *, at: datetime) -> bool:
    row = Case.objects.select_for_update().get(pk=case_id)
    if row.state != "open" or row.merged_into_id or row.taken_at or row.stranded_at:
        return False
    lead = queries.lead_of(row.desk) or row.owner
    row.stranded_at, row.escalated_to, row.snoozed_until = at, row.escalated_to or lead, None
    row.save(update_fields=["stranded_at", "escalated_to", "snoozed_until"])
    line(row, Verb.STRANDED, by=None, at=at, words=row.escalated_to.name)
    return True


@transaction.atomic
def _one(case_id: int, *, at: datetime) -> bool:
    row = Case.objects.select_for_update().get(pk=case_id)
    stands = row.state == "waiting" and row.kind != Kind.GRIEVANCE
    if row.state == "closed" or row.merged_into_id or stands:
        return False
    if row.due_at <= at and row.escalated_at is None:
        row.warned_at = row.warned_at or at
        row.escalated_at, row.escalated_to = at, queries.lead_of(row.desk) or row.owner
        row.snoozed_until = None
        row.save(update_fields=["warned_at", "escalated_at", "escalated_to", "snoozed_until"])
        line(row, Verb.OVERDUE, by=None, at=at, words=row.escalated_to.name)
        return True
    if row.warn_at <= at and row.warned_at is None:
        row.warned_at, row.snoozed_until = at, None
        row.save(update_fields=["warned_at", "snoozed_until"])
        line(row, Verb.WARNED, by=None, at=at)
        return True
    late = row.answer_by <= at and row.answered_at is None and row.unanswered_at is None
    if late and row.patient_id and row.kind != Kind.TASK:
        row.unanswered_at, row.snoozed_until = at, None
        row.save(update_fields=["unanswered_at", "snoozed_until"])
        line(row, Verb.UNANSWERED, by=None, at=at)
        return True
    return False


def keep_grievances(*, at: datetime) -> int:
    """On its day, draft the letter that a grievance is still open; how many were drafted.

    The owner reads it and sends it. One whose letter says so already, or whose answer
    has left, or of which nobody can be told, is passed over.
    Raises an ExceptionGroup as `escalate` does.
    """
    today = queries.local_day(at, facility.organisation().time_zone)
    return in_turn(queries.to_tell(today), partial(_still_open, at=at), named="case")


@transaction.atomic
def _still_open(case_id: int, *, at: datetime) -> bool:
    row = Case.objects.select_for_update().get(pk=case_id)
    known = Grievance.objects.select_for_update().get(case=row)
    told = queries.telling().filter(case=row).exists()
    if row.state == "closed" or row.merged_into_id or told or queries.nobody_to_write_to(row.pk):
        return False
    draft_of(row, known, rules.STILL_OPEN, by=None, at=at)
    return True
