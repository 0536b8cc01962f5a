"""Codes of the coverage duty in the desk's words. The wording is ours."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from almoner.coverage.rules import State, Why

RANKS: dict[int, Promise] = {1: _("Primary"), 2: _("Secondary"), 3: _("Tertiary")}
STATES: dict[str, tuple[str, Promise]] = {
    State.ASKED: ("wait", _("Waiting for the payer")),
    State.ANSWERED: ("good", _("Answered")),
    State.REJECTED: ("bad", _("Payer could not answer")),
    State.SILENT: ("warn", _("No answer")),
    State.FAILED: ("warn", _("Not sent")),
    State.UNREADABLE: ("bad", _("Answer unreadable")),
}

WHY: dict[str, Promise] = {
    Why.OTHER_KIND: _("Says something else than a co-pay."),
    Why.UNREADABLE: _("A figure in it cannot be read."),
    Why.NO_AMOUNT: _("A co-pay without an amount."),
    Why.NO_SERVICE: _("Does not say for which service."),
    Why.OTHER_SERVICE: _("For another service than this visit."),
    Why.NARROWER_SERVICE: _("For a narrower kind of visit than was asked about."),
    Why.ONE_PROCEDURE: _("For a single procedure only."),
    Why.OTHER_PLACE: _("For another place of service."),
    Why.OTHER_NETWORK: _("For the other side of the network."),
    Why.NOT_PER_VISIT: _("Not an amount for one visit."),
    Why.NOT_ON_DAY: _("Does not hold on the day of the visit."),
    Why.OTHER_VISIT: _("Its message names another kind of visit."),
    Why.LESS_SPECIFIC: _("Another row names the service more closely."),
    Why.NETWORK_NOT_TOLD: _("Another row says for which network it is."),
    Why.OTHER_LEVEL: _("Another row is for this person alone."),
    Why.LESS_FITTING_MESSAGE: _("Another row's message names this kind of visit."),
    Why.REJECTED: _("The payer could not answer the question."),
    Why.SEVERAL_PATIENTS: _("The answer speaks of more than one person."),
    Why.OTHER_PERSON: _("The answer is about somebody with another birth date."),
    Why.INACTIVE: _("The cover is not active."),
    Why.STATUS_CONTRADICTS: _("The payer says both that the cover is active and that it is not."),
    Why.NO_STATUS: _("The payer does not say whether the cover is active for this visit."),
    Why.NOT_COVERED: _("This kind of visit is not covered."),
    Why.OTHER_PAYER_FIRST: _("The payer says that another payer is first."),
    Why.CONDITIONAL: _("The co-pay hangs on a condition we cannot check."),
    Why.SEVERAL_COPAYS: _("Several co-pays fit this visit, and nothing decides between them."),
    Why.NARROWER_ONLY: _("The payer tells a co-pay only for narrower kinds of visit."),
    Why.NEEDS_PRICE: _("The plan shares the cost by a part of the price, not by a co-pay."),
    Why.NOT_TOLD: _("The payer tells no co-pay for this visit."),
}

NEXT: dict[str, Promise] = {
    Why.REJECTED: _("Mend what the payer names, then ask again."),
    Why.OTHER_PERSON: _("Check member id and birth date against the card, then ask again."),
    Why.INACTIVE: _("Ask for the new card. Without one the visit is paid by the patient."),
    Why.STATUS_CONTRADICTS: _("Call the payer before collecting anything."),
    Why.OTHER_PAYER_FIRST: _("Ask the patient for the other card, and put the policies in order."),
    Why.CONDITIONAL: _("Read the rows below with the patient, or call the payer."),
    Why.SEVERAL_COPAYS: _("Look at the rows below: the card or the payer can tell which one."),
    Why.NEEDS_PRICE: _("Collect nothing for the share now; it is billed when the payer has paid."),
}
LOOK_BELOW = _("Read the rows below, check the card, or call the payer. Check-in can go on.")

KINDS: dict[str, Promise] = {
    "1": _("Active"),
    "2": _("Active, full risk"),
    "3": _("Active, services capitated"),
    "4": _("Active, primary care capitated"),
    "5": _("Active, being looked into"),
    "6": _("Inactive"),
    "7": _("Inactive, renewal pending"),
    "8": _("Inactive, being looked into"),
    "A": _("Co-insurance"),
    "B": _("Co-pay"),
    "C": _("Deductible"),
    "CB": _("Coverage basis"),
    "D": _("Description"),
    "E": _("Exclusions"),
    "F": _("Limit"),
    "G": _("Most out of pocket"),
    "H": _("Unlimited"),
    "I": _("Not covered"),
    "J": _("Cost containment"),
    "K": _("Reserve"),
    "L": _("Primary care provider"),
    "MC": _("Managed care"),
    "N": _("Services restricted to a provider"),
    "P": _("Disclaimer"),
    "R": _("Other payer"),
    "U": _("Contact"),
    "V": _("Cannot process"),
    "W": _("Other source"),
    "X": _("Health care facility"),
    "Y": _("Spend down"),
}
SERVICES: dict[str, Promise] = {
    "1": _("medical care"),
    "30": _("the plan in general"),
    "33": _("chiropractic"),
    "35": _("dental"),
    "47": _("hospital"),
    "48": _("hospital stay"),
    "50": _("hospital, not staying"),
    "86": _("emergency"),
    "88": _("pharmacy"),
    "98": _("office visit"),
    "A0": _("visit by clinician, outpatient"),
    "AL": _("vision"),
    "BY": _("office visit, sick"),
    "BZ": _("office visit, well"),
    "MH": _("mental health"),
    "PT": _("physical therapy"),
    "UC": _("urgent care"),
}
PERIODS: dict[str, Promise] = {
    "7": _("per day"),
    "21": _("for years"),
    "22": _("service year"),
    "23": _("calendar year"),
    "24": _("year to date"),
    "25": _("contract"),
    "26": _("episode"),
    "27": _("per visit"),
    "29": _("left"),
    "32": _("lifetime"),
    "33": _("lifetime, left"),
    "34": _("month"),
    "35": _("week"),
    "36": _("per admission"),
}
NETWORKS: dict[str, Promise] = {
    "Y": _("in network"),
    "N": _("out of network"),
    "W": _("both"),
    "U": _("not known"),
}
FIXERS: dict[str, Promise] = {
    "front desk": _("The front desk mends this"),
    "enrolment": _("Provider enrolment mends this"),
    "payer": _("Nothing to mend here"),
    "clearinghouse": _("Routing to the payer must be mended"),
}

_CALL = _("Call the payer to check, and note what they said.")
REFUSALS: dict[str, tuple[Promise, Promise]] = {
    "04": (_("More services were asked about than may be."), _("Ask for one.")),
    "15": (
        _("The payer needs more to find the member."),
        _("Check member id, name and birth date against the card."),
    ),
    "33": (
        _("The payer found something missing in the question."),
        _("Check that the policy is complete."),
    ),
    "35": (
        _("The payer does not answer for that kind of date."),
        _("Ask about the day of the visit itself."),
    ),
    "41": (
        _("We are not allowed to ask this payer."),
        _("Enrol for eligibility with this payer at the clearinghouse."),
    ),
    "42": (_("The payer's system is down."), _("Nothing to mend. Ask again later.")),
    "43": (
        _("The payer does not know our provider number."),
        _("Have the NPI enrolled with this payer."),
    ),
    "44": (
        _("The payer does not know our provider's name."),
        _("Have the clinic's name on file with the payer corrected."),
    ),
    "45": (
        _("The payer misses our provider's specialty."),
        _("Have the specialty on file with the payer completed."),
    ),
    "46": (_("The payer misses our provider's telephone."), _("Complete our file there.")),
    "47": (_("The payer misses our provider's state."), _("Complete our file there.")),
    "48": (_("The payer misses a number of our provider."), _("Complete our file there.")),
    "49": (
        _("Our provider is not this member's primary care provider."),
        _("Check whom the member has chosen, and whether a referral is needed."),
    ),
    "50": (
        _("Our provider may not ask about this plan."),
        _("Enrol with the payer for this plan."),
    ),
    "51": (_("Our provider is not on the payer's file."), _("Enrol with the payer.")),
    "52": (
        _("The day asked about is outside our contract with the payer."),
        _("Check the contract dates with billing."),
    ),
    "53": (_("The question does not fit the plan."), _("Check which plan the card names.")),
    "54": (_("The kind of service is not known to the payer."), _("Ask for the plan in general.")),
    "55": (_("The product is not known to the payer."), _("Check the plan named on the card.")),
    "56": (_("The date is not one the payer accepts."), _("Check the day of the visit.")),
    "57": (_("The dates of service cannot be right."), _("Check the day of the visit.")),
    "58": (
        _("The birth date is missing or wrong."),
        _("Check the birth date against an identity document."),
    ),
    "60": (_("The birth date is after the day of the visit."), _("Correct the birth date.")),
    "61": (_("The member had died before that day."), _("Check that this is the right person.")),
    "62": (_("The day is too far in the past."), _CALL),
    "63": (
        _("The day is too far ahead."),
        _("Nothing to mend: it is asked again three days before the visit."),
    ),
    "64": (_("The patient's id is not valid."), _("Check the id on the card.")),
    "65": (_("The patient's name is missing or wrong."), _("Spell the name as on the card.")),
    "66": (_("The patient's sex is missing or wrong."), _("Check it with the patient.")),
    "67": (
        _("The payer does not find the patient."),
        _("Check member id, name and birth date against the card."),
    ),
    "68": (_("The payer has this patient twice."), _CALL),
    "69": (
        _("The patient does not fit the relation given."),
        _("Check how the patient stands to the subscriber."),
    ),
    "70": (_("The patient's sex does not fit the question."), _("Check it with the patient.")),
    "71": (
        _("The birth date is not the one the payer has."),
        _("Check it with the patient and on the card; one of the two must change."),
    ),
    "72": (
        _("The member id is missing or wrong."),
        _("Copy the id from the card again, with its letters."),
    ),
    "73": (
        _("The subscriber's name is not the one the payer has."),
        _("Spell the subscriber's name as on the card."),
    ),
    "74": (_("The subscriber's sex is missing or wrong."), _("Check it on the policy.")),
    "75": (
        _("The payer does not find the subscriber."),
        _("Check the payer, member id, name and birth date against the card."),
    ),
    "76": (_("The payer has this member id twice."), _CALL),
    "77": (
        _("The payer does not find the subscriber by that name."),
        _("Spell the name as on the card."),
    ),
    "78": (
        _("The subscriber is not in that group or plan."),
        _("Check group and plan against the card."),
    ),
    "79": (
        _("The question went to the wrong payer."),
        _("Check which payer the card names, and its id at the clearinghouse."),
    ),
    "80": (_("The payer gives no answer just now."), _("Nothing to mend. Ask again later.")),
    "97": (_("The payer misses something of our provider."), _("Complete our file there.")),
    "98": (_("The payer wants other details of our provider."), _("Complete our file there.")),
    "AA": (
        _("The payer needs to know when it was authorised."),
        _("Find the authorisation first."),
    ),
    "T4": (
        _("The payer's name or number is missing."),
        _("Check the payer's id with the clearinghouse."),
    ),
    "": (
        _("The payer gives a reason we do not know."),
        _("Check the policy against the card, then call the payer."),
    ),
}
"""What a payer's refusal means, and what to do about it; the empty code is one we do not know."""
