"""Where the work goes on once the money is taken; told by the duties whose work it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from almoner.access.queries import WorkItem


@dataclass(frozen=True, slots=True)
class Way:
    """A page to go on with, and the key that goes there."""

    label: Any
    url: str
    key: str


_ways: dict[str, Callable[[int], Way | None]] = {}


def goes_on(kind: str, find: Callable[[int], Way | None]) -> None:
    """Work items of this kind are gone on with there; None when that work is behind them."""
    _ways[kind] = find


def way_on(item: WorkItem | None) -> Way | None:
    """Where an officer who took a payment for this work item goes next."""
    find = _ways.get(item.kind) if item else None
    return find(item.id) if find and item else None
