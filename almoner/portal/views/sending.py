"""The desk sends a patient the link by which they book a recall or a follow-up."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.facility import queries as facility
from almoner.ground import shell
from almoner.patients import queries as patients
from almoner.portal import actions, forms
from almoner.portal.queries import wording


@door("GET", "POST", permission="portal.invite", purpose=Purpose.TREATMENT)
def send_to_book(request: DeskRequest, patient_id: int) -> HttpResponse:
    """Which kind of visit they shall book; then the link is on its way, or is shown for paper."""
    form = forms.ToBook(request.POST or None)
    address = ""
    if request.method == "POST" and form.is_valid():
        try:
            address, left = actions.link_to_book(
                officer=request.user,
                patient=patients.patient(patient_id, reading=request.reading),
                visit_type=facility.visit_type(int(form.cleaned_data["visit"])),
                at=request.reading.at,
            )
        except actions.NotInvited as refused:
            form.add_error(None, str(wording.NOT_INVITED[refused.why]))
        else:
            if left:
                shell.say(request, _("The link is on its way."))
                return redirect(_back(request, patient_id))
    context = {
        "header": patients.header(patient_id, reading=request.reading),
        "form": form,
        "address": address,
        "reason": request.reading.work_item or "",
    }
    status = 422 if form.errors else 200
    return render(request, "portal/send_link.html", context, status=status)


def _back(request: DeskRequest, patient_id: int) -> str:
    where = reverse("patient", args=[patient_id])
    return f"{where}?for={request.reading.work_item}" if request.reading.work_item else where
