"""Where the link of an errand leads: who is asking, then the place that is kept, or booking."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from almoner.ground import clock
from almoner.portal import actions, queries, rules
from almoner.portal.gate import ErrandRequest, errand, is_in_errand, let_in_errand, page
from almoner.portal.gate.links import let_in_by
from almoner.portal.rules import Entry
from almoner.scheduling import actions as scheduling


@errand("GET", "POST", asks=True)
def errand_link(request: ErrandRequest) -> HttpResponse:
    """Who is asking? Shows nothing of what the link is about."""
    if request.errand.way:  # of an account: its browser is let in where the account leads here
        return redirect("my_home")
    if request.method == "POST":
        return _try(request)
    if is_in_errand(request):
        return redirect(_where(request))
    if rules.is_closed(request.errand.closed_until, at=clock.now()):
        return _who(request, "closed")
    return _who(request, "stale" if "stale" in request.GET else "")


def _try(request: ErrandRequest) -> HttpResponse:
    said = rules.birth_date(request.POST.dict())
    if said is None:
        return _who(request, "no_such_day", status=422)
    outcome = actions.try_errand(errand=request.errand, said=said, at=clock.now())
    if outcome.entry == Entry.IN:
        response = redirect(_where(request))
        let_in_errand(request, response)
        return response
    if outcome.entry == Entry.CLOSED:
        return _who(request, "closed", status=429)
    word = "link_wrong_once" if outcome.left == 1 else "link_wrong"
    return _who(request, word, status=422, left=outcome.left)


def _where(request: ErrandRequest) -> str:
    found = request.errand
    if found.visit_type_id:
        return reverse("book_times", args=[request.token, found.visit_type_id])
    return reverse("errand_place", args=[request.token])


def _who(request: ErrandRequest, trouble: str, *, status: int = 200, **told: int) -> HttpResponse:
    facts = {
        "parts": rules.date_boxes(request.language, request.POST.dict()),
        "trouble": rules.said(request.language, trouble, **told) if trouble else "",
        "closed": trouble == "closed",
    }
    return page(request, "portal/errand_who.html", facts, status=status)


def entry_of(request: ErrandRequest) -> int:
    if request.errand.entry_id is None:
        raise Http404
    return request.errand.entry_id


@errand("GET")
def errand_place(request: ErrandRequest) -> HttpResponse:
    """What is kept for them now, and until when; or that they wait, or what came of it."""
    return _place(request)


def _place(request: ErrandRequest, trouble: str = "", *, status: int = 200) -> HttpResponse:
    waits = queries.waits(entry_of(request), language=request.language, at=clock.now())
    facts = {"waits": waits, "trouble": rules.said(request.language, trouble) if trouble else ""}
    if waits.offer:
        facts["kept"] = rules.said(request.language, "place_kept", until=waits.offer.until)
        if before := waits.offer.instead:
            facts["instead"] = rules.said(
                request.language, "place_instead", day=before.day, time=before.time
            )
    facts["declined"] = "no" in request.GET
    return page(request, "portal/place.html", facts, status=status)


@errand("GET", "POST")
def errand_take(request: ErrandRequest) -> HttpResponse:
    """Take what is kept. Who comes here by a link (another language) is shown it."""
    offer = queries.waits(entry_of(request), language=request.language, at=clock.now()).offer
    if request.method != "POST":
        return redirect("errand_place", request.token)
    if offer is None or request.POST.get("offer") != f"{offer.id}":
        return _place(request, "place_over", status=409)
    try:
        with queries.as_the_desk():
            visit = scheduling.accept(offer_id=offer.id, at=clock.now())
    except scheduling.OfferOver:
        return _place(request, "place_over", status=409)
    except scheduling.BookingRefused:
        return _place(request, "place_not", status=409)
    return to_visit(request, visit.pk)


@errand("GET", "POST")
def errand_decline(request: ErrandRequest) -> HttpResponse:
    offer = queries.waits(entry_of(request), language=request.language, at=clock.now()).offer
    if request.method != "POST" or offer is None:
        return redirect("errand_place", request.token)
    try:
        with queries.as_the_desk():
            scheduling.decline(offer_id=offer.id, at=clock.now())
    except scheduling.OfferOver:
        return _place(request, "place_over", status=409)
    return redirect(reverse("errand_place", args=[request.token]) + "?no=1")


@errand("GET", "POST")
def errand_leave(request: ErrandRequest) -> HttpResponse:
    """They do not want to be told any more."""
    waits = queries.waits(entry_of(request), language=request.language, at=clock.now())
    if request.method == "POST" and waits.on:
        try:
            with queries.as_the_desk():
                scheduling.leave(entry_id=waits.entry_id, at=clock.now())
        except scheduling.BookingRefused:
            return _place(request, "place_not", status=409)
    return redirect("errand_place", request.token)


@errand("POST")
def errand_visit(request: ErrandRequest) -> HttpResponse:
    """Open the visit that came of it."""
    waits = queries.waits(entry_of(request), language=request.language, at=clock.now())
    if waits.visit_id is None:
        raise Http404
    return to_visit(request, waits.visit_id)


def to_visit(request: ErrandRequest, appointment_id: int) -> HttpResponse:
    """To the page of a visit of theirs: this browser is let in there."""
    with queries.as_the_desk():
        link, token = actions.open_visit(appointment_id, request.language, clock.now())
    found = request.errand
    if found.way and found.acting:
        token = queries.account_token(found.way, found.acting, appointment_id)
    response = redirect("visit_page", token)
    let_in_by(link.pk, token, response)
    return response
