"""Who may do what, and what counts as a reason."""

from collections.abc import Callable
from enum import StrEnum


class Role(StrEnum):
    OFFICER = "officer"  # patient services officer
    BILLER = "biller"
    CLINICIAN = "clinician"
    MANAGER = "manager"
    PRIVACY = "privacy"
    ADMINISTRATOR = "administrator"


class Purpose(StrEnum):
    """Why a screen exists, in HIPAA's words (45 CFR 164.501, 164.506)."""

    TREATMENT = "treatment"
    PAYMENT = "payment"
    OPERATIONS = "operations"
    NO_PATIENT = "no patient data"


class Grade(StrEnum):
    """How good the evidence for a look is: who made it.

    A: the patient or a third party. B: a colleague. C: the reader, since borne out by an effect
    somebody else can see. D: the reader's word alone. Only A to C explain a look.
    """

    A = "A"
    B = "B"
    C = "C"
    D = "D"


_DESK = frozenset(
    {
        "patients.find", "patients.view", "patients.register", "patients.edit",
        "scheduling.view", "scheduling.book", "scheduling.cancel", "scheduling.overbook",
        "coverage.view", "coverage.edit", "coverage.check",
        "arrivals.view", "arrivals.check_in", "arrivals.move",
        "ledger.view", "ledger.take_payment", "ledger.drawer",
        "relations.view", "relations.send", "relations.cases", "portal.invite",
        "records.view", "records.fill", "records.file_results",
        "telehealth.view", "telehealth.prepare",
        "surveys.view",
        "outreach.view", "outreach.call", "billing.private", "billing.estimate",
    }
)  # fmt: skip
_BILLING = frozenset(
    {
        "patients.find", "patients.view", "scheduling.view", "coverage.view", "coverage.edit",
        "coverage.check", "arrivals.view", "ledger.view", "ledger.take_payment", "ledger.refund",
        "ledger.adjust", "ledger.undo_payment", "ledger.deposit", "billing.view", "billing.charge",
        "billing.claim", "billing.post", "billing.statement", "billing.private", "billing.estimate",
        "relations.view", "relations.cases",
    }
)  # fmt: skip
_CLINICAL = frozenset(
    {
        "patients.find", "patients.view", "scheduling.view", "arrivals.view", "arrivals.move",
        "billing.view", "billing.charge", "relations.view", "records.view",
        "records.results", "records.file_results",
        "telehealth.view", "telehealth.prepare", "telehealth.host",
    }
)  # fmt: skip

PERMISSIONS: dict[str, frozenset[str]] = {
    Role.OFFICER: _DESK,
    Role.BILLER: _BILLING,
    Role.CLINICIAN: _CLINICAL,
    Role.MANAGER: _DESK
    | _BILLING
    | {
        "facility.view",
        "facility.edit",
        "ledger.close_drawer",
        "records.design",
        "surveys.design",
        "surveys.figures",
        "outreach.manage",
        "relations.texts",
        "relations.publish",
    },
    Role.PRIVACY: frozenset(
        {"privacy.view", "privacy.review", "patients.find", "patients.view", "relations.cases"}
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            "access.manage",
            "facility.view",
            "facility.edit",
            "records.design",
            "outreach.view",
            "outreach.manage",
            "surveys.design",
            "relations.texts",
        }
    ),
}
SIGNED_IN = "signed in"
EVERY_PERMISSION = frozenset[str]().union(*PERMISSIONS.values()) | {SIGNED_IN}


ONE_TIME_HOURS = 72
"""How long a password that somebody else gave may wait for its first and only use."""


def one_time_password(pick: Callable[[str], str]) -> str:
    """A password to be read out once: sixteen characters, 77 bits, none mistaken for another.

    ``pick`` takes one character of a string at random.
    """
    groups = ("".join(pick(_READ_OUT) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


_READ_OUT = "abcdefghjkmnpqrstuvwxyz23456789"  # no i, l, o, 0, 1


def permits(roles: list[str], permission: str) -> bool:
    """Whether any of these roles carries the permission; a role we do not know carries nothing."""
    return permission == SIGNED_IN or any(permission in PERMISSIONS.get(role, ()) for role in roles)


def grade(*, reader_id: int, made_by_id: int | None, corroborated: bool) -> Grade:
    """Grade a reason by who made the evidence; ``made_by_id`` None is the patient or a partner."""
    if made_by_id is None:
        return Grade.A
    if made_by_id != reader_id:
        return Grade.B
    return Grade.C if corroborated else Grade.D
