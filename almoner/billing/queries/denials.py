"""The denial work list."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, FloatField, IntegerField, QuerySet, Sum, Value
from django.db.models.expressions import Expression, Func, OrderBy
from django.db.models.functions import Cast, Greatest
from django.http import Http404

from almoner.access.queries import Reading
from almoner.billing.models import Denial
from almoner.billing.queries.claims import find_claims
from almoner.billing.rules import denials

PAGE = 50


@dataclass(frozen=True, slots=True)
class DenialLine:
    """One denial on the work list; cents refused, days until something must be done."""

    id: int
    claim_id: int
    number: str
    patient_id: int
    family: str
    given: str
    payer: str
    group: str
    category: str
    reasons: list[str]
    cents: int
    desk: str
    act_by: date
    state: str
    unprocessable: bool
    service_date: date
    days_left: int = 0
    action: str = ""


_DENIAL_COLUMNS = (
    "pk", "claim_id", "claim__number", "patient_id", "patient__family", "patient__given",
    "payer__name", "group", "category", "reasons", "cents", "desk", "act_by", "state",
    "unprocessable", "claim__service_date",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DenialsAsked:
    """Filters of the work list; what is not on a list of ours lets everything through."""

    category: str = ""
    desk: str = ""
    payer_id: int | None = None
    state: str = ""
    order: str = ""


def denial_page(asked: DenialsAsked, *, number: int, today: date, reading: Reading) -> Page[Any]:
    """One page of the work list, the most money with the fewest days left first. Two queries.

    Urgency is cents for each day left; a day passed counts like the last one.
    """
    rows = _denials(asked)
    if asked.order in _DENIAL_ORDERS:
        rows = rows.order_by(*_DENIAL_ORDERS[asked.order])
    else:
        rows = rows.order_by(OrderBy(_urgency(today), descending=True), "act_by", "pk")
    page: Page[Any] = Paginator(rows.values_list(*_DENIAL_COLUMNS), PAGE).get_page(number)
    page.object_list = [_line(row, today) for row in page.object_list]
    reading.saw(line.patient_id for line in page.object_list)
    return page


def find_denials(typed: str, *, today: date, reading: Reading, most: int = 8) -> list[DenialLine]:
    """Unsettled denials of the claims that Ctrl-K finds by number or patient, the nearest first."""
    claims = [line.id for line in find_claims(typed, reading=reading)]
    rows = Denial.objects.filter(claim_id__in=claims).exclude(state="settled")
    found = rows.order_by("act_by", "pk").values_list(*_DENIAL_COLUMNS)[:most]
    return [_line(row, today) for row in found]


def _line(row: Sequence[Any], today: date) -> DenialLine:
    line = DenialLine(*row)
    action = denials.HANDLING[denials.Category(line.category)].action.value
    return replace(line, days_left=(line.act_by - today).days, action=action)


_DENIAL_ORDERS = {
    "act_by": ("act_by", "pk"),
    "-act_by": ("-act_by", "-pk"),
    "cents": ("cents", "pk"),
    "-cents": ("-cents", "-pk"),
}


def _denials(asked: DenialsAsked) -> QuerySet[Denial]:
    rows = Denial.objects.all()
    if asked.state in {"open", "appealed", "settled"}:
        rows = rows.filter(state=asked.state)
    else:
        rows = rows.exclude(state="settled")
    if asked.category in set(denials.Category):
        rows = rows.filter(category=asked.category)
    if asked.desk:
        rows = rows.filter(desk=asked.desk)
    if asked.payer_id:
        rows = rows.filter(payer_id=asked.payer_id)
    return rows


def _urgency(today: date) -> Expression:
    days = Func(F("act_by"), Value(today), function="date_mi", output_field=IntegerField())
    return Cast(F("cents"), FloatField()) / Greatest(days, Value(1))


def denial(denial_id: int, *, reading: Reading) -> Denial:
    """One denial. Raises Http404."""
    row = Denial.objects.select_related("claim", "payer").filter(pk=denial_id).first()
    if row is None:
        raise Http404
    reading.saw([row.patient_id])
    return row


def denial_total() -> tuple[int, int]:
    """How many denials are unsettled, and their cents. One query."""
    found = Denial.objects.exclude(state="settled").aggregate(n=Count("pk"), cents=Sum("cents"))
    return found["n"], found["cents"] or 0
