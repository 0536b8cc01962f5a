"""The call list: one person before the officer, worked by keys."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.ground import shell
from almoner.ground.typed import page_number, row_id
from almoner.outreach import actions, forms, queries
from almoner.outreach.rules import Called
from almoner.outreach.views.acting import refused_with


@door("GET", permission="outreach.call", purpose=Purpose.TREATMENT)
def outreach_calls(request: DeskRequest) -> HttpResponse:
    """Whom the officer is calling, and who else is to be called and by nobody yet."""
    page = queries.to_call(number=page_number(request.GET.get("page")), reading=request.reading)
    who = queries.caller(reading=request.reading)
    context = {
        "page": page,
        "who": who,
        "header": who.header if who else None,
        "form": forms.Calling(initial={"number": who.number}) if who else None,
        "ended": forms.ENDED,
    }
    return render(request, "outreach/calls.html", context)


@door("POST", permission="outreach.call", purpose=Purpose.TREATMENT)
def outreach_take(request: DeskRequest) -> HttpResponse:
    """Take the next of the list, or the one that was picked; nobody else calls them meanwhile."""
    picked = row_id(request.POST.get("who"))
    at = request.reading.at
    if not actions.take_call(officer=request.user, at=at, enrolment_id=picked):
        shell.say(request, _("Another officer has just taken them. Look again."), tone="warn")
    return HttpResponse(status=204, headers={"HX-Refresh": "true"})


@door("POST", permission="outreach.call", purpose=Purpose.TREATMENT)
def outreach_give_back(request: DeskRequest) -> HttpResponse:
    """Stop calling: whom one had taken stands on the list again."""
    actions.give_back(officer=request.user, at=request.reading.at)
    return HttpResponse(status=204, headers={"HX-Refresh": "true"})


@door("POST", permission="outreach.call", purpose=Purpose.TREATMENT)
def outreach_called(request: DeskRequest, enrolment_id: int) -> HttpResponse:
    """Keep how the call ended, and go on to the next."""
    row = queries.enrolment(enrolment_id, reading=request.reading)
    form = forms.Calling(request.POST)
    if not form.is_valid():
        told = _("Say how the call ended.")
        return shell.refused(told)
    said = form.cleaned_data
    try:
        actions.record_call(
            officer=request.user,
            enrolment=row,
            called=Called(said["called"]),
            number=said["number"],
            said=said["said"],
            at=request.reading.at,
        )
    except actions.OutreachRefused as refused:
        return refused_with(refused)
    actions.take_call(officer=request.user, at=request.reading.at)
    return shell.afresh(request, _("The call is kept."))
