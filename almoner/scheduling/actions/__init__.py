"""Every change of the schedule, one verb each."""

from almoner.scheduling.actions.booking import book, overbook
from almoner.scheduling.actions.changes import (
    arrive,
    cancel,
    complete,
    move,
    no_show,
    reopen,
    undo,
)
from almoner.scheduling.actions.days import rebuild
from almoner.scheduling.actions.hours import (
    HoursClash,
    Span,
    change_hours,
    tend,
    touched,
    what_if,
)
from almoner.scheduling.actions.refused import BookingRefused, OpeningTaken

__all__ = [
    "BookingRefused",
    "HoursClash",
    "OpeningTaken",
    "Span",
    "arrive",
    "book",
    "cancel",
    "change_hours",
    "complete",
    "move",
    "no_show",
    "overbook",
    "rebuild",
    "reopen",
    "tend",
    "touched",
    "undo",
    "what_if",
]
