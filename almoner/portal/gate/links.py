"""Routes of one visit's page: the link in the address, and the birth date.

The gate finds whom the link in the address leads to, asks for the birth date, and runs the view in
one transaction as the patients' database role (``queries.acting``).
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import update_wrapper
from typing import Any, cast

from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control

from almoner.access.models import Officer
from almoner.ground import clock, events
from almoner.portal import actions, queries, rules
from almoner.portal.actions import Brought
from almoner.portal.gate import entries
from almoner.portal.gate.entries import KIOSK
from almoner.portal.gate.pages import (
    Spoken,
    back_at_the_desk,
    chosen,
    keep_chosen,
    page,
    set_cookie,
)
from almoner.portal.models import Kiosk
from almoner.portal.queries import Found
from almoner.portal.rules.accounts import Part

COOKIE = "visit"
_SALT = "almoner.portal.visit"


class PatientRequest(Spoken):
    """A request by somebody who came by a link, or stands at a kiosk; ``link`` is where it leads.

    At a kiosk ``brought`` says what its page sends, if anything. ``asks`` is the officer who goes
    through it with the patient at the desk.
    """

    link: Found
    token: str
    kiosk: Kiosk | None
    brought: Brought | None
    asks: Officer | None


View = Callable[[PatientRequest], HttpResponse]
Route = Callable[[HttpRequest, str], HttpResponse]


def gate(
    *methods: str,
    asks: bool = False,
    part: Part = Part.VISITS,
    survey: bool = False,
    at_kiosk: bool = False,
) -> Callable[[View], Route]:
    """Make a view a route of a visit's page for these methods.

    ``part`` is what somebody who came by an account must be allowed to see. ``asks``: the view that
    asks for the birth date. It is open to whoever has the link, shows nothing of the visit, and
    alone is not run as the patients' role. ``survey``: it is open as long as the visit's survey.
    ``at_kiosk``: what is done at a kiosk too; from there all else leads to the page of the visit.
    """

    def make(view: View) -> Route:
        allowed = (*methods, "HEAD") if "GET" in methods else methods

        def route(request: HttpRequest, token: str) -> HttpResponse:
            if request.method not in allowed:
                return HttpResponseNotAllowed(methods)
            patient = cast("PatientRequest", request)  # it becomes one here
            patient.kiosk = patient.brought = patient.asks = None
            if survey:
                response = _to_survey(patient, token, view, asks=asks)
            else:
                response = _through(patient, token, view, asks=asks, part=part, at_kiosk=at_kiosk)
            patch_cache_control(response, no_store=True, private=True)
            return response

        update_wrapper(route, view)
        route.gate = methods  # type: ignore[attr-defined]  # read by access's system check
        return route

    return make


def _through(
    request: PatientRequest, token: str, view: View, *, asks: bool, part: Part, at_kiosk: bool
) -> HttpResponse:
    if queries.is_of_kiosk(token):
        return _at_kiosk(request, token, view, open_here=at_kiosk)
    if queries.is_of_desk(token):
        return _at_the_desk(request, token, view, open_here=at_kiosk)
    with transaction.atomic():
        found = queries.found(token, at=clock.now())
        request.token = token
        request.language = _language(request, found)
        with translation.override(request.language):
            if found is None and queries.is_of_account(token):
                return redirect("my_enter")
            if found is None:
                return _keep_language(request, page(request, "portal/over.html", status=404))
            request.link = found
            response = _by_account(request, part) or _answered(request, view, asks=asks)
    return _keep_language(request, response)


def _to_survey(request: PatientRequest, token: str, view: View, *, asks: bool) -> HttpResponse:
    with transaction.atomic():
        found = queries.found_for_survey(token, at=clock.now())
        request.token = token
        request.language = _language(request, found)
        with translation.override(request.language):
            if found is None:
                response = page(request, "portal/survey_over.html", status=404)
            else:
                request.link = found
                response = _answered(request, view, asks=asks, first="survey_link")
    return _keep_language(request, response)


def _at_kiosk(request: PatientRequest, token: str, view: View, *, open_here: bool) -> HttpResponse:
    """The same pages at a kiosk, for whoever was found there, on that device alone."""
    with transaction.atomic():
        kiosk = queries.kiosk(request.COOKIES.get(KIOSK, ""))
        if kiosk is None:
            return redirect("kiosk")
        request.kiosk, request.token, request.brought = kiosk, token, entries.brought(request)
        late = request.brought is not None and request.brought.late
        found = queries.found(token, at=clock.now(), late=late)
        if found is None or found.sitting is None:
            request.language = rules.DEFAULT
            return entries.not_there(request, token)
        request.language = _language_here(request, found)
        with translation.override(request.language):
            stands = found.sitting.kiosk
            if stands is None or stands.location_id != kiosk.location_id:
                return redirect("kiosk")
            request.link = found
            if not late and found.sitting.kiosk_id != kiosk.pk:
                return redirect("kiosk")
            if not open_here:
                return redirect("visit_page", token)
            if not late:  # the worker sends that by itself: it says of nobody that they are there
                actions.still_there(found.sitting, language=request.language, at=clock.now())
            return entries.once(request, lambda: _acting(request, view))


def _at_the_desk(
    request: PatientRequest, token: str, view: View, *, open_here: bool
) -> HttpResponse:
    """The same pages again, in the browser of the officer who opened them, and in no other."""
    with transaction.atomic():
        found, officer = queries.found(token, at=clock.now()), request.user
        mine = queries.sitting_of(token)
        if not isinstance(officer, Officer) or mine is None or mine.officer_id != officer.pk:
            return redirect("board")
        if not officer.may("arrivals.check_in"):
            return redirect("board")
        if found is None or found.sitting is None:
            return redirect(back_at_the_desk(mine.appointment_id))
        request.asks, request.token, request.link = officer, token, found
        request.language = _language_here(request, found)
        with translation.override(request.language):
            if not open_here:
                return redirect("visit_page", token)
            actions.still_there(found.sitting, language=request.language, at=clock.now())
            return _acting(request, view)


def _acting(request: PatientRequest, view: View) -> HttpResponse:
    link = request.link
    with _for_another(link), queries.acting_for([link.patient_id], own=link.own):
        return view(request)


def _by_account(request: PatientRequest, part: Part) -> HttpResponse | None:
    """Where somebody who came by an account is led instead; None when they may go on."""
    link = request.link
    if link.way is None:
        return None
    if not is_in(request):
        return redirect("my_enter")
    queries.seen(link.way, at=clock.now())
    return None if part in link.parts else redirect("visit_page", request.token)


def _answered(
    request: PatientRequest, view: View, *, asks: bool, first: str = "visit_link"
) -> HttpResponse:
    if asks:
        return view(request)
    if is_in(request):
        response = _acting(request, view)
        let_in(request, response)
        return response
    where = reverse(first, args=[request.token])
    return redirect(where if request.method == "GET" else f"{where}?stale=1")


def _for_another(link: Found) -> AbstractContextManager[None]:
    """What is done by somebody else's account bears their name."""
    account = link.way.account if link.way else None
    return events.acting_for_patient(account.name if account and not link.own else "")


def is_in(request: PatientRequest) -> bool:
    """Whether this browser said the birth date of this link, not long ago."""
    try:
        kept: Any = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=rules.ENTRY_LASTS
        )
    except signing.BadSignature:
        return False
    return bool(kept == [request.link.id, request.token])


def let_in(request: PatientRequest, response: HttpResponse) -> None:
    """Have the browser remember it, for the addresses below this link alone."""
    let_in_by(request.link.id, request.token, response)


def let_in_by(link_id: int, token: str, response: HttpResponse) -> None:
    """Let a browser in that another gate knows already: by this address, and by no other."""
    set_cookie(
        response,
        COOKIE,
        signing.dumps([link_id, token], salt=_SALT),
        path=reverse("visit_link", args=[token]),
        max_age=rules.ENTRY_LASTS,
    )


def _language(request: HttpRequest, found: Found | None) -> str:
    """What was chosen on the page, else what we wrote to them in."""
    return chosen(request) or (found.language if found else rules.DEFAULT)


def _language_here(request: HttpRequest, found: Found) -> str:
    """At a kiosk no choice outlives the one who made it: it is kept with them, in no cookie."""
    asked = request.GET.get("lang", "")
    return asked if asked in rules.LANGUAGES else found.language


def _keep_language(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    keep_chosen(request, response, path="/v/")
    return response
