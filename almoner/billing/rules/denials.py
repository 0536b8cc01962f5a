"""What an adjustment means: the contract, the patient's share, or money refused, and whose move.

The codes are X12's (claim adjustment reasons and remarks); the wording, the grouping and what to do
are ours. A site that licensed the lists loads their wording; see `models.ReasonWording`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from almoner.billing.rules.desks import Desk


class Bearing(StrEnum):
    """Who bears an adjusted amount."""

    CONTRACT = "contract"  # nobody: the price we agreed to
    PATIENT = "patient"
    REFUSED = "refused"  # nobody yet: it stays owed until a person settles it
    NEXT = "next"  # the patient's share, asked of the next payer first
    EARLIER = "earlier"  # what earlier payers paid and adjusted; never a later one's to bear


class Category(StrEnum):
    REGISTRATION = "registration"
    AUTHORISATION = "authorisation"
    CODING = "coding"
    NECESSITY = "medical necessity"
    DUPLICATE = "duplicate"
    FILING = "timely filing"
    COORDINATION = "other coverage"
    INFORMATION = "information missing"
    LIMIT = "benefit limit"
    NOT_COVERED = "not covered"
    OTHER = "other"


class Action(StrEnum):
    """What may be done about a denial."""

    CORRECT = "correct and resend"
    NEW_CLAIM = "send a new claim"
    APPEAL = "appeal"
    BILL_NEXT = "bill the other payer"
    BILL_PATIENT = "bill the patient"
    WRITE_OFF = "write off"


class Resolution(StrEnum):
    """How a denial ended."""

    CORRECTED = "corrected"
    BILLED_NEXT = "billed_next"
    BILLED_PATIENT = "billed_patient"
    WRITTEN_OFF = "written_off"
    ANSWERED_ANEW = "answered_anew"


class Clock(StrEnum):
    """Which of the payer's terms runs."""

    INITIAL = "initial"  # from the day of service
    CORRECTED = "corrected"  # from the day of the payer's answer
    APPEAL = "appeal"


@dataclass(frozen=True, slots=True)
class Handling:
    """How one category is worked: by whom, what first, which clock."""

    desk: Desk
    action: Action
    clock: Clock


HANDLING: dict[Category, Handling] = {
    Category.REGISTRATION: Handling(Desk.FRONT, Action.CORRECT, Clock.CORRECTED),
    Category.AUTHORISATION: Handling(Desk.FRONT, Action.APPEAL, Clock.APPEAL),
    Category.CODING: Handling(Desk.BILLING, Action.CORRECT, Clock.CORRECTED),
    Category.NECESSITY: Handling(Desk.CLINICIAN, Action.APPEAL, Clock.APPEAL),
    Category.DUPLICATE: Handling(Desk.BILLING, Action.WRITE_OFF, Clock.APPEAL),
    Category.FILING: Handling(Desk.BILLING, Action.APPEAL, Clock.APPEAL),
    Category.COORDINATION: Handling(Desk.FRONT, Action.BILL_NEXT, Clock.CORRECTED),
    Category.INFORMATION: Handling(Desk.BILLING, Action.CORRECT, Clock.CORRECTED),
    Category.LIMIT: Handling(Desk.BILLING, Action.BILL_PATIENT, Clock.APPEAL),
    Category.NOT_COVERED: Handling(Desk.BILLING, Action.APPEAL, Clock.APPEAL),
    Category.OTHER: Handling(Desk.BILLING, Action.APPEAL, Clock.APPEAL),
}  # fmt: skip

CONTRACT_REASONS = frozenset({"24", "44", "45", "59", "94", "104", "131", "144", "237", "253"})
"""Reasons that, with group CO, only say what the contract already said."""

SHARE_REASONS = frozenset({"1", "2", "3", "66"})
"""With group PR: deductible, co-insurance, co-pay, blood deductible."""

EARLIER_PAYER = "23"
"""What the payers before this one paid and adjusted; said by a later payer only."""

_CATEGORIES: dict[Category, tuple[str, ...]] = {
    Category.REGISTRATION: ("26", "27", "31", "32", "33", "140", "177", "200"),
    Category.AUTHORISATION: ("15", "39", "197", "198", "284"),
    Category.CODING: ("4", "5", "6", "7", "8", "9", "10", "11", "97", "146", "147", "170", "181",
                      "182", "199", "231", "234", "236"),
    Category.NECESSITY: ("50", "55", "56", "150", "151", "152"),
    Category.DUPLICATE: ("18",),
    Category.FILING: ("29",),
    Category.COORDINATION: ("20", "21", "22", "23", "109", "192"),
    Category.INFORMATION: ("16", "125", "129", "148", "163", "226", "227", "250", "251", "252"),
    Category.LIMIT: ("35", "119", "149", "222", "273"),
    Category.NOT_COVERED: ("49", "51", "78", "96", "114", "167", "171", "185", "204", "256", "242"),
}  # fmt: skip
_CATEGORY_OF = {code: category for category, codes in _CATEGORIES.items() for code in codes}

_REMARK_DESKS = {
    "MA61": Desk.FRONT, "N382": Desk.FRONT, "MA27": Desk.FRONT, "MA36": Desk.FRONT,
    "MA04": Desk.FRONT, "MA92": Desk.FRONT,
    "N290": Desk.SETUP, "N257": Desk.SETUP, "N95": Desk.SETUP, "N288": Desk.SETUP,
    "M76": Desk.CLINICIAN, "MA63": Desk.CLINICIAN, "M127": Desk.CLINICIAN, "N706": Desk.CLINICIAN,
}  # fmt: skip
"""Who has what the payer missed: member and insurance facts, provider numbers, diagnoses, notes."""

UNPROCESSABLE_REMARK = "MA130"


@dataclass(frozen=True, slots=True)
class Adjusted:
    """One adjustment of a remittance: group (CAS01), reason, cents; 0 is the claim as a whole."""

    line_number: int
    group: str
    reason: str
    cents: int


def bearing(group: str, reason: str) -> Bearing:
    """Who bears an amount adjusted for this reason.

    Only deductible, co-insurance and co-pay go to the patient by themselves. What else a payer
    calls the patient's (ended coverage, not a benefit) waits for a person: it is often the payer
    who was wrong, and a bill cannot be unsent.
    """
    if group == "CO" and reason in CONTRACT_REASONS:
        return Bearing.CONTRACT
    if group == "PR" and reason in SHARE_REASONS:
        return Bearing.PATIENT
    return Bearing.REFUSED


def category(reason: str) -> Category:
    return _CATEGORY_OF.get(reason, Category.OTHER)


def desk_of(category: Category, remarks: Sequence[str]) -> Desk:
    """Whose move it is; for missing information the remark says who has it."""
    if category is Category.INFORMATION:
        for remark in remarks:
            if remark in _REMARK_DESKS:
                return _REMARK_DESKS[remark]
    return HANDLING[category].desk


@dataclass(frozen=True, slots=True)
class Refused:
    """Money of one claim refused for one kind of reason."""

    group: str
    category: Category
    reasons: tuple[str, ...]
    line_numbers: tuple[int, ...]
    cents: int
    desk: Desk


def refusals(adjusted: Sequence[Adjusted], remarks: Sequence[str]) -> list[Refused]:
    """What of these adjustments is refused money, gathered by group and category.

    Within a category amounts of opposite sign cancel, so a refusal that nets to nothing is none.
    """
    gathered: dict[tuple[str, Category], list[Adjusted]] = {}
    for one in adjusted:
        if bearing(one.group, one.reason) is Bearing.REFUSED:
            gathered.setdefault((one.group, category(one.reason)), []).append(one)
    found = []
    for (group, kind), parts in gathered.items():
        cents = sum(part.cents for part in parts)
        if cents:
            reasons = tuple(dict.fromkeys(part.reason for part in parts))
            lines = tuple(sorted({part.line_number for part in parts}))
            found.append(Refused(group, kind, reasons, lines, cents, desk_of(kind, remarks)))
    return found


def unprocessable(adjusted: Sequence[Adjusted], remarks: Sequence[str]) -> bool:
    """CO-16 with MA130: the payer handed the claim back without a decision."""
    return UNPROCESSABLE_REMARK in remarks and any(
        one.group == "CO" and one.reason == "16" for one in adjusted
    )


def allowed_actions(
    group: str, *, unprocessable: bool, next_payer: bool = False
) -> tuple[Action, ...]:
    """What may be done; the patient is billed only for what the payer says is the patient's (PR).

    While another payer may still owe it (``next_payer``), that one is asked and not the patient. An
    unprocessable claim has no right of appeal.
    """
    actions = [Action.NEW_CLAIM] if unprocessable else [Action.CORRECT, Action.APPEAL]
    if group == "PR":
        actions.append(Action.BILL_NEXT if next_payer else Action.BILL_PATIENT)
    return (*actions, Action.WRITE_OFF)


@dataclass(frozen=True, slots=True)
class Terms:
    """A payer's filing terms in days; see `models.FilingTerms`."""

    initial_days: int
    corrected_days: int
    appeal_days: int


def act_by(
    category: Category, terms: Terms, *, service_date: date, answered: date, unprocessable: bool
) -> date:
    """The last day something can be done about a denial.

    An unprocessable claim was never decided on, so the first filing clock goes on running.
    """
    clock = Clock.INITIAL if unprocessable else HANDLING[category].clock
    if clock is Clock.INITIAL:
        return service_date + timedelta(days=terms.initial_days)
    days = terms.corrected_days if clock is Clock.CORRECTED else terms.appeal_days
    return answered + timedelta(days=days)
