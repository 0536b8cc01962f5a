"""Dates and times as people type them at a desk: few keys, no pickers, never a guess.

Dates are read in the order of the United States: month, day, year. A year of two digits is taken
from the hundred years that end today (``PAST``, birth dates) or soon (``NEAR``, appointments).
"""

import re
from datetime import date, time, timedelta
from enum import Enum

from dateutil.relativedelta import relativedelta


class NotADate(ValueError):
    """What was typed is no date, or one that does not exist."""


class NotATime(ValueError):
    """What was typed is no time of day."""


class Lean(Enum):
    """Which century and year an incomplete date means."""

    PAST = "past"
    NEAR = "near"


_PARTS = re.compile(r"(\d{1,2})[/. -](\d{1,2})(?:[/. -](\d{4}|\d{2}))?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DIGITS = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})")
_AWAY = re.compile(r"\+(\d{1,3})([dwm]?)")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_AHEAD = 20  # years a two-digit year may lie ahead of today when it leans NEAR
_TIME = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))?\s*([ap])?\.?m?\.?")
_DESK_OPENS = 7  # an hour below this, typed without a or p, is an afternoon hour
_NOON = 12


LONGEST_ID = 18
"""Digits of the longest number that surely fits a row's id (a bigint)."""
LAST_PAGE = 9_999


def row_id(text: str | None) -> int | None:
    """A row's id as an address or a form names it; None for anything else."""
    known = text and text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID
    return int(text) if known and text else None


def page_number(text: str | None) -> int:
    """Which page of a list an address asks for, from 1; what cannot be read is the first."""
    return min(max(row_id(text) or 1, 1), LAST_PAGE)


def typed_date(text: str, *, today: date, lean: Lean = Lean.NEAR) -> date:
    """``3/4/85``, ``03041985``, ``1985-03-04``, ``3/4``; ``t``, ``+3``, ``+2w``, ``thu``.

    A weekday is the next one after today. Raises NotADate.
    """
    said = text.strip().casefold()
    if relative := _relative(said, today):
        return relative
    if match := _ISO.fullmatch(said):
        year, month, day = (int(part) for part in match.groups())
    elif match := _PARTS.fullmatch(said) or _DIGITS.fullmatch(said):
        month, day = int(match[1]), int(match[2])
        year = _year(match[3], (month, day), today, lean)
    else:
        raise NotADate(text)
    try:
        return date(year, month, day)
    except ValueError as error:
        raise NotADate(text) from error


def typed_time(text: str) -> time:
    """``9``, ``930``, ``9:30``, ``1430``, ``2:30p``. A bare 1 to 6 is an afternoon hour.

    Raises NotATime.
    """
    match = _TIME.fullmatch(text.strip().casefold())
    if not match:
        raise NotATime(text)
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
    if half:
        if not 1 <= hour <= _NOON:
            raise NotATime(text)
        hour = hour % _NOON + (_NOON if half == "p" else 0)
    elif 0 < hour < _DESK_OPENS and not match[1].startswith("0"):
        hour += _NOON
    try:
        return time(hour, minute)
    except ValueError as error:
        raise NotATime(text) from error


def _relative(said: str, today: date) -> date | None:
    if said in {"t", "today"}:
        return today
    if said in {"tomorrow", "tom"}:
        return today + timedelta(days=1)
    if match := _AWAY.fullmatch(said):
        count, unit = int(match[1]), match[2]
        steps = {"w": relativedelta(weeks=count), "m": relativedelta(months=count)}
        return today + steps.get(unit, relativedelta(days=count))
    known = [n for n, name in enumerate(_WEEKDAYS) if len(said) >= len(name) and _names(said, n)]
    if known:
        return today + timedelta(days=(known[0] - today.weekday() - 1) % 7 + 1)
    return None


def _names(said: str, weekday: int) -> bool:
    whole = date(2024, 1, 1 + weekday).strftime("%A").casefold()  # 2024 began on a Monday
    return whole.startswith(said)


def _year(typed: str | None, day: tuple[int, int], today: date, lean: Lean) -> int:
    if typed is None:
        behind = day < (today.month, today.day)
        return today.year + (1 if behind and lean is Lean.NEAR else 0)
    if len(typed) == len("1985"):
        return int(typed)
    newest = today.year + (_AHEAD if lean is Lean.NEAR else 0)
    year = newest - (newest - int(typed)) % 100
    beyond = lean is Lean.PAST and (year, *day) > (today.year, today.month, today.day)
    return year - 100 if beyond else year
