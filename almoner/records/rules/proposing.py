"""What the answers of a form propose for the registration, by the fields its questions name.

Emergency contacts may be told in a group that repeats: then each row is a subject of its own,
``contact@2``. Of the registration's other fields only one is meant.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from almoner.patients.rules.details import Address, Contact, Details, Email, Phone, e164
from almoner.records.rules.answers import standing
from almoner.records.rules.questionnaires import Definition
from almoner.records.rules.rows import Answers, key

Parts = Mapping[str, str]
_NEEDED = {
    "address": {"line", "city", "state", "zip_code"},
    "contact": {"name"},
}


def proposed(definition: Definition, answers: Answers) -> dict[str, dict[str, str]]:
    """By subject, the parts that were answered; a subject in part (half an address) is none."""
    found: dict[str, dict[str, str]] = {}
    for name, values in standing(definition, answers).items():
        link_id, _at, row = name.partition("@")
        subject, _dot, part = definition.questions[link_id].field.partition(".")
        if subject:
            found.setdefault(key(subject, row), {})[part or "value"] = values[0]
    return {
        subject: _written(subject, parts)
        for subject, parts in sorted(found.items())
        if _NEEDED.get(subject.partition("@")[0], {"value"}) <= set(parts)
    }


def _written(subject: str, parts: Parts) -> dict[str, str]:
    """As the registration writes it."""
    written = dict(parts)
    for name in ("value", "phone"):
        if written.get(name) and (name == "phone" or subject == "phone"):
            written[name] = e164(written[name])
    if subject == "email":
        written["value"] = written["value"].lower()
    if subject == "address":
        written["state"] = written["state"].upper()
        written["zip_code"] = written["zip_code"].replace("-", "")
    return written


def news(details: Details, subject: str, parts: Parts) -> bool:
    """Whether it says something that the registration does not have yet."""
    return applied(details, subject, parts) != details


def applied(details: Details, subject: str, parts: Parts) -> Details:
    """The registration with it; what was there before stays behind it."""
    name, _at, row = subject.partition("@")
    return _one_more_contact(details, parts) if row else _APPLIED[name](details, parts)


def _phone(details: Details, parts: Parts) -> Details:
    number = parts["value"]
    if any(phone.number == number for phone in details.phones):
        return details
    # A number is texted by the patient's own word only, and this form did not ask for it.
    return replace(details, phones=(Phone(number, may_text=False), *details.phones))


def _email(details: Details, parts: Parts) -> Details:
    if parts["value"] in {email.address.lower() for email in details.emails}:
        return details
    return replace(details, emails=(Email(parts["value"]), *details.emails))


def _language(details: Details, parts: Parts) -> Details:
    if details.language.partition("-")[0] == parts["value"]:
        return details
    return replace(details, language=parts["value"])


def _address(details: Details, parts: Parts) -> Details:
    home = Address(
        line=parts["line"], city=parts["city"], state=parts["state"], zip_code=parts["zip_code"]
    )
    if any(_same(home, known) for known in details.addresses if known.use == "home"):
        return details
    before = (
        replace(known, use="old") if known.use == "home" else known for known in details.addresses
    )
    return replace(details, addresses=(home, *before))


def _same(one: Address, other: Address) -> bool:
    def folded(each: Address) -> list[str]:
        return [
            " ".join(part.casefold().split())
            for part in (each.line, each.city, each.state, each.zip_code)
        ]

    return folded(one) == folded(other)


def _contact(details: Details, parts: Parts) -> Details:
    contact = _told(parts)
    if contact in details.contacts:
        return details
    others = _without(details.contacts, contact.name)
    return replace(details, contacts=(contact, *others))


def _one_more_contact(details: Details, parts: Parts) -> Details:
    """Of several, each behind the one before: in the order in which they are to be called."""
    contact = _told(parts)
    if contact in details.contacts:
        return details
    return replace(details, contacts=(*_without(details.contacts, contact.name), contact))


def _told(parts: Parts) -> Contact:
    return Contact(
        name=parts["name"], relation=parts.get("relation", ""), phone=parts.get("phone", "")
    )


def _without(contacts: Iterable[Contact], name: str) -> list[Contact]:
    """The others: the same person is not kept twice for an emergency."""
    return [
        each
        for each in contacts
        if each.kind != "emergency" or each.name.casefold() != name.casefold()
    ]


_APPLIED = {
    "phone": _phone,
    "email": _email,
    "language": _language,
    "address": _address,
    "contact": _contact,
}
