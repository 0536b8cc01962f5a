"""Reading patients out of FHIR: one Patient, a Bundle, or one resource on each line (NDJSON).

A bad entry is refused by itself and named by its place; the others are kept.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from almoner.edges.fhir import faults
from almoner.edges.fhir.patient import patient_of, remarks
from almoner.edges.fhir.structure import validate
from almoner.edges.fhir.values import Entry, Issue

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
PATIENT = "Patient"


def read_patients(content: bytes) -> Iterator[Entry]:
    """The Patient resources in ``content``, in order; other resources are passed over.

    What can be read as no JSON at all is one refused entry. A fault of a Bundle as a whole is an
    entry of its own, and its patients are read all the same.
    """
    content = content.removeprefix(BYTE_ORDER_MARK)
    lines = content.split(b"\n")
    if _is_lines(content, lines):
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield from _resource(line.strip(), f"line {number}: ")
    else:
        yield from _resource(content, "")


def _is_lines(content: bytes, lines: list[bytes]) -> bool:
    """Whether this is NDJSON: no JSON as a whole, but several lines, some of them JSON."""
    written = [line for line in lines if line.strip()]
    if len(written) < 2 or _json(content) is not None:  # noqa: PLR2004 (two lines or more)
        return False
    return any(_json(line) is not None for line in written)


def _json(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return None


def _resource(content: bytes, before: str) -> Iterator[Entry]:
    issues = validate(content)
    resource = _json(content)
    kind = resource.get("resourceType") if isinstance(resource, dict) else None
    if not isinstance(resource, dict) or not isinstance(kind, str):
        what = issues[0].message if issues else "this is no FHIR resource"
        yield Entry(before.rstrip(": ") or "file", None, (Issue(before.rstrip(": "), what),))
    elif kind == "Bundle":
        yield from _bundle(resource, issues, before)
    elif kind == PATIENT:
        yield _entry(resource, PATIENT, issues, before)


def _bundle(bundle: dict[str, Any], issues: Iterable[Issue], before: str) -> Iterator[Entry]:
    entries = bundle.get("entry")
    count = len(entries) if isinstance(entries, list) else 0
    mine: dict[int, list[Issue]] = defaultdict(list)
    whole: list[Issue] = []
    for issue in issues:
        number = _entry_number(issue.place)
        (mine[number] if number is not None and number < count else whole).append(issue)
    if whole:
        named = tuple(Issue(before + issue.place, issue.message) for issue in whole)
        yield Entry(f"{before}Bundle", None, named)
    for number in range(count):
        entry = entries[number] if isinstance(entries, list) else None
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict) and resource.get("resourceType") == PATIENT:
            place = f"Bundle.entry[{number}].resource"
            yield _entry(resource, place, mine[number], before)


def _entry_number(place: str) -> int | None:
    head, _, rest = place.partition("Bundle.entry[")
    number, closed, _ = rest.partition("]")
    return int(number) if not head and closed and number.isdecimal() else None


def _entry(resource: dict[str, Any], place: str, structural: Iterable[Issue], before: str) -> Entry:
    """One Patient. Our own rules are asked only of what is sound, so that they may trust it."""
    fatal = [Issue(before + issue.place, issue.message) for issue in structural]
    if not fatal:
        fatal = [
            Issue(f"{before}{place}{where}", message)
            for where, message in faults.of_patient(resource)
        ]
    if fatal:
        return Entry(before + place, None, tuple(fatal))
    told = tuple(
        Issue(f"{before}{place}{where}", message, fatal=False)
        for where, message in remarks(resource)
    )
    return Entry(before + place, patient_of(resource, before + place), told)
