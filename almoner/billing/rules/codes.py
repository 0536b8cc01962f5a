"""What a code looks like. Whether it exists on a day is asked of the database."""

import re

_DIAGNOSIS = re.compile(r"[A-TV-Z][0-9][0-9AB](?:[0-9A-Z]{0,4})|U[0-9][0-9](?:[0-9A-Z]{0,4})")
_PROCEDURE = re.compile(r"[A-Z0-9]{5}")
_MODIFIER = re.compile(r"[A-Z0-9]{2}")
_REASON = re.compile(r"[A-Z0-9]{1,6}")

MOST_DIAGNOSES = 12
MOST_POINTERS = 4
MOST_MODIFIERS = 4
MOST_LINES = 50


def bare_diagnosis(typed: str) -> str:
    """``e11.9`` as ``E119``: upper case, no dot, no blanks."""
    return typed.strip().upper().replace(".", "").replace(" ", "")


def dotted(code: str) -> str:
    """``E119`` as ``E11.9``, the way people read it."""
    return f"{code[:3]}.{code[3:]}" if len(code) > 3 else code  # noqa: PLR2004 (a category has 3)


def looks_like_diagnosis(code: str) -> bool:
    """Three to seven characters of an ICD-10-CM code without its dot."""
    return _DIAGNOSIS.fullmatch(code) is not None


def looks_like_procedure(code: str) -> bool:
    """Five letters or digits, at least one a digit: the shape only, the site knows its codes."""
    return _PROCEDURE.fullmatch(code) is not None and any(c.isdigit() for c in code)


def looks_like_modifier(code: str) -> bool:
    return _MODIFIER.fullmatch(code) is not None


def looks_like_reason(code: str) -> bool:
    """An adjustment reason or remark code: up to six letters or digits."""
    return _REASON.fullmatch(code) is not None


ABBREVIATIONS = {
    "htn": "hypertension",
    "dm": "diabetes mellitus",
    "dm1": "type 1 diabetes",
    "dm2": "type 2 diabetes",
    "t1dm": "type 1 diabetes",
    "t2dm": "type 2 diabetes",
    "afib": "atrial fibrillation",
    "copd": "chronic obstructive pulmonary",
    "uti": "urinary tract infection",
    "uri": "upper respiratory infection",
    "gerd": "gastro-esophageal reflux",
    "ckd": "chronic kidney disease",
    "chf": "heart failure",
    "mi": "myocardial infarction",
    "cad": "coronary artery",
    "oa": "osteoarthritis",
    "bph": "benign prostatic hyperplasia",
    "fx": "fracture",
    "hx": "history",
    "adhd": "attention-deficit hyperactivity",
    "ptsd": "post-traumatic stress",
    "flu": "influenza",
}
"""What people type for what the code set says."""

_WORD = re.compile(r"[a-z0-9]+")


def search_words(typed: str) -> list[str]:
    """The words to look for in descriptions, abbreviations spelled out; at most eight."""
    words: list[str] = []
    for word in typed.lower().split():
        words += _WORD.findall(ABBREVIATIONS.get(word.strip(".,;"), word))
    return words[:8]


PLACES_OF_SERVICE = frozenset({
    "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14", "15",
    "16", "17", "18", "19", "20", "21", "22", "23", "24", "25", "26", "27", "31", "32", "33",
    "34", "41", "42", "49", "50", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61",
    "62", "65", "66", "71", "72", "81", "99",
})  # fmt: skip
"""CMS place of service codes (public)."""
