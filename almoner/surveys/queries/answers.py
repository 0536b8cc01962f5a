"""Each answer, with whose it is: for the desk that goes after it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, QuerySet

from almoner.access.queries import Evidence, Reading
from almoner.patients.rules.details import listed_name
from almoner.relations.rules import number_of
from almoner.surveys import rules
from almoner.surveys.models import Answer, Survey

SIZE = 25
SHOWN = ("all", "low", "words")
"""Which answers the list shows; an address names one of these, and nothing else."""


@dataclass(frozen=True, slots=True)
class Said:
    """One answer: the question in English, and the number or the words."""

    question: str
    score: int | None
    highest: int | None
    words: str
    low: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One survey that was answered, with its visit."""

    id: int
    patient_id: int
    name: str
    visit_id: int
    visit_on: date
    visit_type: str
    clinician: str
    location: str
    way: str
    answered_at: datetime
    finished: bool
    said: tuple[Said, ...]
    case_id: int | None
    case_number: str
    is_low: bool


def answers(*, show: str, number: int, reading: Reading) -> Page[Any]:
    """One page of answered surveys, the newest visit first; everybody on it is noted. 3 queries."""
    rows = _answered()
    if show == "low":
        rows = rows.filter(low_at__isnull=False)
    elif show == "words":
        rows = rows.filter(answers__kind="words").exclude(answers__words="").distinct()
    page: Page[Any] = Paginator(rows.order_by("-visit_on", "-id"), SIZE).get_page(number)
    page.object_list = lines(page.object_list)
    reading.saw(line.patient_id for line in page.object_list)
    return page


def one(survey_id: int, *, reading: Reading) -> Line:
    """One survey with its answers, its patient noted as seen. Raises DoesNotExist."""
    row = _whole(Survey.objects.all()).get(pk=survey_id)
    reading.saw([row.patient_id])
    return lines([row])[0]


def of_patient(patient_id: int, *, most: int) -> list[Line]:
    """A patient's newest answered surveys; the page has noted who saw it. Two queries."""
    return lines(_answered().filter(patient_id=patient_id).order_by("-id")[:most])


def _answered() -> QuerySet[Survey]:
    return _whole(Survey.objects.filter(opened_at__isnull=False, answers__isnull=False).distinct())


def _whole(rows: QuerySet[Survey]) -> QuerySet[Survey]:
    related = rows.select_related("patient", "version", "clinician", "location", "visit_type")
    return related.prefetch_related(Prefetch("answers", Answer.objects.order_by("key")))


def lines(rows: Iterable[Survey]) -> list[Line]:
    return [_line(row) for row in rows]


def _line(row: Survey) -> Line:
    known = {each.key: each for each in row.answers.all()}
    return Line(
        id=row.pk,
        patient_id=row.patient_id,
        name=listed_name(family=row.patient.family, given=row.patient.given),
        visit_id=row.appointment_id,
        visit_on=row.visit_on,
        visit_type=row.visit_type.name,
        clinician=str(row.clinician),
        location=row.location.name,
        way=row.way,
        answered_at=max((each.at for each in known.values()), default=row.chosen_at),
        finished=row.finished_at is not None,
        said=tuple(_said(row.version.body, known)),
        case_id=row.case_id,
        case_number=number_of(row.case_id) if row.case_id else "",
        is_low=row.low_at is not None,
    )


def _said(body: Mapping[str, Any], known: Mapping[str, Answer]) -> list[Said]:
    return [
        Said(
            question=each.text["en"],
            score=known[each.key].score,
            highest=each.scale[-1] if each.scale else None,
            words=known[each.key].words,
            low=known[each.key].score is not None and each.is_low(known[each.key].score or 0),
        )
        for each in rules.read(body)
        if each.key in known
    ]


def evidence(item_id: int) -> Evidence | None:
    """What a low answer proves while its case is open: somebody must see to its patient."""
    row = Survey.objects.filter(pk=item_id, low_at__isnull=False).select_related("case").first()
    if row is None or (row.case and row.case.state == "closed"):
        return None
    return Evidence(frozenset([row.patient_id]), None, corroborated=True)
