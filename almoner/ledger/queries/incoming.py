"""Money due at the bank: the list, one of it, and how much of it is late."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce
from django.http import Http404

from almoner.ledger.models import Incoming
from almoner.ledger.rules.incoming import LATE_AFTER_DAYS, Source

PAGE = 50


@dataclass(frozen=True, slots=True)
class IncomingLine:
    """Announced money in a list, or at the head of its page; cents. ``age`` in days since due."""

    id: int
    source: str
    name: str
    reference: str
    cents: int
    expected_on: date
    state: str
    seen_cents: int | None
    seen_on: date | None
    because: str
    note: str
    settled_at: datetime | None
    settled_by: str
    payments: int
    age: int

    @property
    def late(self) -> bool:
        return self.state == Incoming.State.EXPECTED and self.age > LATE_AFTER_DAYS

    @property
    def difference(self) -> int:
        return self.cents - (self.cents if self.seen_cents is None else self.seen_cents)


@dataclass(frozen=True, slots=True)
class IncomingAsked:
    """Which a list shows; what is not on a list of ours lets everything through."""

    state: str = "expected"
    source: str = ""


def incoming_page(asked: IncomingAsked, *, number: int, today: date) -> Page[Any]:
    """One page: the oldest of what is expected first, the latest of the rest. Two queries."""
    rows = _rows()
    if asked.state in Incoming.State.values:
        rows = rows.filter(state=asked.state)
    if asked.source in set(Source):
        rows = rows.filter(source=asked.source)
    expected = asked.state == Incoming.State.EXPECTED
    order = ("expected_on", "pk") if expected else ("-expected_on", "-pk")
    page: Page[Any] = Paginator(rows.order_by(*order), PAGE).get_page(number)
    page.object_list = [_line(row, today) for row in page.object_list]
    return page


def incoming(incoming_id: int, *, today: date) -> IncomingLine:
    """One announced sum. Raises Http404."""
    row = _rows().filter(pk=incoming_id).first()
    if row is None:
        raise Http404
    return _line(row, today)


@dataclass(frozen=True, slots=True)
class IncomingSums:
    """What is expected at the bank: cents by source, and how many of it are late."""

    cards: int
    payers: int
    late: int
    late_cents: int


def incoming_sums(*, today: date) -> IncomingSums:
    """One query."""
    late = Q(expected_on__lt=date.fromordinal(today.toordinal() - LATE_AFTER_DAYS))
    told = Incoming.objects.filter(state=Incoming.State.EXPECTED).aggregate(
        cards=Coalesce(Sum("cents", filter=Q(source=Source.CARDS)), 0),
        payers=Coalesce(Sum("cents", filter=Q(source=Source.PAYER)), 0),
        late=Count("pk", filter=late),
        late_cents=Coalesce(Sum("cents", filter=late), 0),
    )
    return IncomingSums(**told)


def _rows() -> Any:
    return Incoming.objects.select_related("settled_by").annotate(
        paid=Count("payments", distinct=True)
    )


def _line(row: Any, today: date) -> IncomingLine:
    return IncomingLine(
        id=row.pk,
        source=row.source,
        name=row.name,
        reference=row.reference,
        cents=row.cents,
        expected_on=row.expected_on,
        state=row.state,
        seen_cents=row.seen_cents,
        seen_on=row.seen_on,
        because=row.because,
        note=row.note,
        settled_at=row.settled_at,
        settled_by=row.settled_by.name if row.settled_by else "",
        payments=row.paid,
        age=(today - row.expected_on).days,
    )
