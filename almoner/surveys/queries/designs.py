"""The clinic's surveys as their designer sees them. Nothing about a patient."""

from dataclasses import dataclass
from datetime import datetime

from almoner.access.queries.officers import names_of
from almoner.facility.models import Location, VisitType
from almoner.surveys import rules
from almoner.surveys.models import Questionnaire, Rule, Version
from almoner.surveys.rules import Question


@dataclass(frozen=True, slots=True)
class SurveyLine:
    """A survey in the list: the numbers of what is in use and of its draft, 0 for none."""

    id: int
    name: str
    in_use: int
    draft: int
    rules: int


@dataclass(frozen=True, slots=True)
class VersionLine:
    number: int
    published_at: datetime | None
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Design:
    """One survey: its draft (``edition`` 0: none), every version, the newest first, its rules."""

    id: int
    name: str
    edition: int
    draft: tuple[Question, ...]
    faults: list[str]
    versions: list[VersionLine]
    rules: list[Rule]
    authors: tuple[int, ...]
    written_by: str


def survey_lines() -> list[SurveyLine]:
    """Every survey of the clinic. Three queries."""
    rows = Questionnaire.objects.order_by("name", "id").prefetch_related("versions", "rules")
    return [
        SurveyLine(
            id=row.pk,
            name=row.name,
            in_use=max((v.number for v in row.versions.all() if v.published_at), default=0),
            draft=max((v.number for v in row.versions.all() if not v.published_at), default=0),
            rules=sum(rule.ended_at is None for rule in row.rules.all()),
        )
        for row in rows
    ]


def design(questionnaire_id: int) -> Design:
    """One survey. Raises DoesNotExist. Four queries."""
    row = Questionnaire.objects.get(pk=questionnaire_id)
    versions = list(row.versions.order_by("-number"))
    draft = next((each for each in versions if each.published_at is None), None)
    questions = rules.read(draft.body) if draft else ()
    return Design(
        id=row.pk,
        name=row.name,
        edition=draft.edition if draft else 0,
        draft=questions,
        faults=rules.faults(questions) if draft else [],
        versions=[
            VersionLine(each.number, each.published_at, rules.read(each.body))
            for each in versions
            if each.published_at
        ],
        rules=list(
            row.rules.filter(ended_at=None)
            .select_related("visit_type", "location")
            .order_by("starts_on", "id")
        ),
        authors=tuple(draft.authors) if draft else (),
        written_by=names_of(draft.authors) if draft else "",
    )


def visit_types() -> list[tuple[int, str]]:
    rows = VisitType.objects.filter(retired_at=None).order_by("name", "id")
    return [(row.pk, row.name) for row in rows]


def locations() -> list[tuple[int, str]]:
    return [(row.pk, row.name) for row in Location.objects.order_by("name", "id")]


def newest(questionnaire_id: int) -> Version | None:
    """The version a new draft begins with. One query."""
    rows = Version.objects.filter(questionnaire_id=questionnaire_id)
    return rows.order_by("-number").first()
