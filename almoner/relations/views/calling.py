"""Somebody calls: who it may be, who it is, and what came of it."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.facility import queries as facility
from almoner.ground import shell
from almoner.patients import actions as patients
from almoner.patients.rules.details import number_in, readable
from almoner.patients.rules.opening import IDENTIFIERS, TwoNeeded
from almoner.relations import actions, forms, queries
from almoner.relations.queries import script as known
from almoner.relations.queries import wording


@door("GET", permission="relations.send", purpose=Purpose.OPERATIONS)
def calling(request: DeskRequest) -> HttpResponse:
    """Everybody who is reached at the number that calls; nobody is guessed.

    What is shown of one before two identifiers were compared is what is to be compared, and how
    much is open.
    """
    typed = request.GET.get("number", "").strip()
    number = number_in(typed)
    request.reading.searched = "phone"
    today = queries.local_day(request.reading.at, facility.organisation().time_zone)
    callers: list[queries.Caller] = []
    more = 0
    if number:
        callers, more = queries.callers(number, today=today, reading=request.reading)
    unsure = [each for each in callers if not each.sure]
    context = {
        "typed": readable(number) if number else typed,
        "number": number,
        "callers": [(each, _form(number, f"id_{each.who.id}_%s")) for each in callers],
        "more": more,
        "first_unsure": unsure[0].who.id if unsure and len(unsure) == len(callers) else None,
        "calling": _form(number, "id_%s"),
        "dispositions": forms.DISPOSITIONS,
        "kinds": forms.CALLERS,
        "script": _script(request.GET, callers),
    }
    return render(request, "relations/calling.html", context)


def _script(said: QueryDict, callers: list[queries.Caller]) -> known.Script | None:
    """The script for who calls, with what was ticked; None until one key has said who it is."""
    kind = said.get("kind", "")
    if kind not in wording.CALLERS:
        return None
    sure = [each.who.name for each in callers if each.sure]
    of = tuple(sure) if len(callers) > 1 else ()
    return known.script(kind, asked=said.getlist("asked"), sure=bool(sure), of=of)


def _form(number: str, auto_id: str) -> forms.Calling:
    return forms.Calling(subjects=[], initial={"number": number}, auto_id=auto_id)


@door("POST", permission="relations.send", purpose=Purpose.OPERATIONS)
def caller_is(request: DeskRequest, patient_id: int) -> HttpResponse:
    """The caller said two identifiers that agree with this record: from now on it may be shown."""
    said = [each for each in request.POST.getlist("confirmed_by") if each in IDENTIFIERS]
    try:
        patients.open_record(
            officer=request.user,
            patient_id=patient_id,
            said="phone",
            confirmed_by=said,
            at=request.reading.at,
        )
    except TwoNeeded:
        told = _("Two identifiers open a record: tick what the person told you.")
        return shell.refused(told)
    except patients.NoSuchPatient as error:
        raise Http404 from error
    if request.POST.get("kind"):
        return shell.go(request, _with_script(request.POST))
    return HttpResponse(status=204, headers={"HX-Refresh": "true"})


def _with_script(said: QueryDict) -> str:
    """The page of the call, with the script and what was ticked of it as it stood."""
    ticked = [each for each in said.getlist("asked") if each in wording.ASKED]
    kept = {"number": said.get("number", ""), "kind": said.get("kind", ""), "asked": ticked}
    return f"{reverse('calling')}?{urlencode(kept, doseq=True)}"


@door("POST", permission="relations.send", purpose=Purpose.OPERATIONS)
def call_at(request: DeskRequest) -> HttpResponse:
    """Keep what was said with a number of which nobody knows whose it is."""
    number = number_in(request.POST.get("number", ""))
    form = forms.Calling(request.POST, subjects=[])
    if not number or not form.is_valid():
        context = {"calling": form, "dispositions": forms.DISPOSITIONS, "where": request.path}
        return render(request, "relations/_call.html", context, status=422)
    row = actions.log_call_at(
        officer=request.user, number=number, call=form.call(), at=request.reading.at
    )
    shell.say(request, _("The call is kept."))
    return shell.go(request, reverse("conversation_from", args=[row.conversation_id]))
