"""The clinic's own forms: drafted step by step, published, assigned, and retired."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.ground import events
from almoner.records.actions.publishing import published
from almoner.records.models import Form, FormRule, FormVersion
from almoner.records.rules import Item, Kind, Words, building
from almoner.records.rules.building import Body

DESIGN = "records.design"


class CodeTaken(Exception):
    """Another form has this short name."""


class ChangedMeanwhile(Exception):
    """Somebody else changed the draft since the page was shown; nothing was changed."""


class NoDraft(Exception):
    """There is no draft of this form; its published versions are never changed."""


@transaction.atomic
def new_form(*, officer: Officer, code: str, title: Words, at: datetime) -> Form:
    """A form that asks nothing yet, as a draft. Raises PermissionDenied or CodeTaken."""
    access.require(officer, DESIGN)
    try:
        with transaction.atomic():
            form = Form.objects.create(code=code, made_at=at)
    except IntegrityError as error:
        if Form.objects.filter(code=code).exists():
            raise CodeTaken from error
        raise
    _draft(form, 1, building.blank(code, title), officer, at)
    return form


@transaction.atomic
def draft_anew(*, officer: Officer, form_id: int, at: datetime) -> None:
    """A draft of the next version, as the newest says; where there is one already it stays.

    Raises PermissionDenied, or Form.DoesNotExist.
    """
    access.require(officer, DESIGN)
    form = Form.objects.select_for_update().get(pk=form_id)
    if form.versions.filter(published_at__isnull=True).exists():
        return
    newest = form.versions.aggregate(number=Max("number"))["number"]
    body = form.versions.get(number=newest).body
    _draft(form, newest + 1, body, officer, at)


@transaction.atomic
def discard_draft(*, officer: Officer, form_id: int, at: datetime) -> None:
    """Throw the draft away; what was published stays. Raises PermissionDenied or NoDraft."""
    access.require(officer, DESIGN)
    row = _drafted(form_id)
    _record("records.draft_discarded", row, officer, at)
    row.delete()
    if not FormVersion.objects.filter(form=form_id).exists():  # never published: nothing is left
        FormRule.objects.filter(form=form_id).delete()
        Form.objects.filter(pk=form_id).delete()


@transaction.atomic
def retitle(*, officer: Officer, form_id: int, title: Words, at: datetime) -> None:
    """Raises PermissionDenied or NoDraft."""
    _change(officer, form_id, lambda body: building.titled(body, title), at)


@transaction.atomic
def add_item(
    *, officer: Officer, form_id: int, kind: Kind, words: Words, after: str, at: datetime
) -> str:
    """Its linkId. Raises PermissionDenied, NoDraft, or building.NoSuchItem."""
    made: list[str] = []

    def add(body: Body) -> Body:
        changed, link_id = building.added(body, kind, words, after=after)
        made.append(link_id)
        return changed

    _change(officer, form_id, add, at)
    return made[0]


@transaction.atomic
def change_item(*, officer: Officer, form_id: int, edition: int, item: Item, at: datetime) -> None:
    """Raises PermissionDenied, NoDraft, ChangedMeanwhile, or building.NoSuchItem."""
    _change(officer, form_id, lambda body: building.changed(body, item), at, edition=edition)


@transaction.atomic
def move_item(*, officer: Officer, form_id: int, link_id: str, up: bool, at: datetime) -> None:
    """Raises PermissionDenied, NoDraft, or building.NoSuchItem."""
    _change(officer, form_id, lambda body: building.moved(body, link_id, up=up), at)


@transaction.atomic
def remove_item(*, officer: Officer, form_id: int, link_id: str, at: datetime) -> None:
    """Raises PermissionDenied, NoDraft, or building.NoSuchItem."""
    _change(officer, form_id, lambda body: building.removed(body, link_id), at)


@transaction.atomic
def publish(*, officer: Officer, form_id: int, edition: int, at: datetime) -> None:
    """From now on this version is begun; who publishes it has read it and wrote none of it.

    Raises PermissionDenied, NoDraft, NotWhole, ChangedMeanwhile, or OwnWords.
    """
    access.require(officer, DESIGN)
    row = _drafted(form_id)
    if row.edition != edition:
        raise ChangedMeanwhile
    row.body = row.body | {"status": "active", "version": str(row.number)}
    published(row, officer, at)


@transaction.atomic
def retire(*, officer: Officer, form_id: int, used: bool, at: datetime) -> None:
    """Use the form no more, or (``used``) again. Raises PermissionDenied, Form.DoesNotExist."""
    access.require(officer, DESIGN)
    form = Form.objects.select_for_update().get(pk=form_id)
    form.retired_at = None if used else at
    form.save(update_fields=["retired_at"])
    kind = "records.form_used_again" if used else "records.form_retired"
    events.record(kind, at=at, by=officer, about=form, form=form.code)


@transaction.atomic
def assign(*, officer: Officer, form_id: int, at: datetime, **rule: Any) -> None:
    """Ask for a form at some visits; ``rule`` names columns of `FormRule`.

    Raises PermissionDenied, or Form.DoesNotExist.
    """
    access.require(officer, DESIGN)
    form = Form.objects.get(pk=form_id)
    row = FormRule.objects.create(form=form, made_at=at, **rule)
    events.record("records.assigned", at=at, by=officer, about=row, form=form.code)


@transaction.atomic
def end_rule(*, officer: Officer, rule_id: int, at: datetime) -> int:
    """Ask no more by this rule; its form. Raises PermissionDenied, or FormRule.DoesNotExist."""
    access.require(officer, DESIGN)
    row = FormRule.objects.select_for_update().select_related("form").get(pk=rule_id)
    if row.ended_at is None:
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        events.record("records.rule_ended", at=at, by=officer, about=row, form=row.form.code)
    return row.form_id


def _change(
    officer: Officer,
    form_id: int,
    change: Callable[[Body], Body],
    at: datetime,
    *,
    edition: int | None = None,
) -> None:
    access.require(officer, DESIGN)
    row = _drafted(form_id)
    if edition is not None and row.edition != edition:
        raise ChangedMeanwhile
    row.body, row.edition = change(row.body), row.edition + 1
    row.authors = sorted({*row.authors, officer.pk})
    row.save(update_fields=["body", "edition", "authors"])
    _record("records.draft_changed", row, officer, at)


def _drafted(form_id: int) -> FormVersion:
    """The draft, locked. Raises NoDraft."""
    row = (
        FormVersion.objects.select_for_update(of=("self",))
        .filter(form=form_id, published_at__isnull=True)
        .first()
    )
    if row is None:
        raise NoDraft
    return row


def _draft(form: Form, number: int, body: Body, officer: Officer, at: datetime) -> None:
    row = FormVersion.objects.create(
        form=form,
        number=number,
        body=body,
        made_at=at,
        made_by_id=officer.pk,
        authors=[officer.pk],
    )
    _record("records.drafted", row, officer, at)


def _record(kind: str, row: FormVersion, officer: Officer, at: datetime) -> None:
    events.record(
        kind, at=at, by=officer, about=row, form=row.body.get("title", ""), number=row.number
    )
