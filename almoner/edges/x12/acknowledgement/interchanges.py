"""TA1: whether an interchange arrived in one piece."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from almoner.edges.x12.report import InterchangeReport, has_errors
from almoner.edges.x12.syntax import Fault, Severity, Source, segments
from almoner.edges.x12.writer import Envelope, Writer

# Our own faults of an interchange, as the note codes of TA105.
_NOTES = {
    ("control-differs", 2): "001",
    ("element-shape", 5): "005",
    ("element-shape", 7): "007",
    ("date-shape", 9): "014",
    ("element-shape", 10): "015",
    ("element-shape", 12): "017",
    ("element-shape", 13): "018",
    ("element-shape", 14): "019",
    ("element-shape", 15): "020",
    ("count-groups", 1): "021",
    ("trailer-missing", 0): "023",
    ("segment-stray", 0): "024",
}
ACCEPTED, REJECTED = "A", "R"
NO_ERROR, OTHER = "000", "022"


@dataclass(frozen=True, slots=True)
class InterchangeAnswer:
    """``control``, ``date`` and ``time`` are those of the interchange answered (ISA13, 09, 10).

    ``code`` is A accepted, E accepted though faulty, R rejected; ``note`` is TA105.
    """

    control: str
    date: str
    time: str
    code: str
    note: str = NO_ERROR

    @property
    def accepted(self) -> bool:
        return self.code != REJECTED


def answer_interchange(report: InterchangeReport) -> InterchangeAnswer:
    """The TA1 that an interchange deserves: only its own envelope counts, not what is inside."""
    refused = has_errors(report.faults)
    note = _note(report.faults) if refused else NO_ERROR
    code = REJECTED if refused else ACCEPTED
    return InterchangeAnswer(report.control, report.date, report.time, code, note)


def write_ta1(envelope: Envelope, answers: Sequence[InterchangeAnswer]) -> bytes:
    """An interchange of acknowledgments alone."""
    writer = Writer(envelope)
    for answer in answers:
        writer.segment("TA1", answer.control, answer.date, answer.time, answer.code, answer.note)
    return writer.finish()


def read_ta1(source: Source) -> Iterator[InterchangeAnswer]:
    """Every TA1 of a file. Raises X12SyntaxError where bytes cannot be read."""
    for one in segments(source):
        if one.tag == "TA1":
            yield InterchangeAnswer(one[1], one[2], one[3], one[4], one[5])


def _note(faults: tuple[Fault, ...]) -> str:
    for fault in faults:
        if fault.severity is Severity.ERROR:
            return _NOTES.get((fault.code, fault.element), OTHER)
    return OTHER
