"""What a partner's answer to our claims means, in our words, and whose move it is.

The codes are X12's (claim status categories and codes, TA1 notes, 999 codes); the words are ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from almoner.billing.rules.claims import Verdict
from almoner.billing.rules.desks import Desk

CATEGORIES = {
    "A0": "passed on to another entity",
    "A1": "received",
    "A2": "accepted for a decision",
    "A3": "returned: it cannot be processed",
    "A4": "not found",
    "A5": "split into several",
    "A6": "rejected: something is missing",
    "A7": "rejected: something is not valid",
    "A8": "rejected: two things do not go together",
}
STATUSES = {
    "0": "cannot be said more exactly",
    "16": "sent on to the payer",
    "19": "received",
    "20": "accepted",
    "21": "something is missing or not valid",
    "24": "the provider is not known to the payer",
    "25": "the provider is not approved for electronic claims",
    "26": "the provider is not known",
    "33": "the subscriber is not known to the payer",
    "88": "the patient was not covered on the day of service",
    "91": "the provider was not eligible on the day of service",
    "97": "the patient is not known to the payer",
    "116": "it went to the wrong payer",
    "125": "name",
    "126": "address",
    "128": "tax number",
    "145": "taxonomy code",
    "153": "an identifier of the entity",
    "158": "birth date",
    "164": "member number",
    "187": "day of service",
    "234": "authorisation",
    "249": "place of service",
    "254": "main diagnosis",
    "255": "diagnosis",
    "453": "modifier",
    "454": "procedure code",
    "477": "diagnosis pointer",
    "496": "the submitter may not send for this provider",
    "500": "ZIP code",
    "507": "procedure code",
    "562": "NPI",
    "565": "estimate of the claim's payer",
    "718": "after the filing deadline",
    "732": "the filing deadline",
    "746": "the payer has it already",
}
_FRONT = frozenset({"33", "88", "97", "116", "125", "126", "153", "158", "164", "234", "500"})
_SETUP = frozenset({"24", "25", "26", "91", "128", "145", "496", "562"})
_CLINICIAN = frozenset({"254", "255", "477"})

INTERCHANGE_NOTES = {
    "000": "no error",
    "001": "the control numbers at both ends differ",
    "005": "our sender qualifier is not valid",
    "006": "our sender number is not known there",
    "007": "the receiver qualifier is not valid",
    "008": "the receiver number is not known there",
    "009": "the receiver is not the one we named",
    "018": "the control number is not valid",
    "021": "the number of groups does not fit",
    "022": "the envelope is not built correctly",
    "023": "the file ended too early",
    "025": "the control number was used before",
}
SET_VERDICTS = {"A": Verdict.ACCEPTED, "E": Verdict.NOTED, "P": Verdict.NOTED}


@dataclass(frozen=True, slots=True)
class Said:
    """One status of an answer: category, status code, and what the partner added."""

    category: str
    code: str
    message: str = ""


def status_sentence(said: Sequence[Said]) -> str:
    """What the statuses of a claim say, as one sentence for the claim's page."""
    parts = []
    for one in said:
        category = CATEGORIES.get(one.category, one.category)
        about = STATUSES.get(one.code, f"status {one.code}") if one.code else ""
        parts.append(": ".join(filter(None, (category, about))))
        if one.message:
            parts.append(one.message)
    return "; ".join(parts)


_ACCEPTED = frozenset({"A1", "A2"})
_REJECTED = frozenset({"A3", "A6", "A7", "A8"})


def claim_verdict(said: Sequence[Said]) -> Verdict | None:
    """What a 277CA says of a claim; None when it is on its way and nothing is decided."""
    categories = {one.category for one in said}
    if categories & _REJECTED:
        return Verdict.REJECTED
    return Verdict.ACCEPTED if categories & _ACCEPTED else None


def is_decision_of_payer(said: Sequence[Said]) -> bool:
    """A1 says only that it arrived; A2 that it will be decided on."""
    return any(one.category == "A2" for one in said)


def desk_of(said: Sequence[Said]) -> Desk:
    """Whose move a rejected claim is."""
    codes = {one.code for one in said}
    for desk, known in (
        (Desk.FRONT, _FRONT), (Desk.SETUP, _SETUP), (Desk.CLINICIAN, _CLINICIAN),
    ):  # fmt: skip
        if codes & known:
            return desk
    return Desk.BILLING


def set_verdict(code: str) -> Verdict:
    """A 999's or TA1's word for a set, a group or an interchange."""
    return SET_VERDICTS.get(code, Verdict.REJECTED)


def note_sentence(note: str) -> str:
    """What a TA1 note says of our file."""
    return INTERCHANGE_NOTES.get(note, f"note {note}")
