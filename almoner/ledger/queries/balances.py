"""What stands on the accounts: by patient, by visit, by account, by age.

These hand out cents and ids. Whoever shows them on a page tells its reading whom it showed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from almoner.ground.locks import hold
from almoner.ledger.models import Entry, Journal
from almoner.ledger.rules import Account, Line, Owed


@dataclass(frozen=True, slots=True)
class Balance:
    """Cents of one patient or one visit.

    ``owed`` is what the patient owes, ``credit`` what was paid ahead and not yet used (positive),
    ``insurance`` what payers still owe, ``refund`` what we have promised to give back.
    """

    owed: int = 0
    credit: int = 0
    insurance: int = 0
    refund: int = 0

    @property
    def due(self) -> int:
        """What to ask the patient for now; negative when the patient has money with us."""
        return self.owed - self.credit


_SUMS = """
    coalesce(sum(cents) FILTER (WHERE account = 'patient_ar'), 0)::bigint,
    coalesce(-sum(cents) FILTER (WHERE account = 'unapplied'), 0)::bigint,
    coalesce(sum(cents) FILTER (WHERE account = 'insurance_ar'), 0)::bigint,
    coalesce(-sum(cents) FILTER (WHERE account = 'refund_liability'), 0)::bigint
"""
_RECEIVABLES = "account IN ('patient_ar', 'unapplied', 'insurance_ar', 'refund_liability')"


def balance_of(patient_id: int) -> Balance:
    """One patient's balance. One query."""
    return balances_of([patient_id])[patient_id]


def balances_of(patient_ids: Iterable[int]) -> dict[int, Balance]:
    """Balances of many patients, for a list; each asked for is there. One query."""
    asked = list(patient_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT patient_id, {_SUMS} FROM ledger_entry"  # noqa: S608 (our own constants)
            f" WHERE patient_id = ANY(%s) AND {_RECEIVABLES} GROUP BY patient_id",
            [asked],
        )
        found = {row[0]: Balance(*row[1:]) for row in cursor.fetchall()}
    return {patient_id: found.get(patient_id, Balance()) for patient_id in asked}


def visit_balances(visit_ids: Iterable[int]) -> dict[int, Balance]:
    """Balances of visits (appointments); each asked for is there. One query."""
    asked = list(visit_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT visit_id, {_SUMS} FROM ledger_entry"  # noqa: S608 (our own constants)
            f" WHERE visit_id = ANY(%s) AND {_RECEIVABLES} GROUP BY visit_id",
            [asked],
        )
        found = {row[0]: Balance(*row[1:]) for row in cursor.fetchall()}
    return {visit_id: found.get(visit_id, Balance()) for visit_id in asked}


def account_balances() -> dict[Account, int]:
    """The trial balance: every account's cents, debits positive. It sums to zero."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account, sum(cents)::bigint FROM ledger_entry GROUP BY account ORDER BY account"
        )
        return {Account(account): cents for account, cents in cursor.fetchall()}


def payer_balances(account: Account = Account.INSURANCE_AR) -> dict[int, int]:
    """One payer account's cents by payer id, payers that owe nothing left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT payer_id, sum(cents)::bigint FROM ledger_entry WHERE account = %s"
            " GROUP BY payer_id HAVING sum(cents) <> 0 ORDER BY payer_id",
            [account.value],
        )
        return dict(cursor.fetchall())


def owed_by_payers(patient_id: int) -> dict[int, int]:
    """What each payer owes for a patient, by payer id; what nobody owes is left out. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT payer_id, sum(cents)::bigint FROM ledger_entry"
            " WHERE patient_id = %s AND account = 'insurance_ar'"
            " GROUP BY payer_id HAVING sum(cents) <> 0 ORDER BY 2 DESC, payer_id",
            [patient_id],
        )
        return dict(cursor.fetchall())


def drawer_balance(drawer_id: int) -> int:
    """Cents that should be in the drawer now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(cents), 0)::bigint FROM ledger_entry"
            " WHERE drawer_id = %s AND account = 'cash_drawer'",
            [drawer_id],
        )
        return int(cursor.fetchone()[0])


OPEN = """
    SELECT entry.visit_id, sum(entry.cents)::bigint
      FROM ledger_entry entry JOIN ledger_journal journal ON journal.id = entry.journal_id
     WHERE entry.patient_id = %s AND entry.account = %s
     GROUP BY entry.visit_id
    HAVING sum(entry.cents) <> 0
     ORDER BY min(journal.effective_date), entry.visit_id NULLS LAST
"""


def _open(patient_id: int, account: Account) -> list[Owed]:
    with connection.cursor() as cursor:
        cursor.execute(OPEN, [patient_id, account.value])
        return [Owed(*row) for row in cursor.fetchall()]


def debts_of(patient_id: int) -> list[Owed]:
    """What the patient owes for each visit, oldest first."""
    return [owed for owed in _open(patient_id, Account.PATIENT_AR) if owed.cents > 0]


def credits_of(patient_id: int) -> list[Owed]:
    """What the patient has paid ahead for each visit, and for none in particular (positive)."""
    found = _open(patient_id, Account.UNAPPLIED)
    return [Owed(credit.visit_id, -credit.cents) for credit in found if credit.cents < 0]


def overdrawn_by(patient_id: int) -> list[Owed]:
    """Where more of a patient's credit was used than is left (positive cents), by visit or none."""
    return [owed for owed in _open(patient_id, Account.UNAPPLIED) if owed.cents > 0]


def lock_patient(*patient_ids: int) -> None:
    """Hold the money of patients until the transaction ends: two may not spend the same credit."""
    for patient_id in sorted(set(patient_ids)):
        hold("ledger", patient_id)


def standing(source: str, external_ids: Sequence[str]) -> dict[str, int]:
    """The journals of a source that nobody has reversed: external id to journal id."""
    rows = Journal.objects.filter(
        source=source, external_id__in=external_ids, reversed_by__isnull=True
    )
    return dict(rows.order_by("pk").values_list("external_id", "pk"))


def lines_of(journal_id: int) -> Sequence[Line]:
    """A journal's entries as the values `rules` works with."""
    return [
        Line(
            Account(entry.account),
            entry.cents,
            entry.patient_id,
            entry.payer_id,
            entry.visit_id,
            entry.line_id,
            entry.drawer_id,
        )
        for entry in Entry.objects.filter(journal_id=journal_id).order_by("id")
    ]


BUCKETS = ("0-30", "31-60", "61-90", "91-120", "over 120")
_LAST_DAYS = (30, 60, 90, 120)


@dataclass(frozen=True, slots=True)
class Ageing:
    """Open cents of one account by the age of the debt in days; ``credit`` is what is overpaid.

    Buckets and credit together are the account's balance in the ledger, to the cent.
    """

    account: Account
    buckets: tuple[int, ...]
    credit: int

    @property
    def total(self) -> int:
        return sum(self.buckets) + self.credit


AGEING = """
    WITH debt AS (
        SELECT entry.account, sum(entry.cents) AS cents,
               %(day)s::date - min(journal.effective_date) FILTER (WHERE entry.cents > 0) AS days
          FROM ledger_entry entry JOIN ledger_journal journal ON journal.id = entry.journal_id
         WHERE entry.account IN ('patient_ar', 'insurance_ar')
         GROUP BY entry.account, entry.patient_id, entry.visit_id,
                  CASE WHEN entry.account = 'insurance_ar' THEN entry.payer_id END
        HAVING sum(entry.cents) <> 0
    )
    SELECT account,
           CASE WHEN cents < 0 THEN -1 ELSE width_bucket(days, %(limits)s) END AS bucket,
           sum(cents)::bigint
      FROM debt GROUP BY 1, 2
"""


def ageing(*, on: date) -> list[Ageing]:
    """Patient and insurance receivables by age, counted from the day the debt arose. One query.

    A debt is a visit's (and payer's) balance; it is as old as its first debit.
    """
    limits = [last + 1 for last in _LAST_DAYS]
    found: dict[str, dict[int, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(AGEING, {"day": on, "limits": limits})
        for account, bucket, cents in cursor.fetchall():
            found.setdefault(account, {})[bucket] = cents
    return [
        Ageing(
            account,
            tuple(found.get(account, {}).get(index, 0) for index in range(len(BUCKETS))),
            found.get(account, {}).get(-1, 0),
        )
        for account in (Account.PATIENT_AR, Account.INSURANCE_AR)
    ]
