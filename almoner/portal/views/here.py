"""The patient's own check-in, gone through with them at the desk, in the officer's browser."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.arrivals.forms import said
from almoner.ground import clock, shell
from almoner.patients import queries as patients
from almoner.portal import actions, queries
from almoner.portal.gate import back_at_the_desk


@door("POST", permission="arrivals.check_in", purpose=Purpose.TREATMENT)
def ask_here(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """Who it is was said; then their own page opens here, in their language."""
    identifiers = said(request.POST.getlist("identifiers"))
    try:
        token = actions.ask_here(
            officer=request.user, appointment_id=appointment_id, identifiers=identifiers,
            days=settings.CHECK_IN_DAYS, at=request.reading.at,
        )  # fmt: skip
    except actions.NotSure:
        shell.say(request, _("First ask who it is: two things, and tick them."), tone="warn")
    except actions.NotAsked:
        shell.say(
            request,
            _("Their own page does not open: the record has no birth date, or this is settled."),
            tone="warn",
        )
    else:
        request.reading.saw([queries.visiting(appointment_id).patient_id])
        return redirect("visit_check_in", token)
    return _back(appointment_id, [one.value for one in identifiers])


@door("POST", permission="arrivals.check_in", purpose=Purpose.NO_PATIENT)
def here_leave(request: DeskRequest) -> HttpResponse:
    """It is done: the page leads nowhere any more, and the officer is back at check-in."""
    sitting = queries.sitting_of(request.POST.get("token", ""))
    if sitting is None or sitting.officer_id != request.user.pk:
        return redirect("board")
    actions.end_asking(officer=request.user, sitting_id=sitting.pk, at=clock.now())
    ticked = patients.said_of_late(sitting.appointment.patient_id, request.user, clock.now())
    return _back(sitting.appointment_id, ticked)


def _back(appointment_id: int, ticked: Iterable[str]) -> HttpResponse:
    """To check-in, where what was said of who it is stays ticked."""
    said_of_it = "".join(f"&{urlencode({'said': one})}" for one in ticked)
    return redirect(f"{back_at_the_desk(appointment_id)}{said_of_it}")
