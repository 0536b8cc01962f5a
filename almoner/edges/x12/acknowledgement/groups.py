"""999 (005010X231A1): what was wrong with each transaction set of a group, segment by segment."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from almoner.edges.x12.report import GroupReport, Report, SetReport, Verdict
from almoner.edges.x12.syntax import Fault, Segment, Severity, Source, blocks, readable
from almoner.edges.x12.writer import Envelope, Unwritable, Writer, plain

GUIDE = "005010X231A1"
LONGEST_COPY = 99

# Our own faults in the words of the 999. What is not named here is said generally: a segment with
# an element that fails the guide's pattern (8 and I12).
_SEGMENT = {
    "segment-tag": "1",
    "segment-unexpected": "2",
    "segment-missing": "3",
    "segment-repeated": "5",
    "segment-order": "7",
    "loop-missing": "I7",
    "subscriber-undescribed": "I6",
    "payer-number-missing": "I6",
}
_ELEMENT = {
    "element-missing": "1",
    "element-short": "4",
    "element-long": "5",
    "control-character": "6",
    "code-unknown": "7",
    "place-unknown": "7",
    "state-unknown": "7",
    "date-shape": "8",
    "date-order": "8",
    "time-shape": "9",
    "elements-exclusive": "10",
    "element-repeated": "12",
    "component-unexpected": "13",
    "element-unused": "I10",
}
_PATTERN = "I12"
_SET = {
    "trailer-missing": "2",
    "control-differs": "3",
    "count-segments": "4",
    "group-kind": "6",
    "control-number": "7",
    "control-repeated": "23",
    "guide-differs": "I6",
}
_GROUP = {
    "trailer-missing": "3",
    "control-differs": "4",
    "count-sets": "5",
    "control-number": "6",
}
SEGMENTS_IN_ERROR, NOT_SUPPORTED, GUIDE_NOT_SUPPORTED = "5", "1", "I6"
MOST_CODES = 5


@dataclass(frozen=True, slots=True)
class ElementNote:
    """One element in error (IK4): its place, the code of IK403, and the value if it was sent."""

    element: int
    component: int
    code: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class SegmentNote:
    """One segment in error (IK3); ``position`` counts from 1 at ST; ``code`` is IK304."""

    tag: str
    position: int
    loop: str
    code: str
    elements: tuple[ElementNote, ...] = ()


@dataclass(frozen=True, slots=True)
class SetAnswer:
    """One transaction set (AK2 to IK5). ``verdict`` is A, E or R and more; ``codes`` IK502 on."""

    kind: str
    control: str
    guide: str
    verdict: str
    codes: tuple[str, ...] = ()
    segments: tuple[SegmentNote, ...] = ()

    @property
    def accepted(self) -> bool:
        return self.verdict in ("A", "E")


@dataclass(frozen=True, slots=True)
class GroupAnswer:
    """One functional group (AK1 to AK9). ``verdict`` is A, E, P or R."""

    functional: str
    control: str
    version: str
    verdict: str
    declared: int
    received: int
    accepted: int
    codes: tuple[str, ...] = ()
    sets: tuple[SetAnswer, ...] = ()


def answer_report(report: Report) -> tuple[GroupAnswer, ...]:
    """The answer to each group of a file; a 999 itself is never answered by another."""
    return tuple(
        answer_group(group)
        for interchange in report.interchanges
        for group in interchange.groups
        if group.functional != "FA"
    )


def answer_group(group: GroupReport) -> GroupAnswer:
    """Works for any transaction set, also for one that names no guide of its own (835)."""
    codes = _codes(_GROUP, group.faults)
    sets = tuple(_answer_set(one) for one in group.sets)
    whole = not any(fault.severity is Severity.ERROR for fault in group.faults)
    accepted = sum(one.accepted for one in sets) if whole else 0
    verdict = "A" if accepted == len(sets) and whole else "P" if accepted else "R"
    return GroupAnswer(
        functional=group.functional,
        control=group.control,
        version=group.version,
        verdict=verdict,
        declared=len(sets) if group.declared is None else group.declared,
        received=len(sets),
        accepted=accepted,
        codes=codes,
        sets=sets,
    )


def write_999(envelope: Envelope, answers: Sequence[GroupAnswer]) -> bytes:
    """One interchange with one 999 for each group answered."""
    writer = Writer(envelope)
    writer.begin_group("FA", GUIDE)
    for answer in answers:
        writer.begin_set("999", GUIDE)
        writer.segment("AK1", answer.functional, answer.control, answer.version)
        for one in answer.sets:
            _write_set(writer, one)
        writer.segment(
            "AK9", answer.verdict, answer.declared, answer.received, answer.accepted, *answer.codes
        )
        writer.end_set()
    writer.end_group()
    return writer.finish()


def read_999(source: Source) -> Iterator[GroupAnswer]:
    """The answer of each 999 of a file. Raises X12SyntaxError where bytes cannot be read."""
    reader = _Reader()
    for block in blocks(source):
        for text in block.segments:
            segment = Segment(text.split(block.delimiters.element), 0, 0)
            answer = reader.take(segment, block.delimiters.component)
            if answer:
                yield answer


def _answer_set(one: SetReport) -> SetAnswer:
    faults = [fault for fault in one.faults if fault.severity is Severity.ERROR]
    own = _codes(_SET, faults)
    inner = tuple(_segment_notes(fault for fault in faults if fault.code not in _SET))
    codes = own
    if inner:
        codes = (*codes, SEGMENTS_IN_ERROR)
    if one.verdict is Verdict.NOT_SUPPORTED:
        codes = (GUIDE_NOT_SUPPORTED,)
    return SetAnswer(
        kind=one.kind,
        control=one.control,
        guide=one.implementation,
        verdict="A" if one.verdict is Verdict.ACCEPTED else "R",
        codes=codes[:MOST_CODES],
        segments=inner,
    )


def _codes(table: dict[str, str], faults: Iterable[Fault]) -> tuple[str, ...]:
    found = dict.fromkeys(
        table[fault.code]
        for fault in faults
        if fault.severity is Severity.ERROR and fault.code in table
    )
    return tuple(found)[:MOST_CODES]


def _segment_notes(faults: Iterable[Fault]) -> Iterator[SegmentNote]:
    """One IK3 for each segment and kind of error, in the order of the file."""
    found: dict[tuple[int, str, str, str], dict[tuple[int, int, str], ElementNote]] = {}
    for fault in faults:
        code = _SEGMENT.get(fault.code, "8")
        notes = found.setdefault((fault.position or 1, fault.tag or "ZZZ", fault.loop, code), {})
        if code == "8" and fault.element:
            note = ElementNote(
                fault.element, fault.component, _ELEMENT.get(fault.code, _PATTERN), fault.value
            )
            notes.setdefault((note.element, note.component, note.code), note)
    for (position, tag, loop, code), notes in sorted(found.items(), key=lambda item: item[0][0]):
        yield SegmentNote(tag, position, loop, code, tuple(notes.values()))


def _write_set(writer: Writer, one: SetAnswer) -> None:
    writer.segment("AK2", one.kind, one.control, one.guide)
    for note in one.segments:
        # IK303 holds four characters: 2010AA is named by its 2010.
        writer.segment("IK3", note.tag, note.position, note.loop[:4], note.code)
        for element in note.elements:
            place = (str(element.element), str(element.component) if element.component else "")
            writer.segment("IK4", place, "", element.code, _copy(writer, element.value))
    writer.segment("IK5", one.verdict, *one.codes)


def _copy(writer: Writer, value: str) -> str:
    """The value in error, if it can be sent back as it came."""
    try:
        writer.refuse_marks(value, "IK4", 4)
    except Unwritable:
        return plain(readable(value), longest=LONGEST_COPY)
    return value[:LONGEST_COPY].rstrip()


class _Reader:
    def __init__(self) -> None:
        self._group: Segment | None = None
        self._sets: list[SetAnswer] = []
        self._set: Segment | None = None
        self._segments: list[SegmentNote] = []

    def take(self, segment: Segment, component: str) -> GroupAnswer | None:
        tag = segment.tag
        if tag == "AK1":
            self._group, self._sets = segment, []
        elif tag == "AK2":
            self._set, self._segments = segment, []
        elif tag == "IK3":
            note = SegmentNote(segment[1], _number(segment[2]), segment[3], segment[4])
            self._segments.append(note)
        elif tag == "IK4" and self._segments:
            self._note_element(segment, component)
        elif tag == "IK5" and self._set:
            self._end_set(self._set, segment)
        elif tag == "AK9" and self._group:
            return self._ended(self._group, segment)
        return None

    def _note_element(self, segment: Segment, component: str) -> None:
        place = [*segment[1].split(component), "0"]
        value = readable(segment[4])
        note = ElementNote(_number(place[0]), _number(place[1]), segment[3], value)
        last = self._segments[-1]
        self._segments[-1] = replace(last, elements=(*last.elements, note))

    def _end_set(self, opening: Segment, segment: Segment) -> None:
        codes = tuple(code for code in segment.elements[2:] if code)
        self._sets.append(
            SetAnswer(opening[1], opening[2], opening[3], segment[1], codes, tuple(self._segments))
        )
        self._set = None

    def _ended(self, opening: Segment, segment: Segment) -> GroupAnswer:
        self._group = None
        return GroupAnswer(
            functional=opening[1],
            control=opening[2],
            version=opening[3],
            verdict=segment[1],
            declared=_number(segment[2]),
            received=_number(segment[3]),
            accepted=_number(segment[4]),
            codes=tuple(code for code in segment.elements[5:] if code),
            sets=tuple(self._sets),
        )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
