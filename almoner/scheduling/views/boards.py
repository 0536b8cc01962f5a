"""The day board and the week of one clinician."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.facility import queries as facility
from almoner.facility.queries import Place
from almoner.ground import clock, shell
from almoner.ground.typed import row_id
from almoner.patients import queries as patients
from almoner.scheduling import actions, forms, rules
from almoner.scheduling.queries import appointments, boards
from almoner.scheduling.views.booking import WEEK, instead
from almoner.scheduling.views.visits import changed

DAY = timedelta(days=1)


@door("GET", permission="scheduling.view", purpose=Purpose.OPERATIONS, queue="day_board")
def day_board(request: DeskRequest) -> HttpResponse:
    """A column for each clinician of one location on one day."""
    where = forms.Where(request.GET)
    places = facility.places()
    if not places:
        return render(request, "scheduling/board.html", {"places": []})
    place = _place(request, where, places)
    today = clock.today(place.zone)
    day: date = where.said("day") or today
    request.reading.queue_is_over = not rules.still_work(day, today=today)
    board = boards.day_board(
        place,
        day,
        reading=request.reading,
        page=where.said("page") or 1,
        clinician_id=where.said("clinician"),
    )
    context = {
        "board": board,
        "place": place,
        "places": places.values(),
        "day": day,
        "today": today,
        "closed": facility.closures(day, day + DAY).get(day),
        "here": _query(place, day, request, page=board.page),
        "before": _query(place, day - DAY, request),
        "after": _query(place, day + DAY, request),
        "week_before": _query(place, day - WEEK, request),
        "week_after": _query(place, day + WEEK, request),
        "page_links": [_query(place, day, request, page=n + 1) for n in range(board.pages)],
    } | _mode(request)
    return render(request, _template(request, "scheduling/board.html"), context)


@door("GET", permission="scheduling.view", purpose=Purpose.OPERATIONS, queue="week")
def week(request: DeskRequest, clinician_id: int) -> HttpResponse:
    """Monday to Friday of one clinician, and the weekend when there is something on it."""
    where = forms.Where(request.GET)
    clinician = facility.clinician(clinician_id)
    places = facility.places()
    place = _place(request, where, places)
    today = clock.today(place.zone)
    monday = forms.monday(where.said("day") or today)
    request.reading.queue_is_over = not rules.still_work(monday + WEEK - DAY, today=today)
    board = boards.week(place, clinician_id, monday, reading=request.reading)
    context = {
        "board": board,
        "clinician": clinician,
        "place": place,
        "places": places.values(),
        "day": monday,
        "today": today,
        "here": _query(place, monday, request),
        "before": _query(place, monday - WEEK, request),
        "after": _query(place, monday + WEEK, request),
    } | _mode(request)
    return render(request, _template(request, "scheduling/week.html"), context)


@door("POST", permission="scheduling.book", purpose=Purpose.TREATMENT)
def drop(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """Put the visit that is being moved onto the place of the board that was chosen."""
    slot = forms.Slot(request.POST)
    appointment = appointments.appointment(appointment_id, reading=request.reading)
    if not slot.is_valid():
        text = _("That is no place on the board. Nothing was moved.")
        return shell.refused(text)
    location = facility.location(slot.cleaned_data["location"])
    try:
        moved = actions.move(
            officer=request.user,
            appointment=appointment,
            clinician=facility.clinician(slot.cleaned_data["clinician"]),
            location=location,
            starts_at=slot.starts_at(location.time_zone),
            asked_at=request.reading.at,
        )
    except actions.BookingRefused as refused:
        return shell.refused(forms.REFUSALS[refused.reason])
    except actions.OpeningTaken as taken:
        return _does_not_fit(request, appointment, slot, taken)
    back = {"day": moved.local_day, "place": moved.location_id, "clinician": moved.clinician_id}
    return changed(
        request,
        moved,
        _("Moved to %(when)s.") % {"when": appointments.when(moved)},
        back=f"{reverse('day_board')}?{urlencode(back)}",
    )


def _does_not_fit(
    request: DeskRequest, visit: Any, slot: forms.Slot, taken: actions.OpeningTaken
) -> HttpResponse:
    """Over the board: that part of the time is taken, and the next three openings there."""
    asked = {
        "move": visit.pk,
        "visit": visit.visit_type_id,
        "who": slot.cleaned_data["clinician"],
        "earliest": slot.cleaned_data["day"],
        "for": f"appointment:{visit.pk}",
    }
    subject = patients.header(visit.patient_id, reading=request.reading)
    context = {"visit": visit} | instead(taken, subject, asked)
    answer = render(request, "scheduling/_does_not_fit.html", context, status=422)
    answer["HX-Retarget"], answer["HX-Reswap"] = "#dialog", "innerHTML"
    return answer


def _place(request: DeskRequest, where: forms.Where, places: dict[int, Place]) -> Place:
    """The location asked for, else the officer's own, else the first."""
    for wished in (where.said("place"), request.user.location_id):
        if wished in places:
            return places[wished]
    return next(iter(places.values()))


def _mode(request: DeskRequest) -> dict[str, Any]:
    """What the board is used for: a visit being moved, or a patient being booked."""
    moved, patient_id = row_id(request.GET.get("move")), row_id(request.GET.get("patient"))
    if moved is not None:
        visit = appointments.lifted(moved, reading=request.reading)
        return {"moving": visit, "when": appointments.when(visit)}
    if patient_id is not None:
        return {"patient_id": patient_id}
    return {}


def _query(place: Place, day: date, request: DeskRequest, **more: int) -> str:
    """The address of another day, in the same mode."""
    kept = {name: request.GET[name] for name in ("move", "patient") if name in request.GET}
    return f"?{urlencode({'place': place.id, 'day': day.isoformat()} | kept | more)}"


def _template(request: DeskRequest, page: str) -> str:
    """The whole page, or the grid alone for a screen that refreshes itself."""
    return "scheduling/_grid.html" if request.headers.get("HX-Request") else page
