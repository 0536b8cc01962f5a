"""Whether the right claims of a refused payment can be posted without the others, and to the cent.

What the payer sent is BPR02, and that is what the bank will show. So the payment must still be
whole: BPR02 = what is posted + what is parked - what was moved outside claims (PLB).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

SUM_ONLY = frozenset({"payment-unbalanced"})
"""Faults of a payment as a whole that follow from its claims at fault."""


@dataclass(frozen=True, slots=True)
class Parting:
    """What is parked for each claim at fault, in their order; ``loose`` belongs to none of them."""

    posted_cents: int
    parked: tuple[int, ...]
    loose_cents: int

    @property
    def parked_cents(self) -> int:
        return sum(self.parked) + self.loose_cents


class WhyNot(StrEnum):
    """Why nothing of a payment can be posted."""

    WHOLE = "whole"  # its envelope, count or amounts cannot be trusted
    NO_CLAIM = "no_claim"  # no claim of it is at fault: the difference is nobody's
    NOTHING_RIGHT = "nothing_right"
    USED_BEFORE = "used_before"  # another payment of this number is posted


def part(
    *,
    amount: int | None,
    outside: int,
    right: Sequence[int],
    said: Sequence[int | None],
    whole_faults: Collection[str],
) -> Parting | WhyNot:
    """Divide a refused payment into what is posted and what is parked.

    ``amount`` is BPR02, ``outside`` the sum of the PLB, ``right`` what each claim without fault
    pays, ``said`` what each claim at fault says it pays (None: unreadable), ``whole_faults`` the
    codes of errors of the payment as a whole. One claim at fault gets what is left, whatever it
    says: its own amount is what cannot be trusted, the payment's is at the bank.
    """
    if amount is None or not set(whole_faults) <= SUM_ONLY:
        return WhyNot.WHOLE
    if not said:
        return WhyNot.NO_CLAIM
    if not right:
        return WhyNot.NOTHING_RIGHT
    left = amount + outside - sum(right)
    unread = [place for place, cents in enumerate(said) if cents is None]
    parked = [cents or 0 for cents in said]
    if len(said) == 1 or len(unread) == 1:
        place = unread[0] if unread else 0
        parked[place] = 0
        parked[place] = left - sum(parked)
    return Parting(sum(right), tuple(parked), left - sum(parked))
