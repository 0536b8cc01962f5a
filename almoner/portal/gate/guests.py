"""Routes of a shared record: a cookie for somebody outside, and the kinds that were shared.

A view runs in one transaction as the patients' database role, for nobody: only what the policies of
shared kinds let through can be read (``migrations/0003``). Whatever it shows is written down.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import update_wrapper
from typing import Any, cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import patch_cache_control

from almoner.ground import clock
from almoner.portal import actions, queries, rules
from almoner.portal.gate.pages import Spoken, chosen, keep_chosen, set_cookie
from almoner.portal.queries.sharing import Visitor
from almoner.portal.rules.sharing import LASTS, Shared

COOKIE = "shared"
PATH = "/shared/"
_LONGEST = timedelta(hours=max(LASTS))


class GuestRequest(Spoken):
    """A request by somebody outside who is in by a code."""

    visitor: Visitor


View = Callable[..., HttpResponse]


def guest(*methods: str, kind: Shared | None = None) -> Callable[[View], View]:
    """Make a view a route for who is in by a code; with ``kind``, when that was shared."""
    allowed = (*methods, "HEAD") if "GET" in methods else methods

    def make(view: View) -> View:
        def route(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            if request.method not in allowed:
                return HttpResponseNotAllowed(methods)
            asked = cast("GuestRequest", request)  # it becomes one here
            with transaction.atomic():
                response = _through(asked, view, kind, **kwargs)
            patch_cache_control(response, no_store=True, private=True)
            keep_chosen(request, response, path=PATH)
            return response

        update_wrapper(route, view)
        route.gate = methods  # type: ignore[attr-defined]  # read by access's system check
        return route

    return make


def _through(request: GuestRequest, view: View, kind: Shared | None, **kwargs: Any) -> HttpResponse:
    token, now = request.COOKIES.get(COOKIE, ""), clock.now()
    found = queries.visitor(token, at=now) if token else None
    if found is None:
        return redirect("shared_enter")
    if kind is not None and kind not in found.kinds:
        return redirect("shared_record")
    request.visitor = found
    request.language = guests_language(request)
    with translation.override(request.language):
        with queries.shown_to_guest(found.patient_id, found.kinds):
            response = view(request, **kwargs)
        if response.status_code == HttpResponse.status_code:
            address = request.META.get("REMOTE_ADDR") or None
            screen = f"portal.{view.__name__}"
            actions.note_look(found, screen=screen, address=address, at=now)
    return response


def guests_language(request: HttpRequest) -> str:
    """What was chosen on the page, else what the browser asks for."""
    preferred = request.headers.get("Accept-Language", "")[:2].lower()
    return chosen(request) or (preferred if preferred in rules.LANGUAGES else rules.DEFAULT)


def remember_guest(response: HttpResponse, token: str) -> None:
    """Have the browser carry its token, to the shared record's pages alone."""
    set_cookie(response, COOKIE, token, path=PATH, max_age=_LONGEST)


def forget_guest(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, path=PATH)
