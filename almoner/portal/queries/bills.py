"""What a bill comes to now, how its payment stands, and what was paid before."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.http import Http404

from almoner.billing import queries as billing
from almoner.billing.models import Estimate, Statement
from almoner.facility import queries as facility
from almoner.facility.models import Location
from almoner.ground.money import dollars
from almoner.ledger.models import Payment
from almoner.ledger.queries import UNRESOLVED, newest_payment_id
from almoner.portal import rules
from almoner.portal.queries.acting import as_the_desk
from almoner.portal.queries.paying import Paying, paying_of, visits_being_paid
from almoner.portal.queries.visits import shown

_RECEIPTS = 25


@dataclass(frozen=True, slots=True)
class Owed:
    """A bill and what of it, in cents, is owed now; ``item`` is how the ledger names it.

    ``visits`` are those it names of whom one acts for, each with its day in words.
    """

    number: str
    item: str
    paying: Paying
    visits: list[tuple[int, str]]


def owed(number: str, patient_id: int, *, language: str) -> Owed:
    """A bill to whom one acts for. Raises Http404. What is owed is what the desk would say.

    Only the newest bill is paid: an older one is on it.
    """
    row = (
        Statement.objects.filter(number=number, guarantor_id=patient_id)
        .values_list("id", "number", "state", "private", "lines")
        .first()
    )
    if row is None:
        raise Http404
    statement_id, number, state, private, lines = row
    item = f"statement:{statement_id}"
    newest = (
        Payment.objects.filter(patient_id=patient_id, method="card")
        .filter(Q(for_item=item) | Q(state__in=UNRESOLVED))
        .only(
            "id", "state", "cents", "page_url", "card_brand", "card_last_four", "asked_at",
            "settled_at",
        )
        .order_by("-id")
        .first()
    )  # fmt: skip
    with as_the_desk():
        seen = newest_payment_id(patient_id, None)  # first: what comes later is newer
        owing = billing.owed_on(patient_id, private=private)
        left = max(0, sum(visit.owed for visit in owing))
        elsewhere = visits_being_paid([visit.visit_id for visit in owing if visit.visit_id])
        zone = facility.organisation().time_zone
    paying = paying_of(
        newest, offered=state == Statement.State.SENT, seen=seen, due=left, zone=zone,
        language=language, elsewhere=elsewhere,
    )  # fmt: skip
    return Owed(number, item, paying, _visits(lines, language))


def _visits(lines: list[dict[str, Any]], language: str) -> list[tuple[int, str]]:
    """The visits of a bill that may be opened. One query."""
    rows = shown().filter(pk__in=[line["visit_id"] for line in lines if line["visit_id"]])
    return [
        (row.pk, rules.said(language, "visit_of", day=rules.date_text(row.local_day, language)))
        for row in rows.order_by("local_day", "id")[:_RECEIPTS]
    ]


def paid_at(number: str) -> Location:
    """Where a bill's payment is booked: where its last visit was, else our first location.

    As the desk.
    """
    lines = Statement.objects.values_list("lines", flat=True).get(number=number)
    visits = [line["visit_id"] for line in lines if line["visit_id"]]
    where = Location.objects.filter(appointment__pk__in=visits[-1:])
    return where.first() or Location.objects.order_by("pk")[0]


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment that was made: its number, in cents, and in words when and how."""

    id: int
    cents: int
    day: str
    how: str


def paid(patient_id: int, *, language: str) -> list[Paid]:
    """The newest payments that were made, the newest first. Two queries."""
    return paid_lines(Q(patient_id=patient_id), language=language)


def paid_lines(which: Q, *, language: str) -> list[Paid]:
    """The newest of some payments that were made, the newest first. Two queries."""
    zone = ZoneInfo(facility.organisation().time_zone)
    words = rules.WORDS[language]
    rows = Payment.objects.filter(which, state=Payment.State.COMPLETED)
    fields = ("id", "cents", "method", "card_brand", "card_last_four", "asked_at", "settled_at")
    found = []
    for id_, cents, method, brand, digits, asked, settled in rows.order_by("-id").values_list(
        *fields
    )[:_RECEIPTS]:
        day = rules.date_text((settled or asked).astimezone(zone).date(), language)
        how = f"{brand} {digits}".strip() or words[f"paid_{method}"]
        found.append(Paid(id_, cents, day, how))
    return found


def own_payment(payment_id: int, patient_id: int) -> int:
    """The id of a payment that was made, of whom one acts for. Raises Http404."""
    rows = Payment.objects.filter(
        pk=payment_id, patient_id=patient_id, state=Payment.State.COMPLETED
    )
    found = rows.values_list("pk", flat=True).first()
    if found is None:
        raise Http404
    return found


def estimate(due: int | None, language: str) -> str:
    """What a visit will cost the patient, as their coverage tells; empty when it does not."""
    return rules.said(language, "estimate", amount=dollars(due)) if due else ""


@dataclass(frozen=True, slots=True)
class Estimated:
    """The newest good-faith estimate of a visit: in words, and service by service in cents."""

    id: int
    says: str
    lines: list[tuple[str, int, int]]


def estimated(appointment_id: int, language: str) -> Estimated | None:
    """What a visit is expected to cost by our prices; None when nothing was estimated.

    Nor when a plan pays it by now, unless the patient asked.
    """
    row = (
        Estimate.objects.filter(appointment_id=appointment_id)
        .order_by("-version")
        .values_list("id", "total_cents", "lines")
        .first()
    )
    if row is None:
        return None
    with as_the_desk():
        if not billing.is_told_estimate(appointment_id):
            return None
    id_, cents, lines = row
    return Estimated(
        id_,
        rules.said(language, "estimated", amount=dollars(cents)),
        [(line["description"], line["units"], line["cents"]) for line in lines],
    )


def estimate_paper(appointment_id: int) -> tuple[int, bytes, str]:
    """The newest estimate of a visit as it was made: id, PDF, number. Raises Http404."""
    rows = Estimate.objects.filter(appointment_id=appointment_id).order_by("-version")
    row = rows.values_list("id", "pdf", "number").first()
    if row is None:
        raise Http404
    return row[0], bytes(row[1]), row[2]
