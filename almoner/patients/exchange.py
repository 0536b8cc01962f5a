"""Our patients and FHIR's: what of one is which of the other."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from almoner.access.models import Officer
from almoner.edges.fhir.reading import read_patients
from almoner.edges.fhir.values import Address as FhirAddress
from almoner.edges.fhir.values import Contact as FhirContact
from almoner.edges.fhir.values import Entry, HumanName, Issue, Patient, Telecom
from almoner.patients import actions
from almoner.patients.rules.details import (
    Address,
    Contact,
    Details,
    Email,
    FormerName,
    Phone,
    e164,
)
from almoner.patients.rules.incoming import Incoming, Report

OLDEST = 130  # years; nobody has lived longer
_PREFERRED = ("official", "usual", "", "temp", "nickname", "anonymous", "maiden", "old")
_FORMER = {"maiden": "maiden", "old": "former"}
_ADDRESS_USES = {"work": "work", "temp": "temporary", "billing": "mail", "old": "old"}
_PHONE_USES = {"mobile": "mobile", "work": "work", "old": "old"}
_COUNTRIES = {
    "usa": "US", "united states": "US", "us": "US", "can": "CA", "canada": "CA", "mex": "MX",
    "mexico": "MX", "aus": "AU", "gbr": "GB", "uk": "GB",
}  # fmt: skip
_MAIL_LENGTH = 254


def import_fhir(*, content: bytes, at: datetime, officer: Officer | None = None) -> Report:
    """Import the patients of a FHIR file; see `actions.import_people`."""
    people = (incoming(entry, today=at.date()) for entry in read_patients(content))
    return actions.import_people(people=people, at=at, officer=officer)


def incoming(entry: Entry, *, today: date) -> Incoming:
    """One entry of a FHIR file as somebody to register."""
    if entry.patient is None:
        return Incoming(entry.place, None, faults=tuple(map(str, entry.issues)))
    faults = tuple(_faults(entry.patient, entry.place, today=today))
    remarks = list(map(str, entry.issues))
    details = None if faults else details_of(entry.patient, remarks)
    return Incoming(entry.place, details, faults, tuple(remarks))


def _faults(patient: Patient, place: str, *, today: date) -> Iterator[str]:
    if not any(name.family or name.given for name in patient.names):
        yield f"{place}.name: a family name or a given name is needed"
    born, died = patient.birth_date, patient.deceased_date
    if born and born > today:
        yield f"{place}.birthDate: {born} has not come yet"
    if born and born.year < today.year - OLDEST:
        yield f"{place}.birthDate: {born} is more than {OLDEST} years ago"
    if born and died and died < born:
        yield f"{place}.deceasedDateTime: {died} is before the birth"


def details_of(patient: Patient, remarks: list[str]) -> Details:
    """A FHIR Patient as our details; what cannot be kept is added to ``remarks``."""
    ordered = sorted(patient.names, key=lambda name: _PREFERRED.index(name.use))
    legal = next(name for name in ordered if name.family or name.given)
    others = [name for name in ordered if name is not legal]
    country = next((_country(one) for one in patient.addresses if one.country), "US")
    return Details(
        family=legal.family,
        given=" ".join(legal.given[:1]),
        middle=" ".join(legal.given[1:]),
        suffix=legal.suffix,
        name_used=_name_used(others, legal),
        pronouns=patient.pronouns,
        birth_date=patient.birth_date,
        sex=patient.gender,
        gender_identity=patient.gender_identity,
        language=patient.language.partition("-")[0].casefold()[:12] or "en",
        interpreter_needed=patient.interpreter_needed,
        deceased=patient.deceased,
        deceased_date=patient.deceased_date,
        phones=tuple(_phones(patient.telecoms, country, remarks)),
        addresses=tuple(_addresses(patient)),
        emails=tuple(_emails(patient.telecoms, remarks)),
        contacts=tuple(_contacts(patient.contacts, country)),
        former_names=tuple(_former_names(others)),
        identifiers=tuple(dict.fromkeys((one.system, one.value) for one in patient.identifiers)),
    )


def _name_used(others: Iterable[HumanName], legal: HumanName) -> str:
    """A usual name or nickname beside the official one is what the desk says aloud."""
    for name in others:
        if name.use in {"usual", "nickname"} and name.given and name.given != legal.given:
            return " ".join(name.given)
    return ""


def _former_names(others: Iterable[HumanName]) -> Iterator[FormerName]:
    for name in others:
        if name.use in _FORMER and (name.family or name.given):
            given = " ".join(name.given[:1])
            yield FormerName(name.family, given, _FORMER[name.use], name.since, name.until)


def _ranked(telecoms: Iterable[Telecom], system: str) -> list[Telecom]:
    mine = [one for one in telecoms if one.system == system]
    return sorted(mine, key=lambda one: (one.use == "old", one.rank or len(mine) + 1))


def _phones(telecoms: Iterable[Telecom], country: str, remarks: list[str]) -> Iterator[Phone]:
    kept: set[str] = set()
    for one in _ranked(telecoms, "phone"):
        try:
            number = e164(one.value, country=country)
        except ValueError:
            told = f"“{one.value[:40]}” is no phone number of {country} and was left out"
            remarks.append(str(Issue(one.place, told, fatal=False)))
            continue
        if number not in kept:
            kept.add(number)
            use = _PHONE_USES.get(one.use, "home")
            yield Phone(number, use, may_text=use == "mobile")


def _emails(telecoms: Iterable[Telecom], remarks: list[str]) -> Iterator[Email]:
    for value in dict.fromkeys(one.value.strip() for one in _ranked(telecoms, "email")):
        if "@" in value and " " not in value and len(value) <= _MAIL_LENGTH:
            yield Email(value)
        else:
            remarks.append(f"“{value[:40]}” is no e-mail address and was left out")


def _country(address: FhirAddress) -> str:
    written = address.country.strip().rstrip(".").casefold()
    return _COUNTRIES.get(written) or (written.upper() if len(written) == 2 else "US")  # noqa: PLR2004 (ISO 3166-1 alpha-2)


def _addresses(patient: Patient) -> Iterator[Address]:
    for one in sorted(patient.addresses, key=lambda one: one.use == "old"):
        yield Address(
            line=one.lines[0] if one.lines else "",
            line_2=", ".join(one.lines[1:]),
            city=one.city,
            state=one.state,
            zip_code=one.postal_code[:12],
            use=_ADDRESS_USES.get(one.use, "home"),
            country=_country(one),
        )


def _contacts(contacts: Iterable[FhirContact], country: str) -> Iterator[Contact]:
    for one in contacts:
        if one.name:
            try:
                phone = e164(one.phone, country=country) if one.phone else ""
            except ValueError:
                phone = ""
            yield Contact(one.name, relation=_relation(one), phone=phone)


def _relation(contact: FhirContact) -> str:
    if contact.relationship_code == "N":
        return "next of kin"
    return "" if contact.relationship_code == "C" else contact.relationship
