"""What a patient may let somebody outside read, for how long, and whether a code still opens it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from almoner.portal.rules.accounts import IDLE, Part

TRIES = 5
MOST_OPEN = 5
"""Codes of one patient that are good at a time: more are not kept in mind."""
LASTS = (1, 24, 168)
"""Hours a code may be good for, the first unless another is chosen."""


class Shared(StrEnum):
    """A kind of thing that can be shared."""

    VISITS = "visits"
    DOCUMENTS = "documents"  # what was signed
    PAPERS = "papers"  # what is filed in the record
    COVERAGE = "coverage"
    RESULTS = "results"


_NEEDS = {
    Shared.VISITS: Part.VISITS,
    Shared.DOCUMENTS: Part.FORMS,
    Shared.PAPERS: Part.DOCUMENTS,
    Shared.COVERAGE: Part.BILLS,
    Shared.RESULTS: Part.RESULTS,
}


def may_share(parts: Collection[str]) -> tuple[Shared, ...]:
    """The kinds that somebody who sees these parts may let another read."""
    return tuple(kind for kind in Shared if _NEEDS[kind] in parts)


class Opens(StrEnum):
    """Why a code does not open anything; GOOD when it does."""

    GOOD = "good"
    UNKNOWN = "share_unknown"
    OVER = "share_over"
    WRONG = "share_wrong_born"
    SPENT = "share_spent"


def opens(*, ended: bool, expires_at: datetime, tries: int, fits: bool, at: datetime) -> Opens:
    """Whether a code opens with the birth date that was said (``fits``).

    What is no use any more says so whatever birth date was said.
    """
    if tries >= TRIES:
        return Opens.SPENT
    if ended or at >= expires_at:
        return Opens.OVER
    return Opens.GOOD if fits else Opens.WRONG


def is_idle(seen_at: datetime, *, at: datetime) -> bool:
    return at >= seen_at + IDLE


def ends_at(hours: int, *, at: datetime) -> datetime:
    """When a code made now ends. Raises ValueError for a time that is not offered."""
    if hours not in LASTS:
        raise ValueError(hours)
    return at + timedelta(hours=hours)
