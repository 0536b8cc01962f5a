"""Where each segment of a transaction set stands in its guide, and whether its elements fit.

``Structure`` walks one set. It keeps the loops that are open, finds the place of each next segment
from the innermost loop outwards, and hands faults to the function it was given.
"""

from collections.abc import Callable, Iterable

from almoner.edges.x12.elements import element_faults
from almoner.edges.x12.grammar import LoopRule, SegmentRule
from almoner.edges.x12.syntax import Delimiters, Fault, Segment
from almoner.ground.words import gettext_noop, saying

Report = Callable[[Fault], None]


class _Open:
    """A loop in progress: how far in its order we are, and how often each child came."""

    __slots__ = ("counts", "loop", "rank", "steps")

    def __init__(self, loop: LoopRule) -> None:
        self.loop = loop
        self.rank = 0
        self.counts: dict[int, int] = {}
        # Where each later place in the order was reached: what is missing is missing before it.
        self.steps: list[tuple[int, Segment, int]] = []


class Structure:
    def __init__(self, root: LoopRule, delimiters: Delimiters, report: Report) -> None:
        self._open = [_Open(root)]
        self._delimiters = delimiters
        self._report = report

    def take(self, segment: Segment, position: int) -> str | None:
        """Place one segment; the name of its loop, or None when the guide has no place for it."""
        found = self._find(segment.elements, ordered=True)
        if found is None:
            found = self._find(segment.elements, ordered=False)
            if found is None:
                self._unexpected(segment, position)
                return None
            self._report(
                _fault(
                    "segment-order",
                    saying(
                        gettext_noop("%(tag)s comes after segments that should follow it."),
                        tag=segment.tag,
                    ),
                    segment,
                    position,
                    loop=self._open[found[0]].loop.name,
                )
            )
        depth, child = found
        self._close(depth, segment, position)
        return self._enter(child, segment, position)

    def finish(self, segment: Segment, position: int) -> None:
        """The set is over: what was required and did not come is missing."""
        self._close(-1, segment, position)

    def _find(
        self, elements: list[str], *, ordered: bool
    ) -> tuple[int, SegmentRule | LoopRule] | None:
        tag = elements[0]
        for depth in range(len(self._open) - 1, -1, -1):
            frame = self._open[depth]
            for child in frame.loop.by_tag.get(tag, ()):
                in_order = child.rank >= frame.rank
                if in_order is ordered and _is_meant(child.opening, elements, self._delimiters):
                    return depth, child
        return None

    def _enter(self, child: SegmentRule | LoopRule, segment: Segment, position: int) -> str:
        frame = self._open[-1]
        if child.rank > frame.rank:
            frame.rank = child.rank
            frame.steps.append((child.rank, segment, position))
        count = frame.counts.get(id(child), 0) + 1
        frame.counts[id(child)] = count
        if isinstance(child, LoopRule):
            self._open.append(_Open(child))
        name = self._open[-1].loop.name
        if count == child.most + 1:
            message = saying(
                gettext_noop("%(label)s may come %(most)s times here, and this is one more."),
                label=child.label,
                most=child.most,
            )
            self._report(_fault("segment-repeated", message, segment, position, loop=name))
        for fault in element_faults(child.opening, segment, self._delimiters, position, name):
            self._report(fault)
        return name

    def _close(self, depth: int, segment: Segment, position: int) -> None:
        """Close the loops deeper than ``depth`` and name what each of them lacked."""
        while len(self._open) - 1 > depth:
            frame = self._open.pop()
            children: Iterable[SegmentRule | LoopRule] = frame.loop.children
            for child in frame.loop.children[1:] if frame.loop.name else children:
                if child.required and id(child) not in frame.counts:
                    later = (step for step in frame.steps if step[0] > child.rank)
                    _, before, at = next(later, (0, segment, position))
                    self._report(_missing(child, frame.loop, before, at))

    def _unexpected(self, segment: Segment, position: int) -> None:
        loop = self._open[-1].loop
        message = saying(
            gettext_noop("%(segment)s has no place in the guide here (within loop %(name)s)."),
            segment=_label(segment),
            name=loop.name,
        )
        self._report(_fault("segment-unexpected", message, segment, position, loop=loop.name))


def _label(segment: Segment) -> str:
    return segment.tag if segment.tag.isalnum() and len(segment.tag) <= 3 else "A segment"


def _is_meant(rule: SegmentRule, elements: list[str], delimiters: Delimiters) -> bool:
    at = rule.qualifier
    if not at:
        return True
    value = elements[at] if at < len(elements) else ""
    if value in rule.qualifiers:
        return True
    return value.split(delimiters.component, 1)[0] in rule.qualifiers


def _fault(code: str, message: str, segment: Segment, position: int, *, loop: str) -> Fault:
    return Fault(
        code,
        message,
        tag=segment.tag,
        ordinal=segment.ordinal,
        position=position,
        offset=segment.offset,
        loop=loop,
    )


def _missing(
    child: SegmentRule | LoopRule, loop: LoopRule, segment: Segment, position: int
) -> Fault:
    where = (
        saying(gettext_noop("Loop %(name)s"), name=loop.name)
        if loop.name
        else gettext_noop("The transaction set")
    )
    name = child.name if isinstance(child, LoopRule) else loop.name
    return Fault(
        "loop-missing" if isinstance(child, LoopRule) else "segment-missing",
        saying(
            gettext_noop("%(where)s lacks %(label)s; it should stand before segment %(ordinal)s."),
            where=where,
            label=child.label,
            ordinal=segment.ordinal,
        ),
        tag=child.opening.tag,
        ordinal=segment.ordinal,
        position=position,
        offset=segment.offset,
        loop=name,
    )
