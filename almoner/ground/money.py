"""Money is a whole number of cents. No float ever holds an amount."""

import re

_TYPED = re.compile(r"^\s*(-)?\s*\$?\s*(\d{1,3}(?:,\d{3})+|\d{1,9})?(?:\.(\d{1,2}))?\s*$")


class NotAnAmount(ValueError):
    """What was typed is not an amount of dollars and cents."""


def cents(typed: str) -> int:
    """Cents of an amount as a person types it: ``1,234.5``, ``$20``, ``-3.07``.

    Raises NotAnAmount for anything else, including more than two decimals.
    """
    match = _TYPED.match(typed)
    if not match or not (match[2] or match[3]):
        raise NotAnAmount(typed)
    whole = int((match[2] or "0").replace(",", "")) * 100
    part = int((match[3] or "0").ljust(2, "0"))
    return -(whole + part) if match[1] else whole + part


def dollars(amount: int) -> str:
    """``-1234567`` as ``-$12,345.67``."""
    sign = "-" if amount < 0 else ""
    whole, part = divmod(abs(amount), 100)
    return f"{sign}${whole:,}.{part:02d}"


def decimal(amount: int) -> str:
    """``1050`` as ``10.50``: a plain decimal without currency or grouping marks."""
    sign = "-" if amount < 0 else ""
    whole, part = divmod(abs(amount), 100)
    return f"{sign}{whole}.{part:02d}"
