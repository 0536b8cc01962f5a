"""Every change of the schedule, one verb each."""

from almoner.scheduling.actions.booking import book, overbook
from almoner.scheduling.actions.days import rebuild
from almoner.scheduling.actions.refused import BookingRefused, OpeningTaken

__all__ = [
    "BookingRefused",
    "OpeningTaken",
    "book",
    "overbook",
    "rebuild",
]
