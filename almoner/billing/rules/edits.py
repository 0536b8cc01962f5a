"""What must be right before a claim leaves; each finding names the rule, the desk and the field.

These are edits of our own over our own rows: they speak of patients and visits, not of segments.
The finished 837P is checked once more by `edges.x12` against the guide.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as filled
from datetime import date
from enum import StrEnum
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
    earlier_answered: bool = True


class Rule(StrEnum):
    """What a claim can fail by; `queries.findings` says each in words."""

    PAYER_NUMBER = "payer-number"
    MEMBER_NUMBER = "member-number"
    COVERAGE_ON_DAY = "coverage-on-day"
    NAME = "name"
    BIRTH_DATE_MISSING = "birth-date-missing"
    BIRTH_DATE = "birth-date"
    ADDRESS = "address"
    ZIP = "zip"
    NPI = "npi"
    TAXONOMY = "taxonomy"
    TAX_ID = "tax-id"
    NO_DIAGNOSIS = "no-diagnosis"
    DIAGNOSES = "diagnoses"
    DIAGNOSIS_TWICE = "diagnosis-twice"
    DIAGNOSIS_SHAPE = "diagnosis-shape"
    DIAGNOSIS_UNCHECKED = "diagnosis-unchecked"
    DIAGNOSIS_UNKNOWN = "diagnosis-unknown"
    DIAGNOSIS_HEADING = "diagnosis-heading"
    CODES_STALE = "codes-stale"
    NO_SERVICE = "no-service"
    LINES = "lines"
    PROCEDURE = "procedure"
    MODIFIERS = "modifiers"
    MODIFIER_TWICE = "modifier-twice"
    UNITS = "units"
    CHARGE = "charge"
    PLACE = "place"
    NO_POINTER = "no-pointer"
    POINTERS = "pointers"
    POINTER_TWICE = "pointer-twice"
    POINTER = "pointer"
    FUTURE = "future"
    FILING = "filing"
    PAYER_CLAIM_NUMBER = "payer-claim-number"
    EARLIER_PAYER = "earlier-payer"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend: rule, desk, field, what its sentence names. Blocking ones hold the claim.

    ``rule`` is a `Rule`, or a code of somebody else, whose own words are the ``message``.
    """

    rule: str
    desk: Desk
    field: str
    about: Mapping[str, str | int] = filled(default_factory=dict)
    blocking: bool = True
    message: str = ""


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
        yield Finding(Rule.PAYER_NUMBER, Desk.SETUP, "payer")
    if not draft.member_id.strip():
        yield Finding(Rule.MEMBER_NUMBER, Desk.FRONT, "policy.member_id")
    begun = draft.coverage_from is None or draft.coverage_from <= draft.service_date
    over = draft.coverage_until is not None and draft.coverage_until <= draft.service_date
    if not begun or over:
        yield Finding(Rule.COVERAGE_ON_DAY, Desk.FRONT, "policy")
    if not draft.earlier_answered:
        yield Finding(Rule.EARLIER_PAYER, Desk.PAYER, "payer")


def _persons(draft: Draft) -> Iterator[Finding]:
    yield from _person("patient", draft.patient, draft)
    if draft.relation != SELF:
        yield from _person("subscriber", draft.subscriber, draft)


def _person(who: str, person: Person, draft: Draft) -> Iterator[Finding]:
    if not person.family.strip():
        yield Finding(Rule.NAME, Desk.FRONT, f"{who}.family")
    if person.birth_date is None:
        yield Finding(Rule.BIRTH_DATE_MISSING, Desk.FRONT, f"{who}.birth_date")
    elif person.birth_date > draft.service_date or person.birth_date < _NEVER:
        yield Finding(Rule.BIRTH_DATE, Desk.FRONT, f"{who}.birth_date")
    if not (person.address_line.strip() and person.city.strip() and person.state.strip()):
        yield Finding(Rule.ADDRESS, Desk.FRONT, f"{who}.address")
    digits = person.zip_code.replace("-", "")
    if len(digits) not in _ZIP_LENGTHS or not digits.isdecimal():
        yield Finding(Rule.ZIP, Desk.FRONT, f"{who}.zip_code")


def _providers(draft: Draft) -> Iterator[Finding]:
    for part, who in (("organisation", draft.billing), ("clinician", draft.rendering)):
        if not numbers.npi_checks(who.npi):
            yield Finding(Rule.NPI, Desk.SETUP, f"{part}.npi", {"name": who.name})
        if not numbers.looks_like_taxonomy(who.taxonomy):
            yield Finding(Rule.TAXONOMY, Desk.SETUP, f"{part}.taxonomy", {"name": who.name})
    if len(draft.tax_id) != 9 or not draft.tax_id.isdecimal():  # noqa: PLR2004 (an EIN)
        yield Finding(Rule.TAX_ID, Desk.SETUP, "organisation.tax_id")


def _diagnoses(draft: Coded) -> Iterator[Finding]:
    if not draft.diagnoses:
        yield Finding(Rule.NO_DIAGNOSIS, Desk.CLINICIAN, "diagnoses")
    if len(draft.diagnoses) > codes.MOST_DIAGNOSES:
        yield Finding(Rule.DIAGNOSES, Desk.CLINICIAN, "diagnoses", {"most": codes.MOST_DIAGNOSES})
    seen = set()
    for position, diagnosis in enumerate(draft.diagnoses, 1):
        place, code = f"diagnoses.{position}", {"code": codes.dotted(diagnosis.code)}
        if diagnosis.code in seen:
            yield Finding(Rule.DIAGNOSIS_TWICE, Desk.CLINICIAN, place, code)
        seen.add(diagnosis.code)
        if problem := _diagnosis_problem(diagnosis):
            yield Finding(problem, Desk.CLINICIAN, place, code)
    if draft.codes_stale and draft.diagnoses:
        yield Finding(Rule.CODES_STALE, Desk.SETUP, "diagnoses", blocking=False)


def _diagnosis_problem(diagnosis: Diagnosis) -> Rule | None:
    if not codes.looks_like_diagnosis(diagnosis.code):
        return Rule.DIAGNOSIS_SHAPE
    if diagnosis.known is None:
        return Rule.DIAGNOSIS_UNCHECKED
    if not diagnosis.known:
        return Rule.DIAGNOSIS_UNKNOWN
    return None if diagnosis.billable else Rule.DIAGNOSIS_HEADING


def _services(draft: Coded) -> Iterator[Finding]:
    if not draft.services:
        yield Finding(Rule.NO_SERVICE, Desk.BILLING, "lines")
    if len(draft.services) > codes.MOST_LINES:
        yield Finding(Rule.LINES, Desk.BILLING, "lines", {"most": codes.MOST_LINES})
    for service in draft.services:
        yield from _service(service, draft)


def _service(service: Service, draft: Coded) -> Iterator[Finding]:
    line = f"lines.{service.number}"
    if not codes.looks_like_procedure(service.procedure):
        code = {"code": service.procedure}
        yield Finding(Rule.PROCEDURE, Desk.BILLING, f"{line}.procedure", code)
    bad = [m for m in service.modifiers if not codes.looks_like_modifier(m)]
    if bad or len(service.modifiers) > codes.MOST_MODIFIERS:
        yield Finding(Rule.MODIFIERS, Desk.BILLING, f"{line}.modifiers")
    if len(set(service.modifiers)) != len(service.modifiers):
        yield Finding(Rule.MODIFIER_TWICE, Desk.BILLING, f"{line}.modifiers")
    if service.units < 1:
        yield Finding(Rule.UNITS, Desk.BILLING, f"{line}.units")
    if service.charge_cents <= 0:
        yield Finding(Rule.CHARGE, Desk.BILLING, f"{line}.fee")
    if service.place_of_service not in codes.PLACES_OF_SERVICE:
        yield Finding(Rule.PLACE, Desk.BILLING, f"{line}.place_of_service")
    yield from _pointers(service, f"{line}.pointers", len(draft.diagnoses))


def _pointers(service: Service, place: str, diagnoses: int) -> Iterator[Finding]:
    line = {"line": service.number}
    if not service.pointers:
        yield Finding(Rule.NO_POINTER, Desk.CLINICIAN, place, line)
    if len(service.pointers) > codes.MOST_POINTERS:
        yield Finding(Rule.POINTERS, Desk.CLINICIAN, place, line)
    if len(set(service.pointers)) != len(service.pointers):
        yield Finding(Rule.POINTER_TWICE, Desk.CLINICIAN, place, line)
    for pointer in service.pointers:
        if not 1 <= pointer <= diagnoses:
            about = {**line, "diagnosis": pointer}
            yield Finding(Rule.POINTER, Desk.CLINICIAN, f"{place}.{pointer}", about)


def _dates(draft: Draft) -> Iterator[Finding]:
    if draft.service_date > draft.today:
        yield Finding(Rule.FUTURE, Desk.BILLING, "service_date")
    if draft.file_by < draft.today and draft.replaces_payer_number is None:
        by = {"day": draft.file_by.isoformat()}
        yield Finding(Rule.FILING, Desk.BILLING, "file_by", by, blocking=False)
    if draft.replaces_payer_number is not None and not draft.replaces_payer_number.strip():
        yield Finding(Rule.PAYER_CLAIM_NUMBER, Desk.BILLING, "payer_claim_number")


_CHECKS: tuple[Callable[[Draft], Iterator[Finding]], ...] = (
    _coverage, _persons, _providers, _diagnoses, _services, _dates,
)  # fmt: skip
