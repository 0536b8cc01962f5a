"""How a visit was, asked by its link: one question at a time, each answer kept at once."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from almoner.ground import clock
from almoner.portal import queries, rules
from almoner.portal.gate import PatientRequest, gate, is_in, page
from almoner.portal.rules.accounts import Part
from almoner.portal.views.who import who
from almoner.relations import actions as relations
from almoner.surveys import actions as surveys
from almoner.surveys import queries as asked
from almoner.surveys.queries import Sheet
from almoner.surveys.rules import Kind, Question


@gate("GET", "POST", asks=True, survey=True)
def survey_link(request: PatientRequest) -> HttpResponse:
    """Where the link of the text leads: whoever answers says who they are."""
    if is_in(request) and request.method != "POST":
        return redirect("survey_sheet", request.token)
    return who(request, here="survey_link", then="survey_sheet", why="survey_why_asked")


@gate("GET", "POST", survey=True)
def survey_sheet(request: PatientRequest) -> HttpResponse:
    """The first question that is open, or the one that is to be changed; an answer is kept."""
    sheet = _sheet(request)
    if sheet.finished:
        return page(request, "portal/survey_done.html", {"again": "thanks" not in request.GET})
    if request.method == "POST":
        return _kept(request, sheet)
    return _page(request, sheet, sheet.question(request.GET.get("q", "")) or sheet.open)


def _kept(request: PatientRequest, sheet: Sheet) -> HttpResponse:
    question = sheet.question(request.POST.get("key", ""))
    if question is None:
        return _page(request, sheet, sheet.open)
    said = request.POST.get("said", "")
    answered = {each.question.key for each in sheet.given} | {question.key}
    last = all(each.key in answered for each in sheet.questions)
    try:
        with queries.as_the_desk():
            surveys.answer(
                appointment_id=request.link.appointment_id,
                key=question.key,
                said=said,
                at=clock.now(),
            )
    except surveys.NotAnAnswer:
        trouble = "survey_long" if question.kind is Kind.WORDS else "survey_bad"
        return _page(request, sheet, question, trouble=trouble, typed=said)
    except surveys.NotOpen:
        return redirect("survey_link", request.token)
    if last and question.kind is Kind.WORDS:
        return _finish(request)
    return redirect("survey_sheet", request.token)


@gate("GET", "POST", survey=True)
def survey_finish(request: PatientRequest) -> HttpResponse:
    """Nothing more to say: thank you."""
    if request.method == "POST" and not _sheet(request).finished:
        return _finish(request)
    return redirect("survey_sheet", request.token)


def _finish(request: PatientRequest) -> HttpResponse:
    try:
        with queries.as_the_desk():
            surveys.finish(appointment_id=request.link.appointment_id, at=clock.now())
    except surveys.NotOpen:
        return redirect("survey_link", request.token)
    return redirect(f"{reverse('survey_sheet', args=[request.token])}?thanks=1")


@gate("GET", "POST", survey=True)
def survey_no_more(request: PatientRequest) -> HttpResponse:
    """The patient wants to be asked no more: of this visit and of any."""
    if request.method != "POST":
        return redirect("survey_sheet", request.token)
    try:
        with queries.as_the_desk():
            surveys.ask_no_more(appointment_id=request.link.appointment_id, at=clock.now())
    except surveys.NotOpen:
        return redirect("survey_link", request.token)
    return page(request, "portal/survey_no_more.html")


@gate("GET", "POST", part=Part.FORMS)
def visit_may_ask(request: PatientRequest) -> HttpResponse:
    """Before the visit: the patient agrees to be asked by text how it was."""
    if request.method == "POST":
        with queries.as_the_desk():
            relations.agree_to_surveys_own(
                patient_id=request.link.patient_id, given=True, at=clock.now()
            )
    return redirect(f"{reverse('visit_check_in', args=[request.token])}#may-ask")


def _sheet(request: PatientRequest) -> Sheet:
    found = asked.sheet(request.link.appointment_id)
    assert found is not None  # noqa: S101 (the gate has found that it was sent)
    return found


def _page(
    request: PatientRequest,
    sheet: Sheet,
    question: Question | None,
    *,
    trouble: str = "",
    typed: str = "",
) -> HttpResponse:
    language = request.language
    facts: dict[str, Any] = {
        "of": rules.said(language, "survey_of", day=rules.day_text(sheet.visit_on, language)),
        "sheet": sheet,
        "given": [(each, each.question.text[language]) for each in sheet.given],
        "question": question,
        "trouble": rules.said(language, trouble) if trouble else "",
    }
    if question:
        before = sheet.given_to(question.key)
        words = rules.WORDS[language]
        facts |= {
            "text": question.text[language],
            "step": rules.said(
                language, "survey_step", n=sheet.questions.index(question) + 1,
                of=len(sheet.questions),
            ),
            "typed": typed or (before.words if before else ""),
            "chosen": before.score if before else None,
            "lowest": words.get(f"survey_{question.kind}_low", ""),
            "highest": words.get(f"survey_{question.kind}_high", ""),
        }  # fmt: skip
    return page(request, "portal/survey.html", facts, status=422 if trouble else 200)
