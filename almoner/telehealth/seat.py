"""The routes of those who take part in a call go through here, as the desk's go through a door.

Whoever takes a place is given a secret of it in a cookie that no script reads. It opens the page of
that place and nothing else; the clinician's opens it too, so that a long talk does not end with an
idle sign-in. What shows or changes more than the call has a door (``views.desk``).
"""

import re
from collections.abc import Callable
from functools import update_wrapper
from typing import cast

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control

from almoner.facility import queries as facility
from almoner.ground import clock
from almoner.ground.language import language_for
from almoner.patients.rules.details import readable
from almoner.telehealth import queries, rules
from almoner.telehealth.actions import Place
from almoner.telehealth.models import Participant

LASTS = 12 * 60 * 60  # seconds; the place itself is over with the visit
DEVICES = "camera=(self), microphone=(self), display-capture=(self)"


class SeatRequest(HttpRequest):
    """A request by somebody who holds a place in a visit."""

    place: Participant


View = Callable[[SeatRequest], HttpResponse]
Route = Callable[[HttpRequest, int], HttpResponse]


def cookie_of(participant_id: int) -> str:
    return f"call-{participant_id}"


def seat(*methods: str) -> Callable[[View], Route]:
    """Make a view a route of a place in a call, for these methods."""

    def make(view: View) -> Route:
        def route(request: HttpRequest, participant_id: int) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            with transaction.atomic():
                secret = request.COOKIES.get(cookie_of(participant_id), "")
                found = queries.seat(participant_id, secret, at=clock.now())
                if found is None:
                    return _nobody(request)
                taken = cast("SeatRequest", request)  # it becomes one here
                taken.place = found
                with translation.override(found.language):
                    response = view(taken)
            patch_cache_control(response, no_store=True, private=True)
            return response

        update_wrapper(route, view)
        route.gate = methods  # type: ignore[attr-defined]  # read by access's system check
        return route

    return make


def give(response: HttpResponse, place: Place, **tokens: str) -> HttpResponse:
    """Have this browser hold the place, and by which links it came; no address carries those."""
    number = place.participant_id
    _keep(response, cookie_of(number), place.secret, path="/")
    for name, token in tokens.items():
        _keep(response, f"{name}-{number}", token, path=reverse("call", args=[number]))
    return response


def token_of(request: SeatRequest, name: str) -> str:
    """A link this browser came by, as `give` had it keep; nothing when it came otherwise."""
    kept = request.COOKIES.get(f"{name}-{request.place.pk}", "")
    return kept if re.fullmatch(r"[\w.:=-]{1,400}", kept) else ""


def _keep(response: HttpResponse, name: str, value: str, *, path: str) -> None:
    response.set_cookie(
        name, value, max_age=LASTS, path=path, secure=settings.SESSION_COOKIE_SECURE,
        httponly=True, samesite="Lax",
    )  # fmt: skip


def page(
    request: HttpRequest, template: str, language: str, facts: dict[str, object], status: int = 200
) -> HttpResponse:
    """A page of somebody who takes part, in their language; it says whom to call."""
    clinic = facility.organisation()
    context = {
        "words": rules.WORDS[language],
        "language": language,
        "clinic": clinic.name,
        "phone": clinic.phone,
        "phone_text": readable(clinic.phone),
    }
    response = render(request, template, context | facts, status=status)
    response.headers["Permissions-Policy"] = DEVICES
    return response


def _nobody(request: HttpRequest) -> HttpResponse:
    """Whoever asks by script is told in a word, whoever opens the page in a sentence."""
    if request.method != "GET":
        return JsonResponse({"why": "removed"}, status=403)
    language = language_for(request.GET.get("lang", ""))
    return page(request, "telehealth/over.html", language, {}, status=404)
