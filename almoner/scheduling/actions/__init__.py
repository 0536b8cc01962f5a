"""Every change of the schedule, one verb each."""

from almoner.scheduling.actions.booking import Order, book, overbook
from almoner.scheduling.actions.by_patient import book_own, cancel_own, confirm, move_own
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
from almoner.scheduling.actions.offering import (
    accept,
    decline,
    fill,
    note_freed,
    offer_by_hand,
    pass_on,
    reached_by,
    why_not_told,
)
from almoner.scheduling.actions.refused import BookingRefused, OfferOver, OpeningTaken
from almoner.scheduling.actions.waiting import (
    Wanted,
    booked_otherwise,
    leave,
    remove,
    visit_gone,
    wait,
    wait_own,
)

__all__ = [
    "BookingRefused",
    "HoursClash",
    "OfferOver",
    "OpeningTaken",
    "Order",
    "Span",
    "Wanted",
    "accept",
    "arrive",
    "book",
    "book_own",
    "booked_otherwise",
    "cancel",
    "cancel_own",
    "change_hours",
    "complete",
    "confirm",
    "decline",
    "fill",
    "leave",
    "move",
    "move_own",
    "no_show",
    "note_freed",
    "offer_by_hand",
    "overbook",
    "pass_on",
    "reached_by",
    "rebuild",
    "remove",
    "reopen",
    "tend",
    "touched",
    "undo",
    "visit_gone",
    "wait",
    "wait_own",
    "what_if",
    "why_not_told",
]
