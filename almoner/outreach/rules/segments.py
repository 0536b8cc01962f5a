"""What a segment may ask: a short list of fields, each with the one kind of value it takes.

A segment is data, never a statement: a field that is not on the list, or a value of another kind,
is refused, whoever wrote it and however it got into a row.
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

Conditions = dict[str, Any]
"""Field to value, as a row keeps it. All of them must hold."""
LONGEST_LIST = 20
_CODE = re.compile(r"[A-TV-Z][0-9][0-9A-Z][0-9A-Z]{0,4}")  # ICD-10-CM, without its dot
_LANGUAGE = re.compile(r"[a-z]{2,3}")


class Field(StrEnum):
    """What can be asked of a patient."""

    DIAGNOSIS = "diagnosis"
    NOT_SEEN = "not_seen"
    SEEN = "seen"
    NEVER_SEEN = "never_seen"
    FUTURE = "future"
    AGE_FROM = "age_from"
    AGE_TO = "age_to"
    SEX = "sex"
    LANGUAGE = "language"
    LOCATION = "location"
    CLINICIAN = "clinician"
    VISIT_TYPE = "visit_type"
    PAYER = "payer"
    PLAN = "plan"
    OWES = "owes"


class Kind(StrEnum):
    """What kind of value a field takes."""

    CODES = "codes"  # the first characters of diagnosis codes
    MONTHS = "months"
    YEARS = "years"
    FLAG = "flag"
    CENTS = "cents"
    IDS = "ids"
    SEXES = "sexes"
    LANGUAGES = "languages"
    HAS = "has"


FIELDS: dict[Field, Kind] = {
    Field.DIAGNOSIS: Kind.CODES,
    Field.NOT_SEEN: Kind.MONTHS,
    Field.SEEN: Kind.MONTHS,
    Field.NEVER_SEEN: Kind.FLAG,
    Field.FUTURE: Kind.HAS,
    Field.AGE_FROM: Kind.YEARS,
    Field.AGE_TO: Kind.YEARS,
    Field.SEX: Kind.SEXES,
    Field.LANGUAGE: Kind.LANGUAGES,
    Field.LOCATION: Kind.IDS,
    Field.CLINICIAN: Kind.IDS,
    Field.VISIT_TYPE: Kind.IDS,
    Field.PAYER: Kind.IDS,
    Field.PLAN: Kind.IDS,
    Field.OWES: Kind.CENTS,
}
_SEXES = frozenset({"female", "male", "other", "unknown"})
_NUMBERS = {
    Kind.MONTHS: (1, 240),
    Kind.YEARS: (0, 130),
    Kind.CENTS: (1, 100_000_000),
}


class Unreadable(ValueError):
    """A field that is not on the list, or a value that is none of its kind; ``field`` says which.

    With an empty ``field`` nothing is asked at all: that would be everybody.
    """

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def read(said: Mapping[str, Any]) -> Conditions:
    """The conditions as they are kept. Raises Unreadable."""
    for name in said:
        if name not in set(Field):
            raise Unreadable(str(name))
    found = {
        field.value: _value(field, kind, said[field]) for field, kind in FIELDS.items()
        if field in said
    }  # fmt: skip
    if not found:
        raise Unreadable("")
    if found.get(Field.AGE_FROM, 0) > found.get(Field.AGE_TO, _NUMBERS[Kind.YEARS][1]):
        raise Unreadable(Field.AGE_TO)
    return found


def in_order(conditions: Conditions) -> list[tuple[Field, Any]]:
    """Conditions as they are kept, in the order of the list: a row keeps them in none."""
    return [(field, conditions[field.value]) for field in FIELDS if field.value in conditions]


def codes_of(typed: str) -> list[str]:
    """Diagnosis codes as they are typed: ``E11, e10.9``; each stands for all that begin so."""
    return [each.replace(".", "").upper() for each in re.split(r"[\s,;]+", typed) if each]


_EACH: dict[Kind, Callable[[Any], bool]] = {
    Kind.CODES: lambda one: isinstance(one, str) and bool(_CODE.fullmatch(one)),
    Kind.IDS: lambda one: _whole(one, 1, 2**63 - 1),
    Kind.SEXES: lambda one: one in _SEXES,
    Kind.LANGUAGES: lambda one: isinstance(one, str) and bool(_LANGUAGE.fullmatch(one)),
}


def _value(field: Field, kind: Kind, value: Any) -> Any:
    if kind in _NUMBERS:
        good = _whole(value, *_NUMBERS[kind])
    elif kind == Kind.FLAG:
        good = value is True
    elif kind == Kind.HAS:
        good = value in ("yes", "no")
    else:
        good = isinstance(value, list) and 0 < len(value) <= LONGEST_LIST
        good = good and all(map(_EACH[kind], value))
    if not good:
        raise Unreadable(field)
    return list(dict.fromkeys(value)) if kind in _EACH else value


def _whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
