"""Codes of the required bindings in a Patient, and the shapes of its primitive values.

Sources: R4 4.0.1, Patient resource and datatypes. Facts only.
"""

import re
from datetime import date

REQUIRED: dict[str, frozenset[str]] = {
    "gender": frozenset({"male", "female", "other", "unknown"}),
    "name.use": frozenset({"usual", "official", "temp", "nickname", "anonymous", "old", "maiden"}),
    "telecom.system": frozenset({"phone", "fax", "email", "pager", "url", "sms", "other"}),
    "telecom.use": frozenset({"home", "work", "temp", "old", "mobile"}),
    "address.use": frozenset({"home", "work", "temp", "old", "billing"}),
    "address.type": frozenset({"postal", "physical", "both"}),
    "identifier.use": frozenset({"usual", "official", "temp", "secondary", "old"}),
    "link.type": frozenset({"replaced-by", "replaces", "refer", "seealso"}),
    "text.status": frozenset({"generated", "extensions", "additional", "empty"}),
}
"""By the last two names of an element's path: contact.telecom.use is held to telecom.use."""

TARGETS: dict[str, frozenset[str]] = {
    "managingOrganization": frozenset({"Organization"}),
    "generalPractitioner": frozenset({"Organization", "Practitioner", "PractitionerRole"}),
    "organization": frozenset({"Organization"}),
    "other": frozenset({"Patient", "RelatedPerson"}),
    "assigner": frozenset({"Organization"}),
}
"""Which resources a reference of a Patient may point to, by the element's name."""

ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_DATE_TIME = re.compile(
    r"(\d{4}(?:-\d{2}(?:-\d{2})?)?)"
    r"(?:T([01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d))?"
)
_REFERENCE = re.compile(
    r"(?:(?:https?://|urn:)\S+|(?P<kind>[A-Z][A-Za-z]+)/[A-Za-z0-9\-.]{1,64}(?:/_history/\S+)?)"
)


def day(text: str) -> date | None:
    """The day of a FHIR date or dateTime; None when only a year or a month is known.

    ValueError when it is not one, or when the calendar has no such day.
    """
    match = _DATE_TIME.fullmatch(text)
    parts = _DATE.fullmatch(match[1]) if match else None
    if parts is None:
        raise ValueError(text)
    year, month, dom = parts.groups()
    whole = date(int(year), int(month or 1), int(dom or 1))
    return whole if dom else None


def reference_kind(text: str) -> str | None:
    """The resource a reference points to, "" when it does not tell; None when it is none."""
    match = _REFERENCE.fullmatch(text)
    if match is None:
        return None
    if match["kind"]:
        return match["kind"]
    parts = text.rstrip("/").split("/")
    return parts[-2] if text.startswith("http") and parts[-2][:1].isupper() else ""
