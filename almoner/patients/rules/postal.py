"""Parts of an address of this country, as a claim carries them (005010X222A1, N4)."""

import re

_STATE = re.compile(r"[A-Z]{2}")
_ZIP = re.compile(r"\d{5}(-?\d{4})?")


def is_state(text: str) -> bool:
    """Whether this has the shape of a state: two capital letters."""
    return _STATE.fullmatch(text) is not None


def is_zip(text: str) -> bool:
    """Whether this is a ZIP code: five digits, or nine."""
    return _ZIP.fullmatch(text) is not None
