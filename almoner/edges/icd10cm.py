"""ICD-10-CM as its publisher releases it: the tabular list (XML) and the list of valid codes.

Source: CDC/NCHS and CMS, public domain. The tabular list leaves out the codes made by a seventh
character; it says once, at a category, which characters mean what. The code list says which of the
combinations exist. Both together give every code with its description.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from xml.etree.ElementTree import Element, iterparse

_FULL_LENGTH = 7  # a code with a seventh character is filled up with X before it


class NotARelease(ValueError):
    """The files are not an ICD-10-CM release; the message names the file and what is wrong."""


@dataclass(frozen=True, slots=True)
class Code:
    """A category, subcategory or complete code, without its dot.

    Only a leaf of the tree may stand on a claim: it is ``billable``.
    """

    code: str
    description: str
    billable: bool


@dataclass(frozen=True, slots=True)
class Release:
    """Where one release lies, and the days of service its publisher made it for.

    Half-open: it holds on days in [starts, ends). A fiscal year runs from 1 October, and a mid-year
    release takes effect on 1 April.
    """

    name: str
    tabular: Path
    code_list: Path
    starts: date
    ends: date


_FILE_NAME = re.compile(r"icd10c-tabular-(April|October)-1-(\d{4})\.xml", re.IGNORECASE)


def releases_in(folder: Path) -> list[Release]:
    """The releases whose two files lie in a folder, oldest first."""
    found = []
    for tabular in folder.glob("*.xml"):
        match = _FILE_NAME.fullmatch(tabular.name)
        if not match:
            continue
        month, year = match[1].capitalize(), int(match[2])
        starts = date(year, 4 if month == "April" else 10, 1)
        ends = date(year, 10, 1) if month == "April" else date(year + 1, 4, 1)
        code_list = folder / f"code-list-{month}-{year}.txt"
        if code_list.exists():
            found.append(Release(f"ICD-10-CM {month} {year}", tabular, code_list, starts, ends))
    return sorted(found, key=lambda release: release.starts)


def codes(release: Release) -> Iterator[Code]:
    """Every code of the release in tabular order, a chapter in memory at a time.

    Raises NotARelease when the files do not hold what a release holds.
    """
    listed = _listed(release.code_list)
    found = 0
    # The file comes with a pinned, hash-checked package or from the administrator's own hand.
    for _event, node in iterparse(release.tabular):  # noqa: S314
        if node.tag != "chapter":
            continue
        for section in node.findall("section"):
            for diagnosis in section.findall("diag"):
                for code in _branch(diagnosis, {}, listed):
                    found += 1
                    yield code
        node.clear()
    if not found:
        message = f"{release.tabular.name} holds no diagnosis codes."
        raise NotARelease(message)


def _listed(path: Path) -> frozenset[str]:
    lines = path.read_text("utf-8").split("\n")
    return frozenset(line.strip().split(" ")[0].replace(".", "") for line in lines)


def _branch(node: Element, seventh: dict[str, str], listed: frozenset[str]) -> Iterator[Code]:
    """The codes at and below one node; ``seventh`` are the characters an ancestor defined."""
    code = (node.findtext("name") or "").strip().replace(".", "")
    description = " ".join((node.findtext("desc") or "").split())
    if not code or not description:
        message = f"A diagnosis without code or description stands after {code!r}."
        raise NotARelease(message)
    seventh = _seventh_characters(node) or seventh
    children = node.findall("diag")
    extended = [] if children else list(_extended(code, description, seventh, listed))
    yield Code(code, description, billable=not children and not extended)
    yield from extended
    for child in children:
        yield from _branch(child, seventh, listed)


def _seventh_characters(node: Element) -> dict[str, str]:
    definition = node.find("sevenChrDef")
    if definition is None:
        return {}
    return {
        extension.attrib["char"]: " ".join((extension.text or "").split())
        for extension in definition.findall("extension")
    }


def _extended(
    code: str, description: str, seventh: dict[str, str], listed: frozenset[str]
) -> Iterator[Code]:
    stem = code.ljust(_FULL_LENGTH - 1, "X")
    for character, meaning in seventh.items():
        if stem + character in listed:
            yield Code(stem + character, f"{description}, {meaning}", billable=True)
