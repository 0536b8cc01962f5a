"""Whether the elements of one segment fit their rules: presence, kind, length, codes, relations."""

import re
from collections.abc import Iterator
from functools import lru_cache

from almoner.edges.x12.amounts import day
from almoner.edges.x12.grammar import Element, SegmentRule
from almoner.edges.x12.syntax import Delimiters, Fault, Segment, Severity
from almoner.ground.words import gettext_noop, saying

_DECIMAL = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)")
_MONEY = re.compile(r"-?(?:\d+(?:\.\d{0,2})?|\.\d{1,2})")
_WHOLE = re.compile(r"-?\d+")
_TIME = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d(?:\d{1,2})?)?")
# Where a segment says in one element in which format the next one is written.
_DATED = {"DTP": (2, 3), "DMG": (1, 2), "PAT": (5, 6)}

Complaint = tuple[str, str]
"""A fault's code and its sentence, before it has a place."""

MISSING: Complaint = (
    "element-missing",
    gettext_noop("A value is required here and there is none."),
)
UNUSED: Complaint = ("element-unused", gettext_noop("The guide has no use for a value here."))


def element_faults(
    rule: SegmentRule, segment: Segment, delimiters: Delimiters, position: int, loop: str
) -> Iterator[Fault]:
    elements = segment.elements
    if (
        len(elements) <= _PLAIN_WIDTH
        and delimiters.repetition == "^"
        and delimiters.component == ":"
        and _is_clean(rule, tuple(elements))
    ):
        return
    for element, component, (code, message), value in _complaints(rule, elements, delimiters):
        yield Fault(
            code,
            message,
            severity=Severity.WARNING if code == "element-padded" else Severity.ERROR,
            tag=segment.tag,
            ordinal=segment.ordinal,
            position=position,
            element=element,
            component=component,
            offset=segment.offset,
            loop=loop,
            value=value,
        )


_PLAIN_WIDTH = 40
_STANDARD = Delimiters()


@lru_cache(maxsize=20_000)
def _is_clean(rule: SegmentRule, elements: tuple[str, ...]) -> bool:
    """Most segments of a batch have been seen before (dates, addresses, providers)."""
    return next(_complaints(rule, list(elements), _STANDARD), None) is None


Found = tuple[int, int, Complaint, str]


def _complaints(rule: SegmentRule, elements: list[str], delimiters: Delimiters) -> Iterator[Found]:
    count = len(elements)
    for at, element in enumerate(rule.elements, 1):
        value = elements[at] if at < count else ""
        if not value:
            if element is not None and element.required:
                yield at, 0, MISSING, ""
        elif element is None:
            yield at, 0, UNUSED, value
        else:
            yield from _in_element(at, element, value, delimiters)
    for at in range(len(rule.elements) + 1, count):
        if elements[at]:
            yield at, 0, UNUSED, elements[at]
    yield from _relations(rule, elements)
    yield from _dated(elements)


def _in_element(at: int, element: Element, value: str, delimiters: Delimiters) -> Iterator[Found]:
    values = [value]
    if delimiters.repetition and delimiters.repetition in value:
        values = value.split(delimiters.repetition)
        if len(values) > element.repeats:
            message = gettext_noop("The value is repeated more often than the guide allows.")
            yield at, 0, ("element-repeated", message), value
            return
    for single in values:
        if element.parts:
            yield from _components(at, element, single.split(delimiters.component))
        elif delimiters.component in single:
            yield (
                at,
                0,
                ("component-unexpected", gettext_noop("This value has components and may not.")),
                single,
            )
        else:
            complaint = value_complaint(element, single)
            if complaint:
                yield at, 0, complaint, single


def _components(at: int, element: Element, values: list[str]) -> Iterator[Found]:
    for number, part in enumerate(element.parts, 1):
        value = values[number - 1] if number <= len(values) else ""
        if not value:
            if part is not None and part.required:
                yield at, number, MISSING, ""
        elif part is None:
            yield at, number, UNUSED, value
        else:
            complaint = value_complaint(part, value)
            if complaint:
                yield at, number, complaint, value
    for number in range(len(element.parts) + 1, len(values) + 1):
        if values[number - 1]:
            yield at, number, UNUSED, values[number - 1]


def value_complaint(element: Element, value: str) -> Complaint | None:
    """What is wrong with one value, or None."""
    if element.codes is not None and value not in element.codes:
        return "code-unknown", gettext_noop("The guide does not know this code here.")
    length = len(value)
    if element.kind in _NUMBERS:
        length -= value.count("-") + value.count(".")
    if length > element.most:
        return "element-long", saying(
            gettext_noop("The value is longer than %(most)s characters."), most=element.most
        )
    if length < element.least:
        return "element-short", saying(
            gettext_noop("The value is shorter than %(least)s characters."), least=element.least
        )
    return _kind_complaint(element.kind, value)


_NUMBERS = frozenset({"R", "M", "N0"})
_SHAPES = {
    "R": (_DECIMAL, "number-shape", gettext_noop("This is not a decimal number.")),
    "M": (
        _MONEY,
        "amount-shape",
        gettext_noop("This is not an amount of money with at most two decimals."),
    ),
    "N0": (_WHOLE, "number-shape", gettext_noop("This is not a whole number.")),
    "TM": (_TIME, "time-shape", gettext_noop("This is not a time of day (HHMM).")),
}


def _kind_complaint(kind: str, value: str) -> Complaint | None:
    if kind in _SHAPES:
        pattern, code, message = _SHAPES[kind]
        return None if pattern.fullmatch(value) else (code, message)
    if kind == "DT":
        return (
            None
            if day(value)
            else ("date-shape", gettext_noop("This is not a day of the calendar."))
        )
    if not value.isprintable() and not all(mark >= " " and mark != "\x7f" for mark in value):
        return "control-character", gettext_noop("The value holds a control character.")
    if value[-1] == " ":
        return "element-padded", gettext_noop("The value is padded with blanks at its end.")
    return None


def date_complaint(form: str, value: str) -> Complaint | None:
    """What is wrong with a date written in the format ``form`` (D8 or RD8), or None."""
    spans = value.split("-") if form == "RD8" else [value]
    read = [day(one) for one in spans]
    if form == "RD8" and len(spans) != 2:
        return "date-shape", gettext_noop("A span of days is written CCYYMMDD-CCYYMMDD.")
    if None in read:
        return "date-shape", gettext_noop("This is not a day of the calendar (CCYYMMDD).")
    if spans[0] > spans[-1]:
        return "date-order", gettext_noop("The span of days ends before it begins.")
    return None


def _dated(elements: list[str]) -> Iterator[Found]:
    places = _DATED.get(elements[0])
    if places is None or len(elements) <= places[1]:
        return
    form, value = elements[places[0]], elements[places[1]]
    if form in ("D8", "RD8") and value:
        complaint = date_complaint(form, value)
        if complaint:
            yield places[1], 0, complaint, value


def _relations(rule: SegmentRule, elements: list[str]) -> Iterator[Found]:
    for kind, places in rule.relations:
        present = [at for at in places if at < len(elements) and elements[at]]
        complaint = _relation_complaint(kind, places, present)
        if complaint:
            absent = next((at for at in places if at not in present), places[-1])
            yield (present[-1] if kind == "E" else absent), 0, complaint, ""


def _relation_complaint(kind: str, places: tuple[int, ...], present: list[int]) -> Complaint | None:
    leads = places[0] in present
    broken = {
        "P": 0 < len(present) < len(places),
        "R": not present,
        "E": len(present) > 1,
        "C": leads and len(present) < len(places),
        "L": leads and len(present) < 2,
    }
    if not broken[kind]:
        return None
    names = ", ".join(str(at) for at in places)
    sayings = {
        "P": saying(gettext_noop("Elements %(names)s come together or not at all."), names=names),
        "R": saying(gettext_noop("One of elements %(names)s is required."), names=names),
        "E": saying(gettext_noop("Only one of elements %(names)s may be present."), names=names),
        "C": saying(
            gettext_noop("Element %(value)s needs the others of %(names)s."),
            value=places[0],
            names=names,
        ),
        "L": saying(
            gettext_noop("Element %(value)s needs one of the others of %(names)s."),
            value=places[0],
            names=names,
        ),
    }
    return ("elements-exclusive" if kind == "E" else "element-missing", sayings[kind])
