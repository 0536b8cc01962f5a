"""Pure decisions of the coverage duty."""

from almoner.coverage.rules.collect import (
    CannotTell,
    Collect,
    Judged,
    Network,
    Told,
    Why,
    what_to_collect,
)
from almoner.coverage.rules.member_ids import can_be_sent
from almoner.coverage.rules.messages import VisitKind
from almoner.coverage.rules.refusals import Fixer, Refusal, refusal
from almoner.coverage.rules.sharing import Sharing, patient_share
from almoner.coverage.rules.timing import HARD_STOP, QUIET, State, upcoming_day

__all__ = [
    "HARD_STOP",
    "QUIET",
    "CannotTell",
    "Collect",
    "Fixer",
    "Judged",
    "Network",
    "Refusal",
    "Sharing",
    "State",
    "Told",
    "VisitKind",
    "Why",
    "can_be_sent",
    "patient_share",
    "refusal",
    "upcoming_day",
    "what_to_collect",
]
