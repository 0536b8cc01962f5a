"""Every change at the front desk, one verb each."""

from almoner.arrivals.actions.accepting import (
    NotTaken,
    Overtaken,
    PlanNeeded,
    PolicyNeeded,
    SettledAlready,
    accept,
    accept_details,
    drop_cards,
    keep_cards,
    refuse,
)
from almoner.arrivals.actions.ahead import (
    ChangedMeanwhile,
    NotOpen,
    say,
    say_tested,
    set_out,
    take_cards,
)
from almoner.arrivals.actions.arriving import (
    AlreadyHere,
    AnotherDay,
    CheckIn,
    CheckInOpen,
    NotExpected,
    arrive,
    arrive_own,
    begin_check_in,
    check_in,
    identify,
)
from almoner.arrivals.actions.by_video import let_in_by_video, seen_by_video
from almoner.arrivals.actions.moving import CannotMove, RoomTaken, move, take_back
from almoner.arrivals.actions.walking_in import walk_in, walk_in_on_top

__all__ = [
    "AlreadyHere",
    "AnotherDay",
    "CannotMove",
    "ChangedMeanwhile",
    "CheckIn",
    "CheckInOpen",
    "NotExpected",
    "NotOpen",
    "NotTaken",
    "Overtaken",
    "PlanNeeded",
    "PolicyNeeded",
    "RoomTaken",
    "SettledAlready",
    "accept",
    "accept_details",
    "arrive",
    "arrive_own",
    "begin_check_in",
    "check_in",
    "drop_cards",
    "identify",
    "keep_cards",
    "let_in_by_video",
    "move",
    "refuse",
    "say",
    "say_tested",
    "seen_by_video",
    "set_out",
    "take_back",
    "take_cards",
    "walk_in",
    "walk_in_on_top",
]
