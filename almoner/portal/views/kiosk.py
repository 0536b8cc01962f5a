"""A kiosk: who is there, that they are here, and what comes of it while the line is away."""

from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse

from almoner.arrivals import actions as arrivals
from almoner.arrivals.rules.ahead import OWN_WORDS, read
from almoner.ground import clock
from almoner.ground.typed import row_id
from almoner.portal import actions, queries, rules
from almoner.portal.gate import (
    KioskRequest,
    PatientRequest,
    Took,
    brought,
    gate,
    is_kiosk,
    page,
    stand,
    taken,
)
from almoner.portal.gate.entries import KIOSK as COOKIE
from almoner.portal.rules import kiosks
from almoner.portal.rules.kiosk_words import KIOSK
from almoner.portal.views import forms

KEPT = ("here", "answer", "desk", "done")
"""What the device says when the line was away; its service worker keeps these pages."""
LONGEST = 100


@stand("GET")
def kiosk(request: KioskRequest) -> HttpResponse:
    """Whoever comes in chooses their language; nothing of anybody stands here."""
    every = [(code, KIOSK[code]) for code in rules.LANGUAGES]
    return page(request, "portal/kiosk.html", {"every": every, "languages": []})


@stand("GET", "POST", before=True)
def kiosk_enrol(request: KioskRequest) -> HttpResponse:
    """Make this device the kiosk of a code that the clinic made."""
    if request.method != "POST":
        return page(request, "portal/kiosk_new.html")
    made = actions.enrol(typed=request.POST.get("code", "")[:LONGEST], at=clock.now())
    if made is None:
        trouble = {"trouble": rules.said(request.language, "kiosk_no_code")}
        return page(request, "portal/kiosk_new.html", trouble, status=422)
    response = redirect("kiosk")
    is_kiosk(response, made[1])
    return response


@stand("GET", "POST")
def kiosk_who(request: KioskRequest) -> HttpResponse:
    """Two identifiers lead to a visit of today at this location, or to the desk."""
    if request.method != "POST" or request.kiosk is None:
        return _who(request)
    born = rules.birth_date(request.POST.dict())
    said = kiosks.second(request.POST.get("second", "")[:LONGEST])
    sent = brought(request)
    if sent is not None and sent.late:
        actions.came(
            kiosk=request.kiosk,
            brought=sent,
            born=born,
            said=said,
            words=queries.words_entered(sent.what, request.POST.dict()),
            language=request.language,
            at=clock.now(),
        )
        return taken(sent, reverse("kiosk"))
    sitting = actions.find(
        kiosk=request.kiosk, born=born, said=said, language=request.language, at=clock.now()
    )
    if sitting is None:
        response = _who(request, rules.said(request.language, "kiosk_desk"), status=422)
        if sent is not None:
            response["X-Kiosk-Taken"] = str(sent.key)
        return response
    where = reverse("visit_page", args=[queries.kiosk_token(sitting)])
    return taken(sent, where) if sent is not None else redirect(where)


def _who(request: KioskRequest, trouble: str = "", *, status: int = 200) -> HttpResponse:
    facts = {
        "parts": rules.date_boxes(request.language, request.POST.dict()),
        "second": request.POST.get("second", ""),
        "trouble": trouble,
    }
    return page(request, "portal/kiosk_who.html", facts, status=status)


@stand("GET")
def kiosk_kept(request: KioskRequest) -> HttpResponse:
    """What is said when the line was away: kept for that moment by the device itself."""
    state = request.GET.get("what", KEPT[0])
    if state not in KEPT:
        raise Http404
    words = rules.WORDS[request.language]
    waits = queries.where_to_wait(request.kiosk, request.language) if request.kiosk else ""
    facts = {
        "what": state,
        "own_words": [(thing.value, words[f"thing_{thing}"]) for thing in OWN_WORDS],
        "where": waits,
        "languages": [],
    }
    return page(request, "portal/kiosk_kept.html", facts)


@stand("POST")
def kiosk_told(request: KioskRequest) -> HttpResponse:
    """What somebody told the device while the line was away, behind who they are."""
    sent = brought(request)
    if sent is None or request.kiosk is None:
        return redirect("kiosk")
    said = {
        thing.value: text
        for thing in OWN_WORDS
        if (text := str(read(thing, {"text": request.POST.get(thing, "")})["text"]))
    }
    who = None
    with suppress(ValueError):
        who = queries.entry_of(request.kiosk, str(UUID(request.POST.get("who", ""))))
    actions.told(
        kiosk=request.kiosk,
        brought=sent,
        who=who,
        said=said,
        words=queries.words_entered(sent.what, request.POST.dict()),
        days=settings.CHECK_IN_DAYS,
        at=clock.now(),
    )
    return taken(sent, f"{reverse('kiosk_kept')}?what=done&lang={request.language}")


@stand("POST")
def kiosk_leave(request: KioskRequest) -> HttpResponse:
    """Whoever stood here is done, or gone: the pages of their visit lead nowhere from now on."""
    sitting = queries.sitting_of(request.POST.get("token", ""))
    if sitting is not None and request.kiosk is not None:
        actions.wipe(kiosk=request.kiosk, sitting_id=sitting.pk, at=clock.now())
    return redirect("kiosk")


@stand("GET")
def kiosk_pulse(request: KioskRequest) -> HttpResponse:
    """The kiosk speaks up: how much it keeps; and is given what its next posts need."""
    response = JsonResponse({"csrf": get_token(request)})
    if request.kiosk is not None:
        unsent = row_id(request.GET.get("unsent")) or 0
        actions.speaks_up(kiosk=request.kiosk, unsent=min(unsent, 1_000_000), at=clock.now())
        is_kiosk(response, request.COOKIES[COOKIE])
    return response


@stand("GET", before=True)
def kiosk_worker(_request: KioskRequest) -> HttpResponse:
    """The service worker, under an address that stays; it serves pages below ``/v/`` too."""
    found = finders.find("portal/kiosk-worker.js")
    response = HttpResponse(Path(str(found)).read_bytes(), content_type="text/javascript")
    response["Service-Worker-Allowed"] = "/"
    return response


@gate("GET", "POST", at_kiosk=True)
def visit_arrive(request: PatientRequest) -> HttpResponse:
    """The arrival that the desk's own button makes, said at the kiosk."""
    back = reverse("visit_page", args=[request.token])
    if request.method != "POST" or request.kiosk is None:
        return redirect(back)
    at = request.brought.entered_at if request.brought else clock.now()
    try:
        with queries.as_the_desk():
            arrivals.arrive_own(appointment_id=request.link.appointment_id, at=at)
    except arrivals.AlreadyHere:
        return Took(back)
    except arrivals.NotExpected:
        return redirect(back)
    found = queries.early(request.link.appointment_id, days=settings.CHECK_IN_DAYS, at=clock.now())
    return Took(reverse("visit_check_in", args=[request.token]) if not found.finished else back)


def seat(request: PatientRequest) -> HttpResponse:
    """The page of the visit at a kiosk: that one is here, what is left, and where to wait."""
    at, here = clock.now(), request.link.appointment_id
    days = settings.CHECK_IN_DAYS
    found = queries.early(here, days=days, at=at)
    visit = queries.visit(here, language=request.language, at=at)
    paying = queries.paying(here, language=request.language, days=days, at=at)
    told = forms.forms_of(request)
    facts: dict[str, Any] = {
        "visit": visit,
        "early": found,
        "left": found.is_open and (not found.finished or told["forms_open"]),
        "pay": rules.said(request.language, "kiosk_pay", amount=paying.amount)
        if paying.offered and paying.due
        else "",
        "where": queries.where_to_wait(request.kiosk, request.language) if request.kiosk else "",
    }
    return page(request, "portal/kiosk_seat.html", facts | told)
