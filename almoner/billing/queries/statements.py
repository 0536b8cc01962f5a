"""What a guarantor owes, visit by visit, and what was said about it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Q
from django.http import Http404

from almoner.access.queries import Reading
from almoner.billing.models import Statement, StatementTerms
from almoner.billing.rules import statements
from almoner.patients.models import Patient

SMALLEST_CENTS, DUE_DAYS, AGAIN_DAYS = 500, 30, 28
"""What holds where nobody wrote terms down."""

PRIVATE = """
    EXISTS (SELECT FROM billing_privatevisit kept
             WHERE kept.appointment_id = entry.visit_id AND kept.from_guarantor
               AND kept.ended_at IS NULL)
"""
"""Whether what a ledger entry is about is kept from whoever pays."""

SUMS = """
    coalesce(-sum(cents) FILTER (WHERE account IN ('revenue', 'fees')), 0)::bigint AS charged,
    coalesce(sum(cents) FILTER (WHERE account = 'remittance'), 0)::bigint AS insurance,
    coalesce(sum(cents) FILTER (WHERE account IN ('contractual', 'denial_write_off', 'bad_debt',
                                                  'charity')), 0)::bigint AS adjusted,
    coalesce(-sum(cents) FILTER (WHERE account IN ('patient_ar', 'unapplied')
         AND (journal.kind IN ('payment', 'credit_applied', 'refund')
              OR undone.kind = 'payment')), 0)::bigint AS paid,
    coalesce(sum(cents) FILTER (WHERE account IN ('patient_ar', 'unapplied')), 0)::bigint AS owed
"""
"""What the entries of a visit come to, for whoever owes it."""

OWED = f"""
    WITH family AS (
        SELECT id, given, family FROM patients_patient
         WHERE CASE WHEN %(private)s THEN id = %(guarantor)s
               ELSE guarantor_id = %(guarantor)s OR (id = %(guarantor)s AND guarantor_id IS NULL)
               END
    ), sums AS (
        SELECT entry.patient_id, entry.visit_id,
               {SUMS}
          FROM ledger_entry entry JOIN ledger_journal journal ON journal.id = entry.journal_id
          LEFT JOIN ledger_journal undone ON undone.id = journal.reverses_id
         WHERE entry.patient_id IN (SELECT id FROM family)
           AND {PRIVATE} = %(private)s
         GROUP BY entry.patient_id, entry.visit_id
    )
    SELECT sums.patient_id, sums.visit_id, trim(family.given || ' ' || family.family),
           visit.local_day, concat_ws(' ', clinician.given, clinician.family),
           charged, insurance, adjusted, paid, owed
      FROM sums JOIN family ON family.id = sums.patient_id
      LEFT JOIN scheduling_appointment visit ON visit.id = sums.visit_id
      LEFT JOIN facility_clinician clinician ON clinician.id = visit.clinician_id
     WHERE owed <> 0
     ORDER BY visit.local_day NULLS LAST, sums.visit_id
"""  # noqa: S608 (constants)


def owed_by(guarantor_id: int) -> list[statements.VisitOwed]:
    """What a guarantor owes for himself and those he answers for, oldest visit first. One query.

    Only what stands on patients' accounts: what a payer still has to decide, or refused at its own
    cost (CO), never stands there. What is kept from whoever pays is not among it.
    """
    return _owed(guarantor_id, private=False)


def owed_privately(patient_id: int) -> list[statements.VisitOwed]:
    """What a patient owes for visits that are kept from whoever pays. One query."""
    return _owed(patient_id, private=True)


def owed_on(guarantor_id: int, *, private: bool) -> list[statements.VisitOwed]:
    """What a statement of this kind says today."""
    return owed_privately(guarantor_id) if private else owed_by(guarantor_id)


def _owed(guarantor_id: int, *, private: bool) -> list[statements.VisitOwed]:
    with connection.cursor() as cursor:
        cursor.execute(OWED, {"guarantor": guarantor_id, "private": private})
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


def last_statement(guarantor_id: int, *, private: bool = False) -> Statement | None:
    found = Statement.objects.filter(guarantor_id=guarantor_id, private=private).defer("pdf")
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
    private: bool


def statements_of(guarantor_id: int, *, patient_id: int, reading: Reading) -> list[StatementLine]:
    """All statements about a patient, to a guarantor or private ones, newest first.

    Of each one in four weeks at most. One query.
    """
    reading.saw([guarantor_id, patient_id])
    names = (
        "id", "number", "issued_date", "due_date", "cents", "state", "way", "closed_at", "private",
    )  # fmt: skip
    which = Q(guarantor_id=guarantor_id, private=False) | Q(guarantor_id=patient_id, private=True)
    rows = Statement.objects.filter(which).order_by("-issued_at", "-id")
    return [StatementLine(*row) for row in rows.values_list(*names)]


def statement(statement_id: int, *, reading: Reading) -> Statement:
    """One statement as it was sent. Raises Http404."""
    row = Statement.objects.select_related("guarantor").filter(pk=statement_id).first()
    if row is None:
        raise Http404
    reading.saw(people_of(row))
    return row


def people_of(row: Statement) -> set[int]:
    """Everybody a statement names: who answers for it, and each patient of its lines."""
    return {row.guarantor_id, *(line["patient_id"] for line in row.lines)}


OWING = f"""
    SELECT guarantor, private FROM (
        SELECT CASE WHEN about.private THEN patient.id
               ELSE coalesce(patient.guarantor_id, patient.id) END AS guarantor,
               about.private, sum(entry.cents) AS owed
          FROM ledger_entry entry JOIN patients_patient patient ON patient.id = entry.patient_id
         CROSS JOIN LATERAL (SELECT {PRIVATE} AS private) about
         WHERE entry.account IN ('patient_ar', 'unapplied')
         GROUP BY 1, 2
    ) AS one
     WHERE owed >= %(smallest)s AND (guarantor, private) > (%(after)s, %(after_private)s)
     ORDER BY guarantor, private LIMIT %(most)s
"""  # noqa: S608 (constants)


def owing(
    *, smallest_cents: int, after: tuple[int, bool] = (0, True), most: int = 500
) -> list[tuple[int, bool]]:
    """Who owes at least so much, and whether for private visits, those behind ``after``.

    Each is the id of who gets the statement. One query.
    """
    asked = {
        "smallest": smallest_cents, "after": after[0], "after_private": after[1], "most": most,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(OWING, asked)
        return [(guarantor, private) for guarantor, private in cursor.fetchall()]
