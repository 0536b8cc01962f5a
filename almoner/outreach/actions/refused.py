"""What outreach answers instead of doing what was asked. Then nothing was written."""

from enum import StrEnum


class Refusal(StrEnum):
    """Why it cannot be done."""

    NAME_TAKEN = "name_taken"
    NOTHING_ASKED = "nothing_asked"
    STATE = "state"
    NOBODY = "nobody"
    WORDS = "words"
    HEALTH = "health"
    NOT_REVIEWED = "not_reviewed"
    OWN_WORDS = "own_words"
    CHANGED = "changed"
    NOT_CALLED = "not_called"


class OutreachRefused(Exception):
    """Nothing was changed; ``reason`` says why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason)
        self.reason = reason
