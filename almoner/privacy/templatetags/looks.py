"""The words for what the access log keeps as codes: what led to a look, and for what purpose."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from almoner.access.rules import Purpose
from almoner.relations.templatetags.timeline import sentence

register = template.Library()

PURPOSES: dict[Purpose, Promise] = {
    Purpose.TREATMENT: _("treatment"),
    Purpose.PAYMENT: _("payment"),
    Purpose.OPERATIONS: _("running the clinic"),
    Purpose.NO_PATIENT: _("no patient data"),
}
REASONS: dict[str, Promise] = {
    "said": _("Their own word"),
    "search": _("A search"),
    "share": _("Shared by the patient"),
    # work items
    "appointment": _("Appointment"),
    "call": _("Phone call"),
    "document": _("Document"),
    "case": _("Case"),
    "charges": _("Charges"),
    "claim": _("Claim"),
    "decision": _("Decision about two records"),
    "denial": _("Denial"),
    "eligibility": _("Coverage question"),
    "encounter": _("Visit"),
    "enrolment": _("Place in a campaign"),
    "look": _("A patient identified"),
    "mention": _("Asked by a colleague"),
    "message": _("Message"),
    "pair": _("Two records of one person"),
    "payment": _("Payment"),
    "conversation": _("Conversation with an address nobody knows"),
    "received": _("Text received"),
    "registration": _("Registration"),
    "result": _("Result"),
    "remittance": _("Remittance"),
    "statement": _("Statement"),
    "survey": _("Survey after a visit"),
    "closed": _("E-mail address that takes nothing"),
    "waitentry": _("Place on the waitlist"),
    # work lists
    "answers to be matched": _("List: answers to be matched"),
    "bank deposits": _("List: bank deposits"),
    "campaign": _("List: people of a campaign"),
    "cases": _("List: cases"),
    "claims": _("List: claims"),
    "closed addresses": _("List: e-mail addresses that take nothing"),
    "coverage": _("List: coverage"),
    "day_board": _("List: the day"),
    "denials": _("List: denials"),
    "likely duplicates": _("List: likely duplicates"),
    "documents": _("List: documents to look at"),
    "estimates due": _("List: estimates due"),
    "flow board": _("List: the flow board"),
    "privacy review": _("List: who looked, and why"),
    "results": _("List: results to look at"),
    "segment": _("List: people of a segment"),
    "texts received": _("List: texts received"),
    "undelivered": _("List: messages not delivered"),
    "unresolved payments": _("List: payments not settled"),
    "video board": _("List: visits by video"),
    "visits to charge": _("List: visits to charge"),
    "waitlist": _("List: the waitlist"),
    "week": _("List: the week"),
}

SEARCHED: dict[str, Promise] = {
    "name": _("name"),
    "birth_date": _("birth date"),
    "mrn": _("MRN"),
    "phone": _("phone"),
    "member_id": _("member number"),
    "part of a name or number": _("part of a name or number"),
    "part of a name": _("part of a name"),
    "day of a visit": _("day of a visit"),
    "claim number": _("claim number"),
    "who is this": _("people alike, while registering"),
    "address or phone": _("address or phone"),
}
"""What a search was made by."""

KNOWN_BY: dict[str, Promise] = {
    "name": _("name"),
    "birth_date": _("birth date"),
    "phone": _("phone"),
    "address": _("address"),
    "member_id": _("member number"),
    "mrn": _("MRN"),
    "photo_id": _("photo ID"),
}
"""What confirms a person."""


@register.filter
def reason_name(kind: str) -> str:
    """What led to a look; a kind no duty has any more stands as it was written."""
    return str(REASONS.get(kind, kind))


@register.filter
def note_words(note: str, kind: str) -> str:
    """What a search held, in words; of any other look what the reader said, in theirs."""
    if kind != "search":
        return note
    return ", ".join(str(SEARCHED.get(part, part)) for part in note.split(", "))


@register.filter
def identifiers(confirmed_by: tuple[str, ...]) -> str:
    """By what a person was known, in words."""
    return ", ".join(str(KNOWN_BY.get(name, name)) for name in confirmed_by)


@register.filter
def effect_words(kind: str) -> str:
    """What the reader did afterwards, as the timeline says it, its details left out."""
    return sentence(kind, {})


@register.filter
def purpose_name(purpose: str) -> str:
    return str(PURPOSES[Purpose(purpose)])
