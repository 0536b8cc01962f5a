"""Money due at the bank: what was announced, what the bank shows, and where the rest went."""

from collections.abc import Iterable
from enum import StrEnum

from almoner.ledger.rules.accounts import Account, Line


class Source(StrEnum):
    """Who announced it."""

    CARDS = "cards"  # the card processor: one batch for each day
    PAYER = "payer"  # a payer's remittance, known again by its trace number


class Because(StrEnum):
    """Why the bank shows another sum than was announced."""

    FEE = "fee"  # the processor or the bank kept its fee
    SHORT = "short"
    OVER = "over"
    MISSING = "missing"  # nothing of it came, and nobody waits for it any more


HELD_IN = {Source.CARDS: Account.CARD_CLEARING, Source.PAYER: Account.REMITTANCE}
"""The account announced money stands on until the bank shows it."""

LANDS_IN = {
    Because.FEE: Account.BANK_FEES,
    Because.SHORT: Account.BANK_DIFFERENCE,
    Because.OVER: Account.BANK_DIFFERENCE,
    Because.MISSING: Account.BANK_DIFFERENCE,
}

LATE_AFTER_DAYS = 3
"""A transfer takes a day or two; one that is later is asked after."""


def reasons(announced: int, seen: int) -> tuple[Because, ...]:
    """What may explain this difference; none when there is none to explain."""
    if seen == announced:
        return ()
    if seen > announced:
        return (Because.OVER,)
    return (Because.FEE, Because.SHORT) if seen else (Because.SHORT, Because.MISSING)


def arrived(
    *, source: Source, announced: int, seen: int, because: Because | None, payer_id: int | None
) -> list[Line]:
    """The bank shows ``seen`` of ``announced`` cents; a difference goes where its reason says."""
    lines = [
        Line(Account.BANK, seen),
        Line(HELD_IN[source], -announced, payer_id=payer_id),
    ]
    if because is not None:
        lines.append(Line(LANDS_IN[because], announced - seen))
    return [line for line in lines if line.cents]


def batch_cents(taken: Iterable[int], given_back: Iterable[int]) -> int:
    """What a day's card batch comes to; below zero when more was given back than taken."""
    return sum(taken) - sum(given_back)
