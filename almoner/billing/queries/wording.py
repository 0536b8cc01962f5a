"""The words for what billing keeps as codes: whose move it is, why it was denied, what to do."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from almoner.billing.rules.denials import Action, Category
from almoner.billing.rules.desks import Desk
from almoner.billing.rules.statements import NotNow

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
    Action.BILL_PATIENT: _(
        "The payer does not call this the patient's share (PR), so the patient may not be billed "
        "for it."
    ),
    Action.APPEAL: _("An unprocessable claim has no right of appeal: send a new claim."),
    Action.CORRECT: _("An unprocessable claim was never decided on: send a new claim."),
    Action.NEW_CLAIM: _("This claim was decided on: correct or appeal it."),
}
"""Why an action is not open for a denial."""

NO_STATEMENT: dict[NotNow, Promise] = {
    NotNow.NOTHING_OWED: _("Nothing is owed."),
    NotNow.TOO_LITTLE: _("What is owed is less than the smallest amount a statement is sent for."),
    NotNow.TOO_EARLY: _("A statement was sent on %(day)s; it is too early for another."),
}


def desk_name(desk: str) -> str:
    """The desk in words; what no longer is one of ours stands as it was kept."""
    return str(DESKS[Desk(desk)]) if desk in set(Desk) else desk


def category_name(category: str) -> str:
    return str(CATEGORIES[Category(category)]) if category in set(Category) else category


def action_name(action: str) -> str:
    return str(ACTIONS[Action(action)]) if action in set(Action) else action
