"""What colleagues ask one another, notes beside conversations, and the next case one can do."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.ground import shell
from almoner.ground.typed import page_number, row_id
from almoner.patients import queries as patients
from almoner.relations import actions, queries
from almoner.relations.views.acting import acted, incomplete
from almoner.relations.views.cases import QUEUE
from almoner.relations.views.opening import case_url

FIRST = 5
_LONGEST = 4000


@door("GET", permission="relations.cases", purpose=Purpose.OPERATIONS, queue=QUEUE)
def asked(request: DeskRequest) -> HttpResponse:
    """What colleagues ask of this officer, the oldest first, until it is answered or put away."""
    number = page_number(request.GET.get("page"))
    page = queries.asked(number=number, reading=request.reading)
    return render(request, "relations/asked.html", {"page": page})


@door("GET", permission="relations.cases", purpose=Purpose.OPERATIONS, queue=QUEUE)
def asked_today(request: DeskRequest) -> HttpResponse:
    """The same in short, on the first page of the desk, as it is now."""
    lines = queries.newest_asked(most=FIRST, reading=request.reading)
    context = {"asked": lines, "count": queries.asked_count(request.user)}
    return render(request, "relations/_asked_today.html", context)


@door("POST", permission="relations.cases", purpose=Purpose.OPERATIONS)
def put_away(request: DeskRequest, mention_id: int) -> HttpResponse:
    """What was asked needs nothing of this officer any more."""
    told = _("It is put away.")
    return acted(request, actions.put_away, told, mention_id=mention_id)


@door("POST", permission="relations.send", purpose=Purpose.OPERATIONS)
def note_with(request: DeskRequest, patient_id: int) -> HttpResponse:
    """Note something beside the conversation with a patient, for colleagues."""
    patients.header(patient_id, reading=request.reading)
    facts = {"patient_id": patient_id, "words": request.POST.get("words", "")[:_LONGEST]}
    return acted(request, actions.note_with, _("Kept beside the conversation."), **facts)


@door("POST", permission="relations.send", purpose=Purpose.OPERATIONS)
def note_from(request: DeskRequest, conversation_id: int) -> HttpResponse:
    """Note something beside the conversation with an address of nobody known."""
    talk = queries.unknown(conversation_id, reading=request.reading)
    facts = {"conversation": talk, "words": request.POST.get("words", "")[:_LONGEST]}
    return acted(request, actions.note_from, _("Kept beside the conversation."), **facts)


@door("POST", permission="relations.cases", purpose=Purpose.OPERATIONS)
def take_next(request: DeskRequest) -> HttpResponse:
    """Take what is due first of all this officer can do, and go there."""
    row = actions.take_next(officer=request.user, at=request.reading.at)
    if row is None:
        told = _("Nothing waits that you can take.")
        return shell.toast(HttpResponse(status=204), told, tone="info")
    shell.say(request, _("%(number)s is yours.") % {"number": row.number})
    return shell.go(request, case_url(row.pk))


@door("POST", permission="relations.cases", purpose=Purpose.OPERATIONS)
def run_routine(request: DeskRequest, case_id: int) -> HttpResponse:
    """Do the acts of a set to a case: all of them, or none."""
    row = queries.case(case_id, reading=request.reading)
    wanted = row_id(request.POST.get("routine"))
    known = queries.routines(request.user, kind=row.kind)
    routine = next((each for each in known if each.pk == wanted), None)
    if routine is None:
        return incomplete()
    told = _("Done: %(name)s") % {"name": routine.name}
    return acted(request, actions.run_routine, told, case=row, routine=routine)
