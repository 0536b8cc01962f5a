"""Check any X12 file: syntax, envelopes, and the guide each transaction set names.

Whatever the bytes, the answer is a report: a file that cannot be read is refused with the reason
and the place.
"""

from almoner.edges.x12.envelope import Envelopes
from almoner.edges.x12.report import Report
from almoner.edges.x12.syntax import (
    Block,
    Fault,
    Segment,
    Severity,
    Source,
    X12SyntaxError,
    blocks,
)
from almoner.ground.words import gettext_noop


def check(source: Source) -> Report:
    """Read the whole of ``source``, as bytes or from a binary file, in bounded memory."""
    envelopes = Envelopes()
    try:
        for block in blocks(source):
            _take(envelopes, block)
    except X12SyntaxError as refused:
        envelopes.report(refused.fault)
    return envelopes.finish()


def _take(envelopes: Envelopes, block: Block) -> None:
    envelopes.delimiters = block.delimiters
    separator = block.delimiters.element
    located = zip(block.segments, block.offsets(), strict=True)
    for ordinal, (text, offset) in enumerate(located, block.first):
        envelopes.take(Segment(text.split(separator), ordinal, offset))
    for index in block.wrapped:
        envelopes.report(
            Fault(
                "segment-wrapped",
                gettext_noop("A line break runs through a segment; it was taken out."),
                severity=Severity.WARNING,
                tag=block.segments[index][:3].rstrip(separator),
                ordinal=block.first + index,
                offset=block.offset(index),
            )
        )
    if not block.complete:
        envelopes.report(
            Fault(
                "segment-unterminated",
                gettext_noop("The last segment of the file has no terminator."),
                severity=Severity.WARNING,
                tag=block.segments[-1][:3].rstrip(separator),
                ordinal=block.first + len(block.segments) - 1,
                offset=block.offset(len(block.segments) - 1),
            )
        )
