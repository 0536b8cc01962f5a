"""Reads of remittances: what became of a file, of a payment, of one answered claim."""

from dataclasses import dataclass

from django.db.models import Count, Q

from almoner.billing.models import Remittance


@dataclass(frozen=True, slots=True)
class PaymentResult:
    """What became of one payment of a file. Amounts in cents; see `Remittance.State`."""

    remittance_id: int
    state: str
    paid_cents: int
    claims: int
    posted: int
    unmatched: int
    denials: int
    refusal: tuple[str, ...]


def payment_results(received_id: int) -> list[PaymentResult]:
    """The payments of a file in its order. One query."""
    rows = (
        Remittance.objects.filter(received_id=received_id)
        .annotate(
            posted=Count("claims", filter=Q(claims__state="posted"), distinct=True),
            unmatched=Count("claims", filter=Q(claims__state="unmatched"), distinct=True),
            denials=Count("claims__denials", distinct=True),
        )
        .order_by("position")
    )
    return [
        PaymentResult(
            row.pk,
            row.state,
            row.paid_cents,
            row.claim_count,
            row.posted,
            row.unmatched,
            row.denials,
            tuple(f"{each['place']}: {each['message']}" for each in refused_at(row)),
        )
        for row in rows
    ]


def refused_at(row: Remittance) -> list[dict[str, str]]:
    """The errors a remittance was refused for, the first in the file first."""
    faults = row.refusal["faults"] if row.refusal else []
    return [fault for fault in faults if fault["severity"] == "error"]
