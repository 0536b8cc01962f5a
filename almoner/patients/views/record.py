"""A patient's own page: opening it with a reason, its panels, its history."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.queries import reason_for
from almoner.access.rules import Purpose
from almoner.ground import shell
from almoner.ground.typed import row_id
from almoner.patients import actions, forms, queries
from almoner.patients.rules.opening import enough
from almoner.patients.views.finding import held


@door("GET", permission="patients.view", purpose=Purpose.OPERATIONS)
def patient(request: DeskRequest, patient_id: int) -> HttpResponse:
    """Header and panels. A look that nothing explains is first asked for its reason.

    So is one that came by a search: whatever explains it, a name alone opens no record. A visit or
    a claim opens it without anybody being there to ask; then the log and the page say so.
    """
    request.reading.confirmed_by = held(request, patient_id)
    request.reading.opens = True
    reason = reason_for(request.reading, patient_id)
    confirmed = enough((*request.reading.confirmed_by, *reason.confirmed_by))
    asked = "ask" in request.GET or ("found" in request.GET and not confirmed)
    if reason.kind == "said" or asked:
        return _ask(request, patient_id, forms.Opening())
    header = queries.header(patient_id, reading=request.reading)
    panels = [
        (panel, {} if panel.lazy else panel.load(patient_id, request.reading))
        for panel in queries.panels(request.reading)
    ]
    carried = carry(request)
    context = {"patient": header, "panels": panels, "carry": carried, "confirmed": confirmed}
    return render(request, "patients/patient.html", context)


@door("GET", permission="patients.view", purpose=Purpose.OPERATIONS)
def summary(request: DeskRequest, patient_id: int) -> HttpResponse:
    """Who this is in a dialog over a work list, the list being the reason to look.

    A look that nothing explains goes to the page that asks for its reason.
    """
    if reason_for(request.reading, patient_id).kind == "said":
        where = reverse("patient", args=[patient_id])
        return HttpResponse(status=204, headers={"HX-Redirect": where})
    header = queries.header(patient_id, reading=request.reading)
    context = {"who": header, "carry": carry(request)}
    return render(request, "patients/_summary.html", context)


def carry(request: DeskRequest) -> str:
    """What led here, for the links and forms that lead on."""
    item = request.reading.work_item
    return f"?for={item}" if item else ""


def back(request: DeskRequest, patient_id: int) -> HttpResponse:
    """To the patient's page, for the reason that led away from it."""
    return redirect(f"{reverse('patient', args=[patient_id])}{carry(request)}")


@door("POST", permission="patients.view", purpose=Purpose.OPERATIONS)
def open_record(request: DeskRequest, patient_id: int) -> HttpResponse:
    """Take down who asks and by what they are known, then show the record."""
    form = forms.Opening(request.POST)
    if form.is_valid():
        confirmed = (*held(request, patient_id), *form.cleaned_data["confirmed_by"])
        try:
            actions.open_record(
                officer=request.user,
                patient_id=patient_id,
                said=form.cleaned_data["said"],
                confirmed_by=tuple(dict.fromkeys(confirmed)),
                at=request.reading.at,
                note=form.cleaned_data["note"].strip(),
            )
        except actions.TwoNeeded:
            form.add_error(None, _("Two identifiers open a record: tick what the person told you."))
        except actions.NoSuchPatient as error:
            raise Http404 from error
        else:
            return back(request, patient_id)
    return _ask(request, patient_id, form, status=422)


def _ask(
    request: DeskRequest, patient_id: int, form: forms.Opening, *, status: int = 200
) -> HttpResponse:
    """The one question before a record: name and identifiers to compare, and why it is opened."""
    given = held(request, patient_id)
    record = queries.record(patient_id, reading=request.reading)
    context = {
        "form": form,
        "record": record,
        "given": [queries.wording.identifier(name) for name in given],
        "identifiers": queries.identifiers(record, given),
        "enough": enough(given),
        "explained": reason_for(request.reading, patient_id).kind != "said",
        "carry": carry(request),
        "said": forms.SAID,
        "ticket": request.GET.get("found", "") or request.POST.get("found", ""),
    }
    return render(request, "patients/opening.html", context, status=status)


@door("GET", permission="patients.view", purpose=Purpose.OPERATIONS)
def panel(request: DeskRequest, patient_id: int, name: str) -> HttpResponse:
    """One panel by itself: a lazy one, or one that changes while the page is open."""
    try:
        wanted = queries.panel_named(name)
    except KeyError as error:
        raise Http404 from error
    if not request.user.may(wanted.permission):
        raise Http404
    header = queries.header(patient_id, reading=request.reading)
    values = wanted.load(patient_id, request.reading)
    context = {"patient": header, "carry": carry(request), **values}
    return render(request, wanted.template, context)


@door("GET", permission="patients.view", purpose=Purpose.OPERATIONS)
def history(request: DeskRequest, patient_id: int) -> HttpResponse:
    """Everything that changed in the record, a page at a time."""
    lines, following = queries.history(
        patient_id,
        reading=request.reading,
        before=row_id(request.GET.get("before")),
    )
    header = queries.header(patient_id, reading=request.reading)
    context = {"patient": header, "lines": lines, "following": following}
    return render(request, "patients/history.html", context)


@door("POST", permission="patients.edit", purpose=Purpose.OPERATIONS)
def review(request: DeskRequest, patient_id: int) -> HttpResponse:
    """The patient says that nothing has changed."""
    try:
        actions.review(officer=request.user, patient_id=patient_id, at=request.reading.at)
    except actions.NoSuchPatient as error:
        raise Http404 from error
    shell.say(request, _("Noted: reviewed, nothing changed."))
    item = request.reading.work_item
    return redirect(reverse("patient", args=[patient_id]) + (f"?for={item}" if item else ""))
