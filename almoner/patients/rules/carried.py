"""What was typed into the search box, when it found nobody, as the first fields of a registration.

The box reads words in any order and keeps no letters' case; a form needs to know which is which.
What is guessed here stands in the fields before the officer's eyes.
"""

import re
from dataclasses import dataclass
from datetime import date

from almoner.patients.rules.box import (
    COMPACT_DATE,
    LONGEST,
    birth_in,
    compact_date_keys,
    phone_in,
)
from almoner.patients.rules.fold import fold
from almoner.patients.rules.nicknames import is_given


@dataclass(frozen=True, slots=True)
class Carried:
    """What can be carried over; empty where nothing was typed. ``phone`` is as it was typed."""

    family: str = ""
    given: str = ""
    birth_date: date | None = None
    phone: str = ""

    def __bool__(self) -> bool:
        return self != Carried()


def carried(typed: str, *, today: date) -> Carried:
    """Names, birth date and phone of what was typed; numbers of any other kind are left out.

    A year of two digits is the latest that has come, as everywhere birth dates are typed.
    """
    keys, rest = birth_in(typed[:LONGEST], today=today)
    if not keys:
        keys, rest = _written_together(rest, today=today)
    phone, rest = phone_in(rest)
    family, given = _names(rest)
    return Carried(family, given, _born(keys), phone)


def _written_together(text: str, *, today: date) -> tuple[tuple[str, ...], str]:
    """``03041985`` among the words, and the words without it."""
    for chunk in text.split():
        if len(chunk) == COMPACT_DATE and chunk.isascii() and chunk.isdigit():
            keys = compact_date_keys(chunk, today=today)
            return keys, text.replace(chunk, " ", 1)
    return (), text


def _born(keys: tuple[str, ...]) -> date | None:
    """The day of the first key; a day without its year is no birth date yet."""
    kind, _, day = keys[0].partition(":") if keys else ("", "", "")
    return date.fromisoformat(day) if kind == "b" else None


def _names(text: str) -> tuple[str, str]:
    """Family and given name: parted by a comma, or by what we know of given names.

    Where nothing tells them apart the family name stands first, as in every list here.
    """
    first, comma, last = (" ".join(_words(part)) for part in _parted(text))
    if comma and last:
        return first, last
    words = _words(text)
    if not words:
        return "", ""
    begins, ends = is_given(fold(words[0])), is_given(fold(words[-1]))
    if len(words) > 1 and begins and not ends:
        return " ".join(words[1:]), words[0]
    if len(words) > 1 and ends and not begins:
        return " ".join(words[:-1]), words[-1]
    return words[0], " ".join(words[1:])


def _parted(text: str) -> tuple[str, str, str]:
    before, comma, after = text.partition(",")
    return before, "comma" * bool(comma), after


def _words(text: str) -> list[str]:
    words = text.replace(",", " ").split()
    return [_capital(word) for word in words if fold(word) and not re.search(r"\d", word)]


def _capital(word: str) -> str:
    """``o'brien-smith`` typed in haste is ``O'Brien-Smith``; a capital typed by hand stays."""
    if word != word.lower():
        return word
    return re.sub(r"(^|[-'’])(\w)", lambda match: match[1] + match[2].upper(), word)  # noqa: RUF001
