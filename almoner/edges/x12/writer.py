"""Writing X12: segments, and the envelope with its counts and control numbers.

A ``Writer`` keeps the counts, so that SE, GE and IEA are right by construction::

    writer = Writer(Envelope(sender="CLINIC", receiver="PAYER", control=7, sent_at=now))
    writer.begin_group("HC", "005010X222A1")
    writer.begin_set("837", "005010X222A1")
    writer.segment("BHT", "0019", "00", ...)
    writer.end_set()
    data = writer.finish()
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from almoner.edges.x12.syntax import ISA_LENGTH, STANDARD, Delimiters
from almoner.ground.words import gettext_noop, saying

Element = str | int | tuple[str, ...] | None
"""What one element is written from: text, a count, a composite's components, or nothing."""

# Letters and marks that Unicode does not take apart into a base letter and an accent.
_LETTERS = str.maketrans(
    {
        "\N{LATIN SMALL LETTER SHARP S}": "ss",
        "\N{LATIN SMALL LETTER O WITH STROKE}": "o",
        "\N{LATIN CAPITAL LETTER O WITH STROKE}": "O",
        "\N{LATIN SMALL LETTER AE}": "ae",
        "\N{LATIN CAPITAL LETTER AE}": "AE",
        "\N{LATIN SMALL LIGATURE OE}": "oe",
        "\N{LATIN CAPITAL LIGATURE OE}": "OE",
        "\N{LATIN SMALL LETTER L WITH STROKE}": "l",
        "\N{LATIN CAPITAL LETTER L WITH STROKE}": "L",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
    }
)
LARGEST_CONTROL = 999_999_999


class Unwritable(ValueError):
    """A value holds a delimiter, a line break or a letter outside ASCII; ``plain`` removes them."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sends an interchange to whom.

    ``sender`` and ``receiver`` are ISA06 and ISA08 (at most 15 characters), their qualifiers ISA05
    and ISA07; the application codes (GS02, GS03) are the same unless given. ``usage`` is T for test
    or P for production. ``control`` is ISA13, 1 to 999,999,999. ``sent_at`` is wall-clock time.
    """

    sender: str
    receiver: str
    control: int
    sent_at: datetime
    sender_qualifier: str = "ZZ"
    receiver_qualifier: str = "ZZ"
    application_sender: str = ""
    application_receiver: str = ""
    usage: str = "T"
    wants_ta1: bool = False


def plain(text: str, *, longest: int = 0) -> str:
    """Text a partner can read: ASCII, upper case, no delimiter, no control character.

    Accents are dropped from their letters, delimiters become spaces, runs of spaces become one.
    """
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text.translate(_LETTERS))
        text = apart.encode("ascii", "ignore").decode("ascii")
    if not text.isprintable() or not _FORBIDDEN.isdisjoint(text):
        text = "".join(" " if mark in _FORBIDDEN else mark for mark in text if mark.isprintable())
    text = " ".join(text.upper().split())
    return text[:longest].rstrip() if longest else text


_FORBIDDEN = frozenset(STANDARD.all)


class Writer:
    """One interchange, growing segment by segment. ``line_end`` goes behind every terminator."""

    def __init__(
        self, envelope: Envelope, *, delimiters: Delimiters = STANDARD, line_end: str = ""
    ) -> None:
        self.envelope = envelope
        self.delimiters = delimiters
        self._marks = frozenset(delimiters.all)
        self._end = delimiters.terminator + line_end
        self._written: list[str] = []
        self._groups = 0
        self._sets = 0
        self._set_began_at = 0
        self._group_control = 0
        self._set_control = ""
        self._write_isa()

    def segment(self, tag: str, *elements: Element) -> None:
        """Write one segment; empty elements and components at the end are left out.

        Raises Unwritable naming the segment and element whose value would break the syntax.
        """
        parts = [tag]
        for position, element in enumerate(elements, 1):
            if not element and element != 0:
                parts.append("")
            elif isinstance(element, tuple):
                for component in element:
                    self.refuse_marks(component, tag, position)
                parts.append(
                    self.delimiters.component.join(element).rstrip(self.delimiters.component)
                )
            else:
                text = element if isinstance(element, str) else str(element)
                self.refuse_marks(text, tag, position)
                parts.append(text)
        while not parts[-1]:
            parts.pop()
        self._written.append(self.delimiters.element.join(parts))

    def repeated(self, *values: str) -> str:
        """Several values of one element, joined by the repetition separator.

        The result may be handed to ``segment``, which lets that one separator through.
        """
        return _Repeated(self.delimiters.repetition.join(values))

    def begin_group(self, functional: str, guide: str, *, control: int = 0) -> None:
        """Write GS: ``functional`` is GS01 (HC for a claim), ``guide`` is GS08."""
        envelope = self.envelope
        self._groups += 1
        self._sets = 0
        self._group_control = control or self._groups
        self.segment(
            "GS",
            functional,
            envelope.application_sender or envelope.sender,
            envelope.application_receiver or envelope.receiver,
            f"{envelope.sent_at:%Y%m%d}",
            f"{envelope.sent_at:%H%M}",
            str(self._group_control),
            "X",
            guide,
        )

    def begin_set(self, kind: str, guide: str = "", *, control: str = "") -> None:
        """Write ST: ``guide`` is ST03, left out where a guide has none (835)."""
        self._sets += 1
        self._set_control = control or f"{self._sets:04d}"
        self._set_began_at = len(self._written)
        self.segment("ST", kind, self._set_control, guide)

    def end_set(self) -> None:
        count = len(self._written) - self._set_began_at + 1
        self.segment("SE", str(count), self._set_control)

    def end_group(self) -> None:
        self.segment("GE", str(self._sets), str(self._group_control))

    def finish(self) -> bytes:
        """Write IEA and return the whole interchange."""
        self.segment("IEA", str(self._groups), f"{self.envelope.control:09d}")
        return (self._end.join(self._written) + self._end).encode("ascii")

    def text_of(self, first: int = 0) -> tuple[str, ...]:
        """The segments written so far, from ``first`` on (for a message about them)."""
        return tuple(self._written[first:])

    def _write_isa(self) -> None:
        envelope, marks = self.envelope, self.delimiters
        if not 0 < envelope.control <= LARGEST_CONTROL:
            message = saying(
                gettext_noop("An interchange control number has 1 to 9 digits, not %(control)s."),
                control=envelope.control,
            )
            raise Unwritable(message)
        fields = (
            "ISA", "00", " " * 10, "00", " " * 10,
            envelope.sender_qualifier, f"{envelope.sender:<15}",
            envelope.receiver_qualifier, f"{envelope.receiver:<15}",
            f"{envelope.sent_at:%y%m%d}", f"{envelope.sent_at:%H%M}",
            marks.repetition, "00501", f"{envelope.control:09d}",
            "1" if envelope.wants_ta1 else "0", envelope.usage, marks.component,
        )  # fmt: skip
        for position in (6, 8):
            self.refuse_marks(fields[position], "ISA", position)
        isa = marks.element.join(fields)
        if len(isa) != ISA_LENGTH - 1:
            message = gettext_noop(
                "A sender or receiver id of an interchange has at most 15 characters."
            )
            raise Unwritable(message)
        self._written.append(isa)

    def refuse_marks(self, text: str, tag: str, position: int) -> None:
        """Raise Unwritable when a value would break the syntax of what is being written."""
        if text.isascii() and text.isprintable() and self._marks.isdisjoint(text):
            return
        if isinstance(text, _Repeated):
            return
        message = saying(
            gettext_noop("%(tag)s element %(position)s holds a character that cannot be sent."),
            tag=tag,
            position=position,
        )
        raise Unwritable(message)


class _Repeated(str):
    """An element's value in which the repetition separator is meant."""

    __slots__ = ()
