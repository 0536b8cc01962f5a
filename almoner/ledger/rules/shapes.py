"""The shape of every journal.

What somebody owes us stands as a debit in a receivable; a patient's prepayment as a credit in
``UNAPPLIED``. Every shape takes negative cents too and then says the opposite (a payer's reversal
of a claim it paid), and answers no lines at all for zero.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from almoner.ledger.rules.accounts import Account, Line, Method


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
    """What one payer leaves to the next one; nothing moves between two policies of one payer."""
    if from_payer_id == to_payer_id:
        return []
    moved = Line(Account.INSURANCE_AR, cents, patient_id, to_payer_id, visit_id, line_id)
    return _pair(moved, Account.INSURANCE_AR, payer_id=from_payer_id)


PROVIDER_LEVEL: Mapping[str, Account] = {
    "FB": Account.FORWARDED,
    "IR": Account.WITHHELD,
    "LE": Account.WITHHELD,
    "L6": Account.INTEREST,
}
"""Where a provider-level adjustment belongs by its reason (835 PLB03-1); else to `RECOUPMENT`."""


def provider_level(cents: int, *, reason: str, payer_id: int) -> list[Line]:
    """A provider-level adjustment (835 PLB): positive lowers what the payer pays."""
    account = PROVIDER_LEVEL.get(reason, Account.RECOUPMENT)
    return _pair(Line(account, cents, payer_id=payer_id), Account.REMITTANCE)


def parked(cents: int, *, payer_id: int) -> list[Line]:
    """Paid in a remittance for a claim that cannot be named or trusted yet."""
    return _pair(Line(Account.REMITTANCE, cents, payer_id=payer_id), Account.PAYER_UNAPPLIED)


def applied_from_parked(
    cents: int, *, parked_by_id: int, patient_id: int, visit_id: int, payer_id: int
) -> list[Line]:
    """Parked money turned out to pay this claim; its answer itself could not be posted."""
    if not cents:
        return []
    return [
        Line(Account.PAYER_UNAPPLIED, cents, payer_id=parked_by_id),
        Line(Account.INSURANCE_AR, -cents, patient_id, payer_id, visit_id),
    ]


def returned_to_payer(cents: int, *, payer_id: int) -> list[Line]:
    """Parked money was none of ours and went back to the payer."""
    if not cents:
        return []
    return [Line(Account.PAYER_UNAPPLIED, cents, payer_id=payer_id), Line(Account.BANK, -cents)]


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
    *,
    patient_id: int,
    credits_: Sequence[Owed],
    debts: Sequence[Owed],
    apart: Collection[int] = (),
) -> list[Line]:
    """Use what a patient paid ahead: a visit's credit for that visit, loose credit oldest first.

    ``credits_`` hold positive cents available, ``debts`` positive cents owed. Visits that stand
    ``apart`` are paid by their own credit alone.
    """
    available = {credit.visit_id: credit.cents for credit in credits_}
    lines = []
    for debt in debts:
        left = debt.cents
        loose = () if debt.visit_id in apart else (None,)
        for source in dict.fromkeys((debt.visit_id, *loose)):
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


def overdrawn(*, patient_id: int, spent: Sequence[Owed]) -> list[Line]:
    """Credit that was spent and is gone since (its payment was undone): the patient owes it again.

    ``spent`` holds for each visit, or none, the positive cents by which more was used than is left.
    """
    lines = []
    for one in spent:
        lines.append(Line(Account.UNAPPLIED, -one.cents, patient_id, visit_id=one.visit_id))
        lines.append(Line(Account.PATIENT_AR, one.cents, patient_id, visit_id=one.visit_id))
    return lines


def fee(cents: int, *, patient_id: int) -> list[Line]:
    """A fee that belongs to no visit (a returned check): no payer is asked for it."""
    return _pair(Line(Account.PATIENT_AR, cents, patient_id), Account.FEES)


def returned_by_bank(cents: int, *, patient_id: int, visit_id: int | None) -> list[Line]:
    """The bank took a deposited check back.

    Undoing the payment took the check out of those in hand, though it was at the bank.
    """
    return _pair(Line(Account.CHECKS, cents, patient_id, visit_id=visit_id), Account.BANK)


def never_in_drawer(cents: int, *, drawer_id: int) -> list[Line]:
    """A payment undone after its drawer was closed: what the count lacked was never in it."""
    return [
        Line(Account.CASH_DRAWER, cents, drawer_id=drawer_id),
        Line(Account.OVER_SHORT, -cents, drawer_id=drawer_id),
    ]


def banked(*, cash: int, checks: int) -> list[Line]:
    """A deposit has been brought to the bank."""
    lines = [
        Line(Account.BANK, cash + checks),
        Line(Account.SAFE, -cash),
        Line(Account.CHECKS, -checks),
    ]
    return [line for line in lines if line.cents]


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
