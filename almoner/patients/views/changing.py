"""Changing what is kept."""

from collections.abc import Sequence

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.ground import shell
from almoner.patients import actions, forms, queries
from almoner.patients.views.record import back, carry


@door("GET", "POST", permission="patients.edit", purpose=Purpose.OPERATIONS)
def change(request: DeskRequest, patient_id: int) -> HttpResponse:
    """Change what is kept; somebody else's change in between is told and nothing typed is lost."""
    record = queries.record(patient_id, reading=request.reading)
    nearby = queries.homemates_of(record, reading=request.reading)
    if request.method != "POST":
        return _change_page(request, patient_id, forms.Change(record=record, nearby=nearby))
    form = forms.Change(request.POST, record=record, nearby=nearby)
    if form.is_valid():
        try:
            _save(request, patient_id, form)
        except actions.ChangedMeanwhile:
            form = forms.Change(_newer(request.POST, record.version), record=record, nearby=nearby)
            form.add_error(None, _changed_meanwhile(patient_id))
            latest, _more = queries.history(patient_id, reading=request.reading)
            return _change_page(request, patient_id, form, status=422, latest=latest[:5])
        else:
            shell.say(request, _("Saved."))
            return back(request, patient_id)
    return _change_page(request, patient_id, form, status=422)


def _save(request: DeskRequest, patient_id: int, form: forms.Change) -> None:
    actions.change(
        officer=request.user,
        patient_id=patient_id,
        version=form.cleaned_data["version"],
        details=form.details(),
        at=request.reading.at,
    )
    if form.leaves():
        actions.leave_household(officer=request.user, patient_id=patient_id, at=request.reading.at)


def _newer(data: QueryDict, version: int) -> QueryDict:
    """As typed; saving it again is a decision made in sight of the other's change."""
    again = data.copy()
    again["version"] = str(version)
    return again


def _changed_meanwhile(patient_id: int) -> str:
    who, _at = queries.last_changed_by(patient_id) or ("", None)
    return _(
        "%(who)s has changed this record while you typed; the change is under “What changed”. "
        "What you typed is kept below. Compare, then save again to put yours in its place."
    ) % {"who": who or _("Somebody")}


def _change_page(
    request: DeskRequest,
    patient_id: int,
    form: forms.Change,
    *,
    status: int = 200,
    latest: Sequence[queries.ChangeLine] = (),
) -> HttpResponse:
    header = queries.header(patient_id, reading=request.reading)
    context = {
        "form": form,
        "patient": header,
        "carry": carry(request),
        "latest": latest,
    }
    return render(request, "patients/change.html", context, status=status)
