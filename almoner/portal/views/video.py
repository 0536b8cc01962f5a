"""A visit by video, for the patient: where they are, what they agree to, test and waiting room.

What is read and written of it is done as the desk, of the one visit that the link leads to and that
was read as the patient: see the decision on the patients' role.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import orjson
from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html

from almoner.arrivals import actions as arrivals
from almoner.ground import clock
from almoner.ground.typed import row_id
from almoner.portal import queries
from almoner.portal.gate import PatientRequest, gate, page
from almoner.portal.rules.accounts import Part
from almoner.telehealth import actions, rules
from almoner.telehealth import queries as telehealth
from almoner.telehealth.rules import Item, State
from almoner.telehealth.seat import DEVICES, give

LARGEST = 4 * 1024


@dataclass(frozen=True, slots=True)
class Video:
    """What the page of a visit says of its video: ``open`` is whether one can go in now."""

    open: bool
    words: Any


def of(request: PatientRequest) -> Video | None:
    """None when the visit is not by video, or is over."""
    line = _line(request)
    if line is None:
        return None
    return Video(_open(line), rules.WORDS[request.language])


def _line(request: PatientRequest) -> telehealth.Line | None:
    row = queries.appointment(request.link.appointment_id)
    if row.status not in ("booked", "arrived"):
        return None
    with queries.as_the_desk():
        try:
            line = telehealth.of(row.pk, clinician_id=None, at=clock.now())
        except Http404:
            return None
    return None if line.state is State.ENDED else line


def _open(line: telehealth.Line) -> bool:
    return rules.is_open(starts_at=line.starts_at, ends_at=line.ends_at, at=clock.now())


def _shown(
    request: PatientRequest, template: str, facts: dict[str, Any], status: int = 200
) -> HttpResponse:
    facts = {"say": rules.WORDS[request.language]} | facts
    response = page(request, f"portal/{template}.html", facts, status=status)
    response.headers["Permissions-Policy"] = DEVICES
    return response


def _visit(request: PatientRequest) -> HttpResponse:
    return redirect("visit_page", request.token)


@gate("GET", "POST")
def video_where_now(request: PatientRequest) -> HttpResponse:
    """Where the patient is, where help goes, where they are reached. Then what they agree to."""
    line = _line(request)
    if line is None or not _open(line):
        return _visit(request)
    facts = line.facts
    kept = queries.known_of(request.link).get("phone")
    number = kept.parts.get("value", "") if kept else ""
    typed = {"state": facts.state, "address": facts.emergency, "callback": facts.callback}
    reach = {"number": kept.text if kept else "", "kept": typed["callback"] in {"", number}}
    if reach["kept"]:
        typed["callback"] = ""  # what we have is shown in part, and not asked again
    if request.method != "POST":
        return _where(request, typed, reach)
    typed = {name: request.POST.get(name, "").replace("\0", "") for name in typed}
    reach["kept"] = bool(number) and request.POST.get("reach") == "kept"
    told = typed | ({"callback": number} if reach["kept"] else {})
    try:
        with queries.as_the_desk():
            if request.link.own:  # who acts for the patient has not said that they are the patient
                actions.identify(officer=None, appointment_id=line.appointment_id, at=clock.now())
            actions.say_where(
                officer=None, appointment_id=line.appointment_id, at=clock.now(), **told
            )
    except actions.NotSaid as wrong:
        return _where(request, typed, reach, wrong.fields)
    except actions.NotByVideo:
        return _visit(request)
    return redirect("visit_video_consent", request.token)


def _where(
    request: PatientRequest,
    typed: dict[str, str],
    reach: dict[str, Any],
    wrong: Sequence[str] = (),
) -> HttpResponse:
    words = rules.WORDS[request.language]
    facts = {
        "typed": typed,
        "reach": reach,
        "reach_kept": format_html(
            words["reach_kept"],
            number=format_html('<span class="nowrap">{}</span>', reach["number"]),
        ),
        "wrong": {name: words[_why_not(name, typed)] for name in wrong},
        "first": next(iter(wrong), ""),
    }
    return _shown(request, "video_where", facts, status=422 if wrong else 200)


def _why_not(name: str, typed: dict[str, str]) -> str:
    """The word for why what was typed of it cannot be."""
    return "which_state" if name == "state" and not typed["state"].strip() else f"no_{name}"


@gate("GET", "POST")
def video_consent(request: PatientRequest) -> HttpResponse:
    """The text of the state where they are; agreed to once for this visit."""
    line = _line(request)
    if line is None or not _open(line):
        return _visit(request)
    if Item.LOCATION in line.still_open:
        return redirect("visit_video", request.token)
    if Item.CONSENT not in line.still_open:
        return redirect("visit_video_test", request.token)
    if request.method == "POST" and (agreed := _agree(request, line)):
        return agreed
    with queries.as_the_desk():
        text = telehealth.consent_text(line.facts.state, on=line.local_day)
    facts = {
        "text": text,
        "shown": text.words(request.language) if text else "",
        "none": rules.said(request.language, "no_consent_text", state=line.facts.state),
    }
    return _shown(request, "video_consent", facts)


def _agree(request: PatientRequest, line: telehealth.Line) -> HttpResponse | None:
    """None when another text is in force meanwhile: that one is shown."""
    try:
        with queries.as_the_desk():
            actions.agree(
                officer=None,
                appointment_id=line.appointment_id,
                text_id=row_id(request.POST.get("text")) or 0,
                language=request.language,
                at=clock.now(),
            )
    except actions.NoText:
        return None
    return redirect("visit_video_test", request.token)


@gate("GET")
def video_test(request: PatientRequest) -> HttpResponse:
    """Camera, microphone, speaker and connection; from here to the waiting room."""
    line = _line(request)
    if line is None:
        return _visit(request)
    ready = _open(line) and not {Item.LOCATION, Item.CONSENT} & set(line.still_open)
    told = {
        "kept": reverse("visit_video_tested", args=[request.token]),
        "relays": list(settings.TURN_URLS),
        "link": request.build_absolute_uri(_elsewhere(request)),
        "words": rules.WORDS[request.language],
    }
    names = rules.TESTED if settings.TURN_URLS else rules.TESTED[:-1]
    words = rules.WORDS[request.language]
    came_to = {name: line.test.get(name, "skipped") for name in names}
    tests = [(name, words[name], result, words[result]) for name, result in came_to.items()]
    facts = {
        "told": told,
        "tests": tests,
        "again": bool(line.test),
        "open": _open(line),
        "ready": ready,
        "check_in": _checking_in(request),
    }
    return _shown(request, "video_test", facts)


def _elsewhere(request: PatientRequest) -> str:
    """What leads to the visit in another browser: an account's own page lets in this one alone."""
    if request.link.way is not None:
        return reverse("my_home")
    return reverse("visit_link", args=[request.token])


def _checking_in(request: PatientRequest) -> bool:
    """Whether check-in, which asks for the test, is open and has come so far, or not begun."""
    days, visit = settings.CHECK_IN_DAYS, request.link.appointment_id
    found = queries.early(visit, days=days, at=clock.now())
    return Part.FORMS in request.link.parts and found.is_open and not found.finished


@gate("POST")
def video_tested(request: PatientRequest) -> HttpResponse:
    """What the test came to, as the page says it; not ``done``: how far it got."""
    line = _line(request)
    try:
        said = orjson.loads(request.body[:LARGEST])
    except orjson.JSONDecodeError:
        said = None
    if line is None or not isinstance(said, dict):
        return JsonResponse({"why": "unsound"}, status=400)
    at = clock.now()
    with queries.as_the_desk():
        actions.keep_test(appointment_id=line.appointment_id, said=said, at=at)
        if Part.FORMS in request.link.parts and said.get("done") is not False:
            with suppress(arrivals.NotOpen):  # check-in is behind them, or not yet asked for
                arrivals.say_tested(
                    appointment_id=line.appointment_id, days=settings.CHECK_IN_DAYS, at=at
                )
    return JsonResponse({})


@gate("GET", "POST")
def video_enter(request: PatientRequest) -> HttpResponse:
    """Into the waiting room, on this device; what was not said or agreed to yet comes first."""
    line = _line(request)
    if line is None or request.method != "POST":
        return _visit(request)
    if {Item.LOCATION, Item.CONSENT} & set(line.still_open):
        return redirect("visit_video", request.token)
    try:
        with queries.as_the_desk():
            place = actions.enter(
                appointment_id=line.appointment_id, language=request.language, at=clock.now()
            )
    except (actions.NotNow, actions.NotByVideo):
        return _visit(request)
    tokens = {"link": request.token} if request.link.way is None else {}
    if Part.BILLS in request.link.parts:
        tokens["pay"] = request.token
    return give(redirect("call", place.participant_id), place, **tokens)
