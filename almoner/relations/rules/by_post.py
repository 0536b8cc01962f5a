"""Letters of a conversation: how far one has come by post, and which day can be said of it."""

from datetime import date, timedelta
from enum import StrEnum

LETTER = "letter"
"""The channel of what is said on paper."""
LONGEST_SENDER = 120
OLDEST = timedelta(days=60)
"""How long a letter may have lain here before somebody keeps it as said."""
TITLES = {"en": "A letter from {clinic}", "es": "Una carta de {clinic}"}
"""What stands over a letter, in a language that patients read."""


class Stage(StrEnum):
    """How far a letter has come.

    ``queued`` until somebody has printed and posted it, then ``posted``; the post brings it
    (``delivered``) or brings it back (``returned``). One that was taken back never left.
    """

    QUEUED = "queued"
    POSTED = "posted"
    DELIVERED = "delivered"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


FOLLOWS: dict[Stage, tuple[Stage, ...]] = {
    Stage.QUEUED: (Stage.POSTED, Stage.WITHDRAWN),
    Stage.POSTED: (Stage.DELIVERED, Stage.RETURNED),
}
"""What may become of a letter that stands so; of others nothing any more."""
LEFT = (Stage.POSTED, Stage.DELIVERED, Stage.RETURNED)
WORK = (Stage.QUEUED, Stage.RETURNED)
"""Somebody must post it, or see to it that the patient knows."""


def follows(before: str, after: str) -> bool:
    """Whether a letter that stands as ``before`` can become ``after``."""
    return after in FOLLOWS.get(Stage(before), ())


def can_be_that_day(on: date, *, since: date, today: date) -> bool:
    """Whether it can have happened on that day: not before what came before, and not to come."""
    return since <= on <= today
