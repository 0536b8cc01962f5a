"""Other ways to a visit than booking a time, and from a visit, which higher duties offer."""

from collections.abc import Callable
from dataclasses import dataclass

from almoner.access.queries import Reading
from almoner.ground.shell import Text


@dataclass(frozen=True, slots=True)
class Beside:
    """A button beside "Book" on a patient's page: ``route`` is asked with ``?patient=``."""

    label: Text
    route: str
    permission: str
    key: str


_offered: dict[str, Beside] = {}


def beside_booking(offered: Beside) -> None:
    _offered[offered.route] = offered


def offered_to(reading: Reading) -> list[Beside]:
    """Those this reader may use, in the order they were offered."""
    return [each for each in _offered.values() if reading.officer.may(each.permission)]


_of_visit: dict[str, Beside] = {}


def from_visit(offered: Beside) -> None:
    """A button on a visit's page; ``route`` takes the visit's id."""
    _of_visit[offered.route] = offered


def offered_from_visit(reading: Reading) -> list[Beside]:
    """Those this reader may use, in the order they were offered."""
    return [each for each in _of_visit.values() if reading.officer.may(each.permission)]


_telling: list[Callable[[int], Text]] = []


def told_by(tell: Callable[[int], Text]) -> None:
    """Register whoever tells patients of their visits: it says by what way, in a sentence."""
    _telling.append(tell)


def how_told(patient_id: int) -> list[Text]:
    """How a patient hears of a visit that is booked or moved, for the officer who talks to them."""
    return [tell(patient_id) for tell in _telling]
