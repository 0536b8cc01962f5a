"""Routes of an errand: a link and the birth date, or an account's own token, for one patient."""

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
from almoner.portal.queries import FoundErrand
from almoner.portal.queries.links import is_of_account
from almoner.portal.rules.accounts import Kind

COOKIE = "errand"
_SALT = "almoner.portal.errand-entry"


class ErrandRequest(Spoken):
    """A request by somebody who came by an errand's link; ``errand`` is where it leads."""

    errand: FoundErrand
    token: str


View = Callable[..., HttpResponse]


def errand(*methods: str, asks: bool = False) -> Callable[[View], View]:
    """Make a view a route of an errand. Run in one transaction as the patients' database role.

    ``asks``: the view that asks for the birth date, open to whoever has the link; it shows nothing
    and alone is not run as that role.
    """

    def make(view: View) -> View:
        allowed = (*methods, "HEAD") if "GET" in methods else methods

        def route(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
            if request.method not in allowed:
                return HttpResponseNotAllowed(methods)
            patient = cast("ErrandRequest", request)  # it becomes one here
            patient.token = token
            with transaction.atomic():
                response = _through(patient, view, asks=asks, kwargs=kwargs)
            patch_cache_control(response, no_store=True, private=True)
            keep_chosen(request, response, path="/e/")
            return response

        update_wrapper(route, view)
        route.gate = methods  # type: ignore[attr-defined]  # read by access's system check
        return route

    return make


def _through(
    request: ErrandRequest, view: View, *, asks: bool, kwargs: dict[str, Any]
) -> HttpResponse:
    found = queries.found_errand(request.token, at=clock.now())
    request.language = chosen(request) or (found.language if found else rules.DEFAULT)
    with translation.override(request.language):
        if found is None and is_of_account(request.token):
            return redirect("my_enter")
        if found is None:
            return page(request, "portal/over.html", status=404)
        request.errand = found
        if asks:
            return view(request, **kwargs)
        return _answered(request, view, kwargs)


def _answered(request: ErrandRequest, view: View, kwargs: dict[str, Any]) -> HttpResponse:
    found = request.errand
    if not is_in_errand(request):
        where = reverse("errand", args=[request.token])
        return redirect(where if request.method == "GET" else f"{where}?stale=1")
    if found.way:
        queries.seen(found.way, at=clock.now())
    with _for_another(found), queries.acting_for([found.patient_id], own=_is_own(found)):
        response = view(request, **kwargs)
    let_in_errand(request, response)
    return response


def _for_another(found: FoundErrand) -> AbstractContextManager[None]:
    """What is done by somebody else's account bears their name."""
    account = found.way.account if found.way else None
    return events.acting_for_patient(account.name if account and not _is_own(found) else "")


def _is_own(found: FoundErrand) -> bool:
    return found.acting is None or found.acting.kind == Kind.SELF


def is_in_errand(request: ErrandRequest) -> bool:
    """Whether this browser said the birth date of this link not long ago, or came by an account."""
    try:
        kept: Any = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=rules.ENTRY_LASTS
        )
    except signing.BadSignature:
        return False
    return bool(kept == _known(request))


def let_in_errand(request: ErrandRequest, response: HttpResponse) -> None:
    """Have the browser remember it, for the addresses below this link alone."""
    let_in_errand_by(_known(request), request.token, response)


def let_in_errand_by(known: list[int], token: str, response: HttpResponse) -> None:
    """Let a browser in that another gate knows already."""
    set_cookie(
        response,
        COOKIE,
        signing.dumps(known, salt=_SALT),
        path=reverse("errand", args=[token]),
        max_age=rules.ENTRY_LASTS,
    )


def _known(request: ErrandRequest) -> list[int]:
    found = request.errand
    return [found.id, found.way.pk if found.way else 0]
