"""What a form asks given the answers so far, what is wrong with them, and what they add up to.

Answers are kept by ``linkId`` as text: ``true`` and ``false``, a code, an ISO date, a whole number,
or words. A question without an answer is not in them.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from almoner.patients.rules.details import e164
from almoner.records.rules.questionnaires import (
    Band,
    Condition,
    Definition,
    Item,
    Kind,
    Words,
)

Answers = Mapping[str, tuple[str, ...]]
MOST_VALUES = 60
FIRST_YEAR, LAST_YEAR = 1880, 2200


def kept(item: Item, typed: Sequence[str]) -> tuple[str, ...]:
    """What is kept of what was typed: no blanks at the ends, nothing empty, nothing twice."""
    values = (" ".join(each.split()) if item.kind != Kind.TEXT else each.strip() for each in typed)
    return tuple(dict.fromkeys(value for value in values if value))


def fault(item: Item, values: Sequence[str]) -> str:
    """What is wrong with one answer, as a code of `words.WORDS`; empty when nothing is."""
    if not values:
        return "required" if item.required else ""
    if len(values) > (MOST_VALUES if item.repeats else 1):
        return "one_only"
    return next((wrong for value in values if (wrong := _wrong(item, value))), "")


def _wrong(item: Item, value: str) -> str:
    if "\0" in value or len(value) > item.longest:
        return "too_long"
    return _CHECKS.get(item.kind, _field)(item, value)


def _choice(item: Item, value: str) -> str:
    return "" if value in {option.code for option in item.options} else "not_offered"


def _boolean(_item: Item, value: str) -> str:
    return "" if value in {"true", "false"} else "not_offered"


def _date(_item: Item, value: str) -> str:
    try:
        return "" if FIRST_YEAR <= date.fromisoformat(value).year <= LAST_YEAR else "no_date"
    except ValueError:
        return "no_date"


def _integer(_item: Item, value: str) -> str:
    return "" if re.fullmatch(r"-?[0-9]{1,9}", value) else "no_number"


def _field(item: Item, value: str) -> str:
    """A line for the registration is one that the registration can keep."""
    if item.field.endswith("phone"):
        try:
            e164(value)
        except ValueError:
            return "no_phone"
    if item.field == "email" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        return "no_email"
    if item.field == "address.zip_code" and not re.fullmatch(r"\d{5}(-?\d{4})?", value):
        return "no_zip"
    return ""


_CHECKS: Mapping[Kind, Callable[[Item, str], str]] = {
    Kind.CHOICE: _choice,
    Kind.BOOLEAN: _boolean,
    Kind.DATE: _date,
    Kind.INTEGER: _integer,
}


def enabled(definition: Definition, answers: Answers) -> frozenset[str]:
    """The items that are asked or shown. An answer to what is not asked counts for nothing."""
    found: set[str] = set()
    _walk(definition.items, definition.questions, answers, found)
    return frozenset(found)


def _walk(
    items: Sequence[Item], questions: Mapping[str, Item], answers: Answers, found: set[str]
) -> None:
    for item in items:
        held = [_holds(each, questions, answers, found) for each in item.conditions]
        if not held or (any(held) if item.any_of else all(held)):
            found.add(item.link_id)
            _walk(item.items, questions, answers, found)


def _holds(
    condition: Condition, questions: Mapping[str, Item], answers: Answers, found: set[str]
) -> bool:
    values = answers.get(condition.question, ()) if condition.question in found else ()
    if condition.operator == "exists":
        return bool(values) is (condition.answer == "true")
    number = questions[condition.question].kind == Kind.INTEGER
    return any(_compared(condition, value, number=number) for value in values)


def _compared(condition: Condition, value: str, *, number: bool) -> bool:
    one: int | str = value
    other: int | str = condition.answer
    if number:
        try:
            one, other = int(value), int(condition.answer)
        except ValueError:
            return False
    if condition.operator in {"=", "!="}:
        return (one == other) is (condition.operator == "=")
    if one == other:
        return condition.operator in {">=", "<="}
    above = one > other  # type: ignore[operator]  # both numbers, or both text
    return above is (condition.operator in {">", ">="})


def standing(definition: Definition, answers: Answers) -> dict[str, tuple[str, ...]]:
    """The answers to what is asked, in the order of reading."""
    asked = enabled(definition, answers)
    return {
        link_id: tuple(answers[link_id])
        for link_id in definition.questions
        if link_id in asked and answers.get(link_id)
    }


def faults(definition: Definition, answers: Answers) -> dict[str, str]:
    """What stands in the way of signing: a code for each question, in the order of reading."""
    asked = enabled(definition, answers)
    wrong = {
        link_id: fault(item, answers.get(link_id, ()))
        for link_id, item in definition.questions.items()
        if link_id in asked
    }
    return {link_id: code for link_id, code in wrong.items() if code}


@dataclass(frozen=True, slots=True)
class Score:
    total: int
    band: Words


def score(definition: Definition, answers: Answers) -> Score | None:
    """The sum of all points and what it means; None when a question with points has no answer."""
    asked, total = enabled(definition, answers), 0
    for link_id, item in definition.questions.items():
        points = {option.code: option.points for option in item.options}
        if link_id not in asked or not any(each is not None for each in points.values()):
            continue
        values = answers.get(link_id, ())
        if not values:
            return None
        total += sum(points.get(value) or 0 for value in values)
    band = _band(definition.bands, total)
    return Score(total, band.words) if band else None


def _band(bands: Sequence[Band], total: int) -> Band | None:
    return next((band for band in reversed(bands) if total >= band.least), None)
