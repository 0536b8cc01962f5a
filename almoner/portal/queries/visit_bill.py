"""The bill on the page of a visit: what it came to, its statements and its receipts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.http import Http404

from almoner.billing import queries as billing
from almoner.billing.models import Statement
from almoner.billing.rules.bills import VisitBill, is_only_of
from almoner.ledger.models import Payment
from almoner.portal import rules
from almoner.portal.queries.acting import as_the_desk
from almoner.portal.queries.bills import Paid, own_payment, paid_lines
from almoner.portal.queries.home import bill_letter
from almoner.portal.queries.links import Found

_MOST = 12
"""Statements of one visit: there is one in four weeks at most."""


@dataclass(frozen=True, slots=True)
class OfVisit:
    """A visit's bill in words and cents: ``sums`` are its lines, ``plan`` how it stands there."""

    bill: VisitBill
    sums: Sequence[tuple[str, int]]
    plan: str
    statements: Sequence[tuple[str, str]]
    receipts: Sequence[Paid]


def bill_of(link: Found, *, language: str) -> OfVisit:
    """What whoever is on the page of a visit may read of its money. Five queries.

    The page has made sure that it is a visit of whom it acts for.
    """
    with as_the_desk():
        bill = billing.visit_bill(link.appointment_id)
    words = rules.WORDS[language]
    named = (
        ("sum_charged", bill.charged),
        ("sum_plan_paid", -bill.plan_paid),
        ("sum_adjusted", -bill.adjusted),
        ("sum_paid", -bill.paid),
        ("sum_insurance", -bill.insurance),
    )
    found = _statements(link)
    receipts = paid_lines(_payments(link, [one[0] for one in found]), language=language)
    return OfVisit(
        bill,
        [(words[word], cents) for word, cents in named if cents],
        words.get(f"plan_{bill.plan}", ""),
        [
            (number, rules.said(language, "bill_of", day=rules.date_text(issued, language)))
            for _id, number, issued, _lines in found
        ],
        receipts,
    )


def _statements(link: Found) -> list[tuple[int, str, date, list[dict[str, int | None]]]]:
    """The statements that name the visit, the newest first; by a link those of it alone."""
    rows = Statement.objects.filter(
        billing.naming(link.appointment_id), guarantor_id=link.patient_id
    )
    found = rows.order_by("-issued_at", "-id").values_list("id", "number", "issued_date", "lines")
    return [
        row
        for row in found[:_MOST]
        if link.way is not None
        or is_only_of([line["visit_id"] for line in row[3]], link.appointment_id)
    ]


def _payments(link: Found, statement_ids: Sequence[int]) -> Q:
    items = [f"statement:{number}" for number in statement_ids]
    return Q(patient_id=link.patient_id) & (
        Q(visit_id=link.appointment_id) | Q(for_item__in=items, visit_id=None)
    )


def statement_of(link: Found, number: str) -> bytes:
    """A statement that the page of the visit names. Raises Http404."""
    if not any(number == one[1] for one in _statements(link)):
        raise Http404
    return bill_letter(number)


def receipt_of(link: Found, payment_id: int) -> int:
    """The id of a payment whose receipt the page of the visit shows. Raises Http404."""
    rows = Payment.objects.filter(_payments(link, [one[0] for one in _statements(link)]))
    if not rows.filter(pk=payment_id).exists():
        raise Http404
    return own_payment(payment_id, link.patient_id)
