"""What patients answered after visits: the figures, each answer, and who agreed to be asked."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.facility import queries as facility
from almoner.ground import clock, shell
from almoner.ground.typed import page_number
from almoner.patients import queries as patients
from almoner.relations import actions as relations
from almoner.surveys import queries, rules
from almoner.surveys.queries import wording

QUEUE = "surveys"


@door("GET", permission="surveys.figures", purpose=Purpose.NO_PATIENT)
def survey_figures(request: DeskRequest) -> HttpResponse:
    """What the answers come to, by clinician, desk, location, visit type or how it was held."""
    narrowed = queries.filters(request.GET)
    today = clock.today(facility.organisation().time_zone)
    whole, lines = queries.figures(narrowed, today=today)
    choices = queries.choices()
    context = {
        "whole": whole,
        "lines": lines,
        "narrowed": narrowed,
        "by": narrowed.get("by", "clinician"),
        "by_word": wording.BY[narrowed.get("by", "clinician")],
        "days": narrowed.get("days", queries.DAYS[1]),
        "bys": wording.BY.items(),
        "spans": wording.DAYS.items(),
        "ways": wording.WAYS.items(),
        "narrows": [
            ("at", _("Location"), choices["at"], narrowed.get("at", "")),
            ("type", _("Visit type"), choices["type"], narrowed.get("type", "")),
            ("who", _("Clinician"), choices["who"], narrowed.get("who", "")),
        ],
        "before": _("In points, against as many days before"),
        "fewest": rules.FEWEST,
        "sure": rules.SURE,
    }
    return render(request, "surveys/figures.html", context)


@door("GET", permission="surveys.view", purpose=Purpose.OPERATIONS, queue=QUEUE)
def survey_answers(request: DeskRequest) -> HttpResponse:
    """Each answered survey, the newest visit first."""
    asked = request.GET.get("show", "")
    show = asked if asked in queries.SHOWN else queries.SHOWN[0]
    number = page_number(request.GET.get("page"))
    context = {
        "page": queries.answers(show=show, number=number, reading=request.reading),
        "show": show,
        "shown": wording.SHOWN.items(),
    }
    return render(request, "surveys/answers.html", context)


@door("GET", permission="surveys.view", purpose=Purpose.OPERATIONS)
def survey(request: DeskRequest, survey_id: int) -> HttpResponse:
    """One patient's answers about one visit."""
    line = queries.one(survey_id, reading=request.reading)
    header = patients.header(line.patient_id, reading=request.reading)
    return render(request, "surveys/survey.html", {"line": line, "patient": header})


@door("POST", permission="relations.send", purpose=Purpose.OPERATIONS)
def survey_consent(request: DeskRequest, patient_id: int) -> HttpResponse:
    """What the patient told the desk: whether they may be asked by text after visits."""
    header = patients.header(patient_id, reading=request.reading)
    given = request.POST.get("given") == "1"
    done = relations.agree_to_surveys(
        officer=request.user, patient_id=patient_id, given=given, at=request.reading.at
    )
    if not done:
        shell.say(request, _("No number of theirs takes texts. Nothing was kept."))
    elif given:
        shell.say(request, _("They may be asked after visits."))
    else:
        shell.say(request, _("They are not asked after visits any more."))
    item = request.reading.work_item
    return shell.go(request, f"{header.url}{f'?for={item}' if item else ''}#surveys")
