"""That nobody can be given notice of a grievance, since nobody knows whose it is."""

from datetime import datetime

from django.db import transaction

from almoner.access.models import Officer
from almoner.relations import queries, rules
from almoner.relations.actions.opening import CaseRefusal, CaseRefused, line, locked
from almoner.relations.models import Case, Grievance
from almoner.relations.rules import Kind, Verb


@transaction.atomic
def decide_no_notice(*, officer: Officer, case: Case, words: str, at: datetime) -> Grievance:
    """Decide that no notice of a grievance can be delivered, and say why.

    42 CFR 482.13(a)(2)(iii) wants a written notice; whoever left neither a name nor an address can
    be given none. All else it wants is wanted still.

    Raises PermissionDenied; CaseRefused when it is no grievance or over, when the officer is
    neither manager nor privacy officer, without words, or when a patient is known, or an address
    that was not written to, or not two weeks ago, or that answered.
    """
    row = locked(case, officer)
    if row.kind != Kind.GRIEVANCE:
        raise CaseRefused(CaseRefusal.NOT_NOW)
    if not rules.may_do_without_notice(officer.roles):
        raise CaseRefused(CaseRefusal.NOT_DECIDED)
    if not words.strip():
        raise CaseRefused(CaseRefusal.NO_WORDS)
    if not queries.nobody_to_write_to(row.pk):
        raise CaseRefused(CaseRefusal.KNOWN)
    known = Grievance.objects.select_for_update().get(case=row)
    known.no_notice, known.no_notice_at = words.strip(), at
    known.no_notice_by_id = officer.pk
    known.save(update_fields=["no_notice", "no_notice_at", "no_notice_by_id"])
    line(row, Verb.NO_NOTICE, by=officer, at=at, words=known.no_notice)
    return known
