"""One Observation as lines of a result: name, value, range and flags, in the words they came."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Resource = dict[str, Any]
FINAL = frozenset({"final", "amended", "corrected"})
_PLOTTED = Decimal(10) ** 12
"""No figure shows a number beyond this one."""


@dataclass(frozen=True, slots=True)
class Flag:
    """An interpretation: its code (H, L, A …) and its words, where it came with any."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """What one observation, or a component of one, says.

    ``value`` is as it was written, with ``<`` or ``>`` where it has one; empty for a heading.
    ``number`` is the same to be drawn, None when it is no plain number. ``low`` and ``high`` are of
    the range, which ``range`` says in words where it came so.
    """

    code: str
    system: str
    name: str
    value: str
    number: Decimal | None
    unit: str
    low: str
    high: str
    range: str
    flags: tuple[Flag, ...]
    note: str
    final: bool


def lines_of(observation: Resource) -> Iterator[Line]:
    """Of one sound Observation: its own line, and one for each component."""
    final = observation.get("status") in FINAL
    note = "\n".join(one.get("text", "") for one in observation.get("note", ()))
    yield _line(observation, final=final, note=note)
    for component in observation.get("component", ()):
        yield _line(component, final=final, note="")


def _line(part: Resource, *, final: bool, note: str) -> Line:
    coding: Resource = next(iter(part["code"].get("coding", ())), {})
    value, unit = _value(part)
    low, high, said = _range(part)
    return Line(
        code=coding.get("code", ""),
        system=coding.get("system", ""),
        name=words_of(part["code"]),
        value=value,
        number=_number(part),
        unit=unit,
        low=low,
        high=high,
        range=said,
        flags=tuple(_flags(part)),
        note=note,
        final=final,
    )


def words_of(concept: Resource) -> str:
    """The text of a concept, else the words of its first coding, else the code."""
    coding: Resource = next(iter(concept.get("coding", ())), {})
    return str(concept.get("text") or coding.get("display") or coding.get("code") or "").strip()


def unread(part: Resource) -> Iterator[str]:
    """The elements with values that we do not read: curves, and periods of time."""
    for inner in (part, *part.get("component", ())):
        yield from (
            name for name in inner if name.startswith("value") and name not in {*_READ, *_PLAIN}
        )


def _value(part: Resource) -> tuple[str, str]:
    for name, read in _READ.items():
        if name in part:
            return read(part[name])
    for name in _PLAIN:
        if name in part:
            said = part[name]
            return (str(said).lower() if isinstance(said, bool) else str(said).strip()), ""
    return words_of(part.get("dataAbsentReason", {})), ""


def _between(said: Resource) -> tuple[str, str]:
    (low, unit), (high, other) = _quantity(said.get("low", {})), _quantity(said.get("high", {}))
    return f"{low} - {high}", unit or other


def _ratio(said: Resource) -> tuple[str, str]:
    above, below = said.get("numerator", {}), said.get("denominator", {})
    return ":".join(_quantity(part)[0] for part in (above, below)), ""


def _quantity(quantity: Resource) -> tuple[str, str]:
    value = quantity.get("value")
    written = "" if value is None else f"{quantity.get('comparator', '')}{value}"
    return written, str(quantity.get("unit") or quantity.get("code") or "")


def _number(part: Resource) -> Decimal | None:
    quantity = part.get("valueQuantity", {})
    value = quantity.get("value", part.get("valueInteger"))
    if value is None or quantity.get("comparator"):
        return None
    number = Decimal(value)
    return number if abs(number) < _PLOTTED else None


def _range(part: Resource) -> tuple[str, str, str]:
    for one in part.get("referenceRange", ()):
        kinds = {each.get("code") for each in one.get("type", {}).get("coding", ())}
        if not kinds or "normal" in kinds:
            low, high = _quantity(one.get("low", {}))[0], _quantity(one.get("high", {}))[0]
            return low, high, str(one.get("text", ""))
    return "", "", ""


def _flags(part: Resource) -> Iterator[Flag]:
    for concept in part.get("interpretation", ()):
        coding: Resource = next(iter(concept.get("coding", ())), {})
        flag = Flag(coding.get("code", ""), words_of(concept))
        if flag.code or flag.words:
            yield flag


_READ: dict[str, Callable[[Resource], tuple[str, str]]] = {
    "valueQuantity": _quantity,
    "valueRange": _between,
    "valueRatio": _ratio,
    "valueCodeableConcept": lambda concept: (words_of(concept), ""),
}
_PLAIN = ("valueString", "valueInteger", "valueBoolean", "valueDateTime", "valueTime")
