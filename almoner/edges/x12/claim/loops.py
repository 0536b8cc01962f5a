"""The segments of one loop of a claim, found by tag and qualifier."""

from datetime import date

from almoner.edges.x12.amounts import NotAnAmount, cents
from almoner.edges.x12.amounts import day as calendar_date
from almoner.edges.x12.syntax import Fault, Segment, X12SyntaxError, readable
from almoner.ground.words import gettext_noop, saying


class Loop:
    """The segments of one loop, by tag and, for the qualified ones, by first element."""

    __slots__ = ("component", "found", "loops", "opening")

    def __init__(self, opening: Segment, component: str) -> None:
        self.opening = opening
        self.component = component
        self.found: dict[tuple[str, str], list[Segment]] = {}
        self.loops: dict[str, list[Loop]] = {}

    def add(self, segment: Segment) -> None:
        self.found.setdefault((segment.tag, ""), []).append(segment)
        if segment[1]:
            self.found.setdefault((segment.tag, segment[1]), []).append(segment)

    def all(self, tag: str, qualifier: str = "") -> list[Segment]:
        return self.found.get((tag, qualifier), [])

    def text(self, tag: str, element: int, qualifier: str = "") -> str:
        rows = self.all(tag, qualifier)
        return readable(rows[0][element]) if rows else ""

    def need(self, tag: str, element: int, qualifier: str = "") -> str:
        value = self.text(tag, element, qualifier)
        if not value:
            msg = f"{tag} element {element}"
            raise self.lacks(msg)
        return value

    def parts(self, tag: str, element: int) -> list[str]:
        value = self.text(tag, element)
        return value.split(self.component) if value else []

    def amount(self, tag: str, element: int, qualifier: str = "") -> int | None:
        value = self.text(tag, element, qualifier)
        try:
            return cents(value) if value else None
        except NotAnAmount:
            msg = f"an amount in {tag} element {element}"
            raise self.lacks(msg) from None

    def need_amount(self, tag: str, element: int) -> int:
        value = self.amount(tag, element)
        if value is None:
            msg = f"an amount in {tag} element {element}"
            raise self.lacks(msg)
        return value

    def day(self, tag: str, element: int, qualifier: str = "") -> date | None:
        return calendar_date(self.text(tag, element, qualifier))

    def need_day(self, tag: str, element: int, qualifier: str = "") -> date:
        found = self.day(tag, element, qualifier)
        if found is None:
            msg = f"a day in {tag} element {element}"
            raise self.lacks(msg)
        return found

    def inner(self, name: str) -> "Loop | None":
        rows = self.loops.get(name)
        return rows[0] if rows else None

    def need_inner(self, name: str) -> "Loop":
        found = self.inner(name)
        if found is None:
            msg = f"loop {name}"
            raise self.lacks(msg)
        return found

    def lacks(self, what: str) -> X12SyntaxError:
        opening = self.opening
        return X12SyntaxError(
            Fault(
                "claim-incomplete",
                saying(
                    gettext_noop(
                        "What begins here cannot be read as part of a claim; it lacks %(what)s."
                    ),
                    what=what,
                ),
                tag=opening.tag,
                ordinal=opening.ordinal,
                offset=opening.offset,
            )
        )
