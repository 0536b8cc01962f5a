"""The words for what billing keeps as codes: whose move it is, why it was denied, what to do."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from almoner.billing.rules.claims import State
from almoner.billing.rules.denials import Action, Bearing, Category, Resolution
from almoner.billing.rules.desks import Desk
from almoner.billing.rules.parting import WhyNot
from almoner.billing.rules.private import Reason
from almoner.billing.rules.statements import NotNow

PRIVATE: dict[str, Promise] = {
    Reason.PAID_IN_FULL: _("The patient pays it in full"),
    Reason.CONSENTED_ALONE: _("A minor who may consent to this care alone"),
    Reason.AGREED: _("The patient asked, and the clinic agreed"),
    Reason.ENDANGERED: _("It would put the patient in danger"),
}
STATES: dict[str, tuple[str, Promise]] = {
    State.DRAFT: ("plain", _("Draft")),
    State.HELD: ("warn", _("Held")),
    State.READY: ("info", _("Ready")),
    State.QUEUED: ("wait", _("Being sent")),
    State.SENT: ("wait", _("Sent")),
    State.ACCEPTED: ("wait", _("Taken in")),
    State.REJECTED: ("bad", _("Rejected")),
    State.PENDING: ("wait", _("With the payer")),
    State.PAID: ("good", _("Paid")),
    State.PARTLY_PAID: ("warn", _("Partly paid")),
    State.DENIED: ("bad", _("Denied")),
    State.UNPROCESSABLE: ("bad", _("Unprocessable")),
    State.CORRECTED: ("plain", _("Corrected")),
    State.VOID: ("plain", _("Void")),
    State.CLOSED: ("plain", _("Closed")),
}
DESKS: dict[Desk, Promise] = {
    Desk.FRONT: _("front desk"),
    Desk.BILLING: _("billing"),
    Desk.CLINICIAN: _("clinician"),
    Desk.SETUP: _("set-up"),
    Desk.PAYER: _("payer"),
}
CATEGORIES: dict[Category, Promise] = {
    Category.REGISTRATION: _("registration"),
    Category.AUTHORISATION: _("authorisation"),
    Category.CODING: _("coding"),
    Category.NECESSITY: _("medical necessity"),
    Category.DUPLICATE: _("duplicate"),
    Category.FILING: _("timely filing"),
    Category.COORDINATION: _("other coverage"),
    Category.INFORMATION: _("information missing"),
    Category.LIMIT: _("benefit limit"),
    Category.NOT_COVERED: _("not covered"),
    Category.OTHER: _("other"),
}
ACTIONS: dict[Action, Promise] = {
    Action.CORRECT: _("correct and resend"),
    Action.NEW_CLAIM: _("send a new claim"),
    Action.APPEAL: _("appeal"),
    Action.BILL_NEXT: _("bill the other payer"),
    Action.BILL_PATIENT: _("bill the patient"),
    Action.WRITE_OFF: _("write off"),
}
WHY_NOT: dict[Action, Promise] = {
    Action.BILL_NEXT: _("No other coverage was in force on that day that could owe this."),
    Action.BILL_PATIENT: _(
        "The payer does not call this the patient's share (PR), so the patient may not be billed "
        "for it."
    ),
    Action.APPEAL: _("An unprocessable claim has no right of appeal: send a new claim."),
    Action.CORRECT: _("An unprocessable claim was never decided on: send a new claim."),
    Action.NEW_CLAIM: _("This claim was decided on: correct or appeal it."),
}
"""Why an action is not open for a denial."""

NOT_DIVISIBLE: dict[WhyNot, Promise] = {
    WhyNot.WHOLE: _(
        "Nothing of it can be posted: the payment's own amounts or its envelope are at fault, so "
        "it cannot be told what it pays."
    ),
    WhyNot.NO_CLAIM: _(
        "Nothing of it can be posted: every claim adds up by itself, and yet the payment is "
        "another sum. The difference belongs to no claim."
    ),
    WhyNot.NOTHING_RIGHT: _("Every claim of it is at fault: there is no rest to post."),
    WhyNot.USED_BEFORE: _("Another payment with this number is posted already."),
}
"""Why nothing of a refused payment can be posted."""

NO_STATEMENT: dict[NotNow, Promise] = {
    NotNow.NOTHING_OWED: _("Nothing is owed."),
    NotNow.TOO_LITTLE: _("What is owed is less than the smallest amount a statement is sent for."),
    NotNow.TOO_EARLY: _("A statement was sent on %(day)s; it is too early for another."),
}

REASONS: dict[str, Promise] = {
    "1": _("Deductible"),
    "2": _("Co-insurance"),
    "3": _("Co-pay"),
    "4": _("The modifier does not fit the procedure, or one is missing"),
    "5": _("The place of service does not fit the procedure"),
    "6": _("The procedure does not fit the patient's age"),
    "7": _("The procedure does not fit the patient's sex"),
    "9": _("The diagnosis does not fit the patient's age"),
    "10": _("The diagnosis does not fit the patient's sex"),
    "11": _("The diagnosis does not support the procedure"),
    "15": _("The authorisation number is missing, wrong, or for something else"),
    "16": _("Something the payer needs is missing or wrong; the remark says what"),
    "18": _("The payer has already decided on this same claim"),
    "22": _("Another payer may have to pay first"),
    "23": _("What the payer before this one paid or adjusted"),
    "24": _("Covered by a capitation agreement"),
    "26": _("Served before the coverage began"),
    "27": _("Served after the coverage ended"),
    "29": _("Arrived after the filing deadline"),
    "31": _("The payer does not know the patient as its member"),
    "35": _("The lifetime maximum is used up"),
    "39": _("Authorisation was asked for and refused"),
    "44": _("Prompt-payment discount"),
    "45": _("Above the agreed fee"),
    "49": _("Routine or screening service the plan does not pay"),
    "50": _("Not medically necessary in the payer's view"),
    "59": _("Reduced: several procedures in one session"),
    "66": _("Blood deductible"),
    "96": _("Not covered by the plan"),
    "97": _("Included in another service already paid"),
    "104": _("Withheld under the managed-care contract"),
    "109": _("Another payer is responsible: send it there"),
    "119": _("The benefit maximum for this period is used up"),
    "131": _("Agreed discount"),
    "140": _("Member number and name do not belong together"),
    "144": _("Incentive adjustment"),
    "146": _("The diagnosis was not valid on the day of service"),
    "151": _("Too many or too frequent for what was shown"),
    "170": _("Not payable to this kind of provider"),
    "181": _("The procedure code was not valid on the day of service"),
    "182": _("The modifier was not valid on the day of service"),
    "197": _("No authorisation, or it was not asked for in advance"),
    "198": _("More than was authorised"),
    "204": _("Not a benefit of the patient's plan"),
    "226": _("What the payer asked the provider for did not come, or not in time"),
    "227": _("What the payer asked the patient for did not come"),
    "236": _("Not payable together with another code on the same day"),
    "237": _("Penalty set by law"),
    "252": _("The payer needs documents to decide"),
    "253": _("Sequestration"),
}
REMARKS: dict[str, Promise] = {
    "M76": _("Diagnosis missing or not valid"),
    "M127": _("The medical record is needed"),
    "MA04": _("The first payer's details are missing"),
    "MA27": _("Name or member number does not match the payer's records"),
    "MA61": _("Member number missing or wrong"),
    "MA63": _("Main diagnosis missing or not valid"),
    "MA130": _("Cannot be processed as sent; there is no right of appeal: send a new claim"),
    "N257": _("Billing provider number missing or wrong"),
    "N290": _("Rendering provider number missing or wrong"),
    "N382": _("Patient identifier missing or wrong"),
    "N706": _("Documentation missing"),
}
"""Our words for the payers' reasons and remarks we act on."""


BEARINGS: dict[Bearing, Promise] = {
    Bearing.CONTRACT: _("the contract"),
    Bearing.PATIENT: _("the patient"),
    Bearing.REFUSED: _("nobody yet: refused"),
    Bearing.NEXT: _("the next payer, then the patient"),
    Bearing.EARLIER: _("the payers before"),
}
RESOLUTIONS: dict[Resolution, Promise] = {
    Resolution.CORRECTED: _("corrected"),
    Resolution.BILLED_NEXT: _("billed to the next payer"),
    Resolution.BILLED_PATIENT: _("billed to the patient"),
    Resolution.WRITTEN_OFF: _("written off"),
    Resolution.ANSWERED_ANEW: _("answered anew"),
}


def desk_name(desk: str) -> str:
    """The desk in words; what no longer is one of ours stands as it was kept."""
    return str(DESKS[Desk(desk)]) if desk in set(Desk) else desk


def category_name(category: str) -> str:
    return str(CATEGORIES[Category(category)]) if category in set(Category) else category


def action_name(action: str) -> str:
    return str(ACTIONS[Action(action)]) if action in set(Action) else action


def bearing_name(bearing: str) -> str:
    """Who bears an adjusted amount."""
    return str(BEARINGS[Bearing(bearing)])


def resolution_name(resolution: str) -> str:
    """How a denial ended."""
    return str(RESOLUTIONS[Resolution(resolution)])


def wrong_step(number: str, state: str, wanted: str) -> str:
    """Why a claim cannot take a step from where it stands."""
    return _now("Claim %(number)s is “%(state)s” and cannot become “%(wanted)s”.") % {
        "number": number,
        "state": STATES[state][1],
        "wanted": STATES[wanted][1],
    }
