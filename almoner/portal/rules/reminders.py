"""When a patient is reminded of a visit. No clock."""

from datetime import datetime, timedelta

LATE = timedelta(hours=6)
"""A step that nobody took in time, since the worker was down, is taken this long after."""
FRESH = timedelta(hours=12)
"""Who was told of the visit since then remembers it."""


def needed(*, told_at: datetime, at: datetime) -> bool:
    """Whether to remind of a visit whose last change was at ``told_at``."""
    return at - told_at >= FRESH


def window(hours: int, *, at: datetime) -> tuple[datetime, datetime]:
    """The starts, (after, until], of visits for which the step of so many hours is due."""
    until = at + timedelta(hours=hours)
    return until - LATE, until
