"""The page of one visit, for the patient: what it is, coming, another time, not coming."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from almoner.arrivals import queries as arrivals
from almoner.billing import actions as billing
from almoner.billing.rules.estimates import How
from almoner.facility import queries as facility
from almoner.ground import clock
from almoner.portal import queries, rules
from almoner.portal.gate import PatientRequest, gate, is_in, page
from almoner.portal.rules.accounts import Part
from almoner.portal.views import forms, kiosk, video
from almoner.portal.views.times import chosen
from almoner.portal.views.who import who
from almoner.records.rules.papers import WORDS
from almoner.scheduling import actions as scheduling


@gate("GET", "POST", asks=True)
def visit_link(request: PatientRequest) -> HttpResponse:
    """Where the link of a text leads: who is asking? Shows nothing of the visit."""
    if is_in(request) and request.method != "POST":
        return redirect("visit_page", request.token)
    return who(request, here="visit_link", then="visit_page", why="why_asked")


@gate("GET", at_kiosk=True)
def visit_page(request: PatientRequest) -> HttpResponse:
    """The visit as it stands, and what can be done with it."""
    if request.kiosk or request.asks:
        return kiosk.seat(request)
    return page(request, "portal/visit.html", _facts(request))


@gate("GET", "POST")
def visit_confirm(request: PatientRequest) -> HttpResponse:
    """The patient will come. Who comes here by a link (another language) is shown the visit."""
    if request.method != "POST":
        return redirect("visit_page", request.token)
    if not _visit(request).may_confirm:
        return _not_possible(request)
    row = queries.appointment(request.link.appointment_id)
    try:
        with queries.as_the_desk():
            scheduling.confirm(appointment=row, at=clock.now())
    except scheduling.BookingRefused:
        return _not_possible(request)
    return redirect("visit_page", request.token)


@gate("GET", "POST")
def visit_cancel(request: PatientRequest) -> HttpResponse:
    """Ask once more, then give the time up."""
    visit = _visit(request)
    if not visit.may_change:
        return redirect("visit_page", request.token)
    if request.method != "POST":
        return page(request, "portal/cancel.html", {"visit": visit})
    row = queries.appointment(request.link.appointment_id)
    try:
        with queries.as_the_desk():
            scheduling.cancel_own(appointment=row, at=clock.now())
    except scheduling.BookingRefused:
        return _not_possible(request)
    return redirect("visit_page", request.token)


@gate("GET", "POST")
def visit_times(request: PatientRequest) -> HttpResponse:
    """Other times for the visit, by the desk's own search; the one chosen is taken."""
    if not _visit(request).may_change:
        return redirect("visit_page", request.token)
    if request.method != "POST":
        return _times(request)
    ticked = chosen(request.POST.get("opening", ""))
    if ticked is None:
        return _times(request, "choose_one", status=422)
    try:
        _move(request, *ticked)
    except scheduling.OpeningTaken:
        return _times(request, "taken", status=409)
    except scheduling.BookingRefused:
        return _not_possible(request)
    return redirect("visit_page", request.token)


def _move(
    request: PatientRequest, starts_at: datetime, clinician_id: int, location_id: int
) -> None:
    """Raises OpeningTaken, also for what comes so near that it was not offered, BookingRefused."""
    now = clock.now()
    if not rules.may_change(booked=True, starts_at=starts_at, at=now):
        raise scheduling.OpeningTaken
    row = queries.appointment(request.link.appointment_id)
    asked = queries.search(row, with_anybody=_anybody(request), earliest=_earliest(request))
    with queries.as_the_desk():
        scheduling.move_own(
            appointment=row,
            clinician=facility.clinician(clinician_id),
            location=facility.location(location_id),
            starts_at=starts_at,
            asked_at=now,
            search=asked,
        )


def _times(request: PatientRequest, trouble: str = "", *, status: int = 200) -> HttpResponse:
    anybody, earliest = _anybody(request), _earliest(request)
    row = queries.appointment(request.link.appointment_id)
    asked = queries.search(row, with_anybody=anybody, earliest=earliest)
    with queries.as_the_desk():
        days, more = queries.times(asked, language=request.language, at=clock.now())
    visit = _visit(request)
    facts: dict[str, Any] = {
        "visit": visit,
        "times_with": rules.said(request.language, "times_with", clinician=visit.clinician),
        "only_same": rules.said(request.language, "show_same", clinician=visit.clinician),
        "days": days,
        "more": more,
        "anybody": anybody,
        "earliest": earliest,
        "trouble": rules.said(request.language, trouble) if trouble else "",
    }
    return page(request, "portal/times.html", facts, status=status)


def _visit(request: PatientRequest) -> queries.Visit:
    return queries.visit(request.link.appointment_id, language=request.language, at=clock.now())


def _facts(request: PatientRequest) -> dict[str, Any]:
    """The visit, and what its patient can do next."""
    found = queries.early(request.link.appointment_id, days=settings.CHECK_IN_DAYS, at=clock.now())
    visit = _visit(request)
    held = video.of(request) if visit.by_video else None
    sooner = queries.waits_sooner(request.link.appointment_id) if visit.may_change else None
    prepare = (
        queries.preparation(request.link.appointment_id, language=request.language)
        if visit.status == "booked"
        else ""
    )
    facts = {
        "visit": visit, "early": found, "video": held, "sooner": sooner, "prepare": prepare,
        "estimate": _estimate(request, visit), "estimated": _estimated(request, visit),
        "papers": WORDS[request.language], "by_account": request.link.way is not None,
        "was": visit.status in ("arrived", "completed"), "ask": _ask(request),
    }  # fmt: skip
    if Part.BILLS in request.link.parts:
        facts["money"] = queries.bill_of(request.link, language=request.language)
    asked = forms.forms_of(request)
    word = "early_why_forms" if asked["forms_left"] else "early_why"
    why = rules.said(request.language, word, forms=asked["forms_left"])
    return facts | asked | {"early_why": why}


def _ask(request: PatientRequest) -> str:
    """Where to write to us about the visit; nowhere without an account."""
    if request.link.way is None or Part.MESSAGES not in request.link.parts:
        return ""
    return f"{reverse('my_new_message')}?about=appointment:{request.link.appointment_id}"


def _estimate(request: PatientRequest, visit: queries.Visit) -> str:
    """What a visit to come will cost them, as far as their coverage tells."""
    if visit.status != "booked" or Part.BILLS not in request.link.parts:
        return ""
    with queries.as_the_desk():
        due = arrivals.due(request.link.appointment_id)
    return queries.estimate(due, request.language)


def _estimated(request: PatientRequest, visit: queries.Visit) -> queries.Estimated | None:
    """What a visit to come will cost them by our prices, where they pay it themselves."""
    if visit.status != "booked" or Part.BILLS not in request.link.parts:
        return None
    return queries.estimated(request.link.appointment_id, request.language)


@gate("GET", part=Part.BILLS)
def visit_estimate(request: PatientRequest) -> HttpResponse:
    """The estimate as it was made; whoever opens it has been given it."""
    found, pdf, number = queries.estimate_paper(request.link.appointment_id)
    with queries.as_the_desk():
        billing.give_estimate(officer=None, estimate_id=found, how=How.PAGE, at=clock.now())
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{number}.pdf"'
    return response


def _not_possible(request: PatientRequest) -> HttpResponse:
    facts = _facts(request) | {"trouble": rules.said(request.language, "not_possible")}
    return page(request, "portal/visit.html", facts, status=409)


def _anybody(request: PatientRequest) -> bool:
    return request.GET.get("with") == "anybody"


def _earliest(request: PatientRequest) -> date | None:
    try:
        return date.fromisoformat(request.GET.get("from", ""))
    except ValueError:
        return None
