"""What a statement says and when one is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from almoner.ground.words import gettext_noop
from almoner.relations.rules.texts import TextKind


@dataclass(frozen=True, slots=True)
class VisitOwed:
    """One visit on a statement, in cents; ``owed`` is what the patient still owes of it."""

    patient_id: int
    visit_id: int | None
    patient_name: str
    service_date: date | None
    clinician: str
    charged: int
    insurance_paid: int
    adjusted: int
    patient_paid: int
    owed: int


@dataclass(frozen=True, slots=True)
class Terms:
    """See `models.StatementTerms`."""

    smallest_cents: int
    due_days: int
    again_days: int


class NotNow(StrEnum):
    """Why no statement is to be sent now."""

    NOTHING_OWED = "nothing owed"
    TOO_LITTLE = "too little"
    TOO_EARLY = "too early"


def refusal(
    visits: Sequence[VisitOwed], terms: Terms, *, today: date, last_sent: date | None
) -> NotNow | None:
    """Why no statement is to be sent now; nothing when one is."""
    owed = sum(visit.owed for visit in visits)
    if owed <= 0:
        return NotNow.NOTHING_OWED
    if owed < terms.smallest_cents:
        return NotNow.TOO_LITTLE
    if last_sent is not None and today < last_sent + timedelta(days=terms.again_days):
        return NotNow.TOO_EARLY
    return None


def number(issued: date, statement_id: int) -> str:
    """The number a guarantor quotes: ``S-2611-000042``."""
    return f"S-{issued:%y%m}-{statement_id:06d}"


_WORDS = {
    "en": {
        "title": "Statement {number}",
        "date": "Date",
        "due_by": "Please pay by",
        "visit": "Visit",
        "charged": "Charge",
        "insurance": "Insurance paid",
        "adjusted": "Taken off",
        "paid": "You paid",
        "owed": "You owe",
        "total": "Total due",
        "seen": "{patient_name}, seen by {clinician}",
        "account": "Account of {patient_name}",
        "dispute": "Visit of {day}: the charge is {over} above the good-faith estimate of "
        "{estimated}. You have the right to dispute it within 120 days of the first bill for it: "
        "www.cms.gov/nosurprises/consumers. Disputing it does not change the care you get.",
        "pay": "Pay at the front desk by card, cash or check, or call us. "
        "Tell us this number: {number}.",
        "question": "If something looks wrong, or you cannot pay all of it now, call us before the "
        "due date.",
    },
    "es": {
        "title": "Estado de cuenta {number}",
        "date": "Fecha",
        "due_by": "Pague antes del",
        "visit": "Consulta",
        "charged": "Cargo",
        "insurance": "Pagó el seguro",
        "adjusted": "Descontado",
        "paid": "Usted pagó",
        "owed": "Usted debe",
        "total": "Total a pagar",
        "seen": "{patient_name}, consulta con {clinician}",
        "account": "Cuenta de {patient_name}",
        "dispute": "Cita del {day}: el cargo es {over} más que el presupuesto de buena fe del "
        "{estimated}. Tiene derecho a disputarlo dentro de los 120 días desde la primera factura "
        "de ella: www.cms.gov/nosurprises/consumers. Disputarlo no cambia la atención que recibe.",
        "pay": "Pague en la recepción con tarjeta, efectivo o cheque, o llámenos. "
        "Díganos este número: {number}.",
        "question": "Si algo parece incorrecto, o si no puede pagar todo ahora, llámenos antes de "
        "la fecha de vencimiento.",
    },
}

TOLD = TextKind(
    code="statement",
    name=gettext_noop("A statement is there"),
    channels=("email",),
    fields=("clinic", "phone", "number"),
    needed=("number",),
    purpose="billing",
    samples={"number": {"en": "S-2611-000042", "es": "S-2611-000042"}},
    shipped={
        "en": (
            "{clinic}: your statement",
            "A new statement of your account, {number}, is ready. You can ask for it and pay "
            "it at our front desk or by calling {phone}.\n\n{clinic}",
        ),
        "es": (
            "{clinic}: su estado de cuenta",
            "Su nuevo estado de cuenta, {number}, está listo. Puede pedirlo y pagarlo en "
            "nuestra recepción o llamando al {phone}.\n\n{clinic}",
        ),
    },
)
"""What is said by e-mail of a statement where patients reach us at no address."""

TOLD_ONLINE = TextKind(
    code="statement-online",
    name=gettext_noop("A statement is there, and where it is read and paid"),
    channels=("sms", "email"),
    fields=("clinic", "phone", "link"),
    needed=("link", "phone"),
    purpose="billing",
    samples={
        "link": {"en": "https://clinic.example/my/bills/", "es": "https://clinic.example/my/bills/"}
    },
    shipped={
        "en": (
            "{clinic}: a new statement",
            "{clinic}: a new statement is ready. Sign in to read and pay it: {link} No account?"
            " Pay at our front desk or call {phone}.",
        ),
        "es": (
            "{clinic}: un nuevo estado de cuenta",
            "{clinic}: hay un nuevo estado de cuenta. Entre para leerlo y pagarlo: {link} ¿Sin"
            " cuenta? Pague en la recepción o llame al {phone}.",
        ),
    },
)
"""The same where they do: not a word of what stands in it, nor its number; others may read it.

The link lets nobody in: it leads to the account's own door.
"""


def words(language: str) -> dict[str, str]:
    """What patients read on a statement, with places for facts in braces."""
    return dict(_WORDS[language])
