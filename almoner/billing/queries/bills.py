"""The money of one visit, for its patient. These hand nothing to a reader."""

from django.db import connection
from django.db.models import Q

from almoner.billing.models import Claim, Statement
from almoner.billing.queries.statements import SUMS
from almoner.billing.rules.bills import VisitBill, plan_stands
from almoner.ledger.models import Payment
from almoner.ledger.queries import UNRESOLVED

STATEMENT = "statement:"
"""How the ledger names a payment for a statement, before its id."""
ONE = "".join(
    (
        "SELECT",
        SUMS,
        """,
           coalesce(sum(cents) FILTER (WHERE account = 'insurance_ar'), 0)::bigint
      FROM ledger_entry entry JOIN ledger_journal journal ON journal.id = entry.journal_id
      LEFT JOIN ledger_journal undone ON undone.id = journal.reverses_id
     WHERE entry.visit_id = %s
""",
    )
)


def visit_bill(appointment_id: int) -> VisitBill:
    """What a visit cost, who paid what of it, and what its patient still owes. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(ONE, [appointment_id])
        charged, plan_paid, adjusted, paid, owed, insurance = cursor.fetchone()
    claims = Claim.objects.filter(slip__encounter__appointment_id=appointment_id)
    states = list(claims.values_list("state", flat=True))
    plan = plan_stands(states, insurance=insurance)
    return VisitBill(charged, plan_paid, adjusted, paid, owed, insurance, plan)


def naming(appointment_id: int) -> Q:
    """Statements that name a visit."""
    return Q(lines__contains=[{"visit_id": appointment_id}])


def is_paid_elsewhere(appointment_id: int) -> bool:
    """Whether a bill that names this visit is being paid, and nobody knows yet with what outcome.

    Two queries: the visit must not be paid beside it. What is being paid are few; bills are many.
    """
    paid = Payment.objects.filter(state__in=UNRESOLVED, for_item__startswith=STATEMENT)
    items = paid.values_list("for_item", flat=True)
    ids = [int(item.removeprefix(STATEMENT)) for item in items]
    return Statement.objects.filter(naming(appointment_id), pk__in=ids).exists()
