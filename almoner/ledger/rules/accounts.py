"""What money stands on and how a journal is checked.

Double entry in integer cents: a debit is positive, a credit negative, a journal sums to zero.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
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
    FORWARDED = "forwarded"  # what payers carried from one payment to another (PLB FB), by payer
    WITHHELD = "withheld"  # what payers had to withhold for others (PLB IR, LE), by payer
    INTEREST = "interest"  # what payers paid for paying late (PLB L6), by payer
    FEES = "fees"  # charged to patients beside services: a returned check
    REMITTANCE = "remittance"  # paid according to remittances, not yet seen at the bank, by payer
    PAYER_UNAPPLIED = "payer_unapplied"  # paid by payers, for no claim known yet, by payer
    CARD_CLEARING = "card_clearing"  # taken by card, not yet settled by the processor
    CASH_DRAWER = "cash_drawer"  # by drawer shift
    SAFE = "safe"  # cash on the premises that is in no drawer
    CHECKS = "checks"  # checks in hand
    BANK = "bank"
    BANK_FEES = "bank_fees"  # kept by the card processor or the bank
    BANK_DIFFERENCE = "bank_difference"  # what the bank showed less (debit) or more than announced
    PETTY_CASH = "petty_cash"  # paid out of a drawer for the clinic's own needs
    OVER_SHORT = "over_short"  # what a counted drawer lacked (debit) or had too much (credit)


OF_A_PATIENT = frozenset(
    {Account.PATIENT_AR, Account.INSURANCE_AR, Account.UNAPPLIED, Account.REFUND_LIABILITY}
)
OF_A_PAYER = frozenset(
    {
        Account.INSURANCE_AR, Account.REMITTANCE, Account.RECOUPMENT, Account.FORWARDED,
        Account.WITHHELD, Account.INTEREST, Account.PAYER_UNAPPLIED,
    }
)  # fmt: skip
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
    SETTLED = "settled"
    RETURNED = "returned"
    FEE = "fee"
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
