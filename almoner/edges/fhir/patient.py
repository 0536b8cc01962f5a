"""A sound Patient resource as a frozen value."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from almoner.edges.fhir.codes import day
from almoner.edges.fhir.values import Address, Contact, HumanName, Identifier, Patient, Telecom

_PRONOUNS = "http://hl7.org/fhir/StructureDefinition/individual-pronouns"
_INTERPRETER = "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired"
_IDENTITIES = frozenset(
    {
        "http://hl7.org/fhir/StructureDefinition/patient-genderIdentity",
        "http://hl7.org/fhir/StructureDefinition/individual-genderIdentity",
        "http://hl7.org/fhir/us/core/StructureDefinition/us-core-genderIdentity",
    }
)
Resource = dict[str, Any]


def patient_of(resource: Resource, place: str) -> Patient:
    """The parts of a Patient a front desk keeps; ``place`` is where the resource stands."""
    died = resource.get("deceasedDateTime")
    return Patient(
        id=resource.get("id", ""),
        identifiers=tuple(_identifiers(resource)),
        names=tuple(map(_name, resource.get("name", ()))),
        telecoms=tuple(_telecoms(resource, place)),
        addresses=tuple(map(_address, resource.get("address", ()))),
        contacts=tuple(map(_contact, resource.get("contact", ()))),
        gender=resource.get("gender", "unknown"),
        birth_date=_day(resource.get("birthDate")),
        deceased=bool(resource.get("deceasedBoolean") or died),
        deceased_date=_day(died),
        language=_language(resource),
        interpreter_needed=_extension(resource, {_INTERPRETER}) is True,
        gender_identity=_words(_extension(resource, _IDENTITIES)),
        pronouns=_words(_extension(resource, {_PRONOUNS})),
    )


def remarks(resource: Resource) -> Iterator[tuple[str, str]]:
    """What is valid and cannot be kept, with its place below the resource."""
    for name in ("birthDate", "deceasedDateTime"):
        if name in resource and _day(resource[name]) is None:
            yield f".{name}", f"“{resource[name]}” is no whole date and was left out"
    if resource.get("photo"):
        yield ".photo", "photos are taken at the desk; this one was left out"
    if resource.get("multipleBirthBoolean") or resource.get("multipleBirthInteger"):
        yield ".multipleBirth", "one of several born together: look twice at people alike"


def _day(text: str | None) -> date | None:
    return day(text) if text else None


def _identifiers(resource: Resource) -> Iterator[Identifier]:
    for one in resource.get("identifier", ()):
        if one.get("system") and one.get("value") and one.get("use") != "old":
            yield Identifier(one["system"], one["value"])


def _name(name: Resource) -> HumanName:
    """A name of which only the text is known is kept whole, as a family name."""
    given = tuple(word for word in name.get("given", ()) if word)
    family = name.get("family", "")
    if not family and not given:
        family = name.get("text", "")
    period = name.get("period", {})
    return HumanName(
        family=family,
        given=given,
        suffix=" ".join(name.get("suffix", ())),
        use=name.get("use", ""),
        since=_day(period.get("start")),
        until=_day(period.get("end")),
    )


def _telecoms(resource: Resource, place: str) -> Iterator[Telecom]:
    for number, one in enumerate(resource.get("telecom", ())):
        if one.get("value"):
            yield Telecom(
                system=one.get("system", ""),
                value=one["value"],
                use=one.get("use", ""),
                rank=one.get("rank"),
                place=f"{place}.telecom[{number}]",
            )


def _address(address: Resource) -> Address:
    lines = tuple(line for line in address.get("line", ()) if line)
    return Address(
        lines=lines or ((address["text"],) if address.get("text") else ()),
        city=address.get("city", ""),
        state=address.get("state", ""),
        postal_code=address.get("postalCode", ""),
        country=address.get("country", ""),
        use=address.get("use", ""),
    )


def _contact(contact: Resource) -> Contact:
    name = contact.get("name", {})
    written = (*(word for word in name.get("given", ()) if word), name.get("family", ""))
    codings = [
        coding
        for concept in contact.get("relationship", ())
        for coding in concept.get("coding", ())
    ]
    phones = [one["value"] for one in contact.get("telecom", ()) if _is_phone(one)]
    return Contact(
        name=" ".join(filter(None, written)) or name.get("text", ""),
        relationship=next(map(_words, contact.get("relationship", ())), ""),
        relationship_code=codings[0].get("code", "") if codings else "",
        phone=phones[0] if phones else "",
    )


def _is_phone(telecom: Resource) -> bool:
    return telecom.get("system") == "phone" and bool(telecom.get("value"))


def _language(resource: Resource) -> str:
    """The preferred language's code, else the only one's; "" when none is told."""
    spoken = resource.get("communication", ())
    preferred = [one for one in spoken if one.get("preferred")] or spoken[:1]
    codings = preferred[0].get("language", {}).get("coding", ()) if preferred else ()
    return codings[0].get("code", "") if codings else ""


def _extension(resource: Resource, urls: set[str] | frozenset[str]) -> Any:
    """The value of the first extension of these; nested ones carry theirs in ``value``."""
    for one in resource.get("extension", ()):
        if one.get("url") in urls:
            inner = [part for part in one.get("extension", ()) if part.get("url") == "value"]
            for holder in (*inner, one):
                for key, value in holder.items():
                    if key.startswith("value"):
                        return value
    return None


def _words(concept: Any) -> str:
    if isinstance(concept, str):
        return concept
    if not isinstance(concept, dict):
        return ""
    codings = concept.get("coding", ())
    shown = codings[0].get("display") or codings[0].get("code", "") if codings else ""
    return str(concept.get("text") or shown or "")
