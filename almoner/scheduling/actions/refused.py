"""What the schedule answers instead of doing what was asked. Then nothing was written."""

from collections.abc import Sequence

from almoner.scheduling.queries.openings import Opening
from almoner.scheduling.rules import Refusal


class BookingRefused(Exception):
    """It cannot be done at all; ``reason`` says why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason)
        self.reason = reason


class OpeningTaken(Exception):
    """The time is no longer free; ``next_openings`` are the next three of the same search."""

    def __init__(self, next_openings: Sequence[Opening] = ()) -> None:
        super().__init__()
        self.next_openings = list(next_openings)


class OfferOver(Exception):
    """The place is kept for them no longer: another has it, or its time is over."""
