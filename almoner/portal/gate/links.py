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

from almoner.ground import clock, events
from almoner.portal import queries, rules
from almoner.portal.gate.pages import Spoken, chosen, keep_chosen, page, set_cookie
from almoner.portal.queries import Found
from almoner.portal.rules.accounts import Part

COOKIE = "visit"
_SALT = "almoner.portal.visit"


class PatientRequest(Spoken):
    """A request by somebody who came by a link; ``link`` is where it leads."""

    link: Found
    token: str


View = Callable[[PatientRequest], HttpResponse]
Route = Callable[[HttpRequest, str], HttpResponse]


def gate(
    *methods: str, asks: bool = False, part: Part = Part.VISITS, survey: bool = False
) -> Callable[[View], Route]:
    """Make a view a route of a visit's page for these methods.

    ``part`` is what somebody who came by an account must be allowed to see. ``asks``: the view that
    asks for the birth date. It is open to whoever has the link, shows nothing of the visit, and
    alone is not run as the patients' role. ``survey``: it is open as long as the visit's survey.
    """

    def make(view: View) -> Route:
        allowed = (*methods, "HEAD") if "GET" in methods else methods

        def route(request: HttpRequest, token: str) -> HttpResponse:
            if request.method not in allowed:
                return HttpResponseNotAllowed(methods)
            patient = cast("PatientRequest", request)  # it becomes one here
            through = _to_survey if survey else _through
            response = through(patient, token, view, asks=asks, part=part)
            patch_cache_control(response, no_store=True, private=True)
            return response

        update_wrapper(route, view)
        route.gate = methods  # type: ignore[attr-defined]  # read by access's system check
        return route

    return make


def _through(
    request: PatientRequest, token: str, view: View, *, asks: bool, part: Part
) -> HttpResponse:
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


def _to_survey(
    request: PatientRequest,
    token: str,
    view: View,
    *,
    asks: bool,
    part: Part,  # noqa: ARG001
) -> HttpResponse:
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
        with _for_another(request.link), queries.acting_for([request.link.patient_id]):
            response = view(request)
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
    return bool(kept == request.link.id)


def let_in(request: PatientRequest, response: HttpResponse) -> None:
    """Have the browser remember it, for the addresses below this link alone."""
    let_in_by(request.link.id, request.token, response)


def let_in_by(link_id: int, token: str, response: HttpResponse) -> None:
    """Let a browser in that another gate knows already."""
    set_cookie(
        response,
        COOKIE,
        signing.dumps(link_id, salt=_SALT),
        path=reverse("visit_link", args=[token]),
        max_age=rules.ENTRY_LASTS,
    )


def _language(request: HttpRequest, found: Found | None) -> str:
    """What was chosen on the page, else what we wrote to them in."""
    return chosen(request) or (found.language if found else rules.DEFAULT)


def _keep_language(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    keep_chosen(request, response, path="/v/")
    return response
