"""Small public code lists, and shapes that need no list.

Places of service are CMS's public list. Labels are our own words. Longer lists (ICD-10-CM, HCPCS,
taxonomy, CARC, RARC) are dated and loaded by the site; here only their shapes are known.
"""

import re

STATES = frozenset(
    """
    AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV
    NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI UM FM
    MH PW AA AE AP AB BC MB NB NL NS NT NU ON PE QC SK YT
    """.split()  # noqa: SIM905 - a list of codes reads better as text
)
PLACES_OF_SERVICE = frozenset(
    """
    01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 31 32
    33 34 41 42 49 50 51 52 53 54 55 56 57 58 60 61 62 65 66 71 72 81 99
    """.split()  # noqa: SIM905 - a list of codes reads better as text
)
LISTS = {"states": STATES, "pos": PLACES_OF_SERVICE}

_NPI = re.compile(r"[12]\d{9}")
_ICD10CM = re.compile(r"[A-Z]\d[0-9A-Z](?:[0-9A-Z]{1,4})?")
_ICD9CM = re.compile(r"(?:\d{3}|V\d{2}|E\d{3})\d{0,2}")
_TAXONOMY = re.compile(r"[0-9A-Z]{9}X")
_PROCEDURE = re.compile(r"[0-9A-Z]{5}")


def is_npi(value: str) -> bool:
    """Ten digits, the first 1 or 2, with the Luhn check digit over 80840 and the number.

    45 CFR 162.406. The prefix adds 24 to the sum, so the digits alone can be summed.
    """
    if not _NPI.fullmatch(value):
        return False
    total = 24
    for place, mark in enumerate(reversed(value)):
        digit = int(mark)
        total += digit if place % 2 == 0 else digit * 2 - (9 if digit > 4 else 0)
    return total % 10 == 0


def is_icd10cm(value: str) -> bool:
    """Whether a code without its dot has the shape of ICD-10-CM; not whether it exists."""
    return bool(_ICD10CM.fullmatch(value))


def is_icd9cm(value: str) -> bool:
    return bool(_ICD9CM.fullmatch(value))


def is_taxonomy(value: str) -> bool:
    return bool(_TAXONOMY.fullmatch(value))


def is_procedure(value: str) -> bool:
    """Five characters, as CPT and HCPCS codes have; which of them exist is the site's list."""
    return bool(_PROCEDURE.fullmatch(value))
