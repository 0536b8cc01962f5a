"""The booking page: what is wanted, the openings there are, and one key to take one."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.facility import queries as facility
from almoner.ground import shell
from almoner.ground.typed import row_id
from almoner.patients import queries as patients
from almoner.scheduling import actions, forms
from almoner.scheduling.queries import appointments, openings, orders, ways
from almoner.scheduling.queries.openings import Opening, Search

PAGE = 12
NEXT = 3
"""Openings offered beside a refusal."""
WEEK = timedelta(days=7)
day_of = attrgetter("opening.local_day")
_WEEKS = 4
_HEAT = (0, 5, 15, 40)  # bookable starts above which a day is one shade warmer
_ASKED = ("patient", "move", "visit", "who", "days", "part", "earliest", "place", "since")

_EXTRA = ("clinician", "day", "at", "reason", "for")  # what the page of an extra visit holds
_POINTED = ("who", "earliest", "place", "since")  # what a place on the board says


@dataclass(frozen=True, slots=True)
class Offer:
    """An opening as a button: its number is its key, for the first nine."""

    number: int
    opening: Opening
    value: str


@dataclass(frozen=True, slots=True)
class Warmth:
    """One day of the heat map; ``level`` 0 to 4 is its shade."""

    day: date
    count: int
    level: int


@door("GET", permission="scheduling.book", purpose=Purpose.TREATMENT)
def booking(request: DeskRequest) -> HttpResponse:
    """Look for an opening, for a patient or before one is known."""
    context = _subject(request, request.GET)
    asked = "visit" in request.GET
    find = forms.Find(request.GET) if asked else forms.Find(initial=_wished(request, context))
    context |= {"find": find, "asked": _asked(request.GET, context)}
    if asked and find.is_valid():
        context |= _results(find.search(), request, focus=True)
        context["wait_instead"] = _wait_instead(context)
    if "subject" in context:
        context["told"] = ways.how_told(context["subject"].id)
        if "moving" not in context:
            context["chosen"] = forms.Chosen()
    return render(request, "scheduling/booking.html", context)


@door("GET", permission="scheduling.book", purpose=Purpose.TREATMENT)
def found(request: DeskRequest) -> HttpResponse:
    """The openings for what the form says now."""
    context = _subject(request, request.GET)
    find = forms.Find(request.GET)
    context |= {"find": find, "asked": _asked(request.GET, context)}
    if not find.is_valid():
        return render(request, "scheduling/_openings.html", context, status=422)
    context |= _results(find.search(), request, focus="go" in request.GET)
    context["wait_instead"] = _wait_instead(context)
    return render(request, "scheduling/_openings.html", context)


@door("POST", permission="scheduling.book", purpose=Purpose.TREATMENT)
def book(request: DeskRequest) -> HttpResponse:
    """Take the opening that was chosen: book the visit, or move the one being moved.

    What the page would show is only asked for when it must be shown again.
    """
    chosen, moved = forms.Chosen(request.POST), row_id(request.POST.get("move")) is not None
    if not chosen.is_valid():
        return _again(request, refusal=chosen.fault())
    if not (moved or chosen.cleaned_data["patient"]):
        return _again(request)
    try:
        done = _move(request, chosen) if moved else _book(request, chosen)
    except actions.BookingRefused as refused:
        return _again(request, refusal=forms.REFUSALS[refused.reason])
    except actions.OpeningTaken:
        return _again(request, taken=True)
    return _done(request, done, moved=moved)


def _again(request: DeskRequest, **why: Any) -> HttpResponse:
    """The openings there are now, with why nothing was booked and all that was typed."""
    context, find = _subject(request, request.POST), forms.Find(request.POST)
    context |= {"find": find, "asked": _asked(request.POST, context), **why}
    if find.is_valid() and why:
        search = find.search()
        context |= _results(search, request, focus=True)
        context["next"] = offers(openings.find(search, at=request.reading.at, limit=NEXT))
    return render(request, "scheduling/_openings.html", context, status=422)


@door("POST", permission="patients.find", purpose=Purpose.TREATMENT)
def who(request: DeskRequest) -> HttpResponse:
    """Patients to book for, found by what is typed; what else the page holds is kept.

    A POST, so that names stay out of addresses.
    """
    typed = request.POST.get("q", "")[:100].strip()
    lines = patients.find(typed, reading=request.reading).lines[:8] if typed else ()
    to = reverse("extra_visit" if request.POST.get("to") == "extra" else "book")
    kept = [(name, request.POST[name]) for name in (*_ASKED, *_EXTRA) if request.POST.get(name)]
    context = {
        "lines": lines,
        "typed": typed,
        "asked": kept,
        "to": to,
        "may_register": request.user.may("patients.register"),
    }
    return render(request, "scheduling/_who.html", context)


def _subject(request: DeskRequest, said: QueryDict) -> dict[str, Any]:
    """Whom the page is about: a patient, or the visit that is being moved."""
    moved, patient = row_id(said.get("move")), row_id(said.get("patient"))
    if moved is not None:
        visit = appointments.appointment(moved, reading=request.reading)
        header = patients.header(visit.patient_id, reading=request.reading)
        return {"moving": visit, "subject": header, "when": appointments.when(visit)}
    if patient is not None:
        return {"subject": patients.header(patient, reading=request.reading)}
    return {}


def _wished(request: DeskRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the form shows before anything was asked."""
    moving = context.get("moving")
    if moving:
        return {"visit": moving.visit_type_id, "who": str(moving.clinician_id)}
    return {name: request.GET[name] for name in _POINTED if name in request.GET}


def _wait_instead(context: dict[str, Any]) -> str:
    """Where the waitlist asks what was asked here, for a patient to whom none of it suits."""
    if "subject" not in context:
        return ""
    asked = dict(context["asked"])
    about = {"sooner": asked["move"]} if "move" in asked else {"patient": asked.get("patient", "")}
    wishes = {name: asked[name] for name in ("visit", "who", "days", "part", "place", "for")
              if name in asked}  # fmt: skip
    return f"{reverse('wait_for')}?{urlencode(about | wishes)}"


def _asked(said: QueryDict, context: dict[str, Any]) -> list[tuple[str, str]]:
    """What was typed, to travel along with the openings."""
    moving = context.get("moving")
    for_ = said.get("for") or (f"appointment:{moving.pk}" if moving else "")
    kept = {name: str(said.get(name, "")) for name in _ASKED} | {"for": str(for_)}
    return [(name, value) for name, value in kept.items() if value]


def _results(search: Search, request: DeskRequest, *, focus: bool) -> dict[str, Any]:
    at = request.reading.at
    skip = min(row_id(request.GET.get("skip")) or 0, openings.MOST - PAGE)
    # One more than is shown tells whether there are later ones.
    answer = openings.answer(search, at=at, limit=PAGE + 1, skip=skip, weeks=_WEEKS)
    shown, later = offers(answer.openings[:PAGE]), skip + PAGE
    return {
        "days": [(day, list(those)) for day, those in groupby(shown, key=day_of)],
        "found": True,
        "focus": focus,
        "token": secrets.token_urlsafe(12),
        "weeks": _weeks(answer.counts, answer.since),
        "later": later if len(answer.openings) > PAGE and later < openings.MOST else None,
        "third": answer.third,
        "narrow": bool(search.weekdays or search.since or search.until),
    }


def instead(taken: actions.OpeningTaken, subject: Any, asked: dict[str, Any]) -> dict[str, Any]:
    """What `scheduling/_instead.html` offers for a time that is taken, wherever it was chosen.

    ``asked`` is what the booking page would have been asked, and travels along.
    """
    return {
        "next": offers(taken.next_openings),
        "subject": subject,
        "asked": [(name, str(value)) for name, value in asked.items() if value],
        "token": secrets.token_urlsafe(12),
        "wider": f"{reverse('book')}?{urlencode({k: asked[k] for k in _ASKED if asked.get(k)})}",
    }


def offers(there: list[Opening]) -> list[Offer]:
    return [
        Offer(
            number,
            opening,
            f"{opening.clinician_id}_{opening.location_id}_{opening.starts_at.isoformat()}",
        )
        for number, opening in enumerate(there, start=1)
    ]


def _weeks(counts: dict[date, int], since: date) -> list[list[Warmth]]:
    def warmth(day: date) -> Warmth:
        count = counts.get(day, 0)
        return Warmth(day, count, sum(count > bound for bound in _HEAT))

    return [
        [warmth(since + week * WEEK + timedelta(days=day)) for day in range(7)]
        for week in range(_WEEKS)
    ]


def _book(request: DeskRequest, chosen: forms.Chosen) -> Any:
    said = chosen.cleaned_data
    wanted = orders.wanted(
        patient_id=said["patient"],
        visit_type_id=said["visit"] or 0,
        clinician_id=said["opening"].clinician_id,
        location_id=said["opening"].location_id,
        reading=request.reading,
    )
    return actions.book(
        officer=request.user,
        patient=wanted.patient,
        visit_type=wanted.visit_type,
        clinician=wanted.clinician,
        location=wanted.location,
        starts_at=said["opening"].starts_at,
        asked_at=request.reading.at,
        request_key=chosen.request_key(),
        note=said["note"],
    )


def _move(request: DeskRequest, chosen: forms.Chosen) -> Any:
    choice = chosen.cleaned_data["opening"]
    return actions.move(
        officer=request.user,
        appointment=appointments.appointment(
            row_id(request.POST["move"]) or 0, reading=request.reading
        ),
        clinician=facility.clinician(choice.clinician_id),
        location=facility.location(choice.location_id),
        starts_at=choice.starts_at,
        asked_at=request.reading.at,
    )


def _done(request: DeskRequest, appointment: Any, *, moved: bool) -> HttpResponse:
    text = _("Moved to %(when)s.") if moved else _("Booked for %(when)s.")
    undo = reverse("undo_appointment", args=[appointment.pk])
    shell.say(request, text % {"when": appointments.when(appointment)}, undo=undo)
    page = reverse("appointment", args=[appointment.pk])
    return HttpResponse(
        status=204, headers={"HX-Redirect": f"{page}?for=appointment:{appointment.pk}"}
    )
