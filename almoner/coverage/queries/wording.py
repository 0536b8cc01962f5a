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
