"""Somebody stands at the desk without an appointment: who it is, and one key to begin."""

import secrets
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.queries import reason_for
from almoner.access.rules import Purpose
from almoner.arrivals import actions, forms, queries
from almoner.arrivals.rules import Identifier
from almoner.facility import queries as facility
from almoner.ground import shell
from almoner.ground.typed import page_number, row_id
from almoner.patients import queries as patients
from almoner.patients.rules.opening import enough
from almoner.patients.views.finding import held, seal
from almoner.scheduling import actions as scheduling


@door("GET", "POST", permission="arrivals.check_in", purpose=Purpose.TREATMENT)
def walk_in(request: DeskRequest) -> HttpResponse:
    """Book a visit for now, and go on with checking in; without a patient, ask who it is."""
    said = request.POST if request.method == "POST" else request.GET
    patient = row_id(said.get("patient"))
    if patient is None:
        return _who(request, patients.Found())
    if not _known(request, patient):
        ticket = said.get("found", "")
        return redirect(f"{reverse('patient', args=[patient])}?{urlencode({'found': ticket})}")
    context = _context(request, said, patient)
    form = context["form"]
    if request.method == "POST" and form.is_valid() and (answer := _book(request, context)):
        return answer
    status = 422 if form.errors else 200
    if request.headers.get("HX-Request"):  # the focus stays in the field that asked
        return render(request, "arrivals/_walk_in_with.html", context, status=status)
    if context["ways"] and context["ways"][0].on_top:
        form.begin_with_reason()
    else:
        context["ready"] = not form.errors
    return render(request, "arrivals/walk_in.html", context, status=status)


@door("POST", permission="patients.find", purpose=Purpose.TREATMENT)
def walk_in_who(request: DeskRequest) -> HttpResponse:
    """Who fits the box; Enter takes the only one. A POST, so that names stay out of addresses."""
    typed, wanted = request.POST.get("q", "")[:100], page_number(request.POST.get("page"))
    return _who(request, patients.find(typed, reading=request.reading, page=wanted), typed)


def _who(request: DeskRequest, found: patients.Found, typed: str = "") -> HttpResponse:
    ticket = seal(request, found)
    place = _place(request, request.POST if request.method == "POST" else request.GET)
    to = f"{reverse('walk_in')}?{urlencode({'place': place or '', 'found': ticket})}&patient="
    fragment = bool(request.headers.get("HX-Request"))
    if not fragment and len(found.lines) == 1:
        return redirect(f"{to}{found.lines[0].id}")
    template = "patients/_found.html" if fragment else "arrivals/walk_in_who.html"
    context = {"found": found, "typed": typed, "settled": not fragment, "to": to, "place": place}
    return render(request, template, context)


def _known(request: DeskRequest, patient_id: int) -> bool:
    """Whether two identifiers or something else than the reader's word lead to this patient."""
    request.reading.confirmed_by = held(request, patient_id)
    request.reading.said = "desk"
    return (
        enough(request.reading.confirmed_by)
        or reason_for(request.reading, patient_id).kind != "said"
    )


def _place(request: DeskRequest, said: QueryDict) -> int | None:
    """The location asked for; else the officer's own; else the first there is."""
    there = [id_ for id_, _name, _zone in queries.locations()]
    wanted = (str(said.get("place", "")), str(request.user.location_id))
    return next((id_ for ask in wanted for id_ in there if str(id_) == ask), None) or next(
        iter(there), None
    )


def _context(request: DeskRequest, said: QueryDict, patient_id: int) -> dict[str, Any]:
    """The page: what kinds of visit there are, and who can see the patient now for the chosen."""
    types = queries.sudden_types()
    chosen = next((each for each in types if str(each.pk) == said.get("visit")), None)
    chosen = chosen or next(iter(types), None)
    place = _place(request, said)
    patient = patients.patient(patient_id, reading=request.reading)
    ways = []
    if chosen and place:
        location = facility.location(place)
        born, at = patient.birth_date, request.reading.at
        ways = queries.ways_in(chosen, location, born=born, at=at)
        if not request.user.may("scheduling.overbook"):
            ways = [way for way in ways if not way.on_top]
    sent = request.POST if request.method == "POST" else None
    initial = {"visit": chosen.pk if chosen else None, "token": secrets.token_urlsafe(12)}
    return {
        "form": forms.WalkIn(
            sent, types=[(each.pk, each.name) for each in types], ways=ways, initial=initial
        ),
        "ways": ways,
        "visit_type": chosen,
        "patient": patient,
        "header": patients.header(patient_id, reading=request.reading),
        "place": place,
        "places": facility.places(),
        "ticket": said.get("found", ""),
        "for": said.get("for", ""),
    }


def _book(request: DeskRequest, context: dict[str, Any]) -> HttpResponse | None:
    """Book it and go to check-in; None when that was refused and the form says why."""
    form = context["form"]
    way: queries.Way = form.cleaned_data["clinician"]
    order = {
        "officer": request.user,
        "at": request.reading.at,
        "patient": context["patient"],
        "visit_type": context["visit_type"],
        "clinician": facility.clinician(way.clinician_id),
        "location": facility.location(context["place"]),
        "starts_at": way.starts_at,
        "request_key": form.cleaned_data["token"] or None,
    }
    try:
        if way.on_top:
            here = actions.walk_in_on_top(reason=form.cleaned_data["reason"], **order)
        else:
            here = actions.walk_in(**order)
    except scheduling.BookingRefused as refused:
        form.refused(refused.reason)
        return None
    except scheduling.OpeningTaken:
        form.add_error(
            "clinician", _("That has just been taken, or no room is free. Choose again.")
        )
        return None
    shell.say(request, _("Booked for now, and here. Check in goes on."))
    said = [("said", one) for one in request.reading.confirmed_by if one in set(Identifier)]
    query = urlencode([("for", f"appointment:{here.appointment_id}"), *said])
    return redirect(f"{reverse('check_in', args=[here.appointment_id])}?{query}")
