"""What a patient is told of one visit's money."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from almoner.billing.rules.claims import ADJUDICATED, AWAITED, UNSENT, State


class Plan(StrEnum):
    """How it stands with the plan, as far as it concerns the patient."""

    NONE = "none"  # no plan is asked, or it has said all it will
    PREPARED = "prepared"  # we have not sent it, or send it again
    ASKED = "asked"  # sent, and the plan has not answered
    DISPUTED = "disputed"  # answered, and some of it is still between the plan and us


def plan_stands(states: Collection[str], *, insurance: int) -> Plan:
    """What of a visit's claims a patient needs to know; ``insurance`` is what the plans owe yet.

    One that waits at the plan says more than one that was answered: the patient's part may change.
    """
    known = set(states)
    if known & AWAITED:
        return Plan.ASKED
    if known & (UNSENT | {State.QUEUED, State.REJECTED}):
        return Plan.PREPARED
    return Plan.DISPUTED if insurance > 0 and known & ADJUDICATED else Plan.NONE


@dataclass(frozen=True, slots=True)
class VisitBill:
    """One visit's money in cents; ``left`` is negative when the patient has money with us.

    ``insurance`` is what the plans still have to decide, ``charged`` all that the visit cost.
    """

    charged: int
    plan_paid: int
    adjusted: int
    paid: int
    left: int
    insurance: int
    plan: Plan

    @property
    def with_us(self) -> int:
        """What the patient has with us for this visit."""
        return max(0, -self.left)

    @property
    def is_any(self) -> bool:
        """Whether there is anything to tell: a charge, a payment, or a claim on its way."""
        return any((self.charged, self.plan_paid, self.adjusted, self.paid, self.left)) or (
            self.plan is not Plan.NONE
        )


def is_only_of(named: Collection[int | None], visit_id: int) -> bool:
    """Whether a statement tells of this one visit: then its page may show it without an account.

    A statement to whoever pays names other visits and other people, and a link leads to one visit.
    """
    return bool(named) and set(named) == {visit_id}
