"""Every change at the front desk, one verb each."""

from almoner.arrivals.actions.arriving import (
    AlreadyHere,
    AnotherDay,
    CheckIn,
    CheckInOpen,
    NotExpected,
    arrive,
    begin_check_in,
    check_in,
    identify,
)
from almoner.arrivals.actions.moving import CannotMove, RoomTaken, move, take_back
from almoner.arrivals.actions.walking_in import walk_in, walk_in_on_top

__all__ = [
    "AlreadyHere",
    "AnotherDay",
    "CannotMove",
    "CheckIn",
    "CheckInOpen",
    "NotExpected",
    "RoomTaken",
    "arrive",
    "begin_check_in",
    "check_in",
    "identify",
    "move",
    "take_back",
    "walk_in",
    "walk_in_on_top",
]
