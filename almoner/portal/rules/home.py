"""What somebody who is in is asked to do first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SOON = timedelta(days=1)
"""So near a visit, what it asks for comes before what was written and what is owed."""


class Do(StrEnum):
    """Things to do. Of those as pressing as each other the one named first comes first."""

    VIDEO = "video"  # the waiting room is open
    PLACE = "place"  # kept for them until it is given to the next
    CHECK_IN = "check_in"
    FORM = "form"
    COPAY = "copay"
    MESSAGE = "message"
    RESULT = "result"
    LATE_BILL = "late_bill"
    BILL = "bill"
    DRAFT = "draft"
    NOTICE = "notice"


_OF_A_VISIT = frozenset({Do.CHECK_IN, Do.FORM, Do.COPAY})
_BESIDE = {
    Do.VIDEO: 0,
    Do.PLACE: 1,
    Do.MESSAGE: 3,
    Do.RESULT: 3,
    Do.LATE_BILL: 4,
    Do.BILL: 6,
    Do.DRAFT: 7,
    Do.NOTICE: 8,
}
_VISIT_SOON, _VISIT_LATER = 2, 5
_ORDER = list(Do)


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do: its words, and where; ``by`` is when it is over, begins or was due.

    ``visit_id`` when that is a visit's own page, ``then`` the part of it, ``entry_id`` when it is a
    place that is kept for them.
    """

    do: Do
    text: str
    by: datetime | None = None
    url: str = ""
    visit_id: int | None = None
    then: str = ""
    entry_id: int | None = None


def rank(do: Do, by: datetime | None, *, at: datetime) -> int:
    """How pressing a thing is: the less, the more. It never grows as time passes."""
    if do in _OF_A_VISIT:
        return _VISIT_SOON if by is not None and by <= at + SOON else _VISIT_LATER
    return _BESIDE[do]


def in_order(things: Iterable[Todo], *, at: datetime) -> list[Todo]:
    """The most pressing first; of those alike what is over or due sooner."""
    return sorted(
        things,
        key=lambda one: (
            rank(one.do, one.by, at=at),
            one.by is None,
            one.by.timestamp() if one.by else 0,
            _ORDER.index(one.do),
        ),
    )
