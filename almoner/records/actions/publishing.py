"""The clinic's forms: drafted, published, and never edited again."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.facility.models import VisitType
from almoner.ground import events
from almoner.records import rules
from almoner.records.models import Form, FormRule, FormVersion

SHIPPED = Path(__file__).resolve().parent.parent / "data"


class NotWhole(Exception):
    """A draft cannot be published: its faults, and the items whose text lacks Spanish."""

    def __init__(self, faults: list[rules.Fault], untranslated: list[str]) -> None:
        super().__init__(len(faults), len(untranslated))
        self.faults, self.untranslated = faults, untranslated


class OwnWords(Exception):
    """Whoever wrote in a draft does not publish it."""


@transaction.atomic
def ship(*, officer: Officer | None, at: datetime) -> int:
    """Publish the forms that come with the house, those that the clinic has not; how many.

    Who is asked for them comes along; what is for new patients is asked at the visit types that
    are. Officer None is the command line and the demo. Raises PermissionDenied.
    """
    if officer:
        access.require(officer, "records.design")
    known = set(Form.objects.values_list("code", flat=True))
    told = [json.loads(path.read_text()) for path in sorted(SHIPPED.glob("*.json"))]
    fresh = [each for each in told if each["questionnaire"]["name"] not in known]
    for each in fresh:
        body = each["questionnaire"]
        form = Form.objects.create(code=body["name"], made_at=at)
        published(FormVersion(form=form, number=1, body=body, made_at=at), officer, at)
        for rule in each["rules"]:
            _assign(form, rule, at)
    return len(fresh)


def _assign(form: Form, rule: Mapping[str, Any], at: datetime) -> None:
    facts = {name: value for name, value in rule.items() if name != "for_new_patients"}
    kinds: list[VisitType | None] = [None]
    if rule.get("for_new_patients"):
        kinds = list(VisitType.objects.filter(for_new_patients=True, retired_at__isnull=True))
    FormRule.objects.bulk_create(
        FormRule(form=form, visit_type=kind, made_at=at, **facts) for kind in kinds
    )


def published(row: FormVersion, officer: Officer | None, at: datetime) -> None:
    """Publish a version, for good. Raises NotWhole, or OwnWords to who wrote in it."""
    if officer and officer.pk in row.authors:
        raise OwnWords
    definition, faults = rules.read(row.body)
    lacks = rules.untranslated(definition)
    if faults or lacks:
        raise NotWhole(faults, lacks)
    row.published_at, row.published_by_id = at, officer.pk if officer else None
    row.save()
    events.record(
        "records.published",
        at=at,
        by=officer,
        about=row,
        form=row.body["title"],
        number=row.number,
    )
