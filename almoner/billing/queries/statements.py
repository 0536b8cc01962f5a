"""What a guarantor owes, visit by visit, and what was said about it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.http import Http404

from almoner.access.queries import Reading
from almoner.billing.models import Statement, StatementTerms
from almoner.billing.rules import statements
from almoner.patients.models import Patient

SMALLEST_CENTS, DUE_DAYS, AGAIN_DAYS = 500, 30, 28
"""What holds where nobody wrote terms down."""

OWED = """
    WITH family AS (
        SELECT id, given, family FROM patients_patient
         WHERE guarantor_id = %(guarantor)s OR (id = %(guarantor)s AND guarantor_id IS NULL)
    ), sums AS (
        SELECT entry.patient_id, entry.visit_id,
               -sum(cents) FILTER (WHERE account IN ('revenue', 'fees')) AS charged,
               sum(cents) FILTER (WHERE account = 'remittance') AS insurance,
               sum(cents) FILTER (WHERE account IN ('contractual', 'denial_write_off', 'bad_debt',
                                                    'charity')) AS adjusted,
               sum(cents) FILTER (WHERE account IN ('patient_ar', 'unapplied')) AS owed,
               -sum(cents) FILTER (WHERE account IN ('patient_ar', 'unapplied')
                    AND (journal.kind IN ('payment', 'credit_applied', 'refund')
                         OR undone.kind = 'payment')) AS paid
          FROM ledger_entry entry JOIN ledger_journal journal ON journal.id = entry.journal_id
          LEFT JOIN ledger_journal undone ON undone.id = journal.reverses_id
         WHERE entry.patient_id IN (SELECT id FROM family)
         GROUP BY entry.patient_id, entry.visit_id
    )
    SELECT sums.visit_id, trim(family.given || ' ' || family.family), visit.local_day,
           concat_ws(' ', clinician.given, clinician.family), coalesce(charged, 0)::bigint,
           coalesce(insurance, 0)::bigint, coalesce(adjusted, 0)::bigint,
           coalesce(paid, 0)::bigint, coalesce(owed, 0)::bigint
      FROM sums JOIN family ON family.id = sums.patient_id
      LEFT JOIN scheduling_appointment visit ON visit.id = sums.visit_id
      LEFT JOIN facility_clinician clinician ON clinician.id = visit.clinician_id
     WHERE coalesce(owed, 0) <> 0
     ORDER BY visit.local_day NULLS LAST, sums.visit_id
"""


def owed_by(guarantor_id: int) -> list[statements.VisitOwed]:
    """What a guarantor owes for himself and those he answers for, oldest visit first. One query.

    Only what stands on patients' accounts: what a payer still has to decide, or refused at its own
    cost (CO), never stands there.
    """
    with connection.cursor() as cursor:
        cursor.execute(OWED, {"guarantor": guarantor_id})
        return [statements.VisitOwed(*row) for row in cursor.fetchall()]


def statement_terms(day: date) -> statements.Terms:
    row = StatementTerms.objects.filter(starts__lte=day).order_by("-starts").first()
    if row is None:
        return statements.Terms(SMALLEST_CENTS, DUE_DAYS, AGAIN_DAYS)
    return statements.Terms(row.smallest_cents, row.due_days, row.again_days)


def guarantor_of(patient_id: int) -> Patient:
    """The patient who answers for this one: often himself. Raises Http404."""
    row = Patient.objects.select_related("guarantor").filter(pk=patient_id).first()
    if row is None:
        raise Http404
    return row.guarantor or row


def last_statement(guarantor_id: int) -> Statement | None:
    found = Statement.objects.filter(guarantor_id=guarantor_id).defer("pdf")
    return found.order_by("-issued_at").first()


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A statement as a list shows it."""

    id: int
    number: str
    issued_date: date
    due_date: date
    cents: int
    state: str
    way: str
    closed_at: datetime | None


def statements_of(guarantor_id: int, *, reading: Reading, limit: int = 10) -> list[StatementLine]:
    """The latest statements to a guarantor, newest first. One query."""
    reading.saw([guarantor_id])
    names = ("id", "number", "issued_date", "due_date", "cents", "state", "way", "closed_at")
    rows = Statement.objects.filter(guarantor_id=guarantor_id).order_by("-issued_at", "-id")
    return [StatementLine(*row) for row in rows.values_list(*names)[:limit]]


def statement(statement_id: int, *, reading: Reading) -> Statement:
    """One statement as it was sent. Raises Http404."""
    row = Statement.objects.select_related("guarantor").filter(pk=statement_id).first()
    if row is None:
        raise Http404
    reading.saw([row.guarantor_id])
    return row


OWING = """
    SELECT guarantor FROM (
        SELECT coalesce(patient.guarantor_id, patient.id) AS guarantor, sum(entry.cents) AS owed
          FROM ledger_entry entry JOIN patients_patient patient ON patient.id = entry.patient_id
         WHERE entry.account IN ('patient_ar', 'unapplied')
         GROUP BY 1
    ) AS one
     WHERE owed >= %(smallest)s AND guarantor > %(after)s
     ORDER BY guarantor LIMIT %(most)s
"""


def owing(*, smallest_cents: int, after: int = 0, most: int = 500) -> list[int]:
    """Guarantors who owe at least so much, by id, those behind ``after``. One query."""
    with connection.cursor() as cursor:
        cursor.execute(OWING, {"smallest": smallest_cents, "after": after, "most": most})
        return [row[0] for row in cursor.fetchall()]
