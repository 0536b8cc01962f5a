"""Visits of which a plan is to know nothing; the duty above that takes the wish tells which."""

from collections.abc import Callable

Kept = Callable[[int | None], bool]
_kept: list[Kept] = []


def not_to_be_asked(kept: Kept) -> None:
    """Register what says of a visit that its plan is to know nothing of it."""
    _kept.append(kept)


def is_not_asked(appointment_id: int | None) -> bool:
    """Whether a visit's plan is asked nothing, and told nothing."""
    return any(kept(appointment_id) for kept in _kept)
