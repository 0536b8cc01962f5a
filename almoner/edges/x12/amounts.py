"""Amounts and days as X12 writes them."""

import re
from datetime import date

_AMOUNT = re.compile(r"(-?)(\d{0,13})(?:\.(\d{0,2})0{0,8})?", re.ASCII)
_DAY = re.compile(r"\d{8}", re.ASCII)
MOST_REMEMBERED = 20_000


class NotAnAmount(ValueError):
    """The text is not a number of whole cents."""


class Cents(dict[str, int]):
    """Cents of an amount's text, remembering what it has seen.

    The same few amounts fill a remittance, so looking one up is far cheaper than reading it.
    Raises NotAnAmount; an empty text is not an amount.
    """

    def __missing__(self, text: str) -> int:
        value = cents(text)
        if len(self) < MOST_REMEMBERED:
            self[text] = value
        return value


def cents(text: str) -> int:
    """Cents of a decimal without exponent: ``-12.5`` is -1250. Raises NotAnAmount."""
    match = _AMOUNT.fullmatch(text)
    if not match or not (match[2] or match[3]):
        raise NotAnAmount(text)
    value = int(match[2] or "0") * 100 + int((match[3] or "0").ljust(2, "0"))
    return -value if match[1] else value


def perhaps_cents(text: str) -> int | None:
    """Cents of an amount's text, None when it is no amount."""
    try:
        return cents(text)
    except NotAnAmount:
        return None


def decimal(amount: int) -> str:
    """Cents as X12 writes them: no needless zeros, ``1250`` is ``12.5`` and ``0`` is ``0``."""
    whole, part = divmod(abs(amount), 100)
    text = f"{whole}.{part:02d}".rstrip("0").rstrip(".") if part else str(whole)
    return f"-{text}" if amount < 0 else text


def day(text: str) -> date | None:
    """The day of a CCYYMMDD text, None when there is no such day."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
