"""What a statement says and when one is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class VisitOwed:
    """One visit on a statement, in cents; ``owed`` is what the patient still owes of it."""

    visit_id: int | None
    patient_name: str
    service_date: date | None
    clinician: str
    charged: int
    insurance_paid: int
    adjusted: int
    patient_paid: int
    owed: int


@dataclass(frozen=True, slots=True)
class Terms:
    """See `models.StatementTerms`."""

    smallest_cents: int
    due_days: int
    again_days: int


def refusal(
    visits: Sequence[VisitOwed], terms: Terms, *, today: date, last_sent: date | None
) -> str:
    """Why no statement is to be sent now, as a sentence; empty when one is."""
    owed = sum(visit.owed for visit in visits)
    if owed <= 0:
        return "Nothing is owed."
    if owed < terms.smallest_cents:
        return "What is owed is less than the smallest amount a statement is sent for."
    if last_sent is not None and today < last_sent + timedelta(days=terms.again_days):
        return f"A statement was sent on {last_sent:%b %-d, %Y}; it is too early for another."
    return ""


def number(issued: date, statement_id: int) -> str:
    """The number a guarantor quotes: ``S-2611-000042``."""
    return f"S-{issued:%y%m}-{statement_id:06d}"
