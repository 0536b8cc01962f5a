"""The desk's and the clinician's side: the board of visits by video, and one of them."""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.ground import shell
from almoner.ground.language import language_for
from almoner.patients import queries as patients
from almoner.relations import actions as relations
from almoner.relations.forms import DISPOSITIONS
from almoner.telehealth import actions, forms, queries
from almoner.telehealth.queries import wording
from almoner.telehealth.rules import Phone, Role
from almoner.telehealth.seat import give


@door("GET", permission="telehealth.view", purpose=Purpose.TREATMENT, queue="video board")
def video_board(request: DeskRequest) -> HttpResponse:
    """Who is seen by video today: who waits, since when, and what still stands in the way."""
    fragment = bool(request.headers.get("HX-Request"))
    lines = queries.board(reading=request.reading)
    ready = (line for line in lines if line.waits_since and not line.still_open)
    context = {
        "lines": [_worded(line) for line in lines],
        "hosts": _hosts(request),
        "ring": next(
            (each.appointment_id for each in lines if each.to_be_rung and not each.rung), None
        ),
        "next": next((line.appointment_id for line in ready), None),
    }
    template = "telehealth/_board.html" if fragment else "telehealth/board.html"
    return render(request, template, context)


def _hosts(request: DeskRequest) -> bool:
    """Whether this officer can let patients in: they see patients, and may."""
    return request.user.may("telehealth.host") and request.user.clinician_id is not None


_RUNG = {code.value: word for _key, code, word in DISPOSITIONS}


def _worded(line: queries.Line) -> dict[str, Any]:
    tone, state = wording.OTHERWISE if line.seen_otherwise else wording.STATES[line.state]
    return {
        "line": line,
        "tone": tone,
        "state": state,
        "still_open": [wording.ITEMS[item] for item in line.still_open],
        "trouble": [wording.TESTED[name] for name in line.trouble],
        "untried": [wording.TESTED[name] for name in line.untried],
        "here": [wording.ROLES[role] for role in line.here],
        "rung": _RUNG.get(line.rung_ended, ""),
        "phone_why": wording.REASONS.get(line.by_phone_reason, ""),
    }


@door("GET", permission="telehealth.view", purpose=Purpose.TREATMENT)
def video_visit(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """One visit by video: the gate, who takes part, and what is kept of it."""
    if request.headers.get("HX-Request"):
        return render(request, "telehealth/_visit.html", _visit(request, appointment_id))
    return _whole(request, appointment_id)


def _whole(request: DeskRequest, appointment_id: int, **more: Any) -> HttpResponse:
    context = _visit(request, appointment_id) | more
    context["header"] = patients.header(context["line"].patient_id, reading=request.reading)
    status = 422 if any(getattr(form, "errors", None) for form in more.values()) else 200
    return render(request, "telehealth/visit.html", context, status=status)


def _visit(request: DeskRequest, appointment_id: int) -> dict[str, Any]:
    line = queries.line(appointment_id, reading=request.reading)
    kept = queries.record(line.visit_id)
    text = queries.consent_text(line.facts.state, on=line.local_day)
    initial = {
        "state": line.facts.state,
        "address": line.facts.emergency,
        "callback": line.facts.callback,
    }
    worded = _worded(line)
    return worded | {
        "worded": worded,
        "items": [(item, words, item in line.still_open) for item, words in wording.ITEMS.items()],
        "kept": kept,
        "passed": [(one, wording.ITEMS[one.item], who) for one, who in kept.gate],
        "people": [
            (one, wording.ROLES[one.role], one.is_here(at=request.reading.at))
            for one in kept.people
        ],
        "legs": [
            (
                one,
                wording.way(one.candidate, by_gateway=one.by_gateway),
                wording.CAUSES.get(one.cause, ""),
            )
            for one in kept.legs
        ],
        "tested": [(wording.TESTED[name], result) for name, result in line.test.items()],
        "hosts": _hosts(request),
        "may_prepare": request.user.may("telehealth.prepare"),
        "text": text,
        "where": forms.Where(initial=initial),
        "gate": forms.Gate(still_open=line.still_open),
        "reasons": [(one.value, wording.REASONS[one]) for one in Phone],
        "most": actions.most(),
        "has_gateway": actions.gateway() is not None,
    }


def _back(request: DeskRequest, appointment_id: int) -> HttpResponse:
    where = reverse("video_visit", args=[appointment_id])
    return shell.go(request, f"{where}?for=appointment:{appointment_id}")


def _not_possible(request: DeskRequest, appointment_id: int) -> HttpResponse:
    shell.say(request, _("That had changed meanwhile. Nothing was done."), tone="warn")
    return _back(request, appointment_id)


@door("POST", permission="telehealth.host", purpose=Purpose.TREATMENT)
def video_admit(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """Let the patient in and go to the call; what is still open asks for a reason first."""
    line = queries.line(appointment_id, reading=request.reading)
    form = forms.Gate(request.POST, still_open=line.still_open)
    try:
        place = actions.admit(
            officer=request.user,
            appointment_id=appointment_id,
            reasons=form.reasons(),
            at=request.reading.at,
        )
    except actions.GateOpen as gate:
        form.ask(gate.items)
        return _whole(request, appointment_id, gate=form)
    except actions.NotAClinician:
        shell.say(request, _("Only who sees patients here can let one in."), tone="warn")
        return _back(request, appointment_id)
    except (actions.NotNow, actions.NotByVideo):
        return _not_possible(request, appointment_id)
    return give(shell.go(request, reverse("call", args=[place.participant_id])), place)


@door("POST", permission="telehealth.host", purpose=Purpose.TREATMENT)
def video_back(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """Who admitted goes back into the call, on this device."""
    queries.line(appointment_id, reading=request.reading)
    try:
        place = actions.come_back(
            officer=request.user, appointment_id=appointment_id, at=request.reading.at
        )
    except (actions.NotNow, actions.NotByVideo, actions.NotAClinician):
        return _not_possible(request, appointment_id)
    return give(shell.go(request, reverse("call", args=[place.participant_id])), place)


@door("POST", permission="telehealth.host", purpose=Purpose.TREATMENT)
def video_end(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """The visit is over for everybody."""
    queries.line(appointment_id, reading=request.reading)
    try:
        actions.end(officer=request.user, appointment_id=appointment_id, at=request.reading.at)
    except (actions.NotNow, actions.NotByVideo):
        return _not_possible(request, appointment_id)
    shell.say(request, _("The visit is over."))
    return shell.go(request, reverse("video_board"))


@door("POST", permission="telehealth.host", purpose=Purpose.TREATMENT)
def video_end_back(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """It was ended too soon."""
    queries.line(appointment_id, reading=request.reading)
    try:
        actions.take_back_end(
            officer=request.user, appointment_id=appointment_id, at=request.reading.at
        )
    except (actions.NotNow, actions.NotByVideo):
        return _not_possible(request, appointment_id)
    shell.say(request, _("The visit goes on as soon as the patient opens their page again."))
    return _back(request, appointment_id)


@door("POST", permission="telehealth.host", purpose=Purpose.TREATMENT)
def video_lock(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """Nobody new comes in, or somebody may again."""
    queries.line(appointment_id, reading=request.reading)
    try:
        actions.lock(
            officer=request.user,
            appointment_id=appointment_id,
            closed=request.POST.get("closed") == "1",
            at=request.reading.at,
        )
    except actions.NotByVideo:
        return _not_possible(request, appointment_id)
    return HttpResponse(status=204)


@door("POST", permission="telehealth.prepare", purpose=Purpose.TREATMENT)
def video_remove(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """Somebody who was invited is taken out."""
    queries.line(appointment_id, reading=request.reading)
    try:
        actions.remove(
            officer=request.user,
            appointment_id=appointment_id,
            participant_id=forms.number(request.POST.get("participant", "")),
            at=request.reading.at,
        )
    except (actions.NotNow, actions.NotByVideo):
        return _not_possible(request, appointment_id)
    return HttpResponse(status=204)


@door("POST", permission="telehealth.prepare", purpose=Purpose.TREATMENT)
def video_identify(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """The officer compared two identifiers."""
    queries.line(appointment_id, reading=request.reading)
    try:
        actions.identify(officer=request.user, appointment_id=appointment_id, at=request.reading.at)
    except actions.NotByVideo:
        return _not_possible(request, appointment_id)
    return _back(request, appointment_id)


@door("POST", permission="telehealth.prepare", purpose=Purpose.TREATMENT)
def video_tell(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """Have the patient who waits read something, like how late it is."""
    queries.line(appointment_id, reading=request.reading)
    words = request.POST.get("words", "")
    try:
        actions.tell_waiting(
            officer=request.user, appointment_id=appointment_id, words=words, at=request.reading.at
        )
    except actions.Unsound:
        shell.say(request, _("That is too long: 300 characters at most."), tone="bad")
        return _back(request, appointment_id)
    except (actions.NotNow, actions.NotByVideo):
        return _not_possible(request, appointment_id)
    shell.say(request, _("They read it now.") if words.strip() else _("It is taken away."))
    return _back(request, appointment_id)


@door("POST", permission="telehealth.prepare", purpose=Purpose.TREATMENT)
def video_where(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """What the patient said on the phone of where they are."""
    queries.line(appointment_id, reading=request.reading)
    form = forms.Where(request.POST)
    if form.is_valid():
        try:
            actions.say_where(
                officer=request.user,
                appointment_id=appointment_id,
                at=request.reading.at,
                **form.cleaned_data,
            )
        except actions.NotSaid as wrong:
            for field in wrong.fields:
                form.refuse(field)
        except actions.NotByVideo:
            return _not_possible(request, appointment_id)
        else:
            return _back(request, appointment_id)
    return _whole(request, appointment_id, where=form)


@door("POST", permission="telehealth.prepare", purpose=Purpose.TREATMENT)
def video_agree(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """The patient agreed to the text that was read out."""
    queries.line(appointment_id, reading=request.reading)
    try:
        actions.agree(
            officer=request.user,
            appointment_id=appointment_id,
            text_id=forms.number(request.POST.get("text", "")),
            language=language_for(request.POST.get("language", "")),
            at=request.reading.at,
        )
    except (actions.NoText, actions.NotByVideo):
        return _not_possible(request, appointment_id)
    return _back(request, appointment_id)


@door("POST", permission="telehealth.prepare", purpose=Purpose.TREATMENT)
def video_phone(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """The visit goes on by phone, by one press; the same says why afterwards."""
    queries.line(appointment_id, reading=request.reading)
    said = request.POST.get("reason", "")
    reason = Phone(said) if said in set(Phone) else None
    try:
        actions.take_to_phone(
            officer=request.user,
            appointment_id=appointment_id,
            reason=reason,
            at=request.reading.at,
        )
    except (actions.NotNow, actions.NotByVideo):
        return _not_possible(request, appointment_id)
    if reason is None:
        undo = reverse("video_phone_back", args=[appointment_id])
        shell.say(
            request, _("It goes on by phone."), undo=f"{undo}?for=appointment:{appointment_id}"
        )
    return _back(request, appointment_id)


@door("POST", permission="telehealth.prepare", purpose=Purpose.TREATMENT)
def video_phone_back(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """It goes on by video after all."""
    queries.line(appointment_id, reading=request.reading)
    try:
        actions.take_back_phone(
            officer=request.user, appointment_id=appointment_id, at=request.reading.at
        )
    except (actions.NotNow, actions.NotByVideo):
        return _not_possible(request, appointment_id)
    return _back(request, appointment_id)


@door("POST", permission="telehealth.prepare", purpose=Purpose.TREATMENT)
def video_invite(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """A link for an interpreter or the family: sent to the patient as a text, or shown once."""
    line = queries.line(appointment_id, reading=request.reading)
    role = Role.INTERPRETER if request.POST.get("role") == Role.INTERPRETER else Role.FAMILY
    language = language_for(request.POST.get("language", ""))
    try:
        token = actions.invite(
            officer=request.user,
            appointment_id=appointment_id,
            role=role,
            language=language,
            at=request.reading.at,
        )
    except (actions.NotNow, actions.NotByVideo, actions.NoPlace):
        return _not_possible(request, appointment_id)
    where = settings.ADDRESS.rstrip("/") or f"{request.scheme}://{request.get_host()}"
    link = where + reverse("call_invitation", args=[token])
    wanted = role == Role.FAMILY and request.POST.get("send") == "1"
    sent = wanted and request.user.may("relations.send")
    if sent:
        sent = _text(request, line.patient_id, appointment_id, link, language)
    return _whole(request, appointment_id, link=link, link_sent=sent)


def _text(
    request: DeskRequest, patient_id: int, appointment_id: int, link: str, language: str
) -> bool:
    """The link of the family goes to the patient, who hands it on: we know no other number."""
    sent = relations.tell(
        patient_id=patient_id,
        text="family-link",
        facts=lambda _language: {"link": link},
        step=f"family-{uuid4().hex}",
        by=("sms",),
        language=language,
        visit_id=appointment_id,
        officer=request.user,
        at=request.reading.at,
    )
    return bool(sent)
