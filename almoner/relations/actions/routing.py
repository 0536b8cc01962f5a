"""Taking the next case one can do, and doing several acts of a case by one key."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.relations import queries
from almoner.relations.actions.noting import note
from almoner.relations.actions.opening import CaseRefusal, CaseRefused
from almoner.relations.actions.working import move, snooze, take, wait
from almoner.relations.models import Case, Routine
from almoner.relations.rules import Desk, WaitsFor


@transaction.atomic
def take_next(*, officer: Officer, at: datetime) -> Case | None:
    """Take what is due first of all an officer can do; None when nothing waits for them.

    Of two who ask at one moment each gets another case: what is being taken is passed over.

    Raises PermissionDenied.
    """
    access.require(officer, "relations.cases")
    rows = queries.takeable(queries.abilities(officer), at).order_by("due_at", "id")
    row = rows.select_for_update(skip_locked=True, of=("self",)).first()
    return take(officer=officer, case=row, at=at) if row else None


@transaction.atomic
def run_routine(*, officer: Officer, case: Case, routine: Routine, at: datetime) -> Case:
    """Do all acts of a set, or none of them.

    Raises PermissionDenied; CaseRefused when the set is not for this officer or kind of case, or
    one of its acts cannot be done.
    """
    if routine not in queries.routines(officer, kind=case.kind):
        raise CaseRefused(CaseRefusal.NOT_NOW)
    facts: dict[str, Any] = {"officer": officer, "case": case, "at": at}
    if routine.take:
        take(**facts)
    if routine.note.strip():
        note(words=routine.note, **facts)
    if routine.waits_for:
        wait(reason=WaitsFor(routine.waits_for), words=routine.name, **facts)
    if routine.snooze_days:
        snooze(until=at + timedelta(days=routine.snooze_days), **facts)
    if routine.desk:  # last: who sends it away may not see it any more
        move(desk=Desk(routine.desk), **facts)
    return case
