"""From a visit's page: to be told when an earlier time comes free."""

from django.http import HttpResponse
from django.shortcuts import redirect

from almoner.ground import clock
from almoner.portal import actions, queries
from almoner.portal.gate import PatientRequest, gate
from almoner.scheduling import actions as scheduling


@gate("GET", "POST")
def visit_sooner(request: PatientRequest) -> HttpResponse:
    """Wait for an earlier time, or no more. A visit that cannot be changed here waits for none."""
    appointment_id, now = request.link.appointment_id, clock.now()
    visit = queries.visit(appointment_id, language=request.language, at=now)
    waits = queries.waits_sooner(appointment_id)
    if request.method == "POST" and visit.may_change:
        asked = request.POST.get("sooner") == "yes"
        try:
            with queries.as_the_desk():
                if asked and waits is None:
                    actions.wait_sooner(appointment_id=appointment_id, at=now)
                elif waits and not asked:
                    scheduling.leave(entry_id=waits, at=now)
        except scheduling.BookingRefused:
            return redirect("visit_page", request.token)  # it shows how it stands now
    return redirect("visit_page", request.token)
