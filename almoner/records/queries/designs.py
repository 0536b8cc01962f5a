"""The clinic's forms as their designer sees them. Nothing about a patient."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404

from almoner.access.queries.officers import names_of
from almoner.coverage.models import Payer
from almoner.records import rules
from almoner.records.models import Form, FormRule, FormVersion
from almoner.records.rules import Definition, Fault, Words, building

PAYER_KINDS = Payer.Kind.choices


@dataclass(frozen=True, slots=True)
class FormLine:
    """A form in the list: the numbers of what is in use and of its draft, 0 where there is none."""

    id: int
    code: str
    title: str
    in_use: int
    draft: int
    rules: int
    retired: bool


@dataclass(frozen=True, slots=True)
class Design:
    """One form: its draft, else what is in use. ``edition`` guards the draft; 0 is no draft."""

    form_id: int
    code: str
    retired: bool
    number: int
    edition: int
    in_use: int
    definition: Definition
    outline: list[building.Line]
    faults: list[Fault]
    untranslated: list[str]
    authors: tuple[int, ...]
    written_by: str

    @property
    def title(self) -> Words:
        return self.definition.title

    @property
    def is_draft(self) -> bool:
        return self.edition > 0

    @property
    def whole(self) -> bool:
        return not self.faults and not self.untranslated

    def item(self, link_id: str) -> rules.Item:
        """Raises Http404."""
        found = next((one for one in self.definition.every() if one.link_id == link_id), None)
        if found is None:
            raise Http404
        return found


def form_lines() -> list[FormLine]:
    """Every form, those in use first, in order of their short names. Three queries."""
    lines: dict[int, dict[str, Any]] = {}
    versions = FormVersion.objects.order_by("form_id", "number").values_list(
        "form_id", "number", "published_at", "body__title"
    )
    for form_id, number, published_at, title in versions:
        line = lines.setdefault(form_id, {"in_use": 0, "draft": 0})
        line["draft" if published_at is None else "in_use"] = number
        line["title"] = title
    asked: dict[int, int] = {}
    for form_id in FormRule.objects.filter(ended_at=None).values_list("form_id", flat=True):
        asked[form_id] = asked.get(form_id, 0) + 1
    made = [
        FormLine(
            form.pk,
            form.code,
            lines[form.pk]["title"],
            lines[form.pk]["in_use"],
            lines[form.pk]["draft"],
            asked.get(form.pk, 0),
            form.retired_at is not None,
        )
        for form in Form.objects.order_by("code")
    ]
    return sorted(made, key=lambda line: line.retired)


def design(form_id: int) -> Design:
    """Three queries. Raises Http404 when there is no such form."""
    form = Form.objects.filter(pk=form_id).first()
    versions = list(FormVersion.objects.filter(form=form_id).order_by("-number")[:2])
    if form is None or not versions:
        raise Http404
    newest = versions[0]
    draft = newest.published_at is None
    in_use = next((each.number for each in versions if each.published_at), 0)
    definition, faults = rules.read(newest.body)
    return Design(
        form_id=form_id,
        code=form.code,
        retired=form.retired_at is not None,
        number=newest.number,
        edition=newest.edition if draft else 0,
        in_use=in_use,
        definition=definition,
        outline=list(building.outline(definition.items)),
        faults=faults,
        untranslated=rules.untranslated(definition),
        authors=tuple(newest.authors) if draft else (),
        written_by=names_of(newest.authors) if draft else "",
    )


def rules_of(form_id: int) -> list[FormRule]:
    """Who is asked for a form, the oldest rule first. One query."""
    rows = FormRule.objects.filter(form=form_id, ended_at__isnull=True)
    return list(rows.select_related("visit_type", "plan__payer").order_by("id"))
