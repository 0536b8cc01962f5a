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
    """Who is to be called: the longest due first, or whom the officer picked."""
    page = queries.to_call(number=page_number(request.GET.get("page")), reading=request.reading)
    asked = row_id(request.GET.get("who")) or (page.object_list[0].id if page.object_list else 0)
    who = queries.caller(asked, reading=request.reading)
    context = {
        "page": page,
        "who": who,
        "header": who.header if who else None,
        "form": forms.Calling(initial={"number": who.number}) if who else None,
        "ended": forms.ENDED,
    }
    return render(request, "outreach/calls.html", context)


@door("POST", permission="outreach.call", purpose=Purpose.TREATMENT)
def outreach_called(request: DeskRequest, enrolment_id: int) -> HttpResponse:
    """Keep how the call ended, and go on to the next."""
    row = queries.enrolment(enrolment_id, reading=request.reading)
    form = forms.Calling(request.POST)
    if not form.is_valid():
        told = _("Say how the call ended.")
        return shell.toast(HttpResponse(status=204), told, tone="bad")
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
    shell.say(request, _("The call is kept."))
    return HttpResponse(status=204, headers={"HX-Refresh": "true"})
