"""Building a form step by step: each step makes a new Questionnaire of the one before.

What a step knows nothing of (an extension of somebody else's) stays as it was. Up and Down lead
through the whole form: past a group they go into it, past its edge out of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from almoner.records.rules.elements import TRANSLATION
from almoner.records.rules.questionnaires import (
    MOST_ROWS,
    OCCURS,
    ORDINAL,
    REGISTRATION,
    Condition,
    Item,
    Kind,
    Option,
    Words,
)

Body = dict[str, Any]
_ANSWERS: Mapping[str, str] = {
    Kind.CHOICE: "answerCoding",
    Kind.BOOLEAN: "answerBoolean",
    Kind.INTEGER: "answerInteger",
    Kind.DATE: "answerDate",
}


class NoSuchItem(LookupError):
    """The form has no item of that linkId any more."""


@dataclass(frozen=True, slots=True)
class Line:
    """An item in the outline of a form; ``depth`` is how many groups it stands in."""

    item: Item
    depth: int


def outline(items: Sequence[Item], depth: int = 0) -> Iterator[Line]:
    for item in items:
        yield Line(item, depth)
        yield from outline(item.items, depth + 1)


def blank(code: str, title: Words) -> Body:
    """A form that asks nothing yet."""
    body: Body = {"resourceType": "Questionnaire", "name": code, "status": "draft"}
    return titled(body | {"language": "en", "subjectType": ["Patient"], "item": []}, title)


def titled(body: Body, title: Words) -> Body:
    made = deepcopy(body)
    _tell(made, "title", title)
    return made


def added(body: Body, kind: Kind, words: Words, *, after: str = "") -> tuple[Body, str]:
    """A new item behind another (in it, when that is a group), or at the end; and its linkId.

    Raises NoSuchItem.
    """
    made = deepcopy(body)
    link_id = _free(made)
    item: Body = {"linkId": link_id, "type": kind.value}
    _tell(item, "text", words)
    if kind == Kind.GROUP:
        item["item"] = []
    if not after:
        made.setdefault("item", []).append(item)
        return made, link_id
    siblings, place = _found(made, after)
    if siblings[place].get("type") == Kind.GROUP:
        siblings[place].setdefault("item", []).append(item)
    else:
        siblings.insert(place + 1, item)
    return made, link_id


def removed(body: Body, link_id: str) -> Body:
    """Without the item and what stands in it. Raises NoSuchItem."""
    made = deepcopy(body)
    siblings, place = _found(made, link_id)
    del siblings[place]
    return made


def moved(body: Body, link_id: str, *, up: bool) -> Body:
    """One step up or down; at the end of the form it stays. Raises NoSuchItem."""
    made = deepcopy(body)
    siblings, place = _found(made, link_id)
    beside = place - 1 if up else place + 1
    if 0 <= beside < len(siblings):
        neighbour = siblings[beside]
        item = siblings.pop(place)
        if neighbour.get("type") == Kind.GROUP:
            inner = neighbour.setdefault("item", [])
            inner.insert(len(inner) if up else 0, item)
        else:
            siblings.insert(beside, item)
        return made
    group = _group_of(made, link_id)
    if group is not None:
        item = siblings.pop(place)
        outer, at = _found(made, group)
        outer.insert(at if up else at + 1, item)
    return made


def changed(body: Body, wanted: Item) -> Body:
    """The item as wanted; its kind and what stands in it stay. Raises NoSuchItem."""
    made = deepcopy(body)
    siblings, place = _found(made, wanted.link_id)
    raw = siblings[place]
    _tell(raw, "text", wanted.words)
    _set(raw, "required", wanted.required or None)
    _set(raw, "repeats", wanted.repeats or None)
    bound = wanted.repeats and wanted.kind == Kind.GROUP and wanted.most < MOST_ROWS
    _extend(raw, OCCURS, {"valueInteger": wanted.most} if bound else None)
    options = [_option(each) for each in wanted.options]
    _set(raw, "answerOption", options or None)
    kinds = {each["linkId"]: each.get("type") for each in _every(made)}
    told = [_condition(each, kinds) for each in wanted.conditions]
    _set(raw, "enableWhen", told or None)
    behavior = ("any" if wanted.any_of else "all") if len(told) > 1 else None
    _set(raw, "enableBehavior", behavior)
    _extend(raw, REGISTRATION, {"valueCode": wanted.field} if wanted.field else None)
    return made


def _option(option: Option) -> Body:
    coding: Body = {"code": option.code}
    _tell(coding, "display", option.words)
    made: Body = {"valueCoding": coding}
    if option.points is not None:
        made["extension"] = [{"url": ORDINAL, "valueDecimal": option.points}]
    return made


def _condition(condition: Condition, kinds: Mapping[str, Any]) -> Body:
    made: Body = {"question": condition.question, "operator": condition.operator}
    kind = str(kinds.get(condition.question))
    name = "answerBoolean" if condition.operator == "exists" else _ANSWERS.get(kind, "answerString")
    values = {
        "answerBoolean": condition.answer == "true",
        "answerCoding": {"code": condition.answer},
        "answerInteger": _number(condition.answer),
    }
    return made | {name: values.get(name, condition.answer)}


def _number(text: str) -> int | str:
    try:
        return int(text)
    except ValueError:
        return text


def _tell(element: Body, name: str, words: Words) -> None:
    """Write a text in both languages; other translations of it stay."""
    element[name] = words.en
    beside = element.setdefault(f"_{name}", {})
    kept = [each for each in beside.get("extension", []) if not _is_spanish(each)]
    if words.es:
        parts = [
            {"url": "lang", "valueCode": "es"},
            {"url": "content", "valueString": words.es},
        ]
        kept.append({"url": TRANSLATION, "extension": parts})
    beside["extension"] = kept
    if not kept:
        del element[f"_{name}"]


def _is_spanish(extension: Mapping[str, Any]) -> bool:
    lang = {"url": "lang", "valueCode": "es"}
    return extension.get("url") == TRANSLATION and lang in extension.get("extension", [])


def _set(element: Body, name: str, value: Any) -> None:
    if value is None:
        element.pop(name, None)
    else:
        element[name] = value


def _extend(element: Body, url: str, value: Mapping[str, Any] | None) -> None:
    kept = [each for each in element.get("extension", []) if each.get("url") != url]
    if value is not None:
        kept.append({"url": url} | dict(value))
    _set(element, "extension", kept or None)


def _every(body: Body) -> Iterator[Body]:
    for item in body.get("item", []):
        yield item
        yield from _every(item)


def _found(body: Body, link_id: str) -> tuple[list[Body], int]:
    """The list an item stands in, and its place there. Raises NoSuchItem."""
    for holder in (body, *_every(body)):
        siblings: list[Body] = holder.get("item", [])
        for place, item in enumerate(siblings):
            if item.get("linkId") == link_id:
                return siblings, place
    raise NoSuchItem(link_id)


def _group_of(body: Body, link_id: str) -> str | None:
    for item in _every(body):
        if any(each.get("linkId") == link_id for each in item.get("item", [])):
            return str(item["linkId"])
    return None


def _free(body: Body) -> str:
    taken = {item.get("linkId") for item in _every(body)}
    return next(name for number in range(1, len(taken) + 2) if (name := f"q{number}") not in taken)
