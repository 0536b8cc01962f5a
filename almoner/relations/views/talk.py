"""Conversations: the list, one of them, and what an officer says in it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.ground import shell
from almoner.ground.typed import page_number
from almoner.patients import queries as patients
from almoner.relations import actions, forms, queries, rules
from almoner.relations.actions import by_post
from almoner.relations.queries import about as subjects
from almoner.relations.queries import by_post as letters
from almoner.relations.queries import unread
from almoner.relations.rules.by_post import LETTER
from almoner.relations.views.offering import Asked, asked_in, offered
from almoner.relations.views.told import REFUSALS

QUEUE = "texts received"
TABS = [
    ("waiting", gettext_lazy("To be read")),
    ("mine", gettext_lazy("Mine")),
    ("unknown", gettext_lazy("Nobody knows whose")),
    ("all", gettext_lazy("All")),
]
CHANNELS = [
    ("", gettext_lazy("Every way")),
    ("sms", gettext_lazy("Texts")),
    ("email", gettext_lazy("E-mails")),
    ("portal", gettext_lazy("In the account")),
    ("letter", gettext_lazy("Letters")),
]


@door("GET", permission="relations.send", purpose=Purpose.OPERATIONS, queue=QUEUE)
def conversations(request: DeskRequest) -> HttpResponse:
    """Conversations in which somebody must read something; those of nobody known; or all."""
    show, channel = request.GET.get("show", ""), request.GET.get("by", "")
    show = show if show in queries.SHOWS else "waiting"
    channel = channel if channel in queries.CHANNELS else ""
    if show == "all":
        # What is over is no reason to look at anybody: who reads it says why, or looks unexplained.
        request.reading.queue_is_over = True
    page = queries.conversations(
        show=show,
        channel=channel,
        number=page_number(request.GET.get("page")),
        reading=request.reading,
    )
    context = {"page": page, "show": show, "by": channel, "tabs": TABS, "channels": CHANNELS}
    return render(request, "relations/conversations.html", context)


@door("GET", "POST", permission="relations.send", purpose=Purpose.OPERATIONS)
def conversation_with(request: DeskRequest, patient_id: int) -> HttpResponse:
    """What was said with one patient, and a place to write to them."""
    header = patients.header(patient_id, reading=request.reading)
    talk = Talk(request, queries.with_patient(patient_id), patient_id)
    return talk.written() if request.method == "POST" else talk.page(patient=header)


@door("GET", "POST", permission="relations.send", purpose=Purpose.OPERATIONS)
def conversation_from(request: DeskRequest, conversation_id: int) -> HttpResponse:
    """What was said with an address of nobody known, who it may be, and a place to answer."""
    talk = Talk(request, queries.unknown(conversation_id, reading=request.reading), None)
    return talk.written() if request.method == "POST" else talk.page(patient=None)


@door("POST", permission="relations.send", purpose=Purpose.OPERATIONS)
def call_with(request: DeskRequest, patient_id: int) -> HttpResponse:
    """Keep what was said on the phone with a patient."""
    patients.header(patient_id, reading=request.reading)
    form = _calling(request, patient_id)
    if form.is_valid():
        actions.log_call_with(
            officer=request.user, patient_id=patient_id, call=form.call(), at=request.reading.at
        )
        return _kept(request, _("The call is kept."))
    return _call_again(request, form)


@door("POST", permission="relations.send", purpose=Purpose.OPERATIONS)
def call_from(request: DeskRequest, conversation_id: int) -> HttpResponse:
    """Keep what was said on the phone with a number of nobody known."""
    conversation = queries.unknown(conversation_id, reading=request.reading)
    form = _calling(request, None)
    if form.is_valid():
        actions.log_call_from(
            officer=request.user, conversation=conversation, call=form.call(), at=request.reading.at
        )
        return _kept(request, _("The call is kept."))
    return _call_again(request, form)


@door("POST", permission="relations.cases", purpose=Purpose.OPERATIONS)
def measure(request: DeskRequest) -> HttpResponse:
    """How long the words are that are being typed, as the carrier counts them."""
    to, words = request.POST.get("to", ""), request.POST.get("words", "").strip()
    by_text = to.startswith("sms")
    context = {"length": rules.measure(words), "most": rules.LONGEST if by_text else 0}
    return render(request, "relations/_length.html", context)


class Talk:
    """One conversation on its page: its thread, where words can go, and the forms."""

    def __init__(self, request: DeskRequest, conversation: Any, patient_id: int | None) -> None:
        self.request, self.conversation, self.patient_id = request, conversation, patient_id
        self.at = request.reading.at
        self.targets = queries.targets(conversation, patient_id, at=self.at)
        self.subjects = _subjects(request, patient_id)
        self.by_post = any(each.channel == LETTER for each in self.targets)
        self.language = queries.language_of(patient_id) if self.by_post else ""

    def page(
        self,
        *,
        patient: patients.Header | None,
        asked: Asked | None = None,
        more: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The whole of it; ``more`` is what another page has beside it, ``asked`` what it asks.

        Without, what waits first is what is to be answered.
        """
        before, about = _cursor(self.request.GET.get("before", "")), self.narrowed
        lines, older = queries.thread(
            self.conversation,
            reading=self.request.reading,
            before=before,
            about=(about.kind, about.id) if about else None,
        )
        first = next((line for line in lines if line.open), None)
        moving = next((line for line in reversed(lines) if line.paper), None)
        things = [(line.kind, line.id) for line in lines]
        context = self._context(self._form()) | {
            "patient": patient,
            "lines": lines,
            "only_about": about,
            "subjects": self.subjects,
            "first": first,
            "opens": first or (lines[-1] if lines else None),
            "filed": next((line for line in reversed(lines) if line.files), None),
            "older": f"{older[0].isoformat()}.{older[1]}.{older[2]}" if older else "",
            "silence": queries.silence_of(self.patient_id) if self.patient_id else None,
            "calling": forms.Calling(
                subjects=self.subjects, initial={"about": about.value if about else ""}
            ),
            "moving": moving,
            "today": letters.today(self.at) if moving else None,
            "dispositions": forms.DISPOSITIONS,
            "may_send": self.request.user.may("relations.send"),
            "may_open": self.request.user.may("relations.cases"),
            "about": queries.cases_about(things, self.request.user),
            "whose": _whose(lines, self.request.user),
            "notes": queries.notes(self.conversation),
            "people": queries.mentionable_beside(),
        }
        if self.targets:
            asked = asked or asked_in(self.patient_id, first)
            context |= offered(self.request.user, asked)
        return render(self.request, "relations/conversation.html", context | (more or {}))

    @cached_property
    def narrowed(self) -> subjects.Subject | None:
        """The visit or bill that the page is asked for, if they may know of it and it is theirs."""
        asked = self.request.GET.get("about", "")
        return next((each for each in self.subjects if each.value == asked), None)

    def written(
        self, kept: Callable[[Any], object] | None = None, *, then: str = ""
    ) -> HttpResponse:
        """Send what was typed, let ``kept`` have the message, and go on to ``then``."""
        form = self._form(self.request.POST)
        if form.is_valid():
            try:
                message = self._send(form.cleaned_data)
                if kept:
                    kept(message)
            except actions.MessageRefused as refused:
                form.add_error("words", str(REFUSALS[refused.reason]))
            else:
                told = self._told(message)
                if then:
                    shell.say(self.request, told)
                    return shell.go(self.request, then)
                return _kept(self.request, told)
        return render(self.request, "relations/_write.html", self._context(form), status=422)

    def _told(self, message: Any) -> str:
        if message.channel == LETTER:
            return _("The letter is written. Print it, and say when it was posted.")
        return _("On its way.")

    def _send(self, said: dict[str, Any]) -> Any:
        typed = {
            "officer": self.request.user,
            "words": said["words"],
            "key": said["key"],
            "about": said["about"],
            "at": self.at,
        }
        to = next(each for each in self.targets if each.value == said["to"])
        if to.answers:
            return actions.answer(received=to.answers, up_to=said["seen"], **typed)
        assert self.patient_id  # noqa: S101 (only a patient is reached without having written)
        if to.channel == LETTER:
            return by_post.write_letter(
                patient_id=self.patient_id, language=said["language"], up_to=said["seen"], **typed
            )
        return actions.write(patient_id=self.patient_id, channel=to.channel, **typed)

    def _form(self, data: Any = None) -> forms.Writing:
        first = next((each.value for each in self.targets if not each.stopped), None)
        if self.by_post and self.request.GET.get("by") == LETTER:
            first = LETTER
        seen = max((each.answers.pk for each in self.targets if each.answers), default=0)
        if self.by_post:
            seen = max(seen, letters.newest(self.patient_id))
        return forms.Writing(
            data,
            targets=self.targets,
            subjects=self.subjects,
            initial={
                "key": uuid4().hex,
                "to": first,
                "seen": seen,
                "language": self.language,
                "about": self.narrowed.value if self.narrowed else "",
            },
        )

    def _context(self, form: forms.Writing) -> dict[str, Any]:
        return {
            "form": form,
            "targets": self.targets,
            "by_post": self.by_post,
            "chosen": form["to"].value(),
            "conversation": self.conversation,
            "patient_id": self.patient_id,
            "address": queries.address_of(self.conversation),
        }


def _whose(lines: list[queries.Said], officer: Any) -> dict[str, Any] | None:
    """Whose what waits here is, and to whom it can be given; None when nothing waits."""
    waits = [each for each in lines if each.open]
    if not waits or not officer.may("relations.send"):
        return None
    mine = all(each.owner_id == officer.pk for each in waits)
    return {"mine": mine, "taken": any(each.owner for each in waits), "to": unread.who_answers()}


def _calling(request: DeskRequest, patient_id: int | None) -> forms.Calling:
    return forms.Calling(request.POST, subjects=_subjects(request, patient_id))


def _subjects(request: DeskRequest, patient_id: int | None) -> list[subjects.Subject]:
    """What words with a patient may be about, for this officer. Two queries, none for nobody.

    What the page was asked for, or what was chosen on it, is among them however old it is.
    """
    if patient_id is None:
        return []
    visits = queries.visits(patient_id, at=request.reading.at)
    asked = rules.about_named(request.POST.get("about", "") or request.GET.get("about", ""))
    return subjects.subjects(patient_id, visits, request.user, also=asked)


def _call_again(request: DeskRequest, form: forms.Calling) -> HttpResponse:
    context = {"calling": form, "dispositions": forms.DISPOSITIONS, "where": request.path}
    return render(request, "relations/_call.html", context, status=422)


def _kept(request: DeskRequest, told: str) -> HttpResponse:
    return shell.afresh(request, told)


def _cursor(text: str) -> queries.Cursor | None:
    """Where what is older begins; the newest for anything we did not write ourselves."""
    at, _dot, rest = text.rpartition(".")
    at, _dot, kind = at.rpartition(".")
    try:
        return datetime.fromisoformat(at), int(kind), int(rest)
    except ValueError:
        return None
