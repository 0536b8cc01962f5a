"""HL levels: numbered in order, under the right parent, and saying truly if they have children."""

from collections.abc import Callable, Mapping

from almoner.edges.x12.syntax import Segment
from almoner.ground.words import gettext_noop, saying


class Hierarchy:
    """``levels`` maps each HL03 to the HL03 its parent must have ("" for none)."""

    def __init__(self, levels: Mapping[str, str], fault: Callable[..., None]) -> None:
        self._levels = levels
        self._fault = fault
        self._count = 0
        self._level_of: dict[str, str] = {}
        self._waiting: dict[str, tuple[Segment, int, str]] = {}
        self._without_children: set[str] = set()
        self.level = ""

    def see(self, segment: Segment, position: int, loop: str) -> None:
        place = (segment, position, loop)
        self._count += 1
        number, parent, self.level = segment[1], segment[2], segment[3]
        if number != str(self._count):
            message = saying(
                gettext_noop("This is level %(count)s of the set, and is numbered otherwise."),
                count=self._count,
            )
            self._fault("hl-number", message, place, element=1)
        expected = self._levels.get(self.level)
        if expected and self._level_of.get(parent) != expected:
            message = gettext_noop(
                "The parent of this level does not exist, or is not of the right kind."
            )
            self._fault("hl-parent", message, place, element=2)
        self._check_parent_expects(parent, place)
        self._level_of[number] = self.level
        if segment[4] == "1":
            self._waiting[number] = place
        elif segment[4] == "0":
            self._without_children.add(number)

    def finish(self) -> None:
        """The set is over: name the levels that announced others and had none."""
        for place in self._waiting.values():
            message = gettext_noop("This level announces levels below it, and there are none.")
            self._fault("hl-children", message, place, element=4)

    def _check_parent_expects(self, parent: str, place: tuple[Segment, int, str]) -> None:
        self._waiting.pop(parent, None)
        if parent and parent in self._without_children:
            message = gettext_noop("The parent of this level says that it has no levels below it.")
            self._fault("hl-children", message, place, element=2)
