"""What money does: accounts, the shape of every journal, and what a card payment may become.

Double entry in integer cents. A debit is positive, a credit negative, a journal sums to zero. What
somebody owes us stands as a debit in a receivable; a patient's prepayment as a credit in
``UNAPPLIED``. Every shape takes negative cents too and then says the opposite (a payer's reversal
of a claim it paid), and answers no lines at all for zero.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from operator import attrgetter


class Account(StrEnum):
    PATIENT_AR = "patient_ar"  # what patients owe
    INSURANCE_AR = "insurance_ar"  # what payers owe, by payer
    UNAPPLIED = "unapplied"  # what patients have paid ahead of what they owe
    REFUND_LIABILITY = "refund_liability"  # refunds promised, not yet paid out
    REVENUE = "revenue"
    CONTRACTUAL = "contractual"
    DENIAL_WRITE_OFF = "denial_write_off"
    BAD_DEBT = "bad_debt"
    CHARITY = "charity"
    RECOUPMENT = "recoupment"  # what payers held back or added at file level (PLB), by payer
    REMITTANCE = "remittance"  # paid according to remittances, not yet seen at the bank, by payer
    CARD_CLEARING = "card_clearing"  # taken by card, not yet settled by the processor
    CASH_DRAWER = "cash_drawer"  # by drawer shift
    SAFE = "safe"  # cash on the premises that is in no drawer
    CHECKS = "checks"  # checks in hand
    BANK = "bank"
    PETTY_CASH = "petty_cash"  # paid out of a drawer for the clinic's own needs
    OVER_SHORT = "over_short"  # what a counted drawer lacked (debit) or had too much (credit)


OF_A_PATIENT = frozenset(
    {Account.PATIENT_AR, Account.INSURANCE_AR, Account.UNAPPLIED, Account.REFUND_LIABILITY}
)
OF_A_PAYER = frozenset({Account.INSURANCE_AR, Account.RECOUPMENT, Account.REMITTANCE})
OF_A_DRAWER = frozenset({Account.CASH_DRAWER})


class Kind(StrEnum):
    """What a journal is, in the words its line on the screen uses."""

    CHARGE = "charge"
    REMITTANCE = "remittance"
    ADJUSTMENT = "adjustment"
    TRANSFER = "transfer"
    PAYMENT = "payment"
    CREDIT_APPLIED = "credit_applied"
    REFUND = "refund"
    RECOUPMENT = "recoupment"
    DRAWER = "drawer"
    DEPOSIT = "deposit"
    REVERSAL = "reversal"


class Method(StrEnum):
    CASH = "cash"
    CARD = "card"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Line:
    """Cents on one account: positive is a debit, negative a credit.

    ``visit_id`` is the appointment, ``line_id`` the charge line, ``drawer_id`` the drawer shift.
    """

    account: Account
    cents: int
    patient_id: int | None = None
    payer_id: int | None = None
    visit_id: int | None = None
    line_id: int | None = None
    drawer_id: int | None = None


class Unbalanced(ValueError):
    """These lines are no journal: they do not sum to zero, or one lacks what its account needs."""


def checked(lines: Iterable[Line]) -> list[Line]:
    """The lines merged (one for each account and owner, none of zero cents), in a fixed order.

    Raises Unbalanced when they do not sum to zero, when fewer than two are left, or when a
    receivable has no patient, a payer's account no payer, a drawer's account no drawer.
    """
    sums: dict[Line, int] = defaultdict(int)
    for line in lines:
        sums[replace(line, cents=0)] += line.cents
    merged = [replace(line, cents=cents) for line, cents in sums.items() if cents]
    if total := sum(line.cents for line in merged):
        message = f"these lines sum to {total} cents, not zero"
        raise Unbalanced(message)
    if len(merged) < 2:  # noqa: PLR2004 (double entry)
        raise Unbalanced("a journal needs at least two lines that are not zero")
    for line in merged:
        _check_owner(line)
    return sorted(merged, key=_order)


# Not dataclasses.astuple: it copies in depth, and a remittance checks tens of thousands of lines.
_parts = attrgetter(*(field.name for field in fields(Line)))


def _order(line: Line) -> tuple[object, ...]:
    account, cents, *owner = _parts(line)
    return (*((part is not None, part or 0) for part in owner), account, cents)


OWNERS: tuple[tuple[frozenset[Account], str], ...] = (
    (OF_A_PATIENT, "patient"),
    (OF_A_PAYER, "payer"),
    (OF_A_DRAWER, "drawer"),
)


def _check_owner(line: Line) -> None:
    for accounts, owner in OWNERS:
        if line.account in accounts and getattr(line, f"{owner}_id") is None:
            message = f"a line on {line.account} names its {owner}"
            raise Unbalanced(message)


def digest(kind: Kind, effective_date: date, lines: Sequence[Line]) -> str:
    """What tells one journal's body from another's: a SHA-256 of its merged lines."""
    body = [kind.value, effective_date.isoformat(), *(str(_parts(line)) for line in lines)]
    return hashlib.sha256("\n".join(body).encode()).hexdigest()


def _pair(debit: Line, credit: Account, *, payer_id: int | None = None) -> list[Line]:
    """The debit, and the same cents off another account of the same patient, visit and line."""
    if not debit.cents:
        return []
    other = replace(debit, account=credit, cents=-debit.cents, drawer_id=None)
    return [debit, replace(other, payer_id=payer_id or debit.payer_id)]


def charge(
    cents: int, *, patient_id: int, visit_id: int, payer_id: int | None, line_id: int | None = None
) -> list[Line]:
    """A service at its charge. The payer owes it; without a payer (self-pay) the patient does."""
    owing = Account.PATIENT_AR if payer_id is None else Account.INSURANCE_AR
    return _pair(Line(owing, cents, patient_id, payer_id, visit_id, line_id), Account.REVENUE)


def insurance_payment(
    cents: int, *, patient_id: int, visit_id: int, payer_id: int, line_id: int | None = None
) -> list[Line]:
    """The payer says it paid this (835 CLP04, SVC03); the bank has not been asked yet."""
    return _pair(
        Line(Account.REMITTANCE, cents, patient_id, payer_id, visit_id, line_id),
        Account.INSURANCE_AR,
    )


def contractual(
    cents: int, *, patient_id: int, visit_id: int, payer_id: int, line_id: int | None = None
) -> list[Line]:
    """What our contract with the payer takes off the charge (CARC 45 and its like, group CO)."""
    return _pair(
        Line(Account.CONTRACTUAL, cents, patient_id, payer_id, visit_id, line_id),
        Account.INSURANCE_AR,
    )


def denial_write_off(
    cents: int, *, patient_id: int, visit_id: int, payer_id: int, line_id: int | None = None
) -> list[Line]:
    """What a payer denied and somebody decided to give up; never by itself."""
    return _pair(
        Line(Account.DENIAL_WRITE_OFF, cents, patient_id, payer_id, visit_id, line_id),
        Account.INSURANCE_AR,
    )


def to_patient(
    cents: int, *, patient_id: int, visit_id: int, payer_id: int, line_id: int | None = None
) -> list[Line]:
    """What the payer leaves to the patient (835 CAS group PR)."""
    moved = Line(Account.PATIENT_AR, cents, patient_id, payer_id, visit_id, line_id)
    return _pair(moved, Account.INSURANCE_AR)


def to_payer(
    cents: int,
    *,
    patient_id: int,
    visit_id: int,
    from_payer_id: int,
    to_payer_id: int,
    line_id: int | None = None,
) -> list[Line]:
    """What the first payer leaves to the next one (coordination of benefits)."""
    moved = Line(Account.INSURANCE_AR, cents, patient_id, to_payer_id, visit_id, line_id)
    return _pair(moved, Account.INSURANCE_AR, payer_id=from_payer_id)


def recoupment(cents: int, *, payer_id: int) -> list[Line]:
    """A provider-level adjustment (835 PLB): positive lowers what the payer pays."""
    return _pair(Line(Account.RECOUPMENT, cents, payer_id=payer_id), Account.REMITTANCE)


def deposit(cents: int, *, payer_id: int) -> list[Line]:
    """The payer's money has reached the bank (835 BPR02, found again by TRN02)."""
    if not cents:
        return []
    return [Line(Account.BANK, cents), Line(Account.REMITTANCE, -cents, payer_id=payer_id)]


def given_up(
    cents: int, *, account: Account, patient_id: int, visit_id: int | None = None
) -> list[Line]:
    """What a patient owes and we no longer ask for: ``BAD_DEBT`` or ``CHARITY``."""
    return _pair(Line(account, cents, patient_id, visit_id=visit_id), Account.PATIENT_AR)


HOLDS = {
    Method.CASH: Account.CASH_DRAWER,
    Method.CARD: Account.CARD_CLEARING,
    Method.CHECK: Account.CHECKS,
}
"""Where money taken by each method is until it reaches the bank."""

RETURNS = {**HOLDS, Method.CHECK: Account.BANK}
"""Where a refund comes from. A check is paid back by our own check."""

LARGEST_PAYMENT = 100_000_00
"""Cents beyond which somebody has mistyped an amount at the desk."""


@dataclass(frozen=True, slots=True)
class Owed:
    """What a patient owes (positive cents) or has paid ahead (negative) for one visit or none."""

    visit_id: int | None
    cents: int


def patient_payment(
    cents: int,
    *,
    method: Method,
    patient_id: int,
    visit_id: int | None,
    debts: Sequence[Owed],
    drawer_id: int | None = None,
) -> list[Line]:
    """Money from a patient: pays what is owed, the rest waits as the patient's credit.

    ``debts`` are the patient's, oldest first. A payment for a visit (a co-pay) pays that visit's
    debt and keeps what is over for the visit; one for no visit in particular (a statement) pays
    the oldest debts first.
    """
    lines = [Line(HOLDS[method], cents, patient_id, visit_id=visit_id, drawer_id=drawer_id)]
    left = cents
    for debt in debts:
        if visit_id is not None and debt.visit_id != visit_id:
            continue
        part = min(left, debt.cents)
        if part > 0:
            lines.append(Line(Account.PATIENT_AR, -part, patient_id, visit_id=debt.visit_id))
            left -= part
    if left:
        lines.append(Line(Account.UNAPPLIED, -left, patient_id, visit_id=visit_id))
    return lines


def credit_applied(
    *, patient_id: int, credits_: Sequence[Owed], debts: Sequence[Owed]
) -> list[Line]:
    """Use what a patient paid ahead: a visit's credit for that visit, loose credit oldest first.

    ``credits_`` hold positive cents available, ``debts`` positive cents owed.
    """
    available = {credit.visit_id: credit.cents for credit in credits_}
    lines = []
    for debt in debts:
        left = debt.cents
        for source in dict.fromkeys((debt.visit_id, None)):
            part = min(left, available.get(source, 0))
            if part <= 0:
                continue
            lines.append(Line(Account.UNAPPLIED, part, patient_id, visit_id=source))
            lines.append(Line(Account.PATIENT_AR, -part, patient_id, visit_id=debt.visit_id))
            available[source] -= part
            left -= part
    return lines


def refund_owed(
    cents: int, *, patient_id: int, visit_id: int | None, credits_: Sequence[Owed]
) -> list[Line]:
    """A refund is promised: out of the patient's credit first, else the patient owes again."""
    lines = [Line(Account.REFUND_LIABILITY, -cents, patient_id, visit_id=visit_id)]
    left = cents
    for credit in sorted(credits_, key=lambda each: each.visit_id != visit_id):
        part = min(left, credit.cents)
        if part > 0:
            lines.append(Line(Account.UNAPPLIED, part, patient_id, visit_id=credit.visit_id))
            left -= part
    if left:
        lines.append(Line(Account.PATIENT_AR, left, patient_id, visit_id=visit_id))
    return lines


def refund_paid(
    cents: int,
    *,
    method: Method,
    patient_id: int,
    visit_id: int | None,
    drawer_id: int | None = None,
) -> list[Line]:
    """The promised refund has left by the way the money came."""
    return [
        Line(Account.REFUND_LIABILITY, cents, patient_id, visit_id=visit_id),
        Line(RETURNS[method], -cents, patient_id, visit_id=visit_id, drawer_id=drawer_id),
    ]


def reversal(lines: Iterable[Line]) -> list[Line]:
    """The same journal with every sign turned."""
    return [replace(line, cents=-line.cents) for line in lines]


def drawer_moved(cents: int, *, drawer_id: int, against: Account) -> list[Line]:
    """Cash put into a drawer (positive) or taken out, against the safe or petty cash."""
    return [Line(Account.CASH_DRAWER, cents, drawer_id=drawer_id), Line(against, -cents)]


PIECES = (100_00, 50_00, 20_00, 10_00, 5_00, 2_00, 1_00, 50, 25, 10, 5, 1)
"""US notes and coins in cents, as they are counted."""


def counted(pieces: Mapping[int, int]) -> int:
    """Cents of so many of each note and coin. Raises ValueError for money that does not exist."""
    for piece, number in pieces.items():
        if piece not in PIECES or number < 0:
            raise ValueError(piece)
    return sum(piece * number for piece, number in pieces.items())


def drawer_closed(*, drawer_id: int, expected: int, found: int) -> list[Line]:
    """What was counted goes to the safe; what lacks or is over is named as such."""
    lines = [
        Line(Account.CASH_DRAWER, -expected, drawer_id=drawer_id),
        Line(Account.SAFE, found),
        Line(Account.OVER_SHORT, expected - found, drawer_id=drawer_id),
    ]
    return [line for line in lines if line.cents]
