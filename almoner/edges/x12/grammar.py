"""The notation in which a guide's structure is written, and what it is read into.

One line is a loop or a segment, children indented below their loop, the first segment of a loop
being the one that opens it::

    loop 2310B ?1 @2500
      NM1!1 @2500 !ID2/3=82 !ID1/2=1,2 !AN1/60 ?AN1/35 - ?AN1/10 ; P0809

``!`` required, ``?`` situational, ``-`` not used; a number is how often (``*`` without limit);
``@2500`` the place in the order, equal places in any order. An element is its kind (AN text, ID
code, N0 whole number, R decimal, M money, DT date, TM time), its least and most characters, then
``=`` its codes or ``@`` a named list, and ``x8`` when it may repeat. Parentheses hold a composite.
Behind ``;`` stand relations between elements: P paired, R one required, E only one, C the first
needs the rest, L the first needs one of the rest.

A name with spaces among the codes is written with underscores.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from almoner.edges.x12.codes import LISTS

WITHOUT_LIMIT = 10**9
# Segments that say by an element which of several uses they are; others are known by their tag.
QUALIFIED_BY = {"HL": 3, "NM1": 1, "N1": 1, "REF": 1, "DTP": 1, "AMT": 1, "QTY": 1, "HI": 1}
QUALIFIED_BY |= {"PER": 1, "CRC": 1, "PWK": 1, "NTE": 1, "CTX": 1, "DTM": 1, "LQ": 1}


@dataclass(frozen=True, slots=True)
class Element:
    """What may stand in one element, or in one component of a composite (``parts``)."""

    required: bool
    kind: str = "AN"
    least: int = 1
    most: int = 80
    codes: frozenset[str] | None = None
    repeats: int = 1
    parts: "tuple[Element | None, ...]" = ()


@dataclass(frozen=True, slots=True, eq=False)
class SegmentRule:
    tag: str
    required: bool
    most: int
    rank: int
    elements: tuple[Element | None, ...]
    relations: tuple[tuple[str, tuple[int, ...]], ...] = ()
    qualifier: int = 0
    qualifiers: frozenset[str] = frozenset()

    @property
    def opening(self) -> "SegmentRule":
        return self

    @property
    def label(self) -> str:
        """``REF`` or, where a qualifier tells it from others, ``REF*F8``."""
        return f"{self.tag}*{'/'.join(sorted(self.qualifiers))}" if self.qualifiers else self.tag


@dataclass(slots=True, eq=False)
class LoopRule:
    name: str
    required: bool
    most: int
    rank: int
    children: "list[SegmentRule | LoopRule]" = field(default_factory=list)
    by_tag: "dict[str, list[SegmentRule | LoopRule]]" = field(default_factory=dict)

    @property
    def opening(self) -> SegmentRule:
        """The segment whose coming opens the loop."""
        first = self.children[0]
        return first.opening

    @property
    def label(self) -> str:
        return f"loop {self.name} ({self.opening.label})"

    def index(self) -> None:
        """Sort the children by the tag that announces them; the opening segment is behind us."""
        for child in self.children[1:] if self.name else self.children:
            self.by_tag.setdefault(child.opening.tag, []).append(child)


def load(path: Path) -> LoopRule:
    """Read a guide's structure; the result is a nameless loop around the whole set."""
    root = LoopRule("", required=True, most=1, rank=0)
    open_loops: list[tuple[int, LoopRule]] = [(-1, root)]
    known: dict[str, LoopRule] = {}
    for line in path.read_text(encoding="ascii").splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        depth = len(line) - len(line.lstrip())
        while open_loops[-1][0] >= depth:
            open_loops.pop()
        words = line.split()
        parent = open_loops[-1][1]
        if words[0] == "loop":
            loop = _loop(words)
            known[loop.name] = loop
            parent.children.append(loop)
            open_loops.append((depth, loop))
        elif words[0] == "again":
            again = _loop(words)
            again.children = known[again.name].children
            parent.children.append(again)
        else:
            parent.children.append(_segment(words))
    _index(root)
    return root


def _index(loop: LoopRule) -> None:
    if not loop.by_tag:
        loop.index()
    for child in loop.children:
        if isinstance(child, LoopRule):
            _index(child)


def _use(text: str) -> tuple[bool, int]:
    return text[0] == "!", WITHOUT_LIMIT if text[1:] == "*" else int(text[1:])


def _loop(words: list[str]) -> LoopRule:
    required, most = _use(words[2])
    return LoopRule(words[1], required=required, most=most, rank=int(words[3][1:]))


def _segment(words: list[str]) -> SegmentRule:
    tag, use = re.split(r"(?=[!?])", words[0], maxsplit=1)
    required, most = _use(use)
    body = words[2:]
    relations: list[str] = []
    if ";" in body:
        relations = body[body.index(";") + 1 :]
        body = body[: body.index(";")]
    elements = tuple(_element(word) for word in body)
    qualifier = QUALIFIED_BY.get(tag, 0)
    marker = elements[qualifier - 1] if 0 < qualifier <= len(elements) else None
    if marker and marker.parts:
        marker = marker.parts[0]
    qualifiers = (marker.codes if marker else None) or frozenset()
    return SegmentRule(
        tag,
        required=required,
        most=most,
        rank=int(words[1][1:]),
        elements=elements,
        relations=tuple(_relation(word) for word in relations),
        qualifier=qualifier if qualifiers else 0,
        qualifiers=qualifiers,
    )


def _relation(word: str) -> tuple[str, tuple[int, ...]]:
    return word[0], tuple(int(word[at : at + 2]) for at in range(1, len(word), 2))


def _element(word: str) -> Element | None:
    if word == "-":
        return None
    required = word[0] == "!"
    if word[1] == "(":
        inside, _, times = word[2:].rpartition(")")
        parts = tuple(_element(part) for part in inside.split(";"))
        return Element(required, "composite", parts=parts, repeats=int(times[1:] or 1))
    shape, _, codes = word[1:].partition("=")
    shape, _, listed = shape.partition("@")
    found = re.fullmatch(r"([A-Z]+0?)(\d+)/(\d+)(?:x(\d+))?", shape)
    if not found:
        message = f"Not an element of a guide: {word}"
        raise ValueError(message)
    kind, least, most, repeats = found.groups()
    named = frozenset(codes.replace("_", " ").split(",")) if codes else LISTS.get(listed)
    return Element(required, kind, int(least), int(most), named, int(repeats or 1))
