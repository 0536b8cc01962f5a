"""Our own rules for a resource, after its structure is known to be sound.

Each fault names its place below the resource, ``.birthDate``, ``.name[0].use``.
"""

from collections.abc import Callable, Iterator
from typing import Any

from almoner.edges.fhir import narrative
from almoner.edges.fhir.codes import ID, REQUIRED, TARGETS, day, reference_kind

LONGEST = 2_000  # characters of one text; a name or an address longer than that is no name
LONGEST_REPORT = 20_000  # what a laboratory says in words is longer
IN_WORDS = frozenset({"conclusion", "valueString", "text"})
DATES = frozenset({"birthDate", "deceasedDateTime", "start", "end", "valueDate", "valueDateTime"})
Fault = tuple[str, str]


def of_patient(resource: dict[str, Any]) -> Iterator[Fault]:
    """Everything wrong with a Patient beyond its structure, in the order it stands there."""
    yield from _walk(resource, "", ())
    yield from _patient_rules(resource)
    contained = {f"#{one.get('id')}" for one in resource.get("contained", ())}
    yield from _references(resource, "", contained)


def of_texts(resource: dict[str, Any]) -> Iterator[Fault]:
    """What is wrong with the texts and dates of any resource; a report's words may be long."""
    yield from _walk(resource, "", (), in_words=IN_WORDS)
    if resource.get("modifierExtension"):
        yield _CHANGED


_CHANGED = (".modifierExtension", "changes the meaning of the resource in a way we do not know")


def _walk(
    value: Any, place: str, names: tuple[str, ...], *, in_words: frozenset[str] = frozenset()
) -> Iterator[Fault]:
    if isinstance(value, dict):
        if place.endswith("contained"):
            return
        for name, inner in value.items():
            if name != "contained":
                yield from _walk(inner, f"{place}.{name}", (*names, name), in_words=in_words)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _walk(inner, f"{place}[{number}]", names, in_words=in_words)
    elif isinstance(value, str):
        most = LONGEST_REPORT if in_words and names[-1] in in_words else LONGEST
        yield from _text(value, place, names, most)


def _text(text: str, place: str, names: tuple[str, ...], most: int) -> Iterator[Fault]:
    name = names[-1]
    if names == ("text", "div"):
        yield from ((place, fault) for fault in narrative.faults(text))
        return
    if names == ("id",) and not ID.fullmatch(text):
        yield place, f"“{text[:80]}” is no id: letters, digits, - and . only, 64 at most"
    if name in DATES:
        yield from _date(text, place)
    allowed = REQUIRED.get(".".join(names[-2:])) or (REQUIRED["gender"] if name == "gender" else ())
    if allowed and text not in allowed:
        yield place, f"“{text[:80]}” is not one of {', '.join(sorted(allowed))}"
    if len(text) > most and name not in {"data", "div"}:
        yield place, f"a text of {len(text):,} characters; {most:,} are the most we take"
    if any(letter < " " and letter not in "\t\r\n" for letter in text):
        yield place, "control characters are not allowed in a text"


def _date(text: str, place: str) -> Iterator[Fault]:
    try:
        day(text)
    except ValueError:
        yield place, f"“{text[:40]}” is no date that exists"


def _patient_rules(resource: dict[str, Any]) -> Iterator[Fault]:
    if resource.get("modifierExtension"):
        yield _CHANGED
    for part, (broken, message) in _PART_RULES.items():
        for place, item in _each(resource, part):
            if broken(item):
                yield place, message
    for part in ("name", "telecom", "address", "identifier"):
        for place, item in _each(resource, part):
            yield from _period(item.get("period") or {}, f"{place}.period")


_CONTACT = ("name", "telecom", "address", "organization")
_PART_RULES: dict[str, tuple[Callable[[dict[str, Any]], bool], str]] = {
    "contact": (
        lambda contact: not any(contact.get(part) for part in _CONTACT),
        "pat-1: a contact has a name, a telecom, an address or an organization",
    ),
    "telecom": (
        lambda telecom: bool(telecom.get("value") and not telecom.get("system")),
        "cpt-2: a value needs its system",
    ),
    "link": (
        lambda link: link.get("type") == "replaced-by",
        "this record was replaced by another; take that one",
    ),
}


def _each(resource: dict[str, Any], part: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, item in enumerate(resource.get(part, ())):
        yield f".{part}[{number}]", item


def _period(period: dict[str, Any], place: str) -> Iterator[Fault]:
    start, end = period.get("start"), period.get("end")
    try:
        first, last = day(start or ""), day(end or "")
    except ValueError:
        return  # an open period, or a date that has been named already
    if first and last and first > last:
        yield place, "per-1: it ends before it starts"


def _references(value: Any, place: str, contained: set[str]) -> Iterator[Fault]:
    if isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _references(inner, f"{place}[{number}]", contained)
    if not isinstance(value, dict):
        return
    for name, inner in value.items():
        if name == "reference" and isinstance(inner, str):
            yield from _reference(inner, place, contained)
        elif name not in {"contained", "text"}:
            yield from _references(inner, f"{place}.{name}", contained)


def _reference(text: str, place: str, contained: set[str]) -> Iterator[Fault]:
    if text.startswith("#"):
        if text not in contained and text != "#":
            yield f"{place}.reference", f"ref-1: nothing contained is called {text[:80]}"
        return
    kind = reference_kind(text)
    element = place.rpartition(".")[2].partition("[")[0]
    targets = TARGETS.get(element, frozenset())
    if kind is None:
        yield f"{place}.reference", f"“{text[:80]}” is no reference: Type/id, a URL, or #contained"
    elif kind and targets and kind not in targets:
        yield f"{place}.reference", f"points to a {kind}, not to {' or '.join(sorted(targets))}"
