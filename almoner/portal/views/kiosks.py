"""The clinic's page of its kiosks: which there are, how they stand, a code for a device."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.facility import queries as facility
from almoner.ground import clock, shell
from almoner.portal import actions, forms, queries
from almoner.portal.queries import wording

MOST = 50


@door("GET", "POST", permission="facility.edit", purpose=Purpose.NO_PATIENT)
def kiosks(request: DeskRequest) -> HttpResponse:
    """All kiosks, and a new one. Its code is shown once."""
    if request.method != "POST":
        return _page(request, forms.NewKiosk())
    form = forms.NewKiosk(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    asked = form.cleaned_data
    try:
        made, code = actions.new_kiosk(
            officer=request.user,
            name=asked["name"],
            location=facility.location(asked["location"]),
            wait_en=asked["wait_en"],
            wait_es=asked["wait_es"],
            at=clock.now(),
        )
    except actions.NameTaken:
        form.add_error("name", _("Another kiosk of this location has that name."))
        return _page(request, form, status=422)
    return _page(request, forms.NewKiosk(), made=made, code=code)


@door("POST", permission="facility.edit", purpose=Purpose.NO_PATIENT)
def kiosk_code(request: DeskRequest, kiosk_id: int) -> HttpResponse:
    """Another code, for a device that is to be this kiosk from then on."""
    made, code = actions.code_for(officer=request.user, kiosk_id=kiosk_id, at=clock.now())
    return _page(request, forms.NewKiosk(), made=made, code=code)


@door("POST", permission="facility.edit", purpose=Purpose.NO_PATIENT)
def end_kiosk(request: DeskRequest, kiosk_id: int) -> HttpResponse:
    ended = actions.end_kiosk(officer=request.user, kiosk_id=kiosk_id, at=clock.now())
    shell.say(request, _("%s is no kiosk any more.") % ended.name, tone="good")
    return redirect("kiosks")


def _page(
    request: DeskRequest, form: forms.NewKiosk, *, status: int = 200, **told: Any
) -> HttpResponse:
    page = Paginator(queries.kiosk_lines(at=clock.now()), MOST).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [(line, *wording.KIOSK_STATES[line.state]) for line in page.object_list],
        "form": form,
        "address": request.build_absolute_uri(reverse("kiosk")),
    }
    return render(request, "portal/kiosks.html", context | told, status=status)
