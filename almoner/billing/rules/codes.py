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


PLACES_OF_SERVICE = {
    "01": "Pharmacy",
    "02": "Telehealth, patient elsewhere than at home",
    "03": "School",
    "04": "Homeless shelter",
    "05": "Indian Health Service, free-standing",
    "06": "Indian Health Service, provider-based",
    "07": "Tribal 638, free-standing",
    "08": "Tribal 638, provider-based",
    "09": "Prison or correctional facility",
    "10": "Telehealth, patient at home",
    "11": "Office",
    "12": "Home",
    "13": "Assisted living",
    "14": "Group home",
    "15": "Mobile unit",
    "16": "Temporary lodging",
    "17": "Walk-in retail clinic",
    "18": "Place of employment",
    "19": "Off-campus outpatient hospital",
    "20": "Urgent care",
    "21": "Inpatient hospital",
    "22": "On-campus outpatient hospital",
    "23": "Emergency room, hospital",
    "24": "Ambulatory surgical center",
    "25": "Birthing center",
    "26": "Military treatment facility",
    "27": "Outreach site or street",
    "31": "Skilled nursing facility",
    "32": "Nursing facility",
    "33": "Custodial care facility",
    "34": "Hospice",
    "41": "Ambulance, land",
    "42": "Ambulance, air or water",
    "49": "Independent clinic",
    "50": "Federally qualified health center",
    "51": "Inpatient psychiatric facility",
    "52": "Psychiatric facility, partial hospitalization",
    "53": "Community mental health center",
    "54": "Intermediate care, intellectual disabilities",
    "55": "Residential substance abuse treatment",
    "56": "Psychiatric residential treatment",
    "57": "Non-residential substance abuse treatment",
    "58": "Non-residential opioid treatment",
    "60": "Mass immunization center",
    "61": "Comprehensive inpatient rehabilitation",
    "62": "Comprehensive outpatient rehabilitation",
    "65": "End-stage renal disease treatment",
    "66": "Programs of all-inclusive care for the elderly",
    "71": "Public health clinic",
    "72": "Rural health clinic",
    "81": "Independent laboratory",
    "99": "Other place of service",
}
"""CMS place of service codes (public), labels our own."""
