"""Why a visit is kept from whoever pays, or from the plan, and when that can still be done."""

from collections.abc import Iterable
from enum import StrEnum

from almoner.billing.rules.claims import GONE, UNSENT, State


class Reason(StrEnum):
    """What the wish rests on; why the patient has it, nobody asks."""

    PAID_IN_FULL = "paid_in_full"  # 45 CFR 164.522(a)(1)(vi): the clinic must agree
    CONSENTED_ALONE = "consented_alone"  # 45 CFR 164.502(g)(3): a minor who may, by state law
    AGREED = "agreed"  # 45 CFR 164.522(a)(1)(i): the clinic agreed to it
    ENDANGERED = "endangered"  # the patient says that it would put them in danger


def is_claimed(states: Iterable[str]) -> bool:
    """Whether a claim of the visit has left: what the plan knows cannot be kept from it."""
    return any(State(state) not in UNSENT | GONE for state in states)
