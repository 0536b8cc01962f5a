"""Calling a patient whose test failed: the number, what to say, how the call ended."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.facility import queries as facility
from almoner.ground import shell
from almoner.patients import queries as patients
from almoner.patients.rules.details import number_in, readable
from almoner.relations import actions as relations
from almoner.relations import forms as talk
from almoner.telehealth import queries, rules
from almoner.telehealth.queries import wording


@door("GET", permission="relations.send", purpose=Purpose.TREATMENT)
def video_ring(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """Whom to call at which number, and what to say about what did not work."""
    line = queries.line(appointment_id, reading=request.reading)
    header = patients.header(line.patient_id, reading=request.reading)
    number = line.facts.callback or number_in(header.phone)
    initial = {"number": number, "way": "out"}
    return _shown(request, line, header, talk.Calling(subjects=[], initial=initial))


@door("POST", permission="relations.send", purpose=Purpose.TREATMENT)
def video_rung(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """How the call ended: kept in the patient's conversation and with the visit, by one key."""
    line = queries.line(appointment_id, reading=request.reading)
    form = talk.Calling(request.POST, subjects=[])
    if not form.is_valid():
        header = patients.header(line.patient_id, reading=request.reading)
        return _shown(request, line, header, form)
    relations.log_call_with(
        officer=request.user,
        patient_id=line.patient_id,
        call=form.call() | {"visit_id": appointment_id},
        at=request.reading.at,
    )
    shell.say(request, _("The call is kept."))
    return shell.go(request, reverse("video_board"))


def _shown(
    request: DeskRequest,
    line: queries.Line,
    header: patients.Header,
    form: talk.Calling,
) -> HttpResponse:
    language = queries.spoken(line.patient_id)
    number = form["number"].value() or ""
    clinic = facility.organisation().name
    said = {"clinic": clinic, "name": line.name}
    context: dict[str, Any] = {
        "line": line,
        "header": header,
        "number": number,
        "number_text": readable(number) if number else "",
        "language": language,
        "script": rules.script(language, line.trouble, **said),
        "english": rules.script("en", line.trouble, **said) if language != "en" else [],
        "trouble": [wording.TESTED[name] for name in line.trouble],
        "calling": form,
        "dispositions": talk.DISPOSITIONS,
        "where": reverse("video_rung", args=[line.appointment_id]),
    }
    if form.is_bound:
        return render(request, "relations/_call.html", context, status=422)
    return render(request, "telehealth/ring.html", context)
