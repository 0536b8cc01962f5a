"""What is read of FHIR, as frozen values. Codes are FHIR's own; dates are real dates."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Issue:
    """Something wrong, at its place: ``Bundle.entry[3].resource.birthDate``, ``line 2: Patient``.

    A remark (``fatal`` false) tells of something left out; the entry is kept all the same.
    """

    place: str
    message: str
    fatal: bool = True

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Identifier:
    system: str
    value: str


@dataclass(frozen=True, slots=True)
class HumanName:
    """``use`` is usual, official, temp, nickname, anonymous, old, maiden or empty.

    ``since`` and ``until`` are the days of its period as far as they are whole days.
    """

    family: str
    given: tuple[str, ...]
    suffix: str
    use: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Telecom:
    """``system`` is phone, fax, email, pager, url, sms or other; ``place`` is for remarks."""

    system: str
    value: str
    use: str
    rank: int | None
    place: str


@dataclass(frozen=True, slots=True)
class Address:
    lines: tuple[str, ...]
    city: str
    state: str
    postal_code: str
    country: str
    use: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody beside the patient; ``relationship`` is the code, or the text where there is none.

    Codes are of v2-0131: C emergency contact, N next of kin.
    """

    name: str
    relationship: str
    relationship_code: str
    phone: str


@dataclass(frozen=True, slots=True)
class Patient:
    """A Patient resource, as far as a front desk keeps it. ``birth_date`` is a whole date."""

    id: str
    identifiers: tuple[Identifier, ...]
    names: tuple[HumanName, ...]
    telecoms: tuple[Telecom, ...]
    addresses: tuple[Address, ...]
    contacts: tuple[Contact, ...]
    gender: str
    birth_date: date | None
    deceased: bool
    deceased_date: date | None
    language: str
    interpreter_needed: bool
    gender_identity: str
    pronouns: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One Patient resource and its place. ``patient`` is None when a fatal issue refuses it."""

    place: str
    patient: Patient | None
    issues: tuple[Issue, ...]
