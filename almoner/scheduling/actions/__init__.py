"""Every change of the schedule, one verb each."""

from almoner.scheduling.actions.booking import book, overbook
from almoner.scheduling.actions.by_patient import cancel_own, confirm, move_own
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
    "cancel_own",
    "change_hours",
    "complete",
    "confirm",
    "move",
    "move_own",
    "no_show",
    "overbook",
    "rebuild",
    "reopen",
    "tend",
    "touched",
    "undo",
    "what_if",
]
