"""A patient's forms and documents, and what was signed with its seal."""

from datetime import UTC

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.ground import shell
from almoner.ground.typed import page_number, row_id
from almoner.patients import queries as patients
from almoner.patients.actions import ChangedMeanwhile
from almoner.patients.views.record import carry
from almoner.records import actions, queries

NO_SNIFF = {"X-Content-Type-Options": "nosniff"}


@door("GET", permission="records.view", purpose=Purpose.OPERATIONS)
def patient_forms(request: DeskRequest, patient_id: int) -> HttpResponse:
    """Everything that was begun, signed, declined or scanned, and what can be begun."""
    page = page_number(request.GET.get("page", ""))
    kept, more = queries.forms_of(patient_id, reading=request.reading, page=page)
    may_fill = request.user.may("records.fill")
    context = {
        "header": patients.header(patient_id, reading=request.reading),
        "patient_id": patient_id,
        "kept": kept,
        "before": page - 1,
        "after": page + 1 if more else 0,
        "consent": queries.consent_of(patient_id),
        "in_use": queries.in_use().values() if may_fill else [],
        "may_fill": may_fill,
        "proposals": queries.proposals(patient_id, reading=request.reading),
        "may_edit": request.user.may("patients.edit"),
        "reason": request.reading.work_item or "",
    }
    return render(request, "records/patient_forms.html", context)


@door("GET", permission="records.view", purpose=Purpose.OPERATIONS)
def signed_form(request: DeskRequest, signature_id: int) -> HttpResponse:
    """Who signed what, when, from where; the seal is tried as the page is made."""
    signed = queries.signed(signature_id, reading=request.reading)
    context = {
        "signed": signed,
        "utc": signed.at.astimezone(UTC),
        "header": patients.header(signed.patient_id, reading=request.reading),
        "reason": request.reading.work_item or "",
    }
    return render(request, "records/signed.html", context)


@door("GET", permission="records.view", purpose=Purpose.OPERATIONS)
def signed_form_pdf(request: DeskRequest, signature_id: int) -> HttpResponse:
    """The sealed paper, byte for byte."""
    pdf = queries.paper(signature_id, reading=request.reading)
    said = {"Content-Disposition": f'inline; filename="form-{signature_id}.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=NO_SNIFF | said)


@door("GET", permission="records.view", purpose=Purpose.OPERATIONS)
def signed_form_fhir(request: DeskRequest, signature_id: int) -> HttpResponse:
    """What was answered, as a FHIR QuestionnaireResponse to keep."""
    told = queries.response_of(signature_id, reading=request.reading)
    said = {"Content-Disposition": f'attachment; filename="form-{signature_id}.json"'}
    return JsonResponse(told, content_type="application/fhir+json", headers=NO_SNIFF | said)


@door("GET", permission="records.view", purpose=Purpose.OPERATIONS)
def uploaded(request: DeskRequest, upload_id: int) -> HttpResponse:
    """A file that was handed over: to keep, never to run here."""
    media, content = queries.upload(upload_id, reading=request.reading)
    ending = {"image/jpeg": "jpg", "application/pdf": "pdf"}[media]
    said = {"Content-Disposition": f'attachment; filename="scan-{upload_id}.{ending}"'}
    return HttpResponse(content, content_type=media, headers=NO_SNIFF | said)


@door("POST", permission="records.fill", purpose=Purpose.OPERATIONS)
def withdraw_consent(request: DeskRequest, patient_id: int) -> HttpResponse:
    """The patient wants paper from now on."""
    header = patients.header(patient_id, reading=request.reading)
    actions.withdraw_consent(
        hand=actions.at_the_desk(request.user, request.reading.address),
        patient_id=header.id,
        language="en",
        at=request.reading.at,
    )
    shell.say(request, _("Taken back. Forms are signed on paper, or after agreeing anew."))
    return redirect(of_patient(request, patient_id))


@door("POST", permission="patients.edit", purpose=Purpose.OPERATIONS)
def accept_proposal(request: DeskRequest, proposal_id: int) -> HttpResponse:
    """What the patient wrote becomes what is kept."""
    patient_id = queries.proposal_of(proposal_id, reading=request.reading)
    try:
        actions.accept(
            officer=request.user,
            proposal_id=proposal_id,
            version=row_id(request.POST.get("version")) or 0,
            at=request.reading.at,
        )
    except actions.Decided:
        shell.say(request, _("Somebody has decided about that already."), tone="warn")
    except ChangedMeanwhile:
        said = _("The record was changed this moment. Nothing was replaced: look at it once more.")
        shell.say(request, said, tone="warn")
    else:
        shell.say(request, _("Taken into the registration."))
    return redirect(of_patient(request, patient_id))


@door("POST", permission="patients.edit", purpose=Purpose.OPERATIONS)
def refuse_proposal(request: DeskRequest, proposal_id: int) -> HttpResponse:
    """The registration stays as it is."""
    patient_id = queries.proposal_of(proposal_id, reading=request.reading)
    try:
        actions.refuse(officer=request.user, proposal_id=proposal_id, at=request.reading.at)
    except actions.Decided:
        shell.say(request, _("Somebody has decided about that already."), tone="warn")
    else:
        shell.say(request, _("Left as it is."))
    return redirect(of_patient(request, patient_id))


def of_patient(request: DeskRequest, patient_id: int) -> str:
    """The page of a patient's forms, for the reason that led here."""
    return f"{reverse('patient_forms', args=[patient_id])}{carry(request)}"
