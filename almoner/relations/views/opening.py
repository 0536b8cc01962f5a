"""Opening a case, and saying whose it is and what it is about."""

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.queries import WorkItem
from almoner.access.rules import Purpose
from almoner.ground import dates, shell
from almoner.ground.typed import row_id
from almoner.patients import queries as patients
from almoner.relations import actions, forms, queries, rules
from almoner.relations.forms.cases import thing
from almoner.relations.templatetags.cases import thing as words_of_thing
from almoner.relations.views.acting import REFUSALS, acted

ANOTHER = "another"


@door("GET", "POST", permission="relations.cases", purpose=Purpose.OPERATIONS)
def new_case(request: DeskRequest) -> HttpResponse:
    """Open a case of a message or a call (``from``), about a patient, or of nothing yet."""
    asked = request.POST or request.GET
    came = thing(asked.get("from", ""))
    came = came if came and came[0] in rules.HEARD else None
    patient_id = queries.whose(*came) if came else row_id(asked.get("patient"))
    header = patients.header(patient_id, reading=request.reading) if patient_id else None
    said = queries.said_in([came] if came else [], reading=request.reading)
    known = {each.value for line in said for each in line.about}  # these go with the message
    abouts = queries.abouts(patient_id, reading=request.reading) if patient_id else []
    if came and not patient_id:
        request.reading.saw_strangers(WorkItem(*came))
    choices = [
        (each.value, f"{dates.day(timezone.localtime(each.last.at))} {words_of_thing(each)}")
        for each in abouts
        if each.value not in known
    ]
    form = forms.Opening(request.POST or None, abouts=choices, initial=_begun(said))
    status = 200
    if request.method == "POST":
        answer = _opened(request, form, came, patient_id)
        if answer:
            return answer
        status = 422
    context: dict[str, Any] = {
        "form": form,
        "patient": header,
        "said": said,
        "came": f"{came[0]}:{came[1]}" if came else "",
    }
    refused = status == HTTPStatus.UNPROCESSABLE_ENTITY
    template = "relations/_new_case.html" if refused else "relations/new_case.html"
    return render(request, template, context, status=status)


def _begun(said: list[queries.Said]) -> dict[str, str]:
    """What a message suggests as the subject of its case."""
    words = next((each.subject or each.words for each in said), "")
    return {"subject": " ".join(words.split())[:120]}


def _opened(
    request: DeskRequest, form: forms.Opening, came: tuple[str, int] | None, patient_id: int | None
) -> HttpResponse | None:
    """Go on to the case, or open another of the same message; nothing when it is refused."""
    if not form.is_valid():
        return None
    said = form.cleaned_data
    new = actions.New(
        kind=rules.Kind(said["kind"]),
        subject=said["subject"],
        desk=rules.Desk(said["desk"]) if said["desk"] else None,
        skill=said["skill"],
        note=said["note"],
        patient_id=patient_id,
        things=(*((came,) if came else ()), *said["about"]),
    )
    try:
        row = actions.open_case(officer=request.user, new=new, at=request.reading.at)
    except actions.CaseRefused as refused:
        form.add_error(None, str(REFUSALS[refused.reason]))
        return None
    shell.say(request, _("%(number)s is open.") % {"number": row.number})
    if ANOTHER in request.POST and came:
        return shell.go(request, f"{reverse('new_case')}?from={came[0]}:{came[1]}")
    return shell.go(request, case_url(row.pk))


def case_url(case_id: int) -> str:
    return f"{reverse('case', args=[case_id])}?for=case:{case_id}"


@door("GET", "POST", permission="relations.cases", purpose=Purpose.OPERATIONS)
def whose_case(request: DeskRequest, case_id: int) -> HttpResponse:
    """Find whose case it is, by name and birth date; a person says so, nothing guesses."""
    row = queries.case(case_id, reading=request.reading)
    if request.method == "POST" and (patient_id := row_id(request.POST.get("patient"))):
        patients.patient(patient_id, reading=request.reading)
        told = _("It is their case now.")
        return acted(request, actions.decide, told, case=row, patient_id=patient_id)
    typed = request.POST.get("q", "")
    found = patients.find(typed, reading=request.reading) if typed else patients.Found()
    context = {"case": row, "found": found, "typed": typed}
    return render(request, "relations/_whose_case.html", context)


@door("POST", permission="relations.cases", purpose=Purpose.OPERATIONS)
def attach_to_case(request: DeskRequest, case_id: int) -> HttpResponse:
    """Say what a case is about, too: a visit, a claim, a statement, a payment, a call."""
    row = queries.case(case_id, reading=request.reading)
    things = [each for each in map(thing, request.POST.getlist("thing")) if each]
    return acted(request, actions.attach, _("Kept with the case."), case=row, things=things)
