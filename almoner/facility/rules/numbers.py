"""What a clinic is known by: where it cannot be right, a claim is held or no day is laid out."""

import re
from collections.abc import Callable
from itertools import accumulate
from zoneinfo import available_timezones

_TAXONOMY = re.compile(r"[0-9]{3}[A-Z0-9]{6}X")
_TAX_ID = re.compile(r"[0-9]{9}")
_ZIP_CODE = re.compile(r"[0-9]{5}(?:[0-9]{4})?")
_STATE = re.compile(r"[A-Z]{2}")
_PLACE = re.compile(r"[0-9]{2}")
_NPI_LENGTH = 10
_NPI_PREFIX_SUM = 24  # Luhn sum of 80840, the issuer prefix of every US NPI
_TEN = 10


def looks_like_taxonomy(code: str) -> bool:
    """Ten characters, the last an X."""
    return _TAXONOMY.fullmatch(code) is not None


def npi_checks(npi: str) -> bool:
    """Whether the last digit fits: Luhn over 80840 and the ten digits (45 CFR 162.406)."""
    if len(npi) != _NPI_LENGTH or not npi.isdecimal() or npi[0] not in "12":
        return False
    doubled = [
        sum(divmod(int(digit) * 2, _TEN)) if place % 2 else int(digit)
        for place, digit in enumerate(reversed(npi))
    ]
    return (list(accumulate(doubled))[-1] + _NPI_PREFIX_SUM) % _TEN == 0


def impossible(values: dict[str, str]) -> list[str]:
    """Names of those fields whose value cannot be right; an empty one is not looked at."""
    looks: dict[str, Callable[[str], object]] = {
        "npi": npi_checks,
        "taxonomy": looks_like_taxonomy,
        "tax_id": _TAX_ID.fullmatch,
        "zip_code": _ZIP_CODE.fullmatch,
        "state": _STATE.fullmatch,
        "place_of_service": _PLACE.fullmatch,
        "time_zone": lambda name: name in available_timezones(),
    }
    return [name for name, look in looks.items() if values.get(name) and not look(values[name])]
