"""The page of a call and what it asks for; an invitation and who accepts it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control

from almoner.ground import clock
from almoner.ground.language import OWN_NAMES
from almoner.patients.rules.details import readable
from almoner.telehealth import actions, queries, rules
from almoner.telehealth.rules import Phone, Role
from almoner.telehealth.rules.handing import HANDED
from almoner.telehealth.seat import SeatRequest, give, page, seat, token_of

LARGEST = 256 * 1024


@seat("GET")
def call(request: SeatRequest) -> HttpResponse:
    """Waiting room and call on one page: which of them, the stream says."""
    place = request.place
    appointment = place.visit.appointment
    hosts = place.role == Role.CLINICIAN
    told = {
        "me": place.pk,
        "host": hosts,
        "patient": place.role == Role.PATIENT,
        "stream": f"/signals/{place.pk}/",
        "here": reverse("call", args=[place.pk]),
        "desk": reverse("video_visit", args=[appointment.pk]) if hosts else "",
        "board": reverse("video_board") if hosts else "",
        "undo_ms": rules.UNDO // timedelta(milliseconds=1),
        "link": _own_link(request),
        "ice": _relay_now(request),
        # Between the patient and who sees them: whoever is invited does not call.
        "number": "" if place.role in rules.INVITED else readable(place.visit.callback),
        "words": rules.WORDS[place.language],
    }
    told |= _handing(request)
    facts = {
        "told": told,
        "place": place,
        "hosts": hosts,
        "with_name": queries.patient_name(place) if hosts else str(appointment.clinician),
        "reasons": [(one.value, rules.WORDS[place.language][f"why_{one}"]) for one in Phone],
        "appointment_id": appointment.pk,
        "hand": HANDED[place.language],
        "may_hand": place.role not in rules.INVITED,
        "may_phone": place.role in (Role.CLINICIAN, Role.PATIENT),
    }
    return page(request, "telehealth/call.html", place.language, facts)


def _own_link(request: SeatRequest) -> str:
    """What the patient opens in another browser: the link of their visit, which asks who they are.

    The place itself is held by this browser alone, so the address of this page would not do. Who
    came by an account signs in there again.
    """
    if token := token_of(request, "link"):
        return request.build_absolute_uri(f"/v/{token}/")
    return request.build_absolute_uri("/my/") if request.place.role == Role.PATIENT else ""


def _handing(request: SeatRequest) -> dict[str, Any]:
    """What the part of the page is told that hands papers and pictures over, and pays."""
    place, token = request.place, token_of(request, "pay")
    if place.role in rules.INVITED:
        return {}
    appointment_id = place.visit.appointment_id
    document = ""
    if place.role == Role.CLINICIAN:
        document = f"{reverse('document', args=[0])}?for=appointment:{appointment_id}"
    return {
        "hand": HANDED[place.language],
        "document": document,
        "left": queries.left_to_pay(appointment_id) if place.role == Role.PATIENT else "",
        # The patient came from their own page: that is where they pay, in a tab of its own.
        "pay": f"/v/{token}/pay/" if token else "",
    }


def _relay_now(request: SeatRequest) -> dict[str, Any] | None:
    """The relay for a page that is opened in a call; None in the waiting room."""
    try:
        return actions.relay_for(request.place, at=clock.now())
    except actions.NotNow:
        return None


_WHY_NOT: dict[type[Exception], tuple[str, int]] = {
    actions.NotNow: ("not_now", 409),
    actions.Unsound: ("unsound", 400),
    actions.TooMuch: ("too_much", 429),
    actions.Gone: ("gone", 410),
    actions.NoGateway: ("no_gateway", 503),
}


def answered(
    act: Callable[[SeatRequest, dict[str, Any]], Any],
) -> Callable[[SeatRequest], HttpResponse]:
    """A view for a script: JSON in, JSON out, and a word for why not."""

    def view(request: SeatRequest) -> HttpResponse:
        try:
            return JsonResponse(act(request, _said(request)) or {})
        except tuple(_WHY_NOT) as refused:
            why, status = _WHY_NOT[type(refused)]
            return JsonResponse({"why": why}, status=status)

    view.__name__, view.__module__ = act.__name__.lstrip("_"), act.__module__
    return view


def _said(request: HttpRequest) -> dict[str, Any]:
    """The object in a request. Raises Unsound."""
    try:
        said = orjson.loads(request.body[:LARGEST])
    except orjson.JSONDecodeError as error:
        raise actions.Unsound from error
    if not isinstance(said, dict):
        raise actions.Unsound
    return said


def _rows(said: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The list of that name, each of it an object. Raises Unsound."""
    rows = said.get(name)
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
        raise actions.Unsound
    return rows


def _words(said: dict[str, Any]) -> str:
    words = said.get("words")
    if not isinstance(words, str) or "\0" in words:
        raise actions.Unsound
    return words


def _signal(request: SeatRequest, said: dict[str, Any]) -> dict[str, Any]:
    heard = actions.pass_on(
        participant=request.place,
        session=str(said.get("session", "")),
        said=_rows(said, "signals"),
        at=clock.now(),
    )
    return {"heard": heard}


def _relay(request: SeatRequest, _said: dict[str, Any]) -> dict[str, Any]:
    return actions.relay_for(request.place, at=clock.now())


def _chat(request: SeatRequest, said: dict[str, Any]) -> None:
    actions.write(participant=request.place, words=_words(said), at=clock.now())


def _note(request: SeatRequest, said: dict[str, Any]) -> None:
    actions.leave_note(participant=request.place, words=_words(said), at=clock.now())


def _quality(request: SeatRequest, said: dict[str, Any]) -> None:
    actions.note_quality(participant=request.place, legs=_rows(said, "legs"), at=clock.now())


def _phone(request: SeatRequest, said: dict[str, Any]) -> None:
    reason = _reason(said) if said.get("reason") else None
    actions.go_on_by_phone(participant=request.place, reason=reason, at=clock.now())


def _phone_why(request: SeatRequest, said: dict[str, Any]) -> None:
    actions.say_why(participant=request.place, reason=_reason(said), at=clock.now())


def _phone_back(request: SeatRequest, _said: dict[str, Any]) -> None:
    actions.undo_phone(participant=request.place, at=clock.now())


def _reason(said: dict[str, Any]) -> Phone:
    """Raises Unsound."""
    reason = said.get("reason")
    if not isinstance(reason, str) or reason not in set(Phone):
        raise actions.Unsound
    return Phone(reason)


def _leave(request: SeatRequest, _said: dict[str, Any]) -> None:
    actions.leave(participant=request.place, at=clock.now())


call_signal = seat("POST")(answered(_signal))
call_relay = seat("POST")(answered(_relay))
call_chat = seat("POST")(answered(_chat))
call_note = seat("POST")(answered(_note))
call_quality = seat("POST")(answered(_quality))
call_phone = seat("POST")(answered(_phone))
call_phone_why = seat("POST")(answered(_phone_why))
call_phone_back = seat("POST")(answered(_phone_back))
call_leave = seat("POST")(answered(_leave))


def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where an invitation leads: it says as what one takes part, of whom not. A button takes it."""
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(("GET", "POST"))
    found = queries.invitation(token)
    asked = request.GET.get("lang", "")
    language = asked if asked in rules.WORDS else (found.language if found else "en")
    if found is None or found.device:
        response = _over(request, language)
    elif request.method == "POST":
        response = _accept(request, token, found.role, language)
    else:
        response = _ask_name(request, found.role, language)
    patch_cache_control(response, no_store=True, private=True)
    return response


invitation.gate = ("GET", "POST")  # type: ignore[attr-defined]  # read by access's system check


def _over(request: HttpRequest, language: str) -> HttpResponse:
    return page(request, "telehealth/over.html", language, {}, status=404)


def _accept(request: HttpRequest, token: str, role: str, language: str) -> HttpResponse:
    name = request.POST.get("name", "").replace("\0", "").strip()
    if not name:
        return _ask_name(request, role, language, "no_name", status=422)
    try:
        place = actions.accept(token=token, name=name, language=language, at=clock.now())
    except actions.NoPlace as refused:
        if refused.why == "over":
            return _over(request, language)
        return _ask_name(request, role, language, refused.why, status=409)
    return give(redirect("call", place.participant_id), place)


def _ask_name(
    request: HttpRequest, role: str, language: str, trouble: str = "", status: int = 200
) -> HttpResponse:
    facts: dict[str, object] = {
        "role": rules.WORDS[language][role],
        "trouble": rules.WORDS[language][trouble] if trouble else "",
        "name": request.POST.get("name", ""),
        "languages": OWN_NAMES.items(),
    }
    return page(request, "telehealth/invited.html", language, facts, status=status)
