"""Groups that repeat: their rows, and the keys by which the answers of each row are kept.

A row has a number of its own for as long as it stands: whoever takes one away moves no other. What
is asked in it is kept by ``linkId@number``; under the ``linkId`` of the group stand its rows.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from almoner.records.rules.questionnaires import ASKING, Definition, Item, Kind

Answers = Mapping[str, tuple[str, ...]]
FIRST = "1"


class Full(ValueError):
    """The group has as many rows as it may have."""


def key(link_id: str, row: str) -> str:
    """What an answer is kept by; ``row`` is empty outside a group that repeats."""
    return f"{link_id}@{row}" if row else link_id


def repeated(item: Item) -> bool:
    """Whether it is a group that is filled row by row."""
    return item.kind == Kind.GROUP and item.repeats


def rows(item: Item, answers: Answers) -> tuple[str, ...]:
    """The rows of a group, in their order; one that must be filled begins with one."""
    return tuple(answers.get(item.link_id) or ((FIRST,) if item.required else ()))


def groups(definition: Definition) -> dict[str, Item]:
    """The groups that repeat."""
    return {item.link_id: item for item in definition.every() if repeated(item)}


def with_rows(definition: Definition, answers: Answers) -> dict[str, tuple[str, ...]]:
    """The same answers, with the rows written out that stand although nobody added them."""
    stand = {link_id: rows(item, answers) for link_id, item in groups(definition).items()}
    return dict(answers) | {link_id: told for link_id, told in stand.items() if told}


def asked_in_rows(definition: Definition, answers: Answers) -> dict[str, Item]:
    """Every question by its key, once for each row it stands in, as one reads the form."""
    return dict(_questions(definition.items, "", answers))


def _questions(items: Sequence[Item], row: str, answers: Answers) -> Iterator[tuple[str, Item]]:
    for item in items:
        if item.kind in ASKING:
            yield key(item.link_id, row), item
        for one in rows(item, answers) if repeated(item) else (row,):
            yield from _questions(item.items, one, answers)


def numbered(item: Item, told: Sequence[str]) -> bool:
    """Whether these are rows that the group can have."""
    return (
        len(told) <= item.most
        and len(set(told)) == len(told)
        and all(re.fullmatch(r"[1-9][0-9]{0,5}", row) for row in told)
    )


def added(item: Item, answers: Answers) -> tuple[tuple[str, ...], str]:
    """Its rows with one more, and the number of that: none that was used before. Raises Full."""
    stand = rows(item, answers)
    if len(stand) >= item.most:
        raise Full
    inner = {each.link_id for each in _inside(item)}
    used = {row for each in answers for name, _at, row in [each.partition("@")] if name in inner}
    fresh = str(max((int(row) for row in used | set(stand)), default=0) + 1)
    return (*stand, fresh), fresh


def emptied(item: Item, row: str) -> list[str]:
    """The keys of all that may be answered in a row."""
    return [key(each.link_id, row) for each in _inside(item) if each.kind in ASKING]


def _inside(item: Item) -> Iterator[Item]:
    for each in item.items:
        yield each
        yield from _inside(each)


def place(definition: Definition, answers: Answers, name: str) -> int:
    """Which row of its group a key speaks of, counted from one; 0 when it stands in none."""
    link_id, _at, row = name.partition("@")
    for group in groups(definition).values():
        stand = rows(group, answers)
        if row in stand and link_id in {each.link_id for each in _inside(group)}:
            return stand.index(row) + 1
    return 0
