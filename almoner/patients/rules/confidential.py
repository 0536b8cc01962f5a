"""By which ways a patient who asked for confidential contact may be reached (164.522(b))."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ways:
    """What was asked for; what is empty may not be used. Without any, the account alone."""

    phone: str = ""
    may_text: bool = False
    email: str = ""
    address: str = ""


def as_typed(*, phone: str, may_text: bool, email: str, address: str) -> Ways:
    """What was typed of each way, the address line by line as on the envelope."""
    lines = (" ".join(line.split()) for line in address.splitlines())
    return Ways(phone, may_text, email, "\n".join(filter(None, lines)))


def allows(ways: Ways | None, channel: str, address: str) -> bool:
    """Whether words may leave to an address by sms, voice, email, letter (its lines) or portal.

    Without a request everything may; the patient's own account always may.
    """
    if ways is None or channel == "portal":
        return True
    if channel == "sms":
        return ways.may_text and address == ways.phone
    if channel == "voice":
        return address == ways.phone
    if channel == "letter":
        return bool(ways.address) and address == ways.address
    return bool(ways.email) and address.lower() == ways.email.lower()
