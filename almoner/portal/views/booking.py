"""Booking a visit oneself: which, when, taken by the guards of the desk; or waiting for a place."""

import secrets
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from almoner.facility import queries as facility
from almoner.ground import clock
from almoner.portal import actions, queries, rules
from almoner.portal.gate import (
    AccountRequest,
    ErrandRequest,
    errand,
    let_in_errand_by,
    page,
    room,
)
from almoner.portal.queries import Kind, Narrowed
from almoner.portal.rules.accounts import Part
from almoner.portal.views.errands import to_visit
from almoner.portal.views.times import chosen
from almoner.scheduling import actions as scheduling
from almoner.scheduling.rules import Refusal

_ASKED = ("who", "where", "part", "from")


@room("POST", part=Part.VISITS)
def my_book(request: AccountRequest) -> HttpResponse:
    """From an account to booking for whom it acts: this browser is let in there."""
    assert request.way is not None  # noqa: S101 (nobody else comes into a room)
    token = queries.booking_token(request.way, request.acting)
    response = redirect("book_kinds", token)
    let_in_errand_by([0, request.way.pk], token, response)
    return response


@room("POST", part=Part.VISITS)
def my_place(request: AccountRequest, entry_id: int) -> HttpResponse:
    """From an account to the place that is kept for whom it acts: this browser is let in there."""
    queries.waits(entry_id, language=request.language, at=clock.now())  # theirs, or no such page
    if request.way is None:
        raise Http404
    token = queries.booking_token(request.way, request.acting, entry_id)
    response = redirect("errand_place", token)
    let_in_errand_by([0, request.way.pk], token, response)
    return response


@errand("GET")
def book_kinds(request: ErrandRequest) -> HttpResponse:
    """What patients book, and what they call for."""
    return page(request, "portal/book_kinds.html", {"kinds": _kinds(request)})


def _kinds(request: ErrandRequest) -> list[tuple[Kind, str, str]]:
    """Each kind with how long it takes, and why it is not for them to book."""
    words = rules.WORDS[request.language]
    return [
        (
            each,
            rules.said(request.language, "book_minutes", minutes=each.minutes),
            words[each.refused] if each.refused else "",
        )
        for each in _all(request)
    ]


def _all(request: ErrandRequest) -> list[Kind]:
    """All that patients book; by the link of a follow-up only that one."""
    found = request.errand
    every = queries.kinds(found.patient_id, found.born, language=request.language, at=clock.now())
    only = found.visit_type_id
    return [each for each in every if only is None or each.id == only]


@errand("GET", "POST")
def book_times(request: ErrandRequest, kind_id: int) -> HttpResponse:
    """Openings of one kind of visit, by the desk's own search; the one chosen is booked."""
    if request.method == "POST":
        queries.lock_booking(request.errand.patient_id)  # before their visits are counted
    kind = queries.kind(_all(request), kind_id)
    if kind.refused:
        return page(request, "portal/book_kinds.html", {"kinds": _kinds(request)}, status=409)
    if request.method != "POST":
        return _times(request, kind)
    ticked = chosen(request.POST.get("opening", ""))
    if ticked is None:
        return _times(request, kind, "choose_one", status=422)
    try:
        visit_id = _book(request, kind, *ticked)
    except scheduling.OpeningTaken:
        return _times(request, kind, "book_taken", status=409)
    except scheduling.BookingRefused as refused:
        busy = refused.reason == Refusal.PATIENT_BUSY
        return _times(request, kind, "book_busy" if busy else "book_stale", status=409)
    return to_visit(request, visit_id)


def _book(request: ErrandRequest, kind: Kind, starts_at: datetime, who: int, where: int) -> int:
    now = clock.now()
    with queries.as_the_desk():
        asked = _asked(request, kind)
        visit = actions.book_visit(
            patient_id=request.errand.patient_id,
            kind=kind,
            starts_at=starts_at,
            clinician_id=who,
            location_id=where,
            search=queries.search_for(kind, asked, at=now),
            request_key=f"own-{request.POST.get('token', '')[:40]}-{starts_at.timestamp():.0f}",
            at=now,
        )
    return visit.pk


@errand("POST")
def book_wait(request: ErrandRequest, kind_id: int) -> HttpResponse:
    """Be told of a place such as was looked for."""
    kind = queries.kind(_all(request), kind_id)
    if not kind.refused:
        try:
            with queries.as_the_desk():
                actions.wait_for(
                    patient_id=request.errand.patient_id, kind=kind,
                    asked=_asked(request, kind), at=clock.now(),
                )  # fmt: skip
        except scheduling.BookingRefused:
            return _times(request, kind)  # they wait already: the page says so
    return redirect(_here(request, kind_id))


@errand("POST")
def book_wait_no_more(request: ErrandRequest, kind_id: int) -> HttpResponse:
    entry_id = queries.waits_for(request.errand.patient_id, kind_id)
    if entry_id:
        try:
            with queries.as_the_desk():
                scheduling.leave(entry_id=entry_id, at=clock.now())
        except scheduling.BookingRefused:
            return redirect(_here(request, kind_id))
    return redirect(_here(request, kind_id))


def _here(request: ErrandRequest, kind_id: int) -> str:
    asked = {name: request.GET[name] for name in _ASKED if request.GET.get(name)}
    many = [*asked.items(), *(("day", each) for each in request.GET.getlist("day"))]
    where = reverse("book_times", args=[request.token, kind_id])
    return f"{where}?{urlencode(many)}" if many else where


def _times(
    request: ErrandRequest, kind: Kind, trouble: str = "", *, status: int = 200
) -> HttpResponse:
    now = clock.now()
    with queries.as_the_desk():
        asked = _asked(request, kind)
        search = queries.search_for(kind, asked, at=now)
        days, more = queries.open_times(search, kind, language=request.language, at=now)
        people, places = queries.people(kind), list(facility.places().values())
    words = rules.WORDS[request.language]
    facts: dict[str, Any] = {
        "kind": kind,
        "only": request.errand.visit_type_id is not None,
        "days": days,
        "asked": asked,
        "more": _query(request, more.isoformat()) if more else "",
        "first": _query(request, "") if asked.earliest else "",
        "kept": _query(request, asked.earliest.isoformat() if asked.earliest else ""),
        "people": people,
        "places": places,
        "parts": [(code, words[f"book_{code or 'any'}"]) for code in queries.PARTS],
        "weekdays": rules.weekdays(request.language),
        "waits": queries.waits_for(request.errand.patient_id, kind.id),
        "once": secrets.token_urlsafe(12),
        "trouble": rules.said(request.language, trouble) if trouble else "",
    }
    return page(request, "portal/book_times.html", facts, status=status)


def _query(request: ErrandRequest, earliest: str) -> str:
    said = [(name, request.GET[name]) for name in _ASKED[:3] if request.GET.get(name)]
    said += [("day", each) for each in request.GET.getlist("day")]
    return "?" + urlencode([*said, ("from", earliest)] if earliest else said)


def _asked(request: ErrandRequest, kind: Kind) -> Narrowed:
    return queries.narrowed(request.GET.dict(), request.GET.getlist("day"), kind)
