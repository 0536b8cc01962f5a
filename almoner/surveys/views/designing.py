"""The clinic's surveys: their versions, and after which visits they are sent."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.ground import shell
from almoner.ground.typed import row_id
from almoner.surveys import actions, forms, queries

DESIGN: dict[str, Any] = {"permission": "surveys.design", "purpose": Purpose.NO_PATIENT}


@door("GET", **DESIGN)
def survey_list(request: DeskRequest) -> HttpResponse:
    """Every survey of the clinic: what is in use, what is drafted."""
    return render(request, "surveys/surveys.html", {"lines": queries.survey_lines()})


@door("GET", "POST", **DESIGN)
def new_survey(request: DeskRequest) -> HttpResponse:
    form = forms.NewSurvey(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.new_survey(
                officer=request.user, name=form.cleaned_data["name"], at=request.reading.at
            )
        except actions.NameTaken:
            form.add_error("name", _("Another survey is called so."))
        else:
            return redirect("survey_design", made.pk)
    status = 422 if form.errors else 200
    return render(request, "surveys/new_survey.html", {"form": form}, status=status)


@door("GET", "POST", **DESIGN)
def survey_design(request: DeskRequest, questionnaire_id: int) -> HttpResponse:
    """What it asks, in each version, and after which visits; the draft is kept as typed."""
    design = queries.design(questionnaire_id)
    if request.method != "POST":
        return _design(request, design)
    asked = forms.typed(request.POST)
    if any(form.errors for form in asked):
        return _design(request, design, asked=asked)
    try:
        actions.save_draft(
            officer=request.user,
            questionnaire_id=design.id,
            questions=[each for each in (form.question() for form in asked) if each],
            edition=_edition(request),
        )
    except actions.NoDraft:
        return _gone(request, design.id)
    shell.say(request, _("The draft is kept."))
    return redirect("survey_design", design.id)


def _design(
    request: DeskRequest,
    design: queries.Design,
    *,
    asked: list[forms.AskedQuestion] | None = None,
    rule: forms.SurveyRule | None = None,
    refused: bool = False,
) -> HttpResponse:
    context = {
        "design": design,
        "asked": asked or forms.asked(design.draft),
        "wrong": [each for each in asked or [] if each.errors],
        "rule": rule or forms.SurveyRule(),
        "refused": refused,
    }
    status = 422 if asked or rule or refused else 200
    return render(request, "surveys/design.html", context, status=status)


@door("POST", **DESIGN)
def draft_survey(request: DeskRequest, questionnaire_id: int) -> HttpResponse:
    """Begin the next version with what is in use."""
    actions.draft_anew(
        officer=request.user, questionnaire_id=questionnaire_id, at=request.reading.at
    )
    return redirect("survey_design", questionnaire_id)


@door("POST", **DESIGN)
def publish_survey(request: DeskRequest, questionnaire_id: int) -> HttpResponse:
    """Into use, unless something is wrong with it."""
    try:
        actions.publish(
            officer=request.user,
            questionnaire_id=questionnaire_id,
            edition=_edition(request),
            at=request.reading.at,
        )
    except actions.NotWhole:
        return _design(request, queries.design(questionnaire_id), refused=True)
    except actions.OwnWords:
        shell.say(
            request, _("Whoever wrote in it does not publish it. Ask somebody else."), tone="warn"
        )
        return redirect("survey_design", questionnaire_id)
    except actions.NoDraft:
        return _gone(request, questionnaire_id)
    shell.say(request, _("Published: whoever is chosen from now on is asked this version."))
    return redirect("survey_design", questionnaire_id)


@door("POST", **DESIGN)
def add_survey_rule(request: DeskRequest, questionnaire_id: int) -> HttpResponse:
    design, form = queries.design(questionnaire_id), forms.SurveyRule(request.POST)
    if not form.is_valid():
        return _design(request, design, rule=form)
    actions.add_rule(
        officer=request.user, questionnaire_id=design.id, at=request.reading.at, **form.facts()
    )
    shell.say(request, _("Sent after these visits from now on."))
    return redirect("survey_design", design.id)


@door("POST", **DESIGN)
def end_survey_rule(request: DeskRequest, rule_id: int) -> HttpResponse:
    row = actions.end_rule(officer=request.user, rule_id=rule_id, at=request.reading.at)
    shell.say(request, _("Not sent after these visits any more."))
    return redirect("survey_design", row.questionnaire_id)


def _edition(request: DeskRequest) -> int:
    return row_id(request.POST.get("edition")) or 0


def _gone(request: DeskRequest, questionnaire_id: int) -> HttpResponse:
    shell.say(request, _("Somebody has changed the draft since. Nothing was kept."))
    return redirect("survey_design", questionnaire_id)
