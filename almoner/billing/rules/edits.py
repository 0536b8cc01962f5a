"""What must be right before a claim leaves; each finding names the desk and the field.

These are edits of our own over our own rows: they speak of patients and visits, not of segments.
The finished 837P is checked once more by `edges.x12` against the guide.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from almoner.billing.rules import codes
from almoner.billing.rules.desks import Desk
from almoner.facility.rules import numbers


@dataclass(frozen=True, slots=True)
class Person:
    """The patient or the subscriber as the claim will name them."""

    family: str
    given: str
    birth_date: date | None
    sex: str
    address_line: str
    city: str
    state: str
    zip_code: str


@dataclass(frozen=True, slots=True)
class Provider:
    """Somebody who is named with a number: the organisation or the clinician."""

    name: str
    npi: str
    taxonomy: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A diagnosis of the claim and what the loaded code set says of it on the day of service.

    ``known`` is None when no release that reaches that day is loaded.
    """

    code: str
    known: bool | None
    billable: bool


@dataclass(frozen=True, slots=True)
class Service:
    """One line: cents for all units, positions of diagnoses from 1."""

    number: int
    procedure: str
    modifiers: tuple[str, ...]
    units: int
    charge_cents: int
    pointers: tuple[int, ...]
    place_of_service: str


class Coded(Protocol):
    """What was done and why: the part of a claim the visit's charges already hold."""

    @property
    def diagnoses(self) -> tuple[Diagnosis, ...]: ...
    @property
    def services(self) -> tuple[Service, ...]: ...
    @property
    def codes_stale(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Coding:
    """The charges of a visit, before there is a claim; see `Coded`."""

    diagnoses: tuple[Diagnosis, ...]
    services: tuple[Service, ...]
    codes_stale: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything a claim would say, before it says it."""

    payer_identifier: str
    member_id: str
    relation: str
    coverage_from: date | None
    coverage_until: date | None
    patient: Person
    subscriber: Person
    billing: Provider
    tax_id: str
    rendering: Provider
    service_date: date
    place_of_service: str
    diagnoses: tuple[Diagnosis, ...]
    services: tuple[Service, ...]
    codes_stale: bool
    file_by: date
    today: date
    replaces_payer_number: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend: rule, desk, field, and a sentence. Blocking ones hold the claim."""

    rule: str
    desk: Desk
    field: str
    message: str
    blocking: bool = True


SELF = "18"
_NEVER = date(1900, 1, 1)
_ZIP_LENGTHS = (5, 9)


def findings(draft: Draft) -> list[Finding]:
    """Everything wrong with a draft, in the order the desks meet it; empty when it may leave."""
    return [finding for check in _CHECKS for finding in check(draft)]


def coding_findings(coded: Coded) -> list[Finding]:
    """What is wrong with diagnoses and services alone; asked when charges are posted."""
    return [*_diagnoses(coded), *_services(coded)]


def _coverage(draft: Draft) -> Iterator[Finding]:
    if not draft.payer_identifier.strip():
        yield Finding("payer-number", Desk.SETUP, "payer", "The payer has no electronic number.")
    if not draft.member_id.strip():
        yield Finding("member-number", Desk.FRONT, "policy.member_id",
                      "The member number is missing. Copy it from the card.")  # fmt: skip
    begun = draft.coverage_from is None or draft.coverage_from <= draft.service_date
    over = draft.coverage_until is not None and draft.coverage_until <= draft.service_date
    if not begun or over:
        yield Finding("coverage-on-day", Desk.FRONT, "policy",
                      "The coverage was not in force on the day of service. "
                      "Ask for the coverage that was.")  # fmt: skip


def _persons(draft: Draft) -> Iterator[Finding]:
    yield from _person("patient", draft.patient, draft)
    if draft.relation != SELF:
        yield from _person("subscriber", draft.subscriber, draft)


def _person(who: str, person: Person, draft: Draft) -> Iterator[Finding]:
    if not person.family.strip():
        yield Finding("name", Desk.FRONT, f"{who}.family", f"The {who}'s family name is missing.")
    if person.birth_date is None:
        yield Finding("birth-date", Desk.FRONT, f"{who}.birth_date",
                      f"The {who}'s birth date is missing.")  # fmt: skip
    elif person.birth_date > draft.service_date or person.birth_date < _NEVER:
        yield Finding("birth-date", Desk.FRONT, f"{who}.birth_date",
                      f"The {who}'s birth date cannot be: it lies after the day of service "
                      "or before 1900.")  # fmt: skip
    if not (person.address_line.strip() and person.city.strip() and person.state.strip()):
        yield Finding("address", Desk.FRONT, f"{who}.address",
                      f"The {who}'s address is not complete.")  # fmt: skip
    digits = person.zip_code.replace("-", "")
    if len(digits) not in _ZIP_LENGTHS or not digits.isdecimal():
        yield Finding("zip", Desk.FRONT, f"{who}.zip_code",
                      f"The {who}'s ZIP code must have 5 or 9 digits.")  # fmt: skip


def _providers(draft: Draft) -> Iterator[Finding]:
    for field, who in (("organisation", draft.billing), ("clinician", draft.rendering)):
        if not numbers.npi_checks(who.npi):
            yield Finding("npi", Desk.SETUP, f"{field}.npi",
                          f"The NPI of {who.name} is not a valid number.")  # fmt: skip
        if not numbers.looks_like_taxonomy(who.taxonomy):
            yield Finding("taxonomy", Desk.SETUP, f"{field}.taxonomy",
                          f"The taxonomy code of {who.name} is not a valid one.")  # fmt: skip
    if len(draft.tax_id) != 9 or not draft.tax_id.isdecimal():  # noqa: PLR2004 (an EIN)
        yield Finding("tax-id", Desk.SETUP, "organisation.tax_id",
                      "The organisation's tax number must have 9 digits.")  # fmt: skip


def _diagnoses(draft: Coded) -> Iterator[Finding]:
    if not draft.diagnoses:
        yield Finding("no-diagnosis", Desk.CLINICIAN, "diagnoses",
                      "There is no diagnosis. A claim needs at least one.")  # fmt: skip
    if len(draft.diagnoses) > codes.MOST_DIAGNOSES:
        yield Finding("diagnoses", Desk.CLINICIAN, "diagnoses",
                      "A claim holds at most 12 diagnoses.")  # fmt: skip
    seen = set()
    for position, diagnosis in enumerate(draft.diagnoses, 1):
        field = f"diagnoses.{position}"
        if diagnosis.code in seen:
            yield Finding("diagnosis-twice", Desk.CLINICIAN, field,
                          f"{codes.dotted(diagnosis.code)} stands twice.")  # fmt: skip
        seen.add(diagnosis.code)
        if problem := _diagnosis_problem(diagnosis):
            yield Finding("diagnosis", Desk.CLINICIAN, field, problem)
    if draft.codes_stale and draft.diagnoses:
        yield Finding("codes-stale", Desk.SETUP, "diagnoses",
                      "The loaded diagnosis codes are older than the day of service. A code may "
                      "have changed since; load the current release.", blocking=False)  # fmt: skip


def _diagnosis_problem(diagnosis: Diagnosis) -> str:
    dotted = codes.dotted(diagnosis.code)
    if not codes.looks_like_diagnosis(diagnosis.code):
        return f"{dotted} is not a diagnosis code."
    if diagnosis.known is None:
        return f"No code release for the day of service is loaded, so {dotted} cannot be checked."
    if not diagnosis.known:
        return f"{dotted} is not in the code set of the day of service."
    if not diagnosis.billable:
        return f"{dotted} is a heading. Choose one of the complete codes below it."
    return ""


def _services(draft: Coded) -> Iterator[Finding]:
    if not draft.services:
        yield Finding("no-service", Desk.BILLING, "lines", "There is no service to bill.")
    if len(draft.services) > codes.MOST_LINES:
        yield Finding("lines", Desk.BILLING, "lines", "A claim holds at most 50 lines.")
    for service in draft.services:
        yield from _service(service, draft)


def _service(service: Service, draft: Coded) -> Iterator[Finding]:
    field = f"lines.{service.number}"
    if not codes.looks_like_procedure(service.procedure):
        yield Finding("procedure", Desk.BILLING, f"{field}.procedure",
                      f"{service.procedure!r} is not a procedure code.")  # fmt: skip
    bad = [m for m in service.modifiers if not codes.looks_like_modifier(m)]
    if bad or len(service.modifiers) > codes.MOST_MODIFIERS:
        yield Finding("modifiers", Desk.BILLING, f"{field}.modifiers",
                      "Modifiers are at most four, of two letters or digits each.")  # fmt: skip
    if len(set(service.modifiers)) != len(service.modifiers):
        yield Finding("modifier-twice", Desk.BILLING, f"{field}.modifiers",
                      "A modifier stands twice on one line.")  # fmt: skip
    if service.units < 1:
        yield Finding("units", Desk.BILLING, f"{field}.units", "Units must be at least 1.")
    if service.charge_cents <= 0:
        yield Finding("charge", Desk.BILLING, f"{field}.fee", "The charge must be above zero.")
    if service.place_of_service not in codes.PLACES_OF_SERVICE:
        yield Finding("place", Desk.BILLING, f"{field}.place_of_service",
                      "The place of service is not a known one.")  # fmt: skip
    yield from _pointers(service, field, len(draft.diagnoses))


def _pointers(service: Service, field: str, diagnoses: int) -> Iterator[Finding]:
    field = f"{field}.pointers"
    if not service.pointers:
        yield Finding("no-pointer", Desk.CLINICIAN, field,
                      f"Line {service.number} says no diagnosis it was done for.")  # fmt: skip
    if len(service.pointers) > codes.MOST_POINTERS:
        yield Finding("pointers", Desk.CLINICIAN, field,
                      f"Line {service.number} may name at most four diagnoses.")  # fmt: skip
    if len(set(service.pointers)) != len(service.pointers):
        yield Finding("pointer-twice", Desk.CLINICIAN, field,
                      f"Line {service.number} names a diagnosis twice.")  # fmt: skip
    for pointer in service.pointers:
        if not 1 <= pointer <= diagnoses:
            yield Finding("pointer", Desk.CLINICIAN, f"{field}.{pointer}",
                          f"Line {service.number} names diagnosis {pointer}, "
                          "which is not there.")  # fmt: skip


def _dates(draft: Draft) -> Iterator[Finding]:
    if draft.service_date > draft.today:
        yield Finding("future", Desk.BILLING, "service_date",
                      "The day of service has not come yet.")  # fmt: skip
    if draft.file_by < draft.today and draft.replaces_payer_number is None:
        yield Finding("filing", Desk.BILLING, "file_by",
                      f"The payer's filing deadline was {draft.file_by:%b %-d, %Y}. Send it only "
                      "with proof of an earlier filing.", blocking=False)  # fmt: skip
    if draft.replaces_payer_number is not None and not draft.replaces_payer_number.strip():
        yield Finding("payer-claim-number", Desk.BILLING, "payer_claim_number",
                      "A corrected claim needs the payer's number of the first claim.")  # fmt: skip


_CHECKS: tuple[Callable[[Draft], Iterator[Finding]], ...] = (
    _coverage, _persons, _providers, _diagnoses, _services, _dates,
)  # fmt: skip
