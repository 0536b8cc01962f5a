"""Asking whoever has a link for the birth date, before anything is shown."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect

from almoner.ground import clock
from almoner.portal import actions, rules
from almoner.portal.gate import PatientRequest, let_in, page
from almoner.portal.rules import Entry


@dataclass(frozen=True, slots=True)
class _Asking:
    """The address that asks, where who fits is led, and the word for why it is asked."""

    here: str
    then: str
    why: str


def who(request: PatientRequest, *, here: str, then: str, why: str) -> HttpResponse:
    """Ask, or try what was said; ``here`` and ``then`` are names of routes, ``why`` of a word."""
    asking = _Asking(here, then, why)
    if request.method == "POST":
        return _try(request, asking)
    if rules.is_closed(request.link.closed_until, at=clock.now()):
        return _ask(request, asking, "closed")
    return _ask(request, asking, "stale" if "stale" in request.GET else "")


def _try(request: PatientRequest, asking: _Asking) -> HttpResponse:
    said = rules.birth_date(request.POST.dict())
    if said is None:
        return _ask(request, asking, "no_such_day", status=422)
    outcome = actions.let_in(link=request.link, said=said, at=clock.now())
    if outcome.entry == Entry.IN:
        response = redirect(asking.then, request.token)
        let_in(request, response)
        return response
    if outcome.entry == Entry.CLOSED:
        return _ask(request, asking, "closed", status=429)
    trouble = "wrong_once" if outcome.left == 1 else "wrong"
    return _ask(request, asking, trouble, status=422, left=outcome.left)


def _ask(
    request: PatientRequest, asking: _Asking, trouble: str, *, status: int = 200, **told: int
) -> HttpResponse:
    facts = {
        "parts": rules.date_boxes(request.language, request.POST.dict()),
        "trouble": rules.said(request.language, trouble, **told) if trouble else "",
        "closed": trouble == "closed",
        "here": asking.here,
        "why": rules.said(request.language, asking.why),
    }
    return page(request, "portal/who.html", facts, status=status)
