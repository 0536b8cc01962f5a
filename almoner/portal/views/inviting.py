"""The desk's page of who reaches a patient's record from outside."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.ground import clock, shell
from almoner.patients import queries as patients
from almoner.portal import actions, forms, queries
from almoner.portal.queries import wording
from almoner.portal.rules.accounts import Kind


@door("GET", "POST", permission="portal.invite", purpose=Purpose.OPERATIONS)
def portal_access(request: DeskRequest, patient_id: int) -> HttpResponse:
    """Who may sign in for this patient, and a code for somebody new. The code is shown once."""
    if request.method != "POST":
        return _page(request, patient_id, forms.Invite(initial={"kind": Kind.SELF}))
    form = forms.Invite(request.POST)
    patient = patients.patient(patient_id, reading=request.reading)
    if not form.is_valid():
        return _page(request, patient_id, form, status=422)
    try:
        made, code = actions.invite(
            officer=request.user,
            patient=patient,
            kind=Kind(form.cleaned_data["kind"]),
            parts=form.cleaned_data["parts"],
            until=form.cleaned_data["until"],
            proof=form.cleaned_data["proof"],
            at=clock.now(),
        )
    except actions.NotInvited as refused:
        form.add_error(None, str(wording.NOT_INVITED[refused.why]))
        return _page(request, patient_id, form, status=422)
    return _page(
        request, patient_id, forms.Invite(initial={"kind": Kind.SELF}), made=made, code=code
    )


@door("POST", permission="portal.invite", purpose=Purpose.OPERATIONS)
def withdraw_invitation(request: DeskRequest, patient_id: int, invitation_id: int) -> HttpResponse:
    patient = patients.patient(patient_id, reading=request.reading)
    actions.withdraw(officer=request.user, patient=patient, invitation_id=invitation_id,
                     at=clock.now())  # fmt: skip
    return _back(request, patient_id, _("The code opens nothing any more."))


@door("POST", permission="portal.invite", purpose=Purpose.OPERATIONS)
def end_acting(request: DeskRequest, patient_id: int, acting_id: int) -> HttpResponse:
    patient = patients.patient(patient_id, reading=request.reading)
    because = request.POST.get("because", "").strip()
    if not because:
        form = forms.Invite(initial={"kind": Kind.SELF})
        form.add_error(None, _("Say why it ends."))
        return _page(request, patient_id, form, status=422)
    ended = actions.end_acting(
        officer=request.user, patient=patient, acting_id=acting_id, because=because, at=clock.now()
    )
    return _back(request, patient_id, _("%s sees nothing any more.") % ended.account.name)


def _back(request: DeskRequest, patient_id: int, said: str) -> HttpResponse:
    shell.say(request, said, tone="good")
    where = reverse("portal_access", args=[patient_id])
    if request.reading.work_item:
        where += f"?for={request.reading.work_item}"
    return redirect(where)


def _page(
    request: DeskRequest, patient_id: int, form: forms.Invite, *, status: int = 200, **told: object
) -> HttpResponse:
    reading = request.reading
    context = {
        "header": patients.header(patient_id, reading=reading),
        "access": queries.access_of(patients.patient(patient_id, reading=reading), at=clock.now()),
        "form": form,
        "address": request.build_absolute_uri(reverse("my_join")),
        "reason": reading.work_item or "",
    }
    return render(request, "portal/access.html", context | told, status=status)
