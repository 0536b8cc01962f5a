"""What is written down of a patient: the values a form or an import hands to an action."""

import re
from dataclasses import dataclass
from datetime import date

import phonenumbers


@dataclass(frozen=True, slots=True)
class Phone:
    """A number in E.164; ``use`` is mobile, home, work or old.

    ``whose`` is one of `RELATIONS`, and ``whose_name`` their name; empty: it is the patient's own.
    """

    number: str
    use: str = "mobile"
    may_text: bool = True
    whose: str = ""
    whose_name: str = ""


@dataclass(frozen=True, slots=True)
class Email:
    """An address for mail, and whose it is, as of a `Phone`."""

    address: str
    whose: str = ""
    whose_name: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """``use`` is home, mail, work, temporary or old; ``country`` is ISO 3166-1 alpha-2."""

    line: str = ""
    line_2: str = ""
    city: str = ""
    state: str = ""
    zip_code: str = ""
    use: str = "home"
    country: str = "US"


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody beside the patient; ``kind`` is emergency, guardian or guarantor."""

    name: str
    kind: str = "emergency"
    relation: str = ""
    phone: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class FormerName:
    """``kind`` is maiden, former or alias; the dates may be unknown."""

    family: str = ""
    given: str = ""
    kind: str = "former"
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Details:
    """All that is kept of a patient at registration. Lists are in order: the first is used first.

    ``identifiers`` are (system, value) pairs of other systems. ``household_with`` is the id of a
    patient who lives in the same home, ``guarantor_id`` of the one who pays.
    """

    family: str
    given: str
    middle: str = ""
    suffix: str = ""
    name_used: str = ""
    pronouns: str = ""
    birth_date: date | None = None
    sex: str = "unknown"
    gender_identity: str = ""
    language: str = "en"
    interpreter_needed: bool = False
    deceased: bool = False
    deceased_date: date | None = None
    phones: tuple[Phone, ...] = ()
    addresses: tuple[Address, ...] = ()
    emails: tuple[Email, ...] = ()
    contacts: tuple[Contact, ...] = ()
    former_names: tuple[FormerName, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    household_with: int | None = None
    guarantor_id: int | None = None


RELATIONS = ("parent", "guardian", "spouse", "child", "carer", "other")
"""What somebody whose phone or e-mail stands in a patient's record is to the patient."""

COLUMNS = (
    "family", "given", "middle", "suffix", "name_used", "pronouns", "birth_date", "sex",
    "gender_identity", "language", "interpreter_needed", "deceased", "deceased_date",
)  # fmt: skip
"""The fields of `Details` that are columns of the patient's own row."""


# Area and exchange codes of the North American plan begin with 2 to 9.
_NORTH_AMERICAN = re.compile(r"\+1[2-9]\d{2}[2-9]\d{6}")


def e164(typed: str, *, country: str = "US") -> str:
    """``(312) 555-0117`` as ``+13125550117``.

    ValueError when no number of that country has this length, or one of North America begins with
    0 or 1. Whether it is in service is not asked: fictional numbers are not.
    """
    try:
        number = phonenumbers.parse(typed, country)
    except phonenumbers.NumberParseException as error:
        raise ValueError(typed) from error
    if not phonenumbers.is_possible_number(number) or number.extension:
        raise ValueError(typed)
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if number.country_code == 1 and not _NORTH_AMERICAN.fullmatch(written):
        raise ValueError(typed)
    return written


def number_in(typed: str) -> str:
    """The number that was typed, or handed on by a phone, as `e164`; empty for anything else."""
    try:
        return e164(typed) if typed else ""
    except ValueError:
        return ""


def readable(number: str) -> str:
    """``+13125550117`` as people here write it, ``(312) 555-0117``; abroad with its country."""
    if number.startswith("+1") and len(number) == len("+13125550117"):
        return f"({number[2:5]}) {number[5:8]}-{number[8:]}"
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def legal_name(*, family: str, given: str, middle: str = "", suffix: str = "") -> str:
    """``Maria Elena Garcia Lopez Jr.``, the name on documents."""
    return " ".join(filter(None, (given, middle, family, suffix)))


def listed_name(*, family: str, given: str, middle: str = "", suffix: str = "") -> str:
    """``Garcia Lopez, Maria Elena, Jr.``, as lists are ordered."""
    return ", ".join(filter(None, (family, " ".join(filter(None, (given, middle))), suffix)))


def spoken_name(*, family: str, given: str) -> str:
    """``Mel Garcia``: what to call out in the waiting room; ``given`` is the name used."""
    return " ".join(filter(None, (given, family)))


def age(birth_date: date, *, on: date) -> int:
    """Whole years; somebody born on 29 February has the birthday on 1 March in other years."""
    had_birthday = (on.month, on.day) >= (birth_date.month, birth_date.day)
    return on.year - birth_date.year - (not had_birthday)
