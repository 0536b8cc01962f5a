"""The three envelopes: ISA to IEA, GS to GE, ST to SE, with their counts and control numbers.

``Envelopes`` takes a file segment by segment and builds its ``Report``. What stands inside a
transaction set goes to the guide that the set names.
"""

import re
from collections.abc import Callable

from almoner.edges.x12.amounts import day as calendar_date
from almoner.edges.x12.guides import FUNCTIONAL, Guide, Rules, guide_of, structure_of
from almoner.edges.x12.report import GroupReport, InterchangeReport, Report, SetReport
from almoner.edges.x12.structure import Structure
from almoner.edges.x12.syntax import Delimiters, Fault, Segment, Severity
from almoner.ground.words import gettext_noop, saying

MOST_FAULTS = 1_000
_TAG = re.compile(r"[A-Z][A-Z0-9]{1,2}")
_TIME = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d(?:\d{1,2})?)?")
_WHO = r"01|14|20|27|28|29|30|33|ZZ"
ISA_SHAPES = (
    (5, _WHO, gettext_noop("The kind of the sender's id is not one that X12 knows.")),
    (7, _WHO, gettext_noop("The kind of the receiver's id is not one that X12 knows.")),
    (
        10,
        r"(?:[01]\d|2[0-3])[0-5]\d",
        gettext_noop("The interchange time is not a time of day (HHMM)."),
    ),
    (12, "00501", gettext_noop("The interchange is not of version 00501, the one HIPAA adopted.")),
    (13, r"\d{9}", gettext_noop("An interchange control number is nine digits.")),
    (14, "[01]", gettext_noop("ISA14 says 1 if a TA1 is wanted, else 0.")),
    (15, "[TP]", gettext_noop("ISA15 says T for test or P for production.")),
)


def fault_at(
    segment: Segment,
    code: str,
    message: str,
    *,
    element: int = 0,
    position: int = 0,
    severity: Severity = Severity.ERROR,
) -> Fault:
    return Fault(
        code,
        message,
        severity=severity,
        tag=segment.tag if _TAG.fullmatch(segment.tag) else "",
        ordinal=segment.ordinal,
        position=position,
        element=element,
        offset=segment.offset,
        value=segment[element] if element else "",
    )


class _Part:
    """Something open: its first segment, its faults (at most a thousand), what is inside it."""

    def __init__(self, opening: Segment) -> None:
        self.opening = opening
        self.faults: list[Fault] = []

    def report(self, fault: Fault) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(fault)
        elif len(self.faults) == MOST_FAULTS:
            message = saying(
                gettext_noop(
                    "There are more than %(most_faults)s faults; the rest are not listed."
                ),
                most_faults=MOST_FAULTS,
            )
            self.faults.append(Fault("faults-many", message, severity=Severity.WARNING))


class _Set(_Part):
    def __init__(self, opening: Segment, version: str, delimiters: Delimiters) -> None:
        super().__init__(opening)
        self.count = 1
        self.guide: Guide = guide_of(opening[1], opening[3] or version)
        self.structure: Structure | None = None
        self.rules: Rules | None = None
        if self.guide.checked:
            self.structure = Structure(structure_of(self.guide), delimiters, self.report)
            if self.guide.rules:
                self.rules = self.guide.rules(delimiters, self.report)

    def take(self, segment: Segment) -> None:
        self.count += 1
        if not _TAG.fullmatch(segment.tag):
            self.report(
                fault_at(
                    segment,
                    "segment-tag",
                    gettext_noop(
                        "A segment does not begin with a tag of two or three capitals and digits."
                    ),
                    position=self.count,
                )
            )
        elif len(segment) == 1 or not any(segment.elements[1:]):
            message = saying(gettext_noop("%(tag)s has no elements."), tag=segment.tag)
            self.report(fault_at(segment, "segment-empty", message, position=self.count))
        elif self.structure:
            loop = self.structure.take(segment, self.count)
            if self.rules and loop is not None:
                self.rules.see(segment, self.count, loop)
        else:
            self._look_for_control_characters(segment)

    def end(self, segment: Segment) -> None:
        if self.structure:
            self.structure.finish(segment, self.count + 1)
        if self.rules:
            self.rules.finish(segment, self.count + 1)

    def frozen(self) -> SetReport:
        guide = self.guide
        return SetReport(
            kind=self.opening[1],
            control=self.opening[2],
            guide=guide.version,
            name=guide.name,
            implementation=self.opening[3],
            checked=guide.checked,
            note=guide.note,
            segments=self.count,
            faults=tuple(self.faults),
        )

    def _look_for_control_characters(self, segment: Segment) -> None:
        for at, value in enumerate(segment.elements):
            if any(mark < " " or mark == "\x7f" for mark in value):
                self.report(
                    fault_at(
                        segment,
                        "control-character",
                        gettext_noop("The value holds a control character."),
                        element=at,
                        position=self.count,
                    )
                )


class _Group(_Part):
    def __init__(self, opening: Segment) -> None:
        super().__init__(opening)
        self.declared: int | None = None
        self.sets: list[SetReport] = []
        self.controls: set[str] = set()

    def frozen(self) -> GroupReport:
        gs = self.opening
        return GroupReport(
            functional=gs[1],
            sender=gs[2],
            receiver=gs[3],
            control=gs[6],
            version=gs[8],
            declared=self.declared,
            sets=tuple(self.sets),
            faults=tuple(self.faults),
        )


class _Interchange(_Part):
    def __init__(self, opening: Segment) -> None:
        super().__init__(opening)
        self.groups: list[GroupReport] = []

    def frozen(self) -> InterchangeReport:
        isa = self.opening
        return InterchangeReport(
            sender_qualifier=isa[5],
            sender=isa[6].strip(),
            receiver_qualifier=isa[7],
            receiver=isa[8].strip(),
            control=isa[13],
            date=isa[9],
            time=isa[10],
            usage=isa[15],
            wants_ta1=isa[14] == "1",
            groups=tuple(self.groups),
            faults=tuple(self.faults),
        )


class Envelopes:
    def __init__(self) -> None:
        self.delimiters = Delimiters()
        self._faults: list[Fault] = []
        self._done: list[InterchangeReport] = []
        self._interchange: _Interchange | None = None
        self._group: _Group | None = None
        self._set: _Set | None = None
        self._last: Segment | None = None
        self._handlers: dict[str, Callable[[Segment], None]] = {
            "ISA": self._isa,
            "GS": self._gs,
            "ST": self._st,
            "SE": self._se,
            "GE": self._ge,
            "IEA": self._iea,
            "TA1": self._ta1,
        }

    def take(self, segment: Segment) -> None:
        self._last = segment
        handler = self._handlers.get(segment.tag)
        if handler:
            handler(segment)
        elif self._set:
            self._set.take(segment)
        else:
            message = gettext_noop("A segment stands outside every transaction set.")
            self._report(fault_at(segment, "segment-stray", message))

    def report(self, fault: Fault) -> None:
        """A fault of the bytes themselves: it belongs to whatever is open."""
        self._report(fault)

    def finish(self) -> Report:
        last = self._last
        if last:
            self._close_open(last, "ISA")
        return Report(tuple(self._done), tuple(self._faults), last.ordinal if last else 0)

    def _report(self, fault: Fault) -> None:
        innermost = self._set or self._group or self._interchange
        if innermost:
            innermost.report(fault)
        else:
            self._faults.append(fault)

    def _isa(self, segment: Segment) -> None:
        self._close_open(segment, "ISA")
        self._interchange = _Interchange(segment)
        for fault in self.delimiters.faults:
            self._report(fault)
        for element, shape, message in ISA_SHAPES:
            if not re.fullmatch(shape, segment[element]):
                self._report(fault_at(segment, "element-shape", message, element=element))
        if not calendar_date("20" + segment[9]):
            message = gettext_noop("The interchange date is not a day of the calendar (YYMMDD).")
            self._report(fault_at(segment, "date-shape", message, element=9))
        if not self.delimiters.repetition:
            message = gettext_noop("ISA11 names no repetition separator, as version 00501 should.")
            self._report(
                fault_at(segment, "isa-repetition", message, element=11, severity=Severity.WARNING)
            )

    def _gs(self, segment: Segment) -> None:
        self._close_open(segment, "GS")
        if not self._interchange:
            message = gettext_noop("A functional group stands outside an interchange.")
            self._report(fault_at(segment, "segment-stray", message))
        self._group = _Group(segment)
        for element in (1, 2, 3, 6, 7, 8):
            if not segment[element]:
                message = gettext_noop("A functional group must say this.")
                self._report(fault_at(segment, "element-missing", message, element=element))
        if not calendar_date(segment[4]):
            message = gettext_noop("The group's date is not a day of the calendar (CCYYMMDD).")
            self._report(fault_at(segment, "date-shape", message, element=4))
        if not _TIME.fullmatch(segment[5]):
            message = gettext_noop("The group's time is not a time of day (HHMM).")
            self._report(fault_at(segment, "time-shape", message, element=5))
        if segment[6] and not segment[6].isdigit():
            message = gettext_noop("A group control number is a number.")
            self._report(fault_at(segment, "control-number", message, element=6))

    def _st(self, segment: Segment) -> None:
        self._close_open(segment, "ST")
        if not self._group:
            message = gettext_noop("A transaction set stands outside a functional group.")
            self._report(fault_at(segment, "segment-stray", message))
        group = self._group
        self._set = _Set(segment, group.opening[8] if group else "", self.delimiters)
        if group:
            self._compare_with_group(segment, group)

    def _compare_with_group(self, segment: Segment, group: _Group) -> None:
        control, version = segment[2], group.opening[8]
        if not 4 <= len(control) <= 9:
            message = gettext_noop("A transaction set control number has 4 to 9 characters.")
            self._report(fault_at(segment, "control-number", message, element=2, position=1))
        if control in group.controls:
            message = gettext_noop(
                "An earlier transaction set of this group has the same control number."
            )
            self._report(fault_at(segment, "control-repeated", message, element=2, position=1))
        group.controls.add(control)
        expected = FUNCTIONAL.get(segment[1])
        if expected and group.opening[1] != expected:
            message = saying(
                gettext_noop("Transaction set %(value)s does not belong in a group of this kind."),
                value=segment[1],
            )
            self._report(fault_at(segment, "group-kind", message, element=1, position=1))
        if segment[3] and version and segment[3] != version:
            message = gettext_noop("The transaction set names another guide than its group.")
            self._report(fault_at(segment, "guide-differs", message, element=3, position=1))

    def _se(self, segment: Segment) -> None:
        current = self._set
        if not current:
            message = gettext_noop("SE closes a transaction set that was not open.")
            self._report(fault_at(segment, "segment-stray", message))
            return
        current.end(segment)
        current.count += 1
        here = current.count
        if _number(segment[1]) != here:
            message = saying(
                gettext_noop("SE counts %(value)s segments; the transaction set has %(here)s."),
                value=segment[1] or "no",
                here=here,
            )
            current.report(fault_at(segment, "count-segments", message, element=1, position=here))
        if segment[2] != current.opening[2]:
            message = gettext_noop("SE names another control number than ST.")
            current.report(fault_at(segment, "control-differs", message, element=2, position=here))
        self._close_set()

    def _ge(self, segment: Segment) -> None:
        self._close_open(segment, "ST")
        group = self._group
        if not group:
            message = gettext_noop("GE closes a functional group that was not open.")
            self._report(fault_at(segment, "segment-stray", message))
            return
        group.declared = _number(segment[1])
        if group.declared != len(group.sets):
            message = saying(
                gettext_noop("GE counts %(value)s transaction sets; there are %(sets)s."),
                value=segment[1] or "no",
                sets=len(group.sets),
            )
            group.report(fault_at(segment, "count-sets", message, element=1))
        if segment[2] != group.opening[6]:
            message = gettext_noop("GE names another control number than GS.")
            group.report(fault_at(segment, "control-differs", message, element=2))
        self._close_group()

    def _iea(self, segment: Segment) -> None:
        self._close_open(segment, "GS")
        current = self._interchange
        if not current:
            message = gettext_noop("IEA closes an interchange that was not open.")
            self._report(fault_at(segment, "segment-stray", message))
            return
        if _number(segment[1]) != len(current.groups):
            message = saying(
                gettext_noop("IEA counts %(value)s groups; there are %(groups)s."),
                value=segment[1] or "no",
                groups=len(current.groups),
            )
            current.report(fault_at(segment, "count-groups", message, element=1))
        if segment[2] != current.opening[13]:
            message = gettext_noop("IEA names another control number than ISA.")
            current.report(fault_at(segment, "control-differs", message, element=2))
        self._close_interchange()

    def _ta1(self, segment: Segment) -> None:
        if not self._interchange or self._group:
            message = gettext_noop("TA1 belongs directly behind ISA.")
            self._report(fault_at(segment, "segment-stray", message))
            return
        shapes = ((1, r"\d{9}"), (2, r"\d{6}"), (3, r"\d{4}"), (4, "[AER]"), (5, r"\d{3}"))
        for element, shape in shapes:
            if not re.fullmatch(shape, segment[element]):
                message = gettext_noop(
                    "An interchange acknowledgment must say this, in its fixed form."
                )
                self._report(fault_at(segment, "element-shape", message, element=element))

    def _close_open(self, segment: Segment, down_to: str) -> None:
        """A segment came that needs what is open to be closed, and its trailer never came."""
        if self._set:
            self._set.end(segment)
            message = gettext_noop("The transaction set is not closed by SE.")
            self._set.report(fault_at(segment, "trailer-missing", message))
            self._close_set()
        if self._group and down_to in ("GS", "ISA"):
            message = gettext_noop("The functional group is not closed by GE.")
            self._group.report(fault_at(segment, "trailer-missing", message))
            self._close_group()
        if self._interchange and down_to == "ISA":
            message = gettext_noop("The interchange is not closed by IEA.")
            self._interchange.report(fault_at(segment, "trailer-missing", message))
            self._close_interchange()

    def _close_set(self) -> None:
        current, self._set = self._set, None
        if current and self._group:
            self._group.sets.append(current.frozen())
        elif current:
            self._adopt(current.faults)

    def _close_group(self) -> None:
        current, self._group = self._group, None
        if current and self._interchange:
            self._interchange.groups.append(current.frozen())
        elif current:
            self._adopt([*current.faults, *(f for inner in current.sets for f in inner.faults)])

    def _close_interchange(self) -> None:
        current, self._interchange = self._interchange, None
        if current:
            self._done.append(current.frozen())

    def _adopt(self, faults: list[Fault]) -> None:
        """Faults of a part that has no envelope around it go to what is open, or to the file."""
        for fault in faults:
            self._report(fault)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
