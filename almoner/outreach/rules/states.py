"""How campaigns and the people in them stand, and what comes of a call."""

from datetime import timedelta
from enum import StrEnum

PURPOSES = ("care", "marketing")
"""Of relations' purposes those somebody is written to for without having asked."""
CHANNELS = ("sms", "email", "call")


class Standing(StrEnum):
    """How a campaign stands."""

    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"


class State(StrEnum):
    """How somebody in a campaign stands."""

    WAITING = "waiting"
    REACHED = "reached"
    CALLING = "calling"
    STOPPED = "stopped"
    OVER = "over"
    HELD_OUT = "held_out"


ACTIVE = (State.WAITING, State.REACHED, State.CALLING)


class Left(StrEnum):
    """Why somebody is left alone: not taken into a campaign at all, or no longer written to."""

    DECEASED = "deceased"
    DOUBLE = "double"
    BOOKED = "booked"
    CASE = "case"
    ENROLLED = "enrolled"
    CONTACTED = "contacted"
    OPTED_OUT = "opted_out"
    NO_WAY = "no_way"
    REPLIED = "replied"
    DECLINED = "declined"
    UNREACHED = "unreached"
    FINISHED = "finished"


class Called(StrEnum):
    """How a call of the list ended, unless with a booking."""

    LEFT_MESSAGE = "left_message"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    DECLINED = "declined"


HELD_FOR = timedelta(minutes=30)
"""How long somebody is an officer's to call; then another may."""
GIVEN_UP_AFTER = 3
"""Calls without an answer after which nobody calls again."""
_AGAIN = {Called.LEFT_MESSAGE: timedelta(days=2), Called.NO_ANSWER: timedelta(days=1)}


def comes_to(called: Called, *, tries: int) -> Left | None:
    """Why nobody calls again after this call, the ``tries``-th; None when somebody does."""
    if called == Called.WRONG_NUMBER:
        return Left.NO_WAY
    if called == Called.DECLINED:
        return Left.DECLINED
    return Left.UNREACHED if tries >= GIVEN_UP_AFTER else None


def again_after(called: Called) -> timedelta:
    """How long to wait before calling again; KeyError when nobody does."""
    return _AGAIN[called]
