"""The states of a visit by video, who takes part, and when somebody counts as here."""

from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    """How far a visit by video has come. Signals pass while it is admitted, and only then."""

    NOT_OPEN = "not_open"
    WAITING = "waiting"
    ADMITTED = "admitted"
    ENDED = "ended"


FOLLOWS = {
    State.NOT_OPEN: (State.WAITING, State.ENDED),
    State.WAITING: (State.ADMITTED, State.NOT_OPEN, State.ENDED),
    State.ADMITTED: (State.WAITING, State.ENDED),
    State.ENDED: (State.NOT_OPEN,),
}
"""What may come after each state. Whoever admits may also leave: then everybody waits again.

An end is taken back, or falls away when the visit is moved: it begins anew, with nobody there.
"""


class Role(StrEnum):
    """As what somebody takes part."""

    PATIENT = "patient"
    CLINICIAN = "clinician"
    INTERPRETER = "interpreter"
    FAMILY = "family"


INVITED = (Role.INTERPRETER, Role.FAMILY)
"""Who comes by a link of their own. The patient has the visit's, the clinician a sign-in."""
MOST_PEOPLE = 4
"""In one call, browser to browser: each sends to each other one."""
MOST_LEGS = 200
"""Connections kept of one place: a page that is loaded anew makes others."""
OPENS_BEFORE = timedelta(hours=1)
CLOSES_AFTER = timedelta(hours=4)
GRACE = timedelta(seconds=90)
"""How long somebody whose line broke keeps their place in the call."""
SILENT_AFTER = timedelta(seconds=40)
"""A stream says every few seconds that it is there; one that has not for so long has broken."""


class Phone(StrEnum):
    """Why a visit goes on by phone."""

    CAMERA = "camera"
    SOUND = "sound"
    CONNECTION = "connection"
    OTHER = "other"


UNDO = timedelta(seconds=10)
"""How long whoever took a visit to the phone is offered to take that back by themselves."""
_ON_ITS_WAY = timedelta(seconds=5)


def may_undo(*, done_at: datetime, at: datetime) -> bool:
    """Whether it is still soon enough; a press in time may be some seconds on its way."""
    return at - done_at <= UNDO + _ON_ITS_WAY


def may_follow(state: State, to: State) -> bool:
    """Whether this state may come after that one."""
    return to in FOLLOWS[state]


def is_open(*, starts_at: datetime, ends_at: datetime, at: datetime) -> bool:
    """Whether the waiting room of a visit can be entered now."""
    return starts_at - OPENS_BEFORE <= at < ends_at + CLOSES_AFTER


def here(*, seen_at: datetime | None, away_at: datetime | None, at: datetime) -> bool:
    """Whether somebody's page is open, as far as its stream says."""
    return seen_at is not None and away_at is None and at - seen_at < SILENT_AFTER


def in_the_call(*, seen_at: datetime | None, away_at: datetime | None, at: datetime) -> bool:
    """Whether somebody is here, or left so lately that their place is kept."""
    if here(seen_at=seen_at, away_at=away_at, at=at):
        return True
    left_at = away_at or seen_at
    return left_at is not None and at - left_at < GRACE
