"""The patient's face: looking at it, keeping one, keeping none."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.ground import shell
from almoner.patients import actions, forms, queries
from almoner.patients.views.record import back, carry


@door("GET", "POST", permission="patients.view", purpose=Purpose.OPERATIONS)
def photo(request: DeskRequest, patient_id: int) -> HttpResponse:
    """The face, as we drew it; posting one takes it."""
    if request.method == "POST":
        return _take(request, patient_id)
    jpeg = queries.photo(patient_id, reading=request.reading)
    headers = {"Content-Disposition": "inline", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(jpeg, content_type="image/jpeg", headers=headers)


@door("GET", permission="patients.edit", purpose=Purpose.OPERATIONS)
def change_photo(request: DeskRequest, patient_id: int) -> HttpResponse:
    """What is kept, and the ways to another one."""
    return _page(request, patient_id, forms.Picture())


def _take(request: DeskRequest, patient_id: int) -> HttpResponse:
    form = forms.Picture(request.POST, request.FILES)
    if form.is_valid():
        try:
            actions.take_photo(
                officer=request.user,
                patient_id=patient_id,
                upload=form.cleaned_data["picture"].read(),
                at=request.reading.at,
            )
        except actions.NotAPhoto:
            form.add_error(
                "picture",
                _("That is no picture we can read. Take a JPEG, PNG or WebP of at most 10 MB."),
            )
        except actions.NoSuchPatient as error:
            raise Http404 from error
        else:
            shell.say(request, _("Photo kept."))
            return back(request, patient_id)
    return _page(request, patient_id, form, status=422)


def _page(
    request: DeskRequest, patient_id: int, form: forms.Picture, *, status: int = 200
) -> HttpResponse:
    header = queries.header(patient_id, reading=request.reading)
    context = {"patient": header, "form": form, "carry": carry(request)}
    return render(request, "patients/photo.html", context, status=status)


@door("POST", permission="patients.edit", purpose=Purpose.OPERATIONS)
def remove_photo(request: DeskRequest, patient_id: int) -> HttpResponse:
    """Keep no face any longer."""
    try:
        actions.remove_photo(officer=request.user, patient_id=patient_id, at=request.reading.at)
    except actions.NoSuchPatient as error:
        raise Http404 from error
    shell.say(request, _("Photo removed."))
    return back(request, patient_id)
