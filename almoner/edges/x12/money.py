"""Amounts as X12 writes them, in whole cents."""

import re

_AMOUNT = re.compile(r"(-?)(\d*)(?:\.(\d{0,2}))?")


def cents(text: str) -> int | None:
    """``12``, ``12.5``, ``-12.50`` or ``.5`` in cents; None when it is not an amount of money."""
    found = _AMOUNT.fullmatch(text)
    if not found or not (found[2] or found[3]) or not text.isascii() or len(text) > 20:
        return None
    value = int(found[2] or 0) * 100 + int((found[3] or "").ljust(2, "0"))
    return -value if found[1] else value


def amount(value: int) -> str:
    """Cents as X12 writes them: no trailing zeros, no point when whole."""
    sign, value = ("-", -value) if value < 0 else ("", value)
    whole, part = divmod(value, 100)
    return f"{sign}{whole}.{part:02d}".rstrip("0") if part else f"{sign}{whole}"
