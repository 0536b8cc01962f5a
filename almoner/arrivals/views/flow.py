"""The front desk's pages: the flow board and check-in."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.arrivals import actions, forms, queries, rules
from almoner.arrivals.rules import Identifier, Item, State
from almoner.coverage import queries as coverage
from almoner.ground import clock, shell
from almoner.ground.forms import TypedDate
from almoner.ground.typed import page_number
from almoner.patients import queries as patients

STATES = {
    "expected": gettext_lazy("Expected"),
    State.ARRIVED: gettext_lazy("Arrived"),
    State.READY: gettext_lazy("Ready"),
    State.ROOMED: gettext_lazy("Roomed"),
    State.WITH_CLINICIAN: gettext_lazy("With clinician"),
    State.DONE: gettext_lazy("Done"),
    State.LEFT: gettext_lazy("Left"),
}


@door("GET", permission="arrivals.view", purpose=Purpose.OPERATIONS, queue="flow board")
def board(request: DeskRequest) -> HttpResponse:
    """Everybody of one location and day, where they are and for how long."""
    template = (
        "arrivals/_board.html" if request.headers.get("HX-Request") else "arrivals/board.html"
    )
    return render(request, template, _board(request))


def _board(request: DeskRequest) -> dict[str, Any]:
    places = queries.locations()
    asked = request.GET.get("location", "")
    here = next((place for place in places if str(place[0]) == asked), None) or next(
        (place for place in places if place[0] == request.user.location_id), None
    )
    if here is None:
        here = places[0] if places else (0, _("No location yet"), "UTC")
    today = clock.today(here[2])
    day = _day(request.GET.get("day", "")) or today
    page = page_number(request.GET.get("page", ""))
    found = queries.board(here[0], day, reading=request.reading, page=page)
    place = {"location": here[0]} | ({} if day == today else {"day": day.isoformat()})
    return {
        "board": found,
        "columns": [(STATES[column.state], column) for column in found.columns],
        "names": {state.value: name for state, name in STATES.items() if isinstance(state, State)},
        "location": here,
        "locations": places,
        "day": day,
        "here": urlencode(place | ({"page": found.page} if found.page > 1 else {})),
        "before": urlencode(place | {"page": found.page - 1}),
        "after": urlencode(place | {"page": found.page + 1}),
        "rooms": queries.free_rooms(here[0]),
    }


def _day(text: str) -> date | None:
    try:
        day: date | None = TypedDate(required=False).clean(text)
    except ValidationError:
        return None
    return day


@door("GET", "POST", permission="arrivals.check_in", purpose=Purpose.TREATMENT)
def check_in(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """Settle everything the desk asks of one visit, on one page."""
    asked = queries.checklist(appointment_id, reading=request.reading)
    if asked.here or asked.status not in ("booked", "arrived"):
        shell.say(request, _not_expected(asked))
        return redirect(_board_of(asked))
    if asked.another_day:
        return _another_day(request, asked)
    form = forms.CheckIn(
        request.POST or None,
        due=asked.forms,
        clear=asked.clear,
        said=asked.said,
        initial=_initial(request, asked),
    )
    sound = request.method == "POST" and form.is_valid()
    request.reading.confirmed_by = form.confirmed_by()
    if sound:
        try:
            actions.check_in(
                officer=request.user,
                appointment_id=appointment_id,
                clear=asked.clear,
                check_in=form.cleaned_data["check_in"],
                at=request.reading.at,
            )
        except actions.AlreadyHere:
            shell.say(request, _("A colleague has checked this patient in already."))
            return redirect(_board_of(asked))
        except actions.NotExpected:
            form.add_error(None, _("This visit was cancelled or moved meanwhile; nothing is lost."))
        except actions.CheckInOpen:  # the patient sent something, or a form came into use
            form.add_error(None, _("Something new came meanwhile. Look at the list again."))
        else:
            shell.say(request, _("Checked in."))
            return redirect(_board_of(asked))
    context = {
        "form": form,
        "asked": asked,
        "words": _told_words(asked),
        "items": item_lines(form, asked, forms.TICKED),
        "proven": item_lines(form, asked, rules.PROVEN),
        "due_forms": list(zip(asked.forms, form["signed"], strict=True)),
        "first": not form.is_bound,
        "ask_at": queries.asking_at(),
        "header": patients.header(asked.patient_id, reading=request.reading),
    }
    status = 422 if form.errors else 200
    return render(request, "arrivals/check_in.html", context, status=status)


@door("POST", permission="arrivals.check_in", purpose=Purpose.TREATMENT)
def begin_check_in(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """Somebody stands at the desk: the answer is what the open page says of cover and co-pay.

    The page asks by itself, when it is opened and when a payer has answered. What is typed in it
    comes along and goes back.
    """
    actions.begin_check_in(
        officer=request.user, appointment_id=appointment_id, at=request.reading.at
    )
    asked = queries.checklist(appointment_id, reading=request.reading)
    typed = {name: request.POST[name] for name in request.POST if name.endswith("_reason")}
    form = forms.CheckIn(due=asked.forms, clear=asked.clear, said=asked.said, initial=typed)
    context = {"asked": asked, "items": item_lines(form, asked, rules.PROVEN)}
    return render(request, "arrivals/_proven.html", context)


@door("POST", permission="arrivals.check_in", purpose=Purpose.TREATMENT)
def identify(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """Written down as soon as it is ticked: what is opened from the page is opened by that."""
    actions.identify(
        officer=request.user,
        appointment_id=appointment_id,
        identifiers=forms.said(request.POST.getlist("identifiers")),
        at=request.reading.at,
    )
    return HttpResponse(status=204)


def _another_day(request: DeskRequest, asked: queries.Checklist) -> HttpResponse:
    """Nothing can be settled: what to do instead."""
    header = patients.header(asked.patient_id, reading=request.reading)
    context = {"asked": asked, "header": header}
    status = 200 if request.method == "GET" else 409
    return render(request, "arrivals/another_day.html", context, status=status)


def _initial(request: DeskRequest, asked: queries.Checklist) -> dict[str, Any]:
    """What is clear by itself arrives ticked."""
    return {f"{item}_done": line.clear for item, line in asked.lines.items()} | {
        "identifiers": [one for one in request.GET.getlist("said") if one in set(Identifier)]
    }


def item_lines(
    form: forms.CheckIn, asked: queries.Checklist, wanted: Iterable[Item]
) -> list[dict[str, Any]]:
    return [
        {
            "item": item,
            "name": forms.ITEM_NAMES[item],
            "line": asked.lines[item],
            "done": form[f"{item}_done"] if f"{item}_done" in form.fields else None,
            "reason": form[f"{item}_reason"],
            "letter": forms.LETTERS[item],
            "proposals": _proposals(asked, item),
            "plans": _plans(asked) if item is Item.COVERAGE else [],
            # What stands open stays in its place: somebody may be typing there.
            "open": not asked.lines[item].clear or form[f"{item}_reason"].value() is not None,
        }
        for item in wanted
    ]


def _proposals(asked: queries.Checklist, item: Item) -> list[tuple[Any, Any]]:
    """What the patient said ahead of this item and nobody has settled, each with its name."""
    if asked.ahead is None or item not in asked.said:
        return []
    there = asked.ahead.details if item is Item.DETAILS else asked.ahead.coverage
    return [(forms.SAID_AHEAD[one.thing], one) for one in there]


def _plans(asked: queries.Checklist) -> list[tuple[int, str]]:
    """The plans to choose from for a new coverage; none is read when nothing new was said."""
    if asked.ahead is None or all(one.thing != "new_policy" for one in asked.ahead.coverage):
        return []
    return [(plan.pk, f"{plan.payer.name}: {plan.name}") for plan in coverage.plans()]


def _told_words(asked: queries.Checklist) -> list[tuple[Any, str]]:
    """What the patient told in their own words, each with its name."""
    words = asked.ahead.words if asked.ahead else []
    return [(forms.SAID_AHEAD[thing], text) for thing, text in words]


def _not_expected(asked: queries.Checklist) -> str:
    if asked.here:
        return _("This patient is checked in already.")
    return _("This visit is not one somebody can arrive for any more.")


def _board_of(asked: queries.Checklist) -> str:
    return f"{reverse('board')}?location={asked.location_id}#visit-{asked.appointment_id}"


@door("POST", permission="arrivals.check_in", purpose=Purpose.TREATMENT, queue="flow board")
def arrive(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """The patient is in the waiting room; check-in follows."""
    try:
        actions.arrive(officer=request.user, appointment_id=appointment_id, at=request.reading.at)
    except actions.AnotherDay:
        said = _(
            "That visit is on another day. Move it to today, or take the patient as a walk-in."
        )
        return shell.toast(_answer(request), said)
    except (actions.AlreadyHere, actions.NotExpected):
        return shell.toast(
            _answer(request), _("That had changed meanwhile; the board is fresh now.")
        )
    return shell.toast(_answer(request), _("Arrived."))


@door("POST", permission="arrivals.move", purpose=Purpose.TREATMENT, queue="flow board")
def move(request: DeskRequest, encounter_id: int) -> HttpResponse:
    """One step of a visit; the answer is the fresh board."""
    form = forms.Move(request.POST)
    if not form.is_valid():
        return shell.toast(_answer(request), _("Choose where to."))
    try:
        movement = actions.move(
            officer=request.user,
            encounter_id=encounter_id,
            to=State(form.cleaned_data["to"]),
            room_id=form.cleaned_data["room"],
            reason=form.cleaned_data["reason"],
            at=request.reading.at,
        )
    except actions.CannotMove as refused:
        return shell.toast(_answer(request), str(forms.REFUSALS[refused.reason]))
    except actions.RoomTaken:
        return shell.toast(_answer(request), _("Somebody is in that room. Choose another."))
    undo = reverse("take_back", args=[movement.pk])
    said = _("Now: %(state)s.") % {"state": STATES[State(movement.state)]}
    return shell.toast(_answer(request), said, undo=undo)


@door("POST", permission="arrivals.move", purpose=Purpose.TREATMENT)
def take_back(request: DeskRequest, movement_id: int) -> HttpResponse:
    try:
        actions.take_back(officer=request.user, movement_id=movement_id, at=request.reading.at)
    except (actions.CannotMove, actions.RoomTaken):
        return shell.toast(HttpResponse(status=204), _("Too late to take that back."))
    return HttpResponse(status=204, headers={"HX-Refresh": "true"})


def _answer(request: DeskRequest) -> HttpResponse:
    """The fresh board, whatever the act was: nobody works on a stale one."""
    return render(request, "arrivals/_board.html", _board(request))
