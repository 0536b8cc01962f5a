"""Payments that turned out to be none: why, and whose the money was."""

from dataclasses import dataclass
from datetime import date, datetime

from almoner.access.queries import Reading
from almoner.ledger.models import Payment, Undoing
from almoner.patients.models import Patient


@dataclass(frozen=True, slots=True)
class Undone:
    """Why a payment turned out to be none; ``moved_to`` is the payment that took its place."""

    kind: str
    reason: str
    fee_cents: int
    moved_to: int | None
    at: datetime
    by: str


def undoing_of(payment_id: int) -> Undone | None:
    """What became of a payment that was undone."""
    row = Undoing.objects.select_related("by").filter(payment_id=payment_id).first()
    if row is None:
        return None
    return Undone(row.kind, row.reason, row.fee_cents, row.moved_to_id, row.at, row.by.name)


def deposit_of(payment_id: int) -> str:
    """The state of the deposit a check is in; empty when it is in none."""
    row = Payment.objects.select_related("deposit").get(pk=payment_id)
    return row.deposit.state if row.deposit else ""


def patient_identified(mrn: str, birth_date: date, *, reading: Reading) -> int | None:
    """Whose number and birth date these are; None when they name nobody together."""
    found = Patient.objects.filter(mrn__iexact=mrn.strip(), birth_date=birth_date)
    patient_id = found.values_list("pk", flat=True).first()
    if patient_id:
        reading.saw([patient_id])
    return patient_id
