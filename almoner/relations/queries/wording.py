"""The words for the codes of cases and of consents."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from almoner.relations import models
from almoner.relations.models import script

KINDS: dict[str, Promise] = dict(models.KINDS)
DESKS: dict[str, Promise] = dict(models.DESKS)
SKILLS: dict[str, Promise] = dict(models.SKILLS)
WAITS_FOR: dict[str, Promise] = dict(models.WAITS_FOR)
SHOWN: dict[str, Promise] = {
    "mine": _("Mine"),
    "desk": _("My desk's"),
    "unassigned": _("Not taken"),
    "overdue": _("Overdue"),
    "waiting": _("Waiting"),
    "snoozed": _("Set aside"),
    "closed": _("Closed"),
    "able": _("I can take"),
}
STANDINGS: dict[str, tuple[str, Promise]] = {
    "ok": ("plain", _("In time")),
    "soon": ("warn", _("Due soon")),
    "overdue": ("bad", _("Overdue")),
    "waits": ("wait", _("Waits")),
    "closed": ("good", _("Closed")),
}
VERBS: dict[str, Promise] = {
    "opened": _("Opened"),
    "decided": _("Said whose it is"),
    "attached": _("Said what it is also about"),
    "noted": _("Note"),
    "asked": _("Asked in a note"),
    "taken": _("Taken"),
    "assigned": _("Given to"),
    "moved": _("Sent to another desk"),
    "due": _("Due at another time"),
    "snoozed": _("Set aside"),
    "waits": _("Waits"),
    "resumed": _("Goes on"),
    "answered": _("Answered"),
    "classified": _("Asked whether it is a grievance"),
    "completed": _("Wrote down what the letter must say"),
    "drafted": _("Letter drafted"),
    "sent": _("Letter sent"),
    "delivered": _("Letter delivered"),
    "warned": _("The owner was warned"),
    "no_notice": _("Decided that no notice can be delivered"),
    "unanswered": _("The owner was told that nobody has answered yet"),
    "overdue": _("Overdue, also with"),
    "stranded": _("Nobody here has the skill, also with"),
    "closed": _("Closed"),
    "reopened": _("Opened again"),
    "merged": _("Made part of"),
    "took_in": _("Took in"),
    "taken_out": _("Taken out of"),
    "split": _("Divided, the other part is"),
}
LETTERS: dict[str, Promise] = {
    "answer": _("Answer"),
    "still_open": _("Still open"),
}
LANGUAGES: dict[str, Promise] = {"en": _("English"), "es": _("Spanish")}
ROLES: dict[str, Promise] = {
    "officer": _("Front desk"),
    "biller": _("Billing"),
    "manager": _("Managers"),
    "privacy": _("Privacy"),
}
"""The roles that have cases as work."""
WANTS: dict[str, Promise] = {
    "contact": _("a contact person"),
    "steps": _("the steps taken"),
    "result": _("the result"),
    "completed": _("the day it was completed"),
    "letter": _("the letter, sent, in the patient's language"),
    "delivery": _("proof that the letter arrived"),
}
PROOFS: dict[str, Promise] = {
    "reply": _("they answered it"),
    "certified": _("by certified mail"),
}
PURPOSES: dict[str, Promise] = {
    "care": _("Visits and care"),
    "billing": _("Bills"),
    "marketing": _("Offers and news"),
    "survey": _("Questions how it was"),
}
OUTCOMES: dict[str, Promise] = {
    "confirmed": _("confirmed"),
    "call_back": _("wants to be called back"),
    "no_more": _("wants no more calls"),
    "heard": _("heard, nothing asked"),
    "voicemail": _("a machine was asked to call us"),
    "not_said": _("nobody said who they are"),
    "not_them": _("the birth date was wrong"),
    "not_true": _("not read, it was not true any more"),
    "not_heard": _("nothing could be said"),
}
"""What a call by a machine came to."""
CALLERS: dict[str, Promise] = dict(script.CALLERS)
ASKED: dict[str, Promise] = dict(script.ASKED)
"""What a caller was asked, as a call's log says it."""
REACHED: dict[str, Promise] = {
    "sms": _("texts"),
    "voice": _("calls by a machine"),
}
"""What a phone is reached by."""
