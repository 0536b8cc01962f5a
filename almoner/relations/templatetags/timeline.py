"""How what happened reads: staff's words for the codes that events keep."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from almoner.ground.money import dollars
from almoner.ground.templatetags.desk import badge, in_words
from almoner.relations.queries import Happening
from almoner.relations.queries.sentences import SENTENCES
from almoner.relations.queries.wording import ASKED, CALLERS, OUTCOMES

register = template.Library()

_WORDS: dict[str, Promise] = {
    "sms": _("text"),
    "voice": _("phone call"),
    "email": _("e-mail"),
    "portal": _("account"),
    "letter": _("letter"),
    "cash": pgettext_lazy("paid by", "cash"),
    "card": pgettext_lazy("paid by", "card"),
    "check": pgettext_lazy("paid by", "check"),
    "front": pgettext_lazy("side of a card", "front"),
    "back": pgettext_lazy("side of a card", "back"),
    "patient": _("patient"),
    "clinician": _("clinician"),
    "interpreter": _("interpreter"),
    "family": _("family"),
    "camera": _("camera"),
    "sound": _("sound"),
    "connection": _("connection"),
    "other": _("another reason"),
    "arrived": _("arrived"),
    "ready": _("ready"),
    "roomed": _("roomed"),
    "with_clinician": _("with clinician"),
    "done": _("done"),
    "name": _("name"),
    "birth_date": _("birth date"),
    "phone": _("phone"),
    "address": _("address"),
    "mrn": _("record number"),
    "settled": _("settled"),
    "passed_on": _("passed on"),
    "left_message": _("left a message"),
    "no_answer": _("no answer"),
    "wrong_number": _("wrong number"),
    "question": _("question"),
    "request": _("request"),
    "complaint": _("complaint"),
    "grievance": _("grievance"),
    "billing_dispute": _("billing dispute"),
    "records_request": _("records request"),
    "call_back": _("call back"),
    "task": _("task"),
    "member_id": _("member id"),
    "photo_id": _("photo ID"),
    "name_used": _("name used"),
    "pronouns": _("pronouns"),
    "other_phone": _("another phone"),
    "language": _("preferred language"),
    "emergency": _("emergency contact"),
    "policy": _("coverage"),
    "new_policy": _("new coverage"),
    "company": _("who comes along"),
    "reason": _("reason for the visit"),
    "needs": _("what helps"),
    "contact": _("emergency contact"),
    "opted_out": _("said no, or has not agreed"),
    "no_way": _("no way to reach them"),
    "declined": _("wants no visit"),
    "unreached": _("not reached by phone"),
    **OUTCOMES,
}
"""Words for codes among an event's facts. What has none is a name or somebody's own words."""
_KEPT = ("trouble", "reason", "why", "subject")
"""Facts that may be a sentence of ours; see `ground.words`."""
_CODED = (
    "channel", "method", "side", "state", "confirmed_by", "disposition", "thing", "role", "cause",
    "part", "case_kind", "came",
)  # fmt: skip


class _Known(dict[str, str]):
    def __missing__(self, _key: str) -> str:
        return "…"


def _word(code: object) -> str:
    return str(_WORDS.get(str(code).replace(" ", "_")) or str(code).replace("_", " "))


def _said(name: str, value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_said(name, each) for each in value)
    if name in _KEPT:
        return in_words(str(value))
    return _word(value) if name in _CODED else str(value).replace("_", " ")


def sentence(kind: str, facts: Mapping[str, Any]) -> str:
    """What happened, as a line of the patient's timeline; the bare kind when nobody wrote one."""
    pattern = SENTENCES.get(kind)
    if pattern is None:
        duty, _dot, verb = kind.partition(".")
        return f"{verb.replace('_', ' ').capitalize()} ({duty})"
    words = _Known({name: _said(name, value) for name, value in facts.items()})
    cents = facts.get("cents", facts.get("paid_cents"))
    if isinstance(cents, int):
        words["amount"] = dollars(cents)
    return str(pattern).format_map(words).strip()


@register.filter
def says(line: Happening) -> str:
    return sentence(line.kind, line.facts)


CHANNELS: dict[str, Promise] = {
    "sms": _("Text"),
    "voice": _("Phone call by a machine"),
    "email": _("E-mail"),
    "portal": _("In the account"),
    "letter": _("Letter"),
}
STATES: dict[str, tuple[str, Promise]] = {
    "waiting": ("wait", _("On its way")),
    "sending": ("wait", _("Being sent")),
    "sent": ("good", _("Sent")),
    "failed": ("bad", _("Not sent")),
    "unknown": ("warn", _("Outcome not known")),
    "withdrawn": ("plain", _("Taken back")),
    "queued": ("wait", _("With the carrier")),
    "delivered": ("good", _("Arrived")),
    "undelivered": ("bad", _("Did not arrive")),
}
PAPER: dict[str, tuple[str, Promise]] = {
    "queued": ("wait", _("To be posted")),
    "posted": ("wait", _("Posted")),
    "delivered": ("good", _("Arrived")),
    "returned": ("bad", _("Came back")),
    "withdrawn": ("plain", _("Taken back")),
}


@register.filter
def channel(code: str) -> str:
    return str(CHANNELS.get(code, code))


WAYS: dict[tuple[str, bool], Promise] = {
    ("message", False): _("We wrote"),
    ("received", True): _("They wrote"),
    ("call", True): _("They called"),
    ("call", False): _("We called"),
}
DISPOSITIONS: dict[str, Promise] = {
    "settled": _("Settled"),
    "passed_on": _("Passed on"),
    "left_message": _("Left a message"),
    "no_answer": _("No answer"),
    "wrong_number": _("Wrong number"),
}


@register.filter
def way(kind: str, incoming: bool) -> str:
    """Who said it, and in which way."""
    return str(WAYS[kind, incoming])


@register.filter
def ended(disposition: str) -> str:
    """How a phone call ended."""
    return str(DISPOSITIONS[disposition])


@register.filter
def caller_kind(kind: str) -> str:
    """Who called, by the script that was read."""
    return str(CALLERS[kind])


@register.filter
def was_asked(code: str) -> str:
    """What a caller was asked, in a list."""
    return str(ASKED[code])


@register.filter
def identifier(name: str) -> str:
    """An identifier that agreed, in a list."""
    return str(_WORDS[name])


MEANINGS: dict[str, tuple[str, Promise]] = {
    "stop": ("warn", _("No more texts")),
    "start": ("good", _("Texts again")),
    "help": ("plain", _("Asked for help")),
    "other": ("info", _("Words of their own")),
    "machine": ("plain", _("Sent by a machine")),
}
SUGGESTIONS: dict[str, Promise] = {
    "stop": _("They may want no more texts."),
    "visit": _("This may be about a visit: look whether one is to be cancelled or moved."),
    "wrong_number": _("The number may have another owner now: no more texts, and mend the phone."),
}


@register.simple_tag
def meant(meaning: str) -> SafeString:
    """What a text that came in said, as a badge."""
    tone, word = MEANINGS[meaning]
    return badge(tone, str(word))


@register.filter
def suggested(suggestion: str) -> str:
    """What a text may want, for the person who reads it; empty when nothing suggests itself."""
    return str(SUGGESTIONS.get(suggestion, ""))


@register.simple_tag
def delivery(state: str, channel: str = "") -> SafeString:
    """What became of a message, as a badge."""
    tone, word = (PAPER if channel == "letter" else STATES)[state]
    return badge(tone, str(word))
