"""Routes of an account: the browser's cookie, for whom it may act, and what of them it may see.

A view in a `room` runs in one transaction as the patients' database role, for the one person it
acts for. Of parts of the record the account may not see, nothing is shown, and nobody is told
whether there is any.
"""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, cast

from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control

from almoner.ground import clock, events
from almoner.portal import queries, rules
from almoner.portal.gate.pages import Spoken, chosen, keep_chosen, page, set_cookie
from almoner.portal.models import Account, Entrance
from almoner.portal.queries.accounts import ActsFor
from almoner.portal.rules.accounts import ABSOLUTE, Kind, Part

COOKIE = "my"
PATH = "/my/"


class AccountRequest(Spoken):
    """A request to an account's pages: ``way`` is the browser, ``acting`` for whom it is in."""

    way: Entrance | None
    account: Account
    acting: ActsFor
    everybody: list[ActsFor]


View = Callable[..., HttpResponse]


MOST_TRIES = 20
"""Posts of one address a minute at the doors that everybody may try, in each of our processes."""


def outside(*methods: str) -> Callable[[View], View]:
    """Make a view a route that is open to everybody, and shows nothing of anybody."""

    def through(request: AccountRequest, view: View, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and too_often(request):
            words = {"trouble": rules.said(request.language, "too_often")}
            return page(request, "portal/wait.html", words, status=429)
        return view(request, **kwargs)

    return _route(methods, through)


def too_often(request: AccountRequest) -> bool:
    """A password costs a fifth of a second to look at, and the desk waits in the same line."""
    minute = int(clock.now().timestamp()) // 60
    key = f"portal-tries:{request.META.get('REMOTE_ADDR', '')}:{minute}"
    cache.add(key, 0, timeout=120)
    return cache.incr(key) > MOST_TRIES


Keeping = Callable[[AccountRequest, int, ActsFor], None]


def room(
    *methods: str, part: Part | None = None, keeps: Keeping | None = None
) -> Callable[[View], View]:
    """Make a view a route for who is in; with ``part``, who may see that of whom they act for.

    ``keeps`` is called with what is posted by a browser that was in for too long, so that what
    somebody typed is not lost. It shows nothing.
    """

    def through(request: AccountRequest, view: View, **kwargs: Any) -> HttpResponse:
        way = request.way
        if way is None or way.in_at is None or way.account is None:
            kept = keeps is not None and _kept(request, keeps, part)
            return redirect(f"{reverse('my_enter')}?kept=1" if kept else "my_enter")
        everybody = queries.acts_for(way.account, at=clock.now())
        if not everybody:
            response = redirect("my_enter")
            forget(response)
            return response
        named = [one for one in everybody if one.id == way.acting_id]
        request.everybody, request.acting = everybody, (named or everybody)[0]
        request.account = way.account
        if part is not None and part not in request.acting.parts:
            return redirect("my_home")
        queries.seen(way, at=clock.now())
        own = request.acting.kind == Kind.SELF
        other = "" if own else request.account.name
        whom = [request.acting.patient_id]
        with events.acting_for_patient(other), queries.acting_for(whom, own=own):
            return view(request, **kwargs)

    return _route(methods, through)


def _kept(request: AccountRequest, keeps: Keeping, part: Part | None) -> bool:
    """Whether what a browser brings that has to get in again could be kept for its account."""
    token = request.COOKIES.get(COOKIE, "")
    over = queries.entrance_over(token) if request.method == "POST" and token else None
    if over is None or over.account is None:
        return False
    everybody = queries.acts_for(over.account, at=clock.now())
    named = [one for one in everybody if one.id == over.acting_id] or everybody[:1]
    if not named or (part is not None and part not in named[0].parts):
        return False
    keeps(request, over.account.pk, named[0])
    return True


def _route(methods: tuple[str, ...], through: View) -> Callable[[View], View]:
    allowed = (*methods, "HEAD") if "GET" in methods else methods

    def make(view: View) -> View:
        def route(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            if request.method not in allowed:
                return HttpResponseNotAllowed(methods)
            asked = cast("AccountRequest", request)  # it becomes one here
            with transaction.atomic():
                token = request.COOKIES.get(COOKIE, "")
                asked.way = queries.entrance(token, at=clock.now()) if token else None
                asked.language = _language(asked)
                with translation.override(asked.language):
                    response = through(asked, view, **kwargs)
            patch_cache_control(response, no_store=True, private=True)
            keep_chosen(request, response, path=f"/{request.path.split('/')[1]}/")
            return response

        update_wrapper(route, view)
        route.gate = methods  # type: ignore[attr-defined]  # read by access's system check
        return route

    return make


def remember(response: HttpResponse, token: str) -> None:
    """Have the browser carry its token, to the account's pages alone."""
    set_cookie(response, COOKIE, token, path=PATH, max_age=ABSOLUTE)


def forget(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, path=PATH)


def _language(request: AccountRequest) -> str:
    """What was chosen on the page, else the account's, else what the browser asks for."""
    if asked := chosen(request):
        return asked
    if request.way and request.way.account:
        return request.way.account.language
    preferred = request.headers.get("Accept-Language", "")[:2].lower()
    return preferred if preferred in rules.LANGUAGES else rules.DEFAULT


def inside(
    request: AccountRequest, template: str, facts: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Every page of an account says of whom it is, and lets another be chosen."""
    words, acting = rules.WORDS[request.language], request.acting
    people = [
        (one.id, words["yourself"] if one.kind == Kind.SELF else one.name, one.id == acting.id)
        for one in request.everybody
    ]
    own = acting.kind == Kind.SELF
    unread = 0
    if Part.MESSAGES in acting.parts:
        unread = queries.unread_count(acting.patient_id, request.account.pk)
    frame = {
        "inside": True,
        "sees": acting.parts,
        "writes": Part.MESSAGES in acting.parts,
        "unread": rules.said(request.language, "unread_count", count=unread) if unread else "",
        "people": people,
        "own": own,
        "hello": rules.said(request.language, "hello", name=acting.name),
        "looks_title": words["looks"]
        if own
        else rules.said(request.language, "looks_of", name=acting.name),
        "people_title": words["people"]
        if own
        else rules.said(request.language, "people_of", name=acting.name),
    }
    return page(request, template, frame | facts, status=status)
