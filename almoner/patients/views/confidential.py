"""How a patient asks to be reached, and what it was before."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.ground import shell
from almoner.patients import actions, forms, queries
from almoner.patients.views.record import back, carry


@door("GET", "POST", permission="patients.edit", purpose=Purpose.OPERATIONS)
def confidential_contact(request: DeskRequest, patient_id: int) -> HttpResponse:
    """What holds, and another way asked for; from the next message on everything keeps to it."""
    if request.method != "POST":
        return _page(request, patient_id, forms.Confidential())
    form = forms.Confidential(request.POST)
    if not form.is_valid():
        return _page(request, patient_id, form, status=422)
    request.reading.saw([patient_id])
    try:
        actions.ask_confidential(
            officer=request.user, patient_id=patient_id, ways=form.ways(), at=request.reading.at
        )
    except actions.NoSuchPatient as error:
        raise Http404 from error
    shell.say(request, _("Kept. From now on the patient is reached in this way alone."))
    return back(request, patient_id)


def _page(
    request: DeskRequest, patient_id: int, form: forms.Confidential, *, status: int = 200
) -> HttpResponse:
    asked = queries.asked_of(patient_id, reading=request.reading)
    context = {
        "form": form,
        "header": queries.header(patient_id, reading=request.reading),
        "open": next((each for each in asked if each.ended_at is None), None),
        "before": [each for each in asked if each.ended_at],
        "carry": carry(request),
    }
    return render(request, "patients/confidential.html", context, status=status)


@door("POST", permission="patients.edit", purpose=Purpose.OPERATIONS)
def end_confidential(request: DeskRequest, patient_id: int, asked_id: int) -> HttpResponse:
    """The patient may be reached in every way again."""
    request.reading.saw([patient_id])
    try:
        actions.end_confidential(
            officer=request.user, patient_id=patient_id, asked_id=asked_id, at=request.reading.at
        )
    except actions.NoSuchPatient as error:
        raise Http404 from error
    except actions.AskedAnew:
        shell.say(request, _("The patient has asked for something else since. Look again."),
                  tone="warn")  # fmt: skip
    else:
        shell.say(request, _("Ended. All that is kept of the patient may be used again."))
    return back(request, patient_id)
