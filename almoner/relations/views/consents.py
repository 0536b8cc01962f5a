"""What may be sent to a patient and where, and the e-mail addresses that take nothing."""

from operator import itemgetter
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.ground import shell
from almoner.ground.typed import page_number
from almoner.patients import queries as patients
from almoner.relations import actions, forms, queries
from almoner.relations.views.told import REFUSALS


@door("GET", "POST", permission="relations.send", purpose=Purpose.OPERATIONS)
def may_be_sent(request: DeskRequest, patient_id: int) -> HttpResponse:
    """For each phone and address of a patient what it takes, and a place to keep what they say."""
    header = patients.header(patient_id, reading=request.reading)
    places = queries.places(patient_id, at=request.reading.at)
    form = forms.Said(request.POST or None, places=places)
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_consent(
                officer=request.user, patient_id=patient_id, at=request.reading.at, **form.facts()
            )
        except actions.MessageRefused as refused:
            form.add_error(None, REFUSALS[refused.reason])
        else:
            return _back(request, patient_id, _("Kept, with their words."))
    context = _shown(request, header, places) | {"form": form, "asked": _asked(places)}
    status = 422 if form.errors else 200
    return render(request, "relations/may_be_sent.html", context, status=status)


@door("POST", permission="relations.send", purpose=Purpose.OPERATIONS)
def send_code(request: DeskRequest, patient_id: int) -> HttpResponse:
    """A code goes to an address of a patient, who reads it back to whoever asks here."""
    header = patients.header(patient_id, reading=request.reading)
    places = queries.places(patient_id, at=request.reading.at)
    form = forms.ReadBack(request.POST, places=places)
    if form.is_valid():
        try:
            actions.send_code(
                officer=request.user, patient_id=patient_id, at=request.reading.at, **form.facts()
            )
        except actions.MessageRefused as refused:
            form.add_error(None, REFUSALS[refused.reason])
        else:
            return _back(request, patient_id, _("The code is on its way. Have it read back."))
    return _codes(request, header, places, form)


@door("POST", permission="relations.send", purpose=Purpose.OPERATIONS)
def hear_code(request: DeskRequest, patient_id: int) -> HttpResponse:
    """What they read back: whose the phone or address is, is shown by the right code."""
    header = patients.header(patient_id, reading=request.reading)
    places = queries.places(patient_id, at=request.reading.at)
    form = forms.ReadBack(request.POST, places=places)
    if form.is_valid():
        typed = form.cleaned_data["code"]
        try:
            good = actions.hear_code(
                officer=request.user, patient_id=patient_id, typed=typed, at=request.reading.at,
                **form.facts(),
            )  # fmt: skip
        except actions.MessageRefused as refused:
            form.add_error(None, REFUSALS[refused.reason])
        else:
            if good:
                return _back(request, patient_id, _("It is theirs: the code was right."))
            form.add_error("code", _("That is not the code. Have it read once more."))
    return _codes(request, header, places, form)


def _asked(places: list[queries.Place]) -> queries.Place | None:
    """The one whose code went last: it is being read out now."""
    sent = [(place.code.sent_at, place) for place in places if place.code]
    return max(sent, key=itemgetter(0))[1] if sent else None


def _shown(
    request: DeskRequest, header: patients.Header, places: list[queries.Place]
) -> dict[str, Any]:
    """What the page shows beside its forms: every place, and all that was said of them."""
    said = queries.said_of(
        header.id, [each.key for each in places], number=page_number(request.GET.get("page"))
    )
    return {"patient": header, "places": places, "said": said}


def _codes(
    request: DeskRequest, header: patients.Header, places: list[queries.Place],
    form: forms.ReadBack,
) -> HttpResponse:  # fmt: skip
    more = {"form": forms.Said(places=places), "read_back": form}
    context = _shown(request, header, places) | more
    return render(request, "relations/may_be_sent.html", context, status=422)


def _back(request: DeskRequest, patient_id: int, text: str) -> HttpResponse:
    shell.say(request, text)
    reason = f"?for={request.reading.work_item}" if request.reading.work_item else ""
    return HttpResponseRedirect(reverse("may_be_sent", args=[patient_id]) + reason)


@door("GET", permission="relations.send", purpose=Purpose.OPERATIONS, queue="closed addresses")
def closed_addresses(request: DeskRequest) -> HttpResponse:
    """E-mail addresses that take nothing any more, until somebody has looked."""
    number = page_number(request.GET.get("page"))
    page = queries.closed_addresses(number=number, reading=request.reading)
    return render(request, "relations/closed.html", {"page": page})


@door("POST", permission="relations.send", purpose=Purpose.OPERATIONS)
def open_address(request: DeskRequest, closed_id: int) -> HttpResponse:
    """Somebody has looked: it is written to again."""
    row = queries.closed_row(closed_id, reading=request.reading)
    why = request.POST.get("reason", "")[:400]
    try:
        actions.open_address(officer=request.user, row=row, why=why, at=request.reading.at)
    except actions.MessageRefused as refused:
        return shell.refused(REFUSALS[refused.reason])
    return shell.afresh(request, _("E-mails go there again."))
