"""The patient's timeline, and the messages that did not arrive."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.ground import shell
from almoner.ground.typed import page_number
from almoner.patients import queries as patients
from almoner.relations import actions, queries
from almoner.relations.actions import Refusal, by_post
from almoner.relations.queries.timeline import BY
from almoner.relations.rules.by_post import LETTER

KINDS = [
    ("visits", _("Visits")),
    ("video", _("Visits by video")),
    ("coverage", _("Coverage")),
    ("money", _("Money")),
    ("messages", _("Messages")),
    ("cases", _("Cases")),
    ("complaints", _("Complaints")),
    ("forms", _("Forms")),
    ("details", _("Details")),
    ("outside", _("From outside")),
]
REFUSALS = {
    Refusal.NOT_OPEN: _("Somebody has seen to that message already, or it has arrived after all."),
    Refusal.NOT_TRUE: _("What it says is not true any more: the visit has changed or is over."),
    Refusal.NO_WAY: _("There is no phone that takes texts and no e-mail address. Add one first."),
    Refusal.NO_REASON: _("Say in a few words what was done instead."),
    Refusal.NOT_THEIRS: _("That number or address is not theirs any more. Look again."),
    Refusal.NO_WORDS: _("There are no words yet."),
    Refusal.OTHERS: _("That visit or bill is not theirs. Choose again."),
    Refusal.NO_SUBJECT: _("Say in a few words what it is about."),
    Refusal.TOO_LONG: _("That is too long to be sent. Make it shorter, or call."),
    Refusal.CONFIDENTIAL: _(
        "The patient asked for confidential contact: write to them in the way they asked for."
    ),
    Refusal.FULL: _(
        "Too many documents of this patient wait to be looked at. File some of them first: until"
        " then these stay here."
    ),
    Refusal.SILENCED: _(
        "No texts go to that number: they asked for none. Call, or write by e-mail."
    ),
    Refusal.OFTEN: _("Three codes went there within a day. Look at a paper of theirs instead."),
    Refusal.NO_OWNER: _("Nobody of that name answers messages here."),
    Refusal.CODE_OVER: _("That code is over. Send another one."),
    Refusal.NO_ADDRESS: _(
        "No letter goes to them: there is no address to write to, or they asked to be reached in"
        " another way."
    ),
    Refusal.PRIVATE: _(
        "They keep that visit private, and it is not known how to reach them. Ask them first."
    ),
    Refusal.NOT_THAT_DAY: _(
        "It cannot have been that day: not before it was written or posted, and not after today."
    ),
    Refusal.NOT_SO: _("Somebody has said what became of that letter already. Look again."),
}


WAYS = [
    ("", _("Every way")),
    ("sms", _("Texts")),
    ("email", _("E-mails")),
    ("call", _("Calls")),
    ("letter", _("Letters")),
    ("portal", _("In the account")),
]
"""How messages are narrowed on the timeline, by the names of `BY`."""


@door("GET", permission="relations.view", purpose=Purpose.OPERATIONS)
def timeline(request: DeskRequest, patient_id: int) -> HttpResponse:
    """Everything that happened to one patient, newest first, by kind when asked."""
    only, by = request.GET.get("only", ""), request.GET.get("by", "")
    header = patients.header(patient_id, reading=request.reading)
    lines, following = queries.timeline(
        patient_id,
        reading=request.reading,
        only=only,
        by=by,
        after=_cursor(request.GET.get("after", "")),
    )
    context = {
        "patient": header,
        "lines": lines,
        "only": only if only in queries.KINDS else "",
        "kinds": [each for each in KINDS if queries.readable(request.reading, each[0])],
        "by": by if by in BY else "",
        "ways": WAYS,
        "silence": queries.silence_of(patient_id),
        "following": f"{following[0].isoformat()}.{following[1]}" if following else "",
    }
    return render(request, "relations/timeline.html", context)


def _cursor(text: str) -> tuple[datetime, int] | None:
    """Where a page begins; the first page for anything we did not write ourselves."""
    at, _, number = text.rpartition(".")
    try:
        return datetime.fromisoformat(at), int(number)
    except ValueError:
        return None


@door("GET", permission="relations.send", purpose=Purpose.OPERATIONS, queue="undelivered")
def undelivered(request: DeskRequest) -> HttpResponse:
    """Messages that did not arrive, or of which nobody knows, until somebody has seen to them."""
    number = page_number(request.GET.get("page"))
    page = queries.undelivered(number=number, reading=request.reading)
    return render(request, "relations/undelivered.html", {"page": page})


@door("POST", permission="relations.send", purpose=Purpose.OPERATIONS)
def again(request: DeskRequest, message_id: int) -> HttpResponse:
    """Send the same words to where the patient is reached now."""
    message = queries.message(message_id, reading=request.reading)
    try:
        write = by_post.write_letter_again if message.channel == LETTER else actions.send_again
        write(officer=request.user, message=message, at=request.reading.at)
    except actions.MessageRefused as refused:
        return shell.refused(REFUSALS[refused.reason])
    told = gettext("A new letter is written. Print it, and say when it was posted.")
    by_letter = message.channel == LETTER
    return _seen_to(request, told if by_letter else gettext("On its way again."))


@door("POST", permission="relations.send", purpose=Purpose.OPERATIONS)
def handled(request: DeskRequest, message_id: int) -> HttpResponse:
    """Somebody told the patient in another way, or need not; the reason is kept."""
    message = queries.message(message_id, reading=request.reading)
    why = request.POST.get("reason", "")[:400]
    try:
        actions.handle_otherwise(
            officer=request.user, message=message, why=why, at=request.reading.at
        )
    except actions.MessageRefused as refused:
        return shell.refused(REFUSALS[refused.reason])
    return _seen_to(request, gettext("Kept. It is off the list."))


def _seen_to(request: DeskRequest, text: str) -> HttpResponse:
    return shell.afresh(request, text)
