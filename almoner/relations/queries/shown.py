"""Things of the duties above that a case shows whole, not as a line."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from almoner.access.queries import Reading
from almoner.relations.queries.case import About

Load = Callable[[int, Reading], Mapping[str, Any]]
_kinds: dict[str, tuple[str, Load]] = {}


@dataclass(frozen=True, slots=True)
class Shown:
    """A thing's template and what it shows."""

    template: str
    values: Mapping[str, Any]


def shows(kind: str, template: str, load: Load) -> None:
    """Have things of a kind shown on the case by a template; ``load(id, reading)`` gives values."""
    _kinds[kind] = template, load


def shown_with_case(things: Iterable[About], *, reading: Reading) -> list[Shown]:
    """Those of the things that are shown whole. What the reader may see is known of them."""
    return [
        Shown(_kinds[each.kind][0], _kinds[each.kind][1](each.id, reading))
        for each in things
        if each.kind in _kinds
    ]
