"""One visit: what it is, what became of it, and what can be done with it."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.ground import shell
from almoner.patients import queries as patients
from almoner.scheduling import actions, forms
from almoner.scheduling.queries import appointments, ways
from almoner.scheduling.rules import CancelReason


@door("GET", permission="scheduling.view", purpose=Purpose.TREATMENT)
def appointment(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """The visit's own page; asked for by a board, the same in a dialog."""
    context = _visit(request, appointment_id)
    if request.headers.get("HX-Request"):
        return render(request, "scheduling/_visit_dialog.html", context)
    context["header"] = patients.header(context["visit"].patient_id, reading=request.reading)
    patient_id = context["visit"].patient_id
    context["panels"] = patients.visit_panels(patient_id, appointment_id, request.reading)
    context["history"] = appointments.history(appointment_id)
    return render(request, "scheduling/visit.html", context)


@door("GET", "POST", permission="scheduling.cancel", purpose=Purpose.OPERATIONS)
def cancel(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """Ask why, then give the visit up."""
    context = _visit(request, appointment_id)
    form = forms.Cancel(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = actions.cancel(
                officer=request.user,
                appointment=context["visit"],
                reason=CancelReason(form.cleaned_data["reason"]),
                note=form.cleaned_data["note"],
                at=request.reading.at,
            )
        except actions.BookingRefused as refused:
            form.add_error(None, forms.REFUSALS[refused.reason])
        else:
            return changed(request, done, _("Cancelled. The time is free for others."))
    context["form"] = form
    status = 422 if form.errors else 200
    return render(request, "scheduling/_cancel_dialog.html", context, status=status)


@door("POST", permission="scheduling.cancel", purpose=Purpose.OPERATIONS)
def no_show(request: DeskRequest, appointment_id: int) -> HttpResponse:
    visit = appointments.appointment(appointment_id, reading=request.reading)
    try:
        done = actions.no_show(officer=request.user, appointment=visit, at=request.reading.at)
    except actions.BookingRefused as refused:
        return shell.refused(forms.REFUSALS[refused.reason])
    return changed(request, done, _("Marked as not kept. What is left of the time is free."))


@door("POST", permission="scheduling.book", purpose=Purpose.OPERATIONS)
def undo(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """Take back the last change, from the toast that told of it."""
    visit = appointments.appointment(appointment_id, reading=request.reading)
    try:
        done = actions.undo(officer=request.user, appointment=visit, at=request.reading.at)
    except actions.BookingRefused as refused:
        return shell.refused(forms.REFUSALS[refused.reason])
    except actions.OpeningTaken:
        text = _("Somebody else has that time by now. The change stands; look for another opening.")
        return shell.refused(text)
    return shell.afresh(request, _("Taken back. %(when)s") % {"when": appointments.when(done)})


def changed(request: DeskRequest, visit: Any, text: str, *, back: str = "") -> HttpResponse:
    """Say what was done, with ten seconds to undo, on the page it was done from (or ``back``)."""
    shell.say(request, text, undo=reverse("undo_appointment", args=[visit.pk]))
    where = {"HX-Redirect": back} if back else {"HX-Refresh": "true"}
    return HttpResponse(status=204, headers=where)


def _extra(visit: Any) -> dict[str, object]:
    return {
        "clinician": visit.clinician_id,
        "place": visit.location_id,
        "day": visit.local_day.isoformat(),
        "at": f"{visit.local_time:%H:%M}",
    }


def _visit(request: DeskRequest, appointment_id: int) -> dict[str, Any]:
    visit = appointments.appointment(appointment_id, reading=request.reading)
    reason = f"appointment:{visit.pk}"
    booked = visit.status == "booked"
    move = urlencode({"move": visit.pk, "place": visit.location_id, "day": visit.local_day})
    return {
        "visit": visit,
        "for": reason,
        "when": appointments.when(visit),
        "booked": booked,
        "begun": booked and visit.starts_at <= request.reading.at,
        "move_on_board": f"{reverse('day_board')}?{move}",
        "extra_here": f"{reverse('extra_visit')}?{urlencode(_extra(visit))}",
        "move_by_search": f"{reverse('book')}?{urlencode({'move': visit.pk, 'for': reason})}",
        "why": forms.why(visit.cancel_reason),
        "from_here": ways.offered_from_visit(request.reading),
    }
