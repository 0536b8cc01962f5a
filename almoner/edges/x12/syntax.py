"""X12 as bytes: delimiters, segments, and where in the file each one stands.

Two ways to read, one core:

- ``blocks(source)`` gives whole blocks of segment texts. It is the fast door: a reader splits each
  text itself and asks the block for a byte offset only when there is something to say about it.
- ``segments(source)`` gives one ``Segment`` at a time, split, numbered and located.

Bytes are read as Latin-1, so that one character is one byte and every offset is exact whatever the
sender's encoding; ``readable`` turns a value into what its writer meant.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from io import BytesIO
from itertools import accumulate
from typing import BinaryIO

from almoner.ground.words import gettext_noop

Source = bytes | BinaryIO

BLOCK = 64 * 1024
LONGEST_SEGMENT = 1024 * 1024
ISA_LENGTH = 106
# Where the 16 element separators of a well-formed ISA stand: its elements have fixed widths.
ISA_SEPARATORS = (3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103)
# Line ends, and the NULs and Ctrl-Z with which old file transfers pad the end of a file.
PADDING = " \t\r\n\v\f\x00\x1a"
_LEADING = re.compile(f"[{re.escape(PADDING)}]*")
_BYTE_ORDER_MARK = "\xef\xbb\xbf"
_WIDE_BYTE_ORDER_MARKS = ("\xff\xfe", "\xfe\xff")


class Severity(StrEnum):
    """Whether a fault refuses what it stands in, or is only worth knowing."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong, and where.

    ``ordinal`` counts segments from 1 in the whole file, ``position`` from 1 at ST in its
    transaction set (as IK3 does); ``element`` and ``component`` count from 1, 0 means the whole
    segment or element. ``offset`` is the byte at which the segment begins. ``value`` is the text
    found, which may be patient data: show it, never log it.
    """

    code: str
    message: str
    severity: Severity = Severity.ERROR
    tag: str = ""
    ordinal: int = 0
    position: int = 0
    element: int = 0
    component: int = 0
    offset: int = 0
    loop: str = ""
    value: str = field(default="", repr=False)

    @property
    def place(self) -> str:
        """Where, in words: ``NM1 (segment 14, byte 812, loop 2010BA), element 9``."""
        if not self.ordinal:
            return f"byte {self.offset}"
        loop = f", loop {self.loop}" if self.loop else ""
        element = f", element {self.element}" if self.element else ""
        component = f", component {self.component}" if self.component else ""
        tag = self.tag or "?"
        return f"{tag} (segment {self.ordinal}, byte {self.offset}{loop}){element}{component}"

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class X12SyntaxError(ValueError):
    """The bytes cannot be read as X12 from here on; ``fault`` says why and where."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The four characters with which one interchange separates its parts.

    ``repetition`` is empty when the interchange declares none (versions before 00402 put a letter
    there). ``faults`` says what was odd about the ISA they were read from.
    """

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    terminator: str = "~"
    faults: tuple[Fault, ...] = field(default=(), compare=False)

    @property
    def all(self) -> str:
        return self.element + self.component + self.repetition + self.terminator


STANDARD = Delimiters()


class Segment:
    """One segment: ``elements[0]`` is its tag; ``segment[n]`` is element n, empty when absent."""

    __slots__ = ("elements", "offset", "ordinal")

    def __init__(self, elements: list[str], ordinal: int, offset: int) -> None:
        self.elements = elements
        self.ordinal = ordinal
        self.offset = offset

    @property
    def tag(self) -> str:
        return self.elements[0]

    def __getitem__(self, index: int) -> str:
        elements = self.elements
        return elements[index] if index < len(elements) else ""

    def __len__(self) -> int:
        return len(self.elements)

    def __repr__(self) -> str:
        # Never the elements: a segment in a traceback or a log would carry patient data.
        return f"<{self.tag} segment {self.ordinal} at byte {self.offset}>"


class Block:
    """Consecutive whole segments of one interchange, without terminators and line ends.

    ``first`` is the ordinal of ``segments[0]``; an interchange always begins a block, so the
    delimiters hold for all of it. ``complete`` is False when the last segment of the file has no
    terminator; ``wrapped`` lists the indexes of segments that a line break ran through.
    """

    __slots__ = (
        "_gap",
        "_offsets",
        "complete",
        "delimiters",
        "first",
        "segments",
        "start",
        "wrapped",
    )

    def __init__(
        self,
        delimiters: Delimiters,
        segments: list[str],
        *,
        first: int,
        start: int,
        gap: int = 1,
        offsets: list[int] | None = None,
        complete: bool = True,
        wrapped: tuple[int, ...] = (),
    ) -> None:
        self.delimiters = delimiters
        self.segments = segments
        self.first = first
        self.start = start
        self.complete = complete
        self.wrapped = wrapped
        self._gap = gap
        self._offsets = offsets

    def offset(self, index: int) -> int:
        """The byte at which segment ``index`` of this block begins."""
        if self._offsets is not None:
            return self._offsets[index]
        return self.start + sum(map(len, self.segments[:index])) + index * self._gap

    def offsets(self) -> list[int]:
        """The byte at which each segment begins."""
        if self._offsets is None:
            steps = (len(text) + self._gap for text in self.segments[:-1])
            self._offsets = list(accumulate(steps, initial=self.start))
        return self._offsets


def blocks(source: Source, *, size: int = BLOCK) -> Iterator[Block]:
    """Read a file block by block, in memory bounded by ``size`` and the longest segment.

    Each interchange may bring delimiters of its own. Raises X12SyntaxError where no ISA can be
    understood, or where a segment never ends.
    """
    stream: BinaryIO = BytesIO(source) if isinstance(source, bytes) else source
    cutter = _Cutter()
    while chunk := stream.read(size):
        cutter.text += chunk.decode("latin-1")
        yield from cutter.whole_blocks(ended=False)
    yield from cutter.whole_blocks(ended=True)
    if cutter.first == 1:
        raise X12SyntaxError(Fault("file-empty", gettext_noop("The file is empty.")))


def segments(source: Source) -> Iterator[Segment]:
    """Read a file segment by segment. Raises what ``blocks`` raises."""
    for block in blocks(source):
        separator = block.delimiters.element
        located = zip(block.segments, block.offsets(), strict=True)
        for ordinal, (text, offset) in enumerate(located, block.first):
            yield Segment(text.split(separator), ordinal, offset)


def readable(value: str) -> str:
    """What the sender meant by a value that was read as Latin-1: UTF-8, or else Windows-1252."""
    if value.isascii():
        return value
    raw = value.encode("latin-1")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


class _Cutter:
    """Cuts the text read so far into blocks; what is not yet whole stays in ``text``."""

    def __init__(self) -> None:
        self.text = ""
        self.start = 0
        self.first = 1
        self.delimiters: Delimiters | None = None

    def whole_blocks(self, *, ended: bool) -> Iterator[Block]:
        while self._skip_padding() and (ended or len(self.text) >= 2 * ISA_LENGTH):
            delimiters = self._current_delimiters()
            end = _end_of_whole_segments(self.text, delimiters, ended=ended)
            if not end:
                break
            block = _block(self.text[:end], delimiters, first=self.first, start=self.start)
            self.first += len(block.segments)
            self._drop(end)
            if block.segments:
                yield block
        if len(self.text) > LONGEST_SEGMENT:
            raise X12SyntaxError(_endless(self.text, start=self.start, ordinal=self.first))

    def _skip_padding(self) -> bool:
        self._drop(_leading(self.text, self.start))
        return bool(self.text)

    def _current_delimiters(self) -> Delimiters:
        fresh = self.text.startswith("ISA") and not self.text[3:4].isalnum()
        if fresh or self.delimiters is None:
            self.delimiters = _read_delimiters(self.text, start=self.start, ordinal=self.first)
        return self.delimiters

    def _drop(self, count: int) -> None:
        if count:
            self.text = self.text[count:]
            self.start += count


def _leading(text: str, start: int) -> int:
    """How many characters before the next segment are padding, or a byte-order mark at byte 0."""
    mark = len(_BYTE_ORDER_MARK) if start == 0 and text.startswith(_BYTE_ORDER_MARK) else 0
    found = _LEADING.match(text, mark)
    return found.end() if found else mark


def _read_delimiters(text: str, *, start: int, ordinal: int) -> Delimiters:
    """The delimiters an ISA declares: at bytes 4, 83, 105 and 106 when it keeps its fixed widths.

    An ISA of other widths is still read, by counting its separators, and reported.
    """

    def refuse(code: str, message: str) -> X12SyntaxError:
        isa = text.startswith("ISA")
        return X12SyntaxError(
            Fault(code, message, tag="ISA" if isa else "", ordinal=ordinal, offset=start)
        )

    if text.startswith(_WIDE_BYTE_ORDER_MARKS):
        raise refuse(
            "not-x12",
            gettext_noop("The file is UTF-16 text. Save it as plain text and send it again."),
        )
    if not text.startswith("ISA"):
        raise refuse(
            "not-x12",
            gettext_noop("The file does not begin with an ISA segment, so it is not X12."),
        )
    head = text[: 2 * ISA_LENGTH]
    separator = head[3:4]
    pieces = head.split(separator, 16) if separator else []
    if len(pieces) < 17 or len(pieces[16]) < 2:
        raise refuse(
            "isa-cut-short", gettext_noop("The ISA segment ends before its sixteenth element.")
        )
    component, terminator = pieces[16][0], pieces[16][1]
    repetition = pieces[11]
    found = Delimiters(
        separator,
        component,
        repetition if len(repetition) == 1 and not repetition.isalnum() else "",
        terminator,
    )
    marks = [mark for mark in found.all if mark]
    if len(set(marks)) < len(marks) or any(mark.isalnum() or mark == " " for mark in marks):
        raise refuse(
            "isa-delimiters",
            gettext_noop("The delimiters of the ISA segment cannot be told apart."),
        )
    if all(head[at : at + 1] == separator for at in ISA_SEPARATORS):
        return found
    odd = Fault(
        "isa-width",
        gettext_noop(
            "The ISA segment does not keep the fixed widths of its elements (106 characters)."
        ),
        tag="ISA",
        ordinal=ordinal,
        offset=start,
    )
    return replace(found, faults=(odd,))


def _end_of_whole_segments(text: str, delimiters: Delimiters, *, ended: bool) -> int:
    """Up to where ``text`` is whole segments of this interchange; 0 when more must be read."""
    mark = re.escape(delimiters.terminator)
    following = re.compile(f"{mark}[{re.escape(PADDING)}]*ISA[^A-Za-z0-9]").search(text, 3)
    if following:
        return following.start() + 1
    if ended:
        return len(text)
    return text.rfind(delimiters.terminator) + 1


def _block(text: str, delimiters: Delimiters, *, first: int, start: int) -> Block:
    terminator = delimiters.terminator
    complete = text.rstrip(PADDING.replace(terminator, "")).endswith(terminator)
    for line_end in ("", "\n", "\r\n"):
        gap = terminator + line_end
        if not _regular(text, gap, line_end):
            continue
        pieces = text.removesuffix(gap).removesuffix(terminator).split(gap)
        return Block(delimiters, pieces, first=first, start=start, gap=len(gap), complete=complete)
    return _irregular(text, delimiters, first=first, start=start, complete=complete)


def _regular(text: str, gap: str, line_end: str) -> bool:
    """Whether every terminator is followed by the same line end, with nothing else between."""
    terminator = gap[0]
    if not text.endswith(terminator) or text.startswith(terminator):
        return False
    if any(gap + mark in text for mark in (terminator, " ", "\t")):
        return False
    inner = text.count(terminator) - 1
    if line_end:
        # A block is cut behind its last terminator; that one's line end opens the next block.
        breaks = inner + (terminator in "\r\n")
        return (
            text.count(gap) == inner and text.count("\n") == breaks and _no_lone_return(text, gap)
        )
    others = PADDING.replace(terminator, "").replace(" ", "").replace("\t", "")
    return not any(mark in text for mark in others)


def _no_lone_return(text: str, gap: str) -> bool:
    return "\r" not in text or ("\r" in gap and text.count("\r") == text.count("\r\n"))


def _irregular(
    text: str, delimiters: Delimiters, *, first: int, start: int, complete: bool
) -> Block:
    pieces: list[str] = []
    offsets: list[int] = []
    wrapped: list[int] = []
    at = start
    for raw in text.split(delimiters.terminator):
        piece = raw.lstrip(PADDING)
        if piece:
            offsets.append(at + len(raw) - len(piece))
            if "\n" in piece or "\r" in piece:
                wrapped.append(len(pieces))
                piece = piece.replace("\r", "").replace("\n", "")
            pieces.append(piece)
        at += len(raw) + 1
    return Block(
        delimiters,
        pieces,
        first=first,
        start=start,
        offsets=offsets,
        complete=complete,
        wrapped=tuple(wrapped),
    )


def _endless(text: str, *, start: int, ordinal: int) -> Fault:
    tag = re.match(r"[A-Z0-9]{2,3}", text)
    return Fault(
        "segment-endless",
        gettext_noop(
            "A segment has no end within a million characters; its terminator is missing."
        ),
        tag=tag.group() if tag else "",
        ordinal=ordinal,
        offset=start,
    )
