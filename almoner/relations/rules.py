"""What is said to patients, and how what happened reads. No database, no clock.

Texts sent to a phone that others may hold name neither the reason of a visit nor a specialty.
"""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from almoner.ground.money import dollars

_DAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "es": ("lun", "mar", "mié", "jue", "vie", "sáb", "dom"),
}
_MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "es": ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"),
}

TEXTS: dict[str, dict[str, tuple[str, str]]] = {
    # template: language: subject (e-mail only), body
    "booked": {
        "en": (
            "Your visit on {day}",
            "{clinic}: you are booked {day} at {time} with {clinician}, {location}, {address}."
            " To change it call {phone}.",
        ),
        "es": (
            "Su cita del {day}",
            "{clinic}: tiene cita el {day} a las {time} con {clinician}, {location}, {address}."
            " Para cambiarla llame al {phone}.",
        ),
    },
    "moved": {
        "en": (
            "Your visit is now on {day}",
            "{clinic}: your visit has moved to {day} at {time} with {clinician}, {location},"
            " {address}. To change it call {phone}.",
        ),
        "es": (
            "Su cita ahora es el {day}",
            "{clinic}: su cita se cambió al {day} a las {time} con {clinician}, {location},"
            " {address}. Para cambiarla llame al {phone}.",
        ),
    },
    "cancelled": {
        "en": (
            "Your visit on {day} is cancelled",
            "{clinic}: your visit on {day} at {time} with {clinician} is cancelled."
            " To book another call {phone}.",
        ),
        "es": (
            "Su cita del {day} se canceló",
            "{clinic}: se canceló su cita del {day} a las {time} con {clinician}."
            " Para pedir otra llame al {phone}.",
        ),
    },
}


def day_text(day: date, language: str) -> str:
    """``Tue, Dec 1`` or ``mar 1 dic``."""
    weekday, month = _DAYS[language][day.weekday()], _MONTHS[language][day.month - 1]
    return f"{weekday}, {month} {day.day}" if language == "en" else f"{weekday} {day.day} {month}"


def time_text(at: time, language: str) -> str:
    """``2:20 PM`` or ``2:20 p. m.``."""
    hour = at.hour % 12 or 12
    half = ("AM", "PM") if language == "en" else ("a. m.", "p. m.")
    return f"{hour}:{at.minute:02d} {half[at.hour >= 12]}"  # noqa: PLR2004 (noon)


def written(template: str, language: str, facts: Mapping[str, str]) -> tuple[str, str]:
    """Subject and body of a text. Raises KeyError for an unknown template or a missing fact."""
    subject, body = TEXTS[template][language]
    return subject.format_map(facts), body.format_map(facts)


def channels_for(*, may_text: bool, has_phone: bool, has_email: bool) -> tuple[str, ...]:
    """How a confirmation goes out: by text when the phone takes texts, else by e-mail, else not."""
    if has_phone and may_text:
        return ("sms",)
    return ("email",) if has_email else ()


SENTENCES: dict[str, str] = {
    "patients.registered": "Registered",
    "patients.changed": "Details changed",
    "patients.imported": "Record imported",
    "patients.identified": "Identified by {confirmed_by}",
    "patients.reviewed": "Details reviewed, nothing changed",
    "patients.pictured": "Photo taken",
    "patients.told_apart": "Told apart from somebody alike",
    "scheduling.booked": "Booked {visit_type} with {clinician}, {when}",
    "scheduling.moved": "Moved to {when} with {clinician}",
    "scheduling.cancelled": "Cancelled the visit of {when}",
    "scheduling.no_show": "Did not come on {when}",
    "scheduling.undone": "Took back the last change of the visit of {when}",
    "coverage.added": "Coverage added: {payer}, {plan}",
    "coverage.changed": "Coverage changed: {payer}, {plan}",
    "coverage.ended": "Coverage ended: {payer}, {plan}",
    "coverage.retired": "Coverage taken back: {payer}, {plan}",
    "coverage.ranked": "Coverage put first: {payer}, {plan}",
    "coverage.card_kept": "Insurance card kept ({side})",
    "coverage.asked": "Asked {payer} about coverage",
    "coverage.answered": "{payer} answered about coverage",
    "coverage.rejected": "{payer} could not answer about coverage",
    "coverage.silent": "{payer} did not answer about coverage",
    "coverage.failed": "The question did not reach {payer}",
    "coverage.unreadable": "The answer of {payer} could not be read",
    "arrivals.arrived": "Arrived",
    "arrivals.checked_in": "Checked in",
    "arrivals.moved": "Moved on: {state} {room}",
    "arrivals.left": "Left {left_early}",
    "ledger.paid": "Paid {amount} by {method}",
    "ledger.card_asked": "Card asked for {amount}",
    "ledger.card_declined": "Card declined: {amount}",
    "ledger.card_cancelled": "Card payment of {amount} cancelled",
    "ledger.card_failed": "Card payment of {amount} failed, nothing charged",
    "ledger.card_unknown": "Card payment of {amount}: outcome not known yet",
    "ledger.refund_asked": "Refund of {amount} asked",
    "ledger.refund_unknown": "Refund of {amount}: outcome not known yet",
    "ledger.refunded": "Refunded {amount}",
    "ledger.reversed": "An entry was reversed: {reason}",
    "ledger.check_returned": "The bank returned the check of {amount}: {reason}",
    "ledger.payment_undone": "Payment of {amount} taken back: {reason}",
    "ledger.payment_moved": "Payment of {amount} was another patient's: {reason}",
    "billing.charges_saved": "Charges written down, not yet posted",
    "billing.charged": "Charges entered: {amount}",
    "billing.claim_held": "Claim {number} held: something must be mended",
    "billing.claim_ready": "Claim {number} ready to be sent",
    "billing.claim_queued": "Claim {number} on its way",
    "billing.claim_sent": "Claim {number} sent to {payer}",
    "billing.claim_accepted": "Claim {number} accepted",
    "billing.claim_rejected": "Claim {number} rejected",
    "billing.remitted": "{payer} answered claim {number} and paid {amount}",
    "billing.denied": "Denied on claim {number}: {amount}",
    "billing.statement_sent": "Statement sent: {amount}",
    "billing.statement_paid": "Statement {number} paid",
    "relations.sent": "Sent by {channel}: {subject}",
}


class _Known(dict[str, str]):
    def __missing__(self, _key: str) -> str:
        return "…"


def _said(value: object) -> str:
    return ", ".join(map(_said, value)) if isinstance(value, list) else str(value).replace("_", " ")


def sentence(kind: str, data: Mapping[str, Any]) -> str:
    """What happened, as a line of the patient's timeline; the bare kind when nobody wrote one."""
    pattern = SENTENCES.get(kind)
    if pattern is None:
        duty, _, verb = kind.partition(".")
        return f"{verb.replace('_', ' ').capitalize()} ({duty})"
    facts = _Known({key: _said(value) for key, value in data.items()})
    cents = data.get("cents", data.get("paid_cents"))
    if isinstance(cents, int):
        facts["amount"] = dollars(cents)
    return pattern.format_map(facts).strip()
