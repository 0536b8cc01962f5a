"""Keeping lists of cases: saved, renamed, shared with a desk, and removed."""

from django.db import IntegrityError, transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.ground.constraints import violated
from almoner.relations import queries, rules
from almoner.relations.actions.consenting import one_at_a_time
from almoner.relations.actions.opening import CaseRefusal, CaseRefused
from almoner.relations.models import SavedView
from almoner.relations.queries import lists
from almoner.relations.rules import Desk

_TAKEN = ("saved_view_name_once", "saved_view_of_desk_once")


@transaction.atomic
def save_view(*, officer: Officer, name: str, narrowed: dict[str, str]) -> SavedView:
    """Keep a list under a name of one's own; the same name again is that list anew.

    Raises PermissionDenied; CaseRefused without a name, or with more lists than are shown.
    """
    access.require(officer, "relations.cases")
    called = _called(name)
    one_at_a_time(f"case-lists-{officer.pk}")
    known = SavedView.objects.filter(officer=officer)
    if not known.filter(name=called).exists() and known.count() >= lists.MOST:
        raise CaseRefused(CaseRefusal.TOO_MANY)
    row, _made = SavedView.objects.update_or_create(
        officer=officer, name=called, defaults={"filters": queries.filters(narrowed)}
    )
    return row


@transaction.atomic
def rename_view(*, officer: Officer, view_id: int, name: str) -> SavedView:
    """Call one's own list something else, at its desk too.

    Raises PermissionDenied; CaseRefused without a name, when it is not one's own, or another list
    of one's own or of that desk is called so.
    """
    row = _own(officer, view_id)
    row.name = _called(name)
    return _saved(row)


@transaction.atomic
def share_view(*, officer: Officer, view_id: int, desk: Desk | None) -> SavedView:
    """Let everybody at one of one's own desks have one's own list, or nobody any more (None).

    Raises PermissionDenied; CaseRefused when it is not one's own, the desk is not, or the desk has
    a list of that name or as many as are shown.
    """
    row = _own(officer, view_id)
    if desk and desk not in rules.desks_of(officer.roles):
        raise CaseRefused(CaseRefusal.NOT_YOURS)
    others = SavedView.objects.filter(desk=desk or "").exclude(pk=row.pk)
    if desk and others.count() >= lists.MOST:
        raise CaseRefused(CaseRefusal.TOO_MANY)
    row.desk = desk or ""
    return _saved(row)


@transaction.atomic
def remove_view(*, officer: Officer, view_id: int) -> None:
    """Remove one's own list for everybody; or, as who leads its desk, take it from the desk.

    Raises PermissionDenied; CaseRefused when it is neither, or is removed already.
    """
    row = _locked(officer, view_id)
    if row.officer_id == officer.pk:
        row.delete()
    elif row.desk and lists.leads(officer, row.desk):
        row.desk = ""
        row.save(update_fields=["desk"])
    else:
        raise CaseRefused(CaseRefusal.NOT_YOURS)


def _locked(officer: Officer, view_id: int) -> SavedView:
    access.require(officer, "relations.cases")
    row = SavedView.objects.select_for_update().filter(pk=view_id).first()
    if row is None:
        raise CaseRefused(CaseRefusal.NOT_NOW)
    return row


def _own(officer: Officer, view_id: int) -> SavedView:
    row = _locked(officer, view_id)
    if row.officer_id != officer.pk:
        raise CaseRefused(CaseRefusal.NOT_YOURS)
    return row


def _called(name: str) -> str:
    called = " ".join(name.split())
    if not called:
        raise CaseRefused(CaseRefusal.NO_WORDS)
    return called


def _saved(row: SavedView) -> SavedView:
    try:
        with transaction.atomic():
            row.save(update_fields=["name", "desk"])
    except IntegrityError as error:
        if not any(violated(error, each) for each in _TAKEN):
            raise
        raise CaseRefused(CaseRefusal.NAME_TAKEN) from error
    return row
