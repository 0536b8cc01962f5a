"""A turn for each of many: one that fails must not silence those behind it."""

from collections.abc import Callable, Iterable
from typing import TypeVar

Each = TypeVar("Each")


def in_turn(those: Iterable[Each], act: Callable[[Each], int], *, named: str) -> int:
    """Do ``act`` for each, and sum up what it answers; ``named`` is what one of them is in the log.

    Each ``act`` is a transaction of its own, and what failed is tried again by the next call.
    Raises an ExceptionGroup of what failed once all have had their turn.
    """
    done, failed = 0, []
    for one in those:
        try:
            done += act(one)
        except Exception as error:  # noqa: BLE001 (whatever it is, the others have their turn)
            error.add_note(f"{named} {one}")
            failed.append(error)
    if failed:
        message = f"{named}: {len(failed)} failed"
        raise ExceptionGroup(message, failed)
    return done
