"""What this duty offers to the pages below it, and the reasons it knows for looking."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from almoner.access import queries as access
from almoner.access.queries import Reading
from almoner.ground import shell
from almoner.patients import queries as patients
from almoner.patients.rules.details import listed_name
from almoner.scheduling.queries import appointments, finding, of_patient, waitlist, ways


def visits(patient_id: int, reading: Reading) -> dict[str, Any]:
    to_come, gone = of_patient.visits(patient_id, reading=reading)
    may_book = reading.officer.may("scheduling.book")
    beside = ways.offered_to(reading)
    return {"to_come": to_come, "gone": gone, "may_book": may_book, "beside": beside}


_STATES = {
    "arrived": _("here"),
    "completed": _("done"),
    "no_show": _("not kept"),
}


def find(request: HttpRequest, typed: str) -> Iterable[shell.Hit]:
    """Visits for Ctrl-K, by part of a name, by day, or by both."""
    reading: Reading = request.reading  # type: ignore[attr-defined]  # came through a door
    for line in finding.find(typed, reading=reading, limit=shell.HITS_EACH):
        day = formats.date_format(line.local_day, "D, M j, Y")
        at = formats.time_format(line.local_time, "g:i A")
        told = (f"{day}, {at}", line.visit_type, line.clinician, line.location)
        state = _STATES.get(line.status)
        yield shell.Hit(
            listed_name(family=line.family, given=line.given),
            f"{reverse('appointment', args=[line.id])}?for=appointment:{line.id}",
            " · ".join([*told, str(state)] if state else told),
            "calendar",
        )


shell.search("visits", _("Visits"), find, permission="scheduling.view", order=20)
patients.panel("appointments", 5, "scheduling.view", "scheduling/_panel.html", visits)
patients.next_visit_by(of_patient.NEXT_VISIT, of_patient.next_visit)
patients.alerts_by(of_patient.OF_HEADER, of_patient.alerts, permission="scheduling.view")

access.explains("appointment", appointments.evidence)
access.explains("waitentry", waitlist.evidence)
access.path("appointment", appointments.PATH_TODAY)

ways.beside_booking(ways.Beside(_("Waitlist"), "wait_for", "scheduling.book", "j"))

shell.register(
    shell.NavItem(_("Schedule"), "day_board", "scheduling.view", icon="calendar", order=20, key="s")
)
shell.action(
    shell.Action(
        _("Book an extra visit"),
        "extra_visit",
        "scheduling.overbook",
        icon="plus",
        words=_("overbook double on top"),
    )
)
shell.action(
    shell.Action(
        _("Book a visit"),
        "book",
        "scheduling.book",
        icon="plus",
        words=_("new appointment opening find schedule"),
    )
)
shell.register(
    shell.NavItem(
        _("Waitlist"), "waitlist", "scheduling.book", icon="wait", order=22, key="w", aside=True
    )
)
