"""What can be brought to the bank, and what was."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Case, When
from django.http import Http404

from almoner.access.queries import Reading
from almoner.ledger.models import Deposit

PAGE = 50


@dataclass(frozen=True, slots=True)
class DrawerCash:
    """One closed shift, and the cents it brought to the safe beyond the float it took."""

    drawer_id: int
    till: str
    officer: str
    closed_at: datetime
    cents: int


@dataclass(frozen=True, slots=True)
class Check:
    """One check in hand, or in a deposit."""

    payment_id: int
    patient_id: int
    patient_name: str
    number: str
    cents: int
    taken_at: datetime


BROUGHT = """
    SELECT own.drawer_id, sum(safe.cents)::bigint
      FROM (SELECT DISTINCT drawer_id, journal_id FROM ledger_entry
             WHERE drawer_id = ANY(%s)) AS own
      JOIN ledger_entry safe ON safe.journal_id = own.journal_id AND safe.account = 'safe'
     GROUP BY own.drawer_id
"""


def brought_to_safe(drawer_ids: Iterable[int]) -> dict[int, int]:
    """Cents each drawer shift brought to the safe, the float it took from there taken off."""
    asked = list(drawer_ids)
    with connection.cursor() as cursor:
        cursor.execute(BROUGHT, [asked])
        found = dict(cursor.fetchall())
    return {drawer_id: found.get(drawer_id, 0) for drawer_id in asked}


CASH = """
    SELECT drawer.id, drawer.till, officer.name, drawer.closed_at
      FROM ledger_drawer drawer JOIN access_officer officer ON officer.id = drawer.officer_id
     WHERE CASE WHEN %(deposit)s::bigint IS NULL
                THEN drawer.deposit_id IS NULL AND drawer.state = 'closed'
                     AND drawer.location_id = %(location)s
                ELSE drawer.deposit_id = %(deposit)s END
     ORDER BY drawer.closed_at, drawer.id
"""
CHECKS = """
    SELECT payment.id, payment.patient_id, concat_ws(', ', patient.family, patient.given),
           payment.check_number, payment.cents, payment.settled_at
      FROM ledger_payment payment JOIN patients_patient patient ON patient.id = payment.patient_id
     WHERE payment.method = 'check'
       AND CASE WHEN %(deposit)s::bigint IS NULL
                THEN payment.deposit_id IS NULL AND payment.state = 'completed'
                     AND payment.location_id = %(location)s
                ELSE payment.deposit_id = %(deposit)s END
     ORDER BY payment.settled_at, payment.id
"""


@dataclass(frozen=True, slots=True)
class Contents:
    """Cash by drawer and checks: of a deposit, or waiting for one."""

    drawers: tuple[DrawerCash, ...]
    checks: tuple[Check, ...]

    @property
    def cash_cents(self) -> int:
        return sum(drawer.cents for drawer in self.drawers)

    @property
    def checks_cents(self) -> int:
        return sum(check.cents for check in self.checks)


def waiting_for_bank(location_id: int, *, reading: Reading) -> Contents:
    """What one location has to bring, the oldest first. Three queries.

    A drawer that brought nothing beyond its float has nothing to bring.
    """
    found = _contents(reading, location=location_id, deposit=None)
    return Contents(tuple(one for one in found.drawers if one.cents), found.checks)


def contents_of(deposit_id: int, *, reading: Reading) -> Contents:
    """What is in a deposit. Three queries."""
    return _contents(reading, location=None, deposit=deposit_id)


def _contents(reading: Reading, **which: int | None) -> Contents:
    with connection.cursor() as cursor:
        cursor.execute(CASH, which)
        drawers = cursor.fetchall()
        cursor.execute(CHECKS, which)
        checks = tuple(Check(*row) for row in cursor.fetchall())
    reading.saw({check.patient_id for check in checks})
    brought = brought_to_safe(row[0] for row in drawers)
    cash = tuple(
        DrawerCash(pk, till, officer, at, brought[pk]) for pk, till, officer, at in drawers
    )
    return Contents(cash, checks)


@dataclass(frozen=True, slots=True)
class DepositLine:
    """A deposit in a list, or at the head of its page."""

    id: int
    day: date
    location: str
    time_zone: str
    state: str
    cash_cents: int
    checks_cents: int
    prepared_at: datetime
    prepared_by: str
    settled_at: datetime | None
    settled_by: str
    bank_reference: str

    @property
    def cents(self) -> int:
        return self.cash_cents + self.checks_cents


def deposits(*, limit: int = PAGE) -> list[DepositLine]:
    """The latest deposits, those not yet brought first. One query."""
    rows = Deposit.objects.select_related("location", "prepared_by", "settled_by")
    waiting = Case(When(state=Deposit.State.PREPARED, then=0), default=1)
    return [_line(row) for row in rows.order_by(waiting, "-prepared_at", "-pk")[:limit]]


def deposit(deposit_id: int) -> DepositLine:
    """One deposit. Raises Http404."""
    rows = Deposit.objects.select_related("location", "prepared_by", "settled_by")
    row = rows.filter(pk=deposit_id).first()
    if row is None:
        raise Http404
    return _line(row)


def _line(row: Deposit) -> DepositLine:
    return DepositLine(
        id=row.pk,
        day=row.day,
        location=row.location.name,
        time_zone=row.location.time_zone,
        state=row.state,
        cash_cents=row.cash_cents,
        checks_cents=row.checks_cents,
        prepared_at=row.prepared_at,
        prepared_by=row.prepared_by.name,
        settled_at=row.settled_at,
        settled_by=row.settled_by.name if row.settled_by else "",
        bank_reference=row.bank_reference,
    )
