"""Routes of a kiosk itself: the cookie that makes a device one, and no patient's data."""

from collections.abc import Callable
from datetime import timedelta
from functools import update_wrapper
from typing import cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import patch_cache_control

from almoner.portal import queries, rules
from almoner.portal.gate.entries import KIOSK
from almoner.portal.gate.pages import Spoken, chosen, set_cookie
from almoner.portal.models import Kiosk

LASTS = 400
"""Days a browser keeps a cookie at most; each time the kiosk speaks up it is given anew."""


class KioskRequest(Spoken):
    """A request by a device; ``kiosk`` is which one it is, None before it is one."""

    kiosk: Kiosk | None


View = Callable[..., HttpResponse]


def stand(*methods: str, before: bool = False) -> Callable[[View], View]:
    """Make a view a route of a kiosk for these methods; ``before``: of a device that is none yet.

    It shows nobody's data: what is a patient's is shown through the gate of their visit.
    """

    def make(view: View) -> View:
        allowed = (*methods, "HEAD") if "GET" in methods else methods

        def route(request: HttpRequest) -> HttpResponse:
            if request.method not in allowed:
                return HttpResponseNotAllowed(methods)
            device = cast("KioskRequest", request)  # it becomes one here
            with transaction.atomic():
                device.kiosk = queries.kiosk(request.COOKIES.get(KIOSK, ""))
                device.language = chosen(request) or rules.DEFAULT
                with translation.override(device.language):
                    if device.kiosk is None and not before:
                        response = _none(request)
                    else:
                        response = view(device)
            patch_cache_control(response, no_store=True, private=True)
            return response

        update_wrapper(route, view)
        route.gate = methods  # type: ignore[attr-defined]  # read by access's system check
        return route

    return make


def _none(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return redirect("kiosk_enrol")
    return HttpResponse(status=410)


def is_kiosk(response: HttpResponse, secret: str) -> None:
    """Have a browser carry the kiosk's secret: to the pages of visits as well."""
    set_cookie(response, KIOSK, secret, path="/", max_age=timedelta(days=LASTS))
