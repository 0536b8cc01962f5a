"""Making two cases one, and one case two: nothing of either is lost, and both can be taken back."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from almoner.access.models import Officer
from almoner.relations import queries, rules
from almoner.relations.actions.opening import (
    CaseRefusal,
    CaseRefused,
    New,
    begin,
    hold,
    line,
    locked,
    start_earlier,
)
from almoner.relations.models import Case, Grievance
from almoner.relations.rules import Verb


@transaction.atomic
def merge(*, officer: Officer, case: Case, into: Case, at: datetime) -> Case:
    """Work on a case as part of another from here on. It stays as it is, so that it can come out.

    Answers still go to the addresses that wrote: no conversation is touched. A grievance goes into
    a grievance only. The clock of a grievance starts with the first of both, of whatever kind the
    other is.

    Raises PermissionDenied; CaseRefused when they are one case, of two people, or over.
    """
    if case.pk == into.pk:
        raise CaseRefused(CaseRefusal.NOT_ONE)
    rows = {each.pk: locked(each, officer) for each in sorted((case, into), key=lambda c: c.pk)}
    part, whole = rows[case.pk], rows[into.pk]
    if not rules.may_merge(
        kinds=(part.kind, whole.kind),
        patients=(part.patient_id, whole.patient_id),
        roots=(part.merged_into_id is None, whole.merged_into_id is None),
    ):
        raise CaseRefused(CaseRefusal.NOT_ONE)
    part.merged_into = whole
    part.save(update_fields=["merged_into"])
    _start_with_both(part, whole)
    line(part, Verb.MERGED, by=officer, at=at, about_id=whole.pk)
    line(whole, Verb.TOOK_IN, by=officer, at=at, about_id=part.pk)
    return whole


def _start_with_both(part: Case, whole: Case) -> None:
    both = Grievance.objects.select_for_update().filter(case__in=[part, whole]).order_by("pk")
    known = {each.case_id: each for each in both}
    if whole.pk in known:
        before = known[part.pk].received_at if part.pk in known else None
        start_earlier(known[whole.pk], no_later_than=before)


@transaction.atomic
def take_out(*, officer: Officer, case: Case, at: datetime) -> Case:
    """Let a case that was merged stand for itself again, as it was.

    Raises PermissionDenied; CaseRefused when it is part of none, or the whole is over.
    """
    whole = Case.objects.filter(merged=case.pk).first()
    if whole is None:
        raise CaseRefused(CaseRefusal.NOT_ONE)
    hold([whole.pk, case.pk])
    whole = locked(whole, officer)
    row = Case.objects.select_for_update().get(pk=case.pk)
    if row.merged_into_id != whole.pk:
        raise CaseRefused(CaseRefusal.NOT_ONE)
    row.merged_into = None
    row.save(update_fields=["merged_into"])
    line(row, Verb.TAKEN_OUT, by=officer, at=at, about_id=whole.pk)
    return row


@transaction.atomic
def split(*, officer: Officer, case: Case, new: New, at: datetime) -> Case:
    """Make a case of its own of some that a case is about. Both are about that from here on.

    Whosever the case is, ``new`` is.

    Raises PermissionDenied; CaseRefused when it is over, is not about it, or as `open_case` does.
    """
    row = locked(case, officer)
    known = set(queries.things_of(queries.group(row.pk)))
    if not set(new.things) <= known or new.kind not in rules.OPENED_AS:
        raise CaseRefused(CaseRefusal.NOT_NOW)
    made = begin(replace(new, patient_id=row.patient_id), by=officer, at=at)
    made.split_from = row
    made.save(update_fields=["split_from"])
    line(row, Verb.SPLIT, by=officer, at=at, about_id=made.pk)
    return made
