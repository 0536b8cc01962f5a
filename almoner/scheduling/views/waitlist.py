"""The waitlist: who waits, in which order and why; offering a place by hand, and answers heard."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.facility import queries as facility
from almoner.ground import clock, shell
from almoner.ground.typed import page_number, row_id
from almoner.patients import queries as patients
from almoner.scheduling import actions, forms
from almoner.scheduling.queries import appointments, orders, waitlist
from almoner.scheduling.rules.waitlist import Barred
from almoner.scheduling.views.booking import offers

QUEUE = "waitlist"
FIRST = 9
"""Openings shown for somebody who waits: each has a key."""
_CARRIED = ("visit", "who", "days", "part", "place")


@door("GET", permission="scheduling.book", purpose=Purpose.OPERATIONS, queue=QUEUE)
def waiting(request: DeskRequest) -> HttpResponse:
    """Who waits, first first; and the places of which nobody could be told."""
    narrowed = waitlist.filters(request.GET)
    show = narrowed.setdefault("show", "waiting")
    request.reading.queue_is_over = show == "over"
    today = clock.today(facility.organisation().time_zone)
    context = {
        "page": waitlist.entries(
            narrowed=narrowed,
            number=page_number(request.GET.get("page")),
            today=today,
            reading=request.reading,
        ),
        "barred": waitlist.barred(request.reading.at) if show != "over" else [],
        "narrowed": narrowed,
        "show": show,
        "shown": forms.SHOWN.items(),
        "kinds": [(f"{each.pk}", each.name) for each in facility.visit_types()],
        "people": [(f"{each.id}", each.name) for each in facility.people().values()],
        "places": [(f"{each.id}", each.name) for each in facility.places().values()],
        "minutes": settings.OFFER_MINUTES,
    }
    return render(request, "scheduling/waitlist.html", context)


@door("GET", "POST", permission="scheduling.book", purpose=Purpose.TREATMENT)
def wait_for(request: DeskRequest) -> HttpResponse:
    """Put a patient on the list; with a visit, for an earlier place than that."""
    said = request.POST if request.method == "POST" else request.GET
    visit_id, patient_id = row_id(said.get("sooner")), row_id(said.get("patient"))
    if visit_id is None and patient_id is None:
        return HttpResponseRedirect(reverse("book"))
    sooner = (
        appointments.appointment(visit_id, reading=request.reading)
        if visit_id is not None
        else None
    )
    whose = sooner.patient_id if sooner else patient_id or 0
    form = forms.WaitFor(request.POST or None, initial=_first(request, sooner), sooner=sooner)
    if request.method == "POST" and form.is_valid():
        wanted = form.wanted(orders.patient(whose, reading=request.reading), sooner)
        try:
            made = actions.wait(officer=request.user, wanted=wanted, at=request.reading.at)
        except actions.BookingRefused as refused:
            form.add_error(None, forms.REFUSALS[refused.reason])
        else:
            shell.say(request, _("On the waitlist. They are told when a place comes free."))
            return HttpResponseRedirect(_page_of(made.pk))
    context = {
        "form": form,
        "sooner": sooner,
        "when": appointments.when(sooner) if sooner else "",
        "patient_id": whose,
        "header": patients.header(whose, reading=request.reading),
        "for": said.get("for", ""),
    }
    status = 422 if form.errors else 200
    return render(request, "scheduling/wait_for.html", context, status=status)


def _first(request: DeskRequest, sooner: Any) -> dict[str, Any]:
    """What the form shows at first: what was looked for, or what the visit is."""
    last_day = request.reading.at.date() + forms.WAITS_FOR
    asked = {name: request.GET[name] for name in _CARRIED if request.GET.get(name)}
    if sooner:
        asked |= {"who": str(sooner.clinician_id), "place": str(sooner.location_id)}
        last_day = max(sooner.local_day - timedelta(days=1), request.reading.at.date())
    return {"last_day": last_day} | asked


@door("GET", permission="scheduling.book", purpose=Purpose.TREATMENT)
def wait_entry(request: DeskRequest, entry_id: int) -> HttpResponse:
    """Somebody who waits: what would do, what was offered, and the places that would do now."""
    return _entry(request, entry_id)


def _entry(request: DeskRequest, entry_id: int, *, status: int = 200, **more: Any) -> HttpResponse:
    row = waitlist.entry(entry_id, reading=request.reading)
    at = request.reading.at
    line = waitlist.line(row, reading=request.reading)
    is_kept = line.offer is not None and line.offer.state == "open"
    there = (
        waitlist.openings_for(row, at=at, limit=FIRST) if not row.ended_at and not is_kept else []
    )
    context = {
        "row": row,
        "line": line,
        "offers": waitlist.offers_of(row, at=at),
        "kept": line.offer if is_kept else None,
        "there": offers(there),
        "subject": True,  # the buttons of openings are asked whether anybody is chosen
        "header": patients.header(row.patient_id, reading=request.reading),
        "for": f"waitentry:{row.pk}",
        "minutes": settings.OFFER_MINUTES,
    }
    return render(request, "scheduling/wait_entry.html", context | more, status=status)


@door("POST", permission="scheduling.book", purpose=Purpose.TREATMENT)
def offer_place(request: DeskRequest, entry_id: int) -> HttpResponse:
    """Keep one of the openings for them, and tell them of it."""
    row = waitlist.entry(entry_id, reading=request.reading)
    chosen = forms.Chosen(request.POST)
    if not chosen.is_valid():
        return _entry(request, entry_id, trouble=chosen.fault(), status=422)
    opening = chosen.cleaned_data["opening"]
    try:
        actions.offer_by_hand(
            officer=request.user,
            entry=row,
            clinician=facility.clinician(opening.clinician_id),
            location=facility.location(opening.location_id),
            starts_at=opening.starts_at,
            at=request.reading.at,
        )
    except actions.BookingRefused as refused:
        return _entry(request, entry_id, trouble=forms.REFUSALS[refused.reason], status=422)
    except actions.OpeningTaken:
        trouble = _("Somebody has just taken that time. Choose another.")
        return _entry(request, entry_id, trouble=trouble, status=422)
    _say_kept(request, row.patient_id, opening.location_id)
    return HttpResponseRedirect(_page_of(entry_id))


def _say_kept(request: DeskRequest, patient_id: int, location_id: int) -> None:
    why = actions.why_not_told(patient_id, location_id, at=request.reading.at)
    said = {
        Barred.NO_WAY: _("Kept for them. Nothing can be sent to them: call them."),
        Barred.NIGHT: _("Kept for them. It is night and nothing is sent: call them."),
    }
    if why:
        shell.say(request, said[Barred(why)], tone="warn")
    else:
        shell.say(request, _("Kept for them. They are told now."))


@door("POST", permission="scheduling.book", purpose=Purpose.TREATMENT)
def take_offer(request: DeskRequest, offer_id: int) -> HttpResponse:
    """The patient said yes, by phone or at the desk."""
    row = waitlist.offer(offer_id, reading=request.reading)
    try:
        visit = actions.accept(offer_id=row.pk, by=request.user, at=request.reading.at)
    except actions.OfferOver:
        return _over(request, row.entry_id)
    except actions.BookingRefused as refused:
        return _entry(request, row.entry_id, trouble=forms.REFUSALS[refused.reason], status=422)
    shell.say(request, _("Booked for %(when)s.") % {"when": appointments.when(visit)})
    page = reverse("appointment", args=[visit.pk])
    return HttpResponseRedirect(f"{page}?for=appointment:{visit.pk}")


@door("POST", permission="scheduling.book", purpose=Purpose.TREATMENT)
def refuse_offer(request: DeskRequest, offer_id: int) -> HttpResponse:
    """The patient said no: the next who waits is offered it."""
    row = waitlist.offer(offer_id, reading=request.reading)
    try:
        actions.decline(offer_id=row.pk, by=request.user, at=request.reading.at)
    except actions.OfferOver:
        return _over(request, row.entry_id)
    shell.say(request, _("The next who waits is offered it. They stay on the list."))
    return HttpResponseRedirect(_page_of(row.entry_id))


@door("POST", permission="scheduling.book", purpose=Purpose.OPERATIONS)
def stop_waiting(request: DeskRequest, entry_id: int) -> HttpResponse:
    """Take somebody off the list, for a reason that is kept."""
    row = waitlist.entry(entry_id, reading=request.reading)
    why = request.POST.get("reason", "")
    try:
        actions.remove(officer=request.user, entry=row, why=why, at=request.reading.at)
    except actions.BookingRefused as refused:
        return shell.refused(forms.REFUSALS[refused.reason])
    shell.say(request, _("Taken off the waitlist."))
    return HttpResponse(status=204, headers={"HX-Redirect": reverse("waitlist")})


def _over(request: DeskRequest, entry_id: int) -> HttpResponse:
    trouble = _("The place is not kept for them any more. Offer them another.")
    return _entry(request, entry_id, trouble=trouble, status=422)


def _page_of(entry_id: int) -> str:
    page = reverse("wait_entry", args=[entry_id])
    return f"{page}?{urlencode({'for': f'waitentry:{entry_id}'})}"
