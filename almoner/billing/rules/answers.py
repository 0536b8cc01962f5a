"""What a partner's answer to our claims means, in our words, and whose move it is.

The codes are X12's (claim status categories and codes, TA1 notes, 999 codes); the words are ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from almoner.billing.rules.claims import Verdict
from almoner.billing.rules.desks import Desk
from almoner.ground.words import gettext_noop

CATEGORIES = {
    "A0": gettext_noop("passed on to another entity"),
    "A1": gettext_noop("received"),
    "A2": gettext_noop("accepted for a decision"),
    "A3": gettext_noop("returned, it cannot be processed"),
    "A4": gettext_noop("not found"),
    "A5": gettext_noop("split into several"),
    "A6": gettext_noop("rejected, something is missing"),
    "A7": gettext_noop("rejected, something is not valid"),
    "A8": gettext_noop("rejected, two things do not go together"),
}
STATUSES = {
    "0": gettext_noop("cannot be said more exactly"),
    "16": gettext_noop("sent on to the payer"),
    "19": gettext_noop("received"),
    "20": gettext_noop("accepted"),
    "21": gettext_noop("something is missing or not valid"),
    "24": gettext_noop("the provider is not known to the payer"),
    "25": gettext_noop("the provider is not approved for electronic claims"),
    "26": gettext_noop("the provider is not known"),
    "33": gettext_noop("the subscriber is not known to the payer"),
    "88": gettext_noop("the patient was not covered on the day of service"),
    "91": gettext_noop("the provider was not eligible on the day of service"),
    "97": gettext_noop("the patient is not known to the payer"),
    "116": gettext_noop("it went to the wrong payer"),
    "125": gettext_noop("name"),
    "126": gettext_noop("address"),
    "128": gettext_noop("tax number"),
    "145": gettext_noop("taxonomy code"),
    "153": gettext_noop("an identifier of the entity"),
    "158": gettext_noop("birth date"),
    "164": gettext_noop("member number"),
    "187": gettext_noop("day of service"),
    "234": gettext_noop("authorisation"),
    "249": gettext_noop("place of service"),
    "254": gettext_noop("main diagnosis"),
    "255": gettext_noop("diagnosis"),
    "453": gettext_noop("modifier"),
    "454": gettext_noop("procedure code"),
    "477": gettext_noop("diagnosis pointer"),
    "496": gettext_noop("the submitter may not send for this provider"),
    "500": gettext_noop("ZIP code"),
    "507": gettext_noop("procedure code"),
    "562": gettext_noop("NPI"),
    "565": gettext_noop("estimate of the claim's payer"),
    "718": gettext_noop("after the filing deadline"),
    "732": gettext_noop("the filing deadline"),
    "746": gettext_noop("the payer has it already"),
}
_FRONT = frozenset({"33", "88", "97", "116", "125", "126", "153", "158", "164", "234", "500"})
_SETUP = frozenset({"24", "25", "26", "91", "128", "145", "496", "562"})
_CLINICIAN = frozenset({"254", "255", "477"})

INTERCHANGE_NOTES = {
    "000": gettext_noop("no error"),
    "001": gettext_noop("the control numbers at both ends differ"),
    "005": gettext_noop("our sender qualifier is not valid"),
    "006": gettext_noop("our sender number is not known there"),
    "007": gettext_noop("the receiver qualifier is not valid"),
    "008": gettext_noop("the receiver number is not known there"),
    "009": gettext_noop("the receiver is not the one we named"),
    "018": gettext_noop("the control number is not valid"),
    "021": gettext_noop("the number of groups does not fit"),
    "022": gettext_noop("the envelope is not built correctly"),
    "023": gettext_noop("the file ended too early"),
    "025": gettext_noop("the control number was used before"),
}
SET_VERDICTS = {"A": Verdict.ACCEPTED, "E": Verdict.NOTED, "P": Verdict.NOTED}


@dataclass(frozen=True, slots=True)
class Said:
    """One status of an answer: category, status code, and what the partner added."""

    category: str
    code: str
    message: str = ""


def status_sentence(said: Sequence[Said]) -> str:
    """What the statuses of a claim say, a line each for the claim's page."""
    parts = []
    for one in said:
        category = CATEGORIES.get(one.category, one.category)
        about = STATUSES.get(one.code, f"{gettext_noop('status')}: {one.code}") if one.code else ""
        parts.append(": ".join(filter(None, (category, about))))
        if one.message:
            parts.append(one.message)
    return "\n".join(parts)


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
    return INTERCHANGE_NOTES.get(note, f"{gettext_noop('note')}: {note}")
