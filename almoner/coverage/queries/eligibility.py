"""Questions to payers and what their answers mean for the desk."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404

from almoner.access.queries import Reading
from almoner.coverage.models import EligibilityCheck, ExpectedVisit
from almoner.coverage.queries.policies import in_force
from almoner.coverage.rules import (
    CannotTell,
    Collect,
    Network,
    Refusal,
    State,
    VisitKind,
    Why,
    refusal,
    what_to_collect,
)
from almoner.edges.x12.eligibility import Answer, read_271
from almoner.edges.x12.syntax import X12SyntaxError, blocks, readable

MOST_CHECKS = 100
Occasion = EligibilityCheck.Occasion


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One question as lists show it; ``cents`` is what to collect, when that can be told."""

    id: int
    policy_id: int
    payer: str
    plan: str
    rank: int
    occasion: str
    state: str
    service_date: date
    service_type: str
    asked_at: datetime
    settled_at: datetime | None
    decision: Collect | CannotTell | None
    refusals: tuple[Refusal, ...] = ()

    @property
    def cents(self) -> int | None:
        return self.decision.cents if isinstance(self.decision, Collect) else None

    @property
    def waiting(self) -> bool:
        return self.state == State.ASKED


@dataclass(frozen=True, slots=True)
class CheckPage:
    """One question with everything its page shows. ``segments`` are the answer's, as sent."""

    line: CheckLine
    patient_id: int
    answer: Answer | None
    trouble: str
    segments: tuple[str, ...]
    again_at: datetime | None


@dataclass(frozen=True, slots=True)
class Cover:
    """What is known of a day's cover: what ``stands``, and since when another question is out.

    While a payer is asked again, what it answered before stands: nobody waits for the news.
    """

    stands: CheckLine
    asking_since: datetime | None = None


TROUBLE_OF_HEADER = """
    (SELECT CASE WHEN newest.inactive THEN 'inactive' ELSE newest.state END
       FROM coverage_policy policy CROSS JOIN LATERAL (
            SELECT state, inactive FROM coverage_eligibilitycheck
             WHERE policy_id = policy.id ORDER BY asked_at DESC, id DESC LIMIT 1) AS newest
      WHERE policy.patient_id = p.id AND policy.retired_at IS NULL
        AND (newest.state = 'rejected' OR newest.inactive)
      ORDER BY policy.rank, policy.id LIMIT 1)
"""


def latest(patient_id: int, *, reading: Reading) -> list[CheckLine]:
    """The newest question of each of a patient's policies. One query."""
    reading.saw([patient_id])
    rows = (
        _rows()
        .filter(patient_id=patient_id, policy__retired_at__isnull=True)
        .order_by("policy_id", "-asked_at", "-id")
        .distinct("policy_id")
    )
    return sorted(map(_line, rows), key=lambda line: line.rank)


def checks_of(patient_id: int, *, reading: Reading) -> list[CheckLine]:
    """A patient's questions, newest first, at most a hundred. One query."""
    reading.saw([patient_id])
    rows = _rows().filter(patient_id=patient_id).order_by("-asked_at", "-id")
    return [_line(row) for row in rows[:MOST_CHECKS]]


def check(check_id: int, *, reading: Reading) -> CheckPage:
    """One question. Raises Http404 when there is none."""
    row = _rows().filter(pk=check_id).first()
    if row is None:
        raise Http404
    reading.saw([row.patient_id])
    return CheckPage(
        line=_line(row),
        patient_id=row.patient_id,
        answer=_answer(row),
        trouble=row.trouble,
        segments=_segments(bytes(row.answer)) if row.answer else (),
        again_at=_again_at(row),
    )


def cover_on(patient_id: int, *, on: date, reading: Reading) -> Cover | None:
    """The newest question about a day, of the first policy in force on it: what check-in shows.

    One query; two while a payer is asked.
    """
    reading.saw([patient_id])
    return own_cover_on(patient_id, on=on)


def own_cover_on(patient_id: int, *, on: date) -> Cover | None:
    """What `cover_on` tells, for the patient's own page; hands nothing to a reader."""
    rows = (
        _rows()
        .filter(
            patient_id=patient_id,
            service_date=on,
            policy__in=in_force(patient_id, on=on).order_by(),
        )
        .order_by("policy__rank", "-asked_at", "-id")
    )
    newest = rows.first()
    if newest is None:
        return None
    if newest.state != State.ASKED:
        return Cover(_line(newest))
    before = rows.filter(policy=newest.policy_id).exclude(state=State.ASKED).first()
    stands = before if before and before.state == State.ANSWERED else newest
    return Cover(_line(stands), asking_since=newest.asked_at)


@dataclass(frozen=True, slots=True)
class WorkLine:
    """A question that needs a hand before a visit, and whom it is about."""

    check: CheckLine
    patient_id: int
    patient: str
    birth_date: date | None


TROUBLE = (State.REJECTED, State.SILENT, State.FAILED, State.UNREADABLE)
ORDERS = {
    "day": ("service_date", "id"),
    "-day": ("-service_date", "id"),
    "asked": ("asked_at", "id"),
    "-asked": ("-asked_at", "id"),
    "payer": ("policy__plan__payer__name", "service_date", "id"),
    "-payer": ("-policy__plan__payer__name", "service_date", "id"),
}
PAGE = 25


def troubled(*, on: date, order: str, state: str, page: int, reading: Reading) -> Page[Any]:
    """Coming visits whose payers have not answered, by page. Two queries.

    ``order`` and ``state`` fall back to the day and to every trouble when they are not known.
    """
    newest = (
        EligibilityCheck.objects.filter(service_date__gte=on, policy__retired_at__isnull=True)
        .order_by("policy_id", "-asked_at", "-id")
        .distinct("policy_id")
        .values("pk")
    )
    states = [state] if state in TROUBLE else list(TROUBLE)
    rows = (
        _rows().filter(pk__in=newest, state__in=states).order_by(*ORDERS.get(order, ORDERS["day"]))
    )
    found: Page[Any] = Paginator(rows, PAGE).get_page(page)
    lines = [_work_line(row) for row in found.object_list]
    reading.saw(line.patient_id for line in lines)
    found.object_list = lines
    return found


def _work_line(row: EligibilityCheck) -> WorkLine:
    patient = row.patient
    name = ", ".join(filter(None, (patient.family, patient.given)))
    return WorkLine(_line(row), patient.pk, name, patient.birth_date)


def visit_ahead(patient_id: int, *, on: date) -> tuple[date, str]:
    """Day and service type to ask about: the next visit we know of, else an office visit today."""
    visit = (
        ExpectedVisit.objects.filter(patient_id=patient_id, service_date__gte=on)
        .order_by("service_date", "id")
        .first()
    )
    return (visit.service_date, visit.service_type) if visit else (on, "98")


def decide(row: EligibilityCheck, answer: Answer) -> Collect | CannotTell:
    """What the answer means for the visit it was asked for."""
    return what_to_collect(
        answer,
        service_type=row.service_type,
        network=Network(row.policy.plan.network),
        on=row.service_date,
        visit=VisitKind.UNKNOWN,
        born=row.patient.birth_date,
        primary=row.policy.rank == 1,
    )


def is_inactive(row: EligibilityCheck, answer: Answer) -> bool:
    """Whether the payer says that the policy gives no cover for what was asked."""
    decision = decide(row, answer)
    return isinstance(decision, CannotTell) and decision.why == Why.INACTIVE


def _rows() -> QuerySet[EligibilityCheck]:
    return EligibilityCheck.objects.select_related("policy__plan__payer", "patient").defer(
        "inquiry", "patient__keys", "patient__likeness"
    )


def _again_at(row: EligibilityCheck) -> datetime | None:
    quiet_until: datetime = row.quiet.upper
    return quiet_until if row.state in {State.ASKED, State.SILENT} else None


def _answer(row: EligibilityCheck) -> Answer | None:
    if row.state not in {State.ANSWERED, State.REJECTED} or row.answer is None:
        return None
    return read_271(bytes(row.answer))


def _line(row: EligibilityCheck) -> CheckLine:
    answer = _answer(row)
    rejections = answer.rejections if answer else ()
    return CheckLine(
        id=row.pk,
        policy_id=row.policy_id,
        payer=row.policy.plan.payer.name,
        plan=row.policy.plan.name,
        rank=row.policy.rank,
        occasion=row.get_occasion_display(),
        state=row.state,
        service_date=row.service_date,
        service_type=row.service_type,
        asked_at=row.asked_at,
        settled_at=row.settled_at,
        decision=decide(row, answer) if answer else None,
        refusals=tuple(refusal(each.code) for each in rejections),
    )


def _segments(body: bytes) -> tuple[str, ...]:
    """The answer's segments for reading, whatever they are: it may be no X12 at all."""
    text = readable(body[:200_000].decode("latin-1"))
    try:
        mark = next(blocks(body)).delimiters.terminator
    except X12SyntaxError:
        return tuple(line for line in text.splitlines() if line.strip())[:500]
    return tuple(part.strip() for part in text.split(mark) if part.strip())
