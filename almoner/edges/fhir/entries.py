"""The resources of a FHIR file, each with its place: one, those of a Bundle, or one on each line.

A bad entry is named by its place; the others are read all the same.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from almoner.edges.fhir.structure import validate
from almoner.edges.fhir.values import Issue

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
Load = Callable[[bytes], Any]


@dataclass(frozen=True, slots=True)
class Found:
    """One resource: its place in the file and in its line, and the faults of its structure.

    ``body`` is None for what is no resource, and for what is wrong with a Bundle as a whole.
    ``url`` is what others of its Bundle may call it by.
    """

    before: str
    place: str
    body: dict[str, Any] | None
    issues: tuple[Issue, ...]
    url: str = ""

    @property
    def kind(self) -> str:
        return str(self.body["resourceType"]) if self.body else ""


def resources(content: bytes, *, load: Load = orjson.loads) -> Iterator[Found]:
    """All resources in ``content``, in order. ``load`` raises ValueError for what is no JSON."""
    content = content.removeprefix(BYTE_ORDER_MARK)
    lines = content.split(b"\n")
    if _is_lines(content, lines):
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield from _resource(line.strip(), f"line {number}: ", load)
    else:
        yield from _resource(content, "", load)


_SEVERAL = 2


def _is_lines(content: bytes, lines: list[bytes]) -> bool:
    """Whether this is NDJSON: no JSON as a whole, but several lines, some of them JSON."""
    written = [line for line in lines if line.strip()]
    if len(written) < _SEVERAL or _json(content, orjson.loads) is not None:
        return False
    return any(_json(line, orjson.loads) is not None for line in written)


def _json(content: bytes, load: Load) -> Any:
    try:
        return load(content)
    except (ValueError, RecursionError):
        return None


def _resource(content: bytes, before: str, load: Load) -> Iterator[Found]:
    issues = validate(content)
    resource = _json(content, load)
    kind = resource.get("resourceType") if isinstance(resource, dict) else None
    if not isinstance(resource, dict) or not isinstance(kind, str):
        what = issues[0].message if issues else "this is no FHIR resource"
        place = before.rstrip(": ")
        yield Found("", place or "file", None, (Issue(place, what),))
    elif kind == "Bundle":
        yield from _bundle(resource, issues, before)
    else:
        yield Found(before, kind, resource, tuple(issues))


def _bundle(bundle: dict[str, Any], issues: Iterable[Issue], before: str) -> Iterator[Found]:
    entries = bundle.get("entry")
    there = entries if isinstance(entries, list) else []
    mine: dict[int, list[Issue]] = defaultdict(list)
    whole: list[Issue] = []
    for issue in issues:
        number = _entry_number(issue.place)
        (mine[number] if number is not None and number < len(there) else whole).append(issue)
    if whole:
        named = tuple(Issue(before + issue.place, issue.message) for issue in whole)
        yield Found("", f"{before}Bundle", None, named)
    for number, entry in enumerate(there):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict) and isinstance(resource.get("resourceType"), str):
            url = entry.get("fullUrl")
            yield Found(
                before,
                f"Bundle.entry[{number}].resource",
                resource,
                tuple(mine[number]),
                url if isinstance(url, str) else "",
            )


def _entry_number(place: str) -> int | None:
    head, _, rest = place.partition("Bundle.entry[")
    number, closed, _ = rest.partition("]")
    return int(number) if not head and closed and number.isdecimal() else None
