"""Booking on top of another visit: an act of its own, with a reason, for those who may."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.facility import queries as facility
from almoner.ground import shell
from almoner.ground.typed import row_id
from almoner.patients import queries as patients
from almoner.scheduling import actions, forms
from almoner.scheduling.queries import appointments
from almoner.scheduling.views.booking import instead


@door("GET", "POST", permission="scheduling.overbook", purpose=Purpose.TREATMENT)
def extra_visit(request: DeskRequest) -> HttpResponse:
    """Say exactly when and why; the visit type says how many may lie on one another."""
    said = request.POST if request.method == "POST" else request.GET
    patient = row_id(said.get("patient"))
    context: dict[str, object] = {"asked": [(name, said[name]) for name in _KEPT if name in said]}
    if patient is not None:
        context["subject"] = patients.header(patient, reading=request.reading)
    form = forms.Extra(request.POST) if request.method == "POST" else forms.Extra(initial=said)
    context["form"] = form
    if request.method == "POST" and form.is_valid():
        if patient is None:
            form.add_error(None, _("Find the patient first. What you typed is kept."))
        elif answer := _book(request, form, patient, context):
            return answer
    status = 422 if form.errors else 200
    return render(request, "scheduling/extra.html", context, status=status)


_KEPT = ("clinician", "place", "day", "at", "visit", "reason", "note", "for")


def _book(
    request: DeskRequest, form: forms.Extra, patient_id: int, context: dict[str, object]
) -> HttpResponse | None:
    """Book it; None when that was refused and the page says why, and what there is instead."""
    chosen = form.cleaned_data
    location = facility.location(int(chosen["place"]))
    try:
        visit = actions.overbook(
            officer=request.user,
            patient=patients.patient(patient_id, reading=request.reading),
            visit_type=facility.visit_type(int(chosen["visit"])),
            clinician=facility.clinician(int(chosen["clinician"])),
            location=location,
            starts_at=form.starts_at(location.time_zone),
            asked_at=request.reading.at,
            reason=chosen["reason"],
            note=chosen["note"],
        )
    except actions.BookingRefused as refused:
        form.add_error(None, forms.REFUSALS[refused.reason])
        return None
    except actions.OpeningTaken as taken:
        form.add_error(
            "at", _("As many visits as may be lie on that time already, or no room is free.")
        )
        asked = {"patient": patient_id, "visit": chosen["visit"], "who": chosen["clinician"],
                 "earliest": chosen["day"], "note": chosen["note"]}  # fmt: skip
        context["instead"] = instead(taken, context["subject"], asked)
        return None
    text = _("Booked on top, for %(when)s.") % {"when": appointments.when(visit)}
    shell.say(request, text, undo=reverse("undo_appointment", args=[visit.pk]))
    return redirect(f"{reverse('appointment', args=[visit.pk])}?for=appointment:{visit.pk}")
