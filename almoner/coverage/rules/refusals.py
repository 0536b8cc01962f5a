"""AAA: the payer says it cannot answer. Each code names who must mend what.

Source: X12 271 element AAA03 (reject reason); the texts are ours.
"""

from dataclasses import dataclass
from enum import StrEnum


class Fixer(StrEnum):
    """Whose move it is."""

    DESK = "front desk"  # patient or policy details
    ENROLMENT = "enrolment"  # our provider set-up with the payer
    PAYER = "payer"  # wait and ask again
    PARTNER = "clearinghouse"  # routing or format


@dataclass(frozen=True, slots=True)
class Refusal:
    """Who mends it, which field (empty: none of ours), what it means, what to do."""

    fixer: Fixer
    field: str
    meaning: str
    do: str
    ask_again: bool = False


def _desk(field: str, meaning: str, do: str) -> Refusal:
    return Refusal(Fixer.DESK, field, meaning, do)


def _enrol(meaning: str, do: str) -> Refusal:
    return Refusal(Fixer.ENROLMENT, "", meaning, do)


_CALL = "Call the payer to check, and note what they said."
REFUSALS: dict[str, Refusal] = {
    "04": _desk("service_date", "More services were asked about than may be.", "Ask for one."),
    "15": _desk("member_id", "The payer needs more to find the member.",
                "Check member id, name and birth date against the card."),
    "33": _desk("member_id", "The payer found something missing in the question.",
                "Check that the policy is complete."),
    "35": _desk("service_date", "The payer does not answer for that kind of date.",
                "Ask about the day of the visit itself."),
    "41": _enrol("We are not allowed to ask this payer.",
                 "Enrol for eligibility with this payer at the clearinghouse."),
    "42": Refusal(Fixer.PAYER, "", "The payer's system is down.",
                  "Nothing to mend. Ask again later.", ask_again=True),
    "43": _enrol("The payer does not know our provider number.",
                 "Have the NPI enrolled with this payer."),
    "44": _enrol("The payer does not know our provider's name.",
                 "Have the clinic's name on file with the payer corrected."),
    "45": _enrol("The payer misses our provider's specialty.",
                 "Have the specialty on file with the payer completed."),
    "46": _enrol("The payer misses our provider's telephone.", "Complete our file there."),
    "47": _enrol("The payer misses our provider's state.", "Complete our file there."),
    "48": _enrol("The payer misses a number of our provider.", "Complete our file there."),
    "49": _desk("plan", "Our provider is not this member's primary care provider.",
                "Check whom the member has chosen, and whether a referral is needed."),
    "50": _enrol("Our provider may not ask about this plan.",
                 "Enrol with the payer for this plan."),
    "51": _enrol("Our provider is not on the payer's file.", "Enrol with the payer."),
    "52": _desk("service_date", "The day asked about is outside our contract with the payer.",
                "Check the contract dates with billing."),
    "53": _desk("plan", "The question does not fit the plan.", "Check which plan the card names."),
    "54": _desk("plan", "The kind of service is not known to the payer.",
                "Ask for the plan in general."),
    "55": _desk("plan", "The product is not known to the payer.",
                "Check the plan named on the card."),
    "56": _desk("service_date", "The date is not one the payer accepts.",
                "Check the day of the visit."),
    "57": _desk("service_date", "The dates of service cannot be right.",
                "Check the day of the visit."),
    "58": _desk("birth_date", "The birth date is missing or wrong.",
                "Check the birth date against an identity document."),
    "60": _desk("birth_date", "The birth date is after the day of the visit.",
                "Correct the birth date."),
    "61": _desk("service_date", "The member had died before that day.",
                "Check that this is the right person."),
    "62": _desk("service_date", "The day is too far in the past.", _CALL),
    "63": _desk("service_date", "The day is too far ahead.",
                "Nothing to mend: it is asked again three days before the visit."),
    "64": _desk("member_id", "The patient's id is not valid.", "Check the id on the card."),
    "65": _desk("name", "The patient's name is missing or wrong.",
                "Spell the name as on the card."),
    "66": _desk("sex", "The patient's sex is missing or wrong.", "Check it with the patient."),
    "67": _desk("member_id", "The payer does not find the patient.",
                "Check member id, name and birth date against the card."),
    "68": _desk("member_id", "The payer has this patient twice.", _CALL),
    "69": _desk("relation", "The patient does not fit the relation given.",
                "Check how the patient stands to the subscriber."),
    "70": _desk("sex", "The patient's sex does not fit the question.",
                "Check it with the patient."),
    "71": _desk("birth_date", "The birth date is not the one the payer has.",
                "Check it with the patient and on the card; one of the two must change."),
    "72": _desk("member_id", "The member id is missing or wrong.",
                "Copy the id from the card again, with its letters."),
    "73": _desk("name", "The subscriber's name is not the one the payer has.",
                "Spell the subscriber's name as on the card."),
    "74": _desk("sex", "The subscriber's sex is missing or wrong.", "Check it on the policy."),
    "75": _desk("member_id", "The payer does not find the subscriber.",
                "Check the payer, member id, name and birth date against the card."),
    "76": _desk("member_id", "The payer has this member id twice.", _CALL),
    "77": _desk("name", "The payer does not find the subscriber by that name.",
                "Spell the name as on the card."),
    "78": _desk("group_number", "The subscriber is not in that group or plan.",
                "Check group and plan against the card."),
    "79": Refusal(Fixer.PARTNER, "payer", "The question went to the wrong payer.",
                  "Check which payer the card names, and its id at the clearinghouse."),
    "80": Refusal(Fixer.PAYER, "", "The payer gives no answer just now.",
                  "Nothing to mend. Ask again later.", ask_again=True),
    "97": _enrol("The payer misses something of our provider.", "Complete our file there."),
    "98": _enrol("The payer wants other details of our provider.", "Complete our file there."),
    "AA": _desk("service_date", "The payer needs to know when it was authorised.",
                "Find the authorisation first."),
    "T4": Refusal(Fixer.PARTNER, "payer", "The payer's name or number is missing.",
                  "Check the payer's id with the clearinghouse."),
}  # fmt: skip

UNKNOWN = Refusal(
    Fixer.DESK,
    "",
    "The payer gives a reason we do not know.",
    "Check the policy against the card, then call the payer.",
)


def refusal(code: str) -> Refusal:
    """Who must mend what for an AAA03 code; an unknown code is said to be so."""
    return REFUSALS.get(code, UNKNOWN)
