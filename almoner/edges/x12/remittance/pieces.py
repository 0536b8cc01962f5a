"""An 835 cut into pieces: the heading of each set, each claim, each provider adjustment.

A piece is a run of segment texts that belong together, not yet split. It knows where it stands, so
that a fault found in it can say its segment and byte, and costs nothing when there is none.
"""

from collections.abc import Iterator
from itertools import pairwise

from almoner.edges.x12.syntax import Block, Fault, Severity, Source, X12SyntaxError, blocks
from almoner.ground.words import gettext_noop

LONGEST = 100_000
_OPENERS = ("ISA", "GS", "ST", "LX", "CLP", "PLB", "SE", "GE", "IEA")


class Piece:
    """Consecutive segments beginning with an opener (ISA, GS, ST, LX, CLP, PLB, SE, GE, IEA)."""

    __slots__ = ("_index", "_later", "block", "tag", "texts")

    def __init__(self, tag: str, texts: list[str], block: Block, index: int) -> None:
        self.tag = tag
        self.texts = texts
        self.block = block
        self._index = index
        self._later: list[Block] = []

    @property
    def separator(self) -> str:
        return self.block.delimiters.element

    @property
    def ordinal(self) -> int:
        return self.block.first + self._index

    def offset(self, at: int = 0) -> int:
        """The byte at which segment ``at`` of this piece begins."""
        index = self._index + at
        for block in (self.block, *self._later):
            if index < len(block.segments):
                return block.offsets()[index]
            index -= len(block.segments)
        raise IndexError(at)

    def elements(self, at: int = 0) -> list[str]:
        return self.texts[at].split(self.separator)

    def fault(
        self,
        code: str,
        message: str,
        *,
        at: int = 0,
        element: int = 0,
        loop: str = "",
        value: str = "",
        severity: Severity = Severity.ERROR,
        began: int = 0,
    ) -> Fault:
        """A fault at segment ``at`` of this piece; ``began`` is the ordinal of the set's ST."""
        ordinal = self.ordinal + at
        return Fault(
            code,
            message,
            severity,
            tag=self.elements(at)[0],
            ordinal=ordinal,
            position=ordinal - began + 1 if began else 0,
            element=element,
            offset=self.offset(at),
            loop=loop,
            value=value,
        )

    def grow(self, texts: list[str], block: Block) -> None:
        self.texts += texts
        self._later.append(block)
        if len(self.texts) > LONGEST:
            raise X12SyntaxError(
                self.fault(
                    "piece-endless",
                    gettext_noop("A hundred thousand segments stand behind this one."),
                )
            )


def pieces(source: Source) -> Iterator[Piece]:
    """The whole file, piece by piece. Raises X12SyntaxError where it cannot be read on."""
    open_piece: Piece | None = None
    for block in blocks(source):
        separator = block.delimiters.element
        openers = {(tag + separator)[:3] for tag in _OPENERS} | set(_OPENERS)
        texts = block.segments
        starts = [index for index, text in enumerate(texts) if text[:3] in openers]
        first = starts[0] if starts else len(texts)
        if open_piece:
            if first:
                open_piece.grow(texts[:first], block)
            if not starts:
                continue
            yield open_piece
        for start, end in pairwise(starts):
            yield Piece(texts[start][:3].rstrip(separator), texts[start:end], block, start)
        last = starts[-1]
        open_piece = Piece(texts[last][:3].rstrip(separator), texts[last:], block, last)
    if open_piece:
        yield open_piece
