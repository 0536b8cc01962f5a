"""What a form asks given the answers so far, what is wrong with them, and what they add up to.

Answers are kept by ``linkId`` (in a group that repeats by its row too: `rows.key`) as text:
``true`` and ``false``, a code, an ISO date, a whole number, or words. A question without an answer
is not in
them.
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
from almoner.records.rules.rows import Answers, asked_in_rows, key, numbered, repeated, rows

MOST_VALUES = 60
FIRST_YEAR, LAST_YEAR = 1880, 2200


def kept(item: Item, typed: Sequence[str]) -> tuple[str, ...]:
    """What is kept of what was typed: no blanks at the ends, nothing empty, nothing twice."""
    values = (" ".join(each.split()) if item.kind != Kind.TEXT else each.strip() for each in typed)
    return tuple(dict.fromkeys(value for value in values if value))


def fault(item: Item, values: Sequence[str]) -> str:
    """What is wrong with one answer, as a code of `words.WORDS`; empty when nothing is.

    Of a group that repeats the values are its rows.
    """
    if item.kind == Kind.GROUP:
        return "" if repeated(item) and numbered(item, values) else "not_offered"
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
    """The keys of what is asked or shown, each row of a group among them.

    An answer to what is not asked counts for nothing.
    """
    walk = _Walk(answers, definition.questions, definition.in_rows, set())
    walk.through(definition.items, "")
    return frozenset(walk.found)


@dataclass(frozen=True, slots=True)
class _Walk:
    answers: Answers
    questions: Mapping[str, Item]
    in_rows: frozenset[str]
    found: set[str]

    def through(self, items: Sequence[Item], row: str) -> None:
        for item in items:
            held = [self.holds(each, row) for each in item.conditions]
            if held and not (any(held) if item.any_of else all(held)):
                continue
            self.found.add(key(item.link_id, row))
            for one in rows(item, self.answers) if repeated(item) else (row,):
                self.found.add(key(item.link_id, one))
                self.through(item.items, one)

    def holds(self, condition: Condition, row: str) -> bool:
        """In a row a condition asks the row itself, and what stands outside all rows."""
        name = key(condition.question, row if condition.question in self.in_rows else "")
        values = self.answers.get(name, ()) if name in self.found else ()
        if condition.operator == "exists":
            return bool(values) is (condition.answer == "true")
        number = self.questions[condition.question].kind == Kind.INTEGER
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
        name: tuple(answers[name])
        for name in asked_in_rows(definition, answers)
        if name in asked and answers.get(name)
    }


def faults(definition: Definition, answers: Answers) -> dict[str, str]:
    """What stands in the way of signing: a code for each question, in the order of reading."""
    asked = enabled(definition, answers)
    wrong = {
        name: fault(item, answers.get(name, ()))
        for name, item in asked_in_rows(definition, answers).items()
        if name in asked
    }
    return {name: code for name, code in wrong.items() if code}


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
