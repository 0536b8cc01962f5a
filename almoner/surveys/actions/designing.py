"""The clinic's surveys: drafted, published and never edited again; and after which visits."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.ground import events
from almoner.ground.constraints import violated
from almoner.surveys import queries, rules
from almoner.surveys.models import Questionnaire, Rule, Version
from almoner.surveys.rules import Question

MAY = "surveys.design"


class NameTaken(Exception):
    """Another survey is called so."""


class NotWhole(Exception):
    """A draft cannot be published; ``faults`` says why."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(len(faults))
        self.faults = faults


class OwnWords(Exception):
    """Whoever wrote in a draft does not publish it."""


class NoDraft(Exception):
    """There is no draft, or somebody has changed it since. Nothing was changed."""


@transaction.atomic
def new_survey(*, officer: Officer, name: str, at: datetime) -> Questionnaire:
    """A survey with an empty draft. Raises PermissionDenied, NameTaken."""
    access.require(officer, MAY)
    try:
        with transaction.atomic():
            row = Questionnaire.objects.create(name=" ".join(name.split()), made_at=at)
    except IntegrityError as error:
        if violated(error, "questionnaire_name_once"):
            raise NameTaken from error
        raise
    _draft(row, 1, {"questions": []}, officer=officer, at=at)
    return row


@transaction.atomic
def draft_anew(*, officer: Officer, questionnaire_id: int, at: datetime) -> None:
    """Begin the next version with what is in use; nothing when there is a draft already."""
    access.require(officer, MAY)
    row = Questionnaire.objects.select_for_update().get(pk=questionnaire_id)
    newest = queries.newest(row.pk)
    if newest and newest.published_at:
        _draft(row, newest.number + 1, newest.body, officer=officer, at=at)


@transaction.atomic
def save_draft(
    *, officer: Officer, questionnaire_id: int, questions: Sequence[Question], edition: int
) -> None:
    """Keep what a draft asks. Raises PermissionDenied, NoDraft when it is another by now."""
    access.require(officer, MAY)
    row = _open(questionnaire_id, edition=edition)
    row.body, row.edition = rules.written(questions), row.edition + 1
    row.authors = sorted({*row.authors, officer.pk})
    row.save(update_fields=["body", "edition", "authors"])


@transaction.atomic
def publish(*, officer: Officer | None, questionnaire_id: int, edition: int, at: datetime) -> None:
    """Ask by the draft from now on, for good, as somebody who wrote none of it. None is the demo.

    Raises PermissionDenied, NoDraft, NotWhole, OwnWords.
    """
    if officer:
        access.require(officer, MAY)
    row = _open(questionnaire_id, edition=edition)
    if officer and officer.pk in row.authors:
        raise OwnWords
    if wrong := rules.faults(rules.read(row.body)):
        raise NotWhole(wrong)
    row.published_at, row.published_by_id = at, officer.pk if officer else None
    row.save(update_fields=["published_at", "published_by_id"])
    events.record(
        "surveys.published", at=at, by=officer, about=row, name=row.questionnaire.name,
        number=row.number,
    )  # fmt: skip


@transaction.atomic
def add_rule(*, officer: Officer | None, questionnaire_id: int, at: datetime, **facts: Any) -> Rule:
    """Have visits of this kind asked about by this survey. Officer None is the demo."""
    if officer:
        access.require(officer, MAY)
    row = Rule.objects.create(questionnaire_id=questionnaire_id, made_at=at, **facts)
    events.record("surveys.rule_added", at=at, by=officer, about=row)
    return row


@transaction.atomic
def end_rule(*, officer: Officer, rule_id: int, at: datetime) -> Rule:
    """Ask by this rule no more; who was chosen by it is still asked. Raises DoesNotExist."""
    access.require(officer, MAY)
    row = Rule.objects.select_for_update().get(pk=rule_id)
    if row.ended_at is None:
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        events.record("surveys.rule_ended", at=at, by=officer, about=row)
    return row


def _open(questionnaire_id: int, *, edition: int) -> Version:
    rows = Version.objects.select_for_update(of=("self",)).select_related("questionnaire")
    row = rows.filter(questionnaire_id=questionnaire_id, published_at=None).first()
    if row is None or row.edition != edition:
        raise NoDraft
    return row


def _draft(
    row: Questionnaire, number: int, body: dict[str, Any], *, officer: Officer, at: datetime
) -> None:
    version = Version.objects.create(
        questionnaire=row,
        number=number,
        body=body,
        made_at=at,
        made_by_id=officer.pk,
        authors=[officer.pk],
    )
    events.record("surveys.drafted", at=at, by=officer, about=version, name=row.name, number=number)
