"""What this duty offers to the pages below it, and the reasons it knows for looking."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from almoner.access import queries as access
from almoner.access.queries import Reading
from almoner.ground import shell
from almoner.patients import queries as patients
from almoner.scheduling.queries import appointments, ways


def visits(patient_id: int, reading: Reading) -> dict[str, Any]:
    to_come, gone = appointments.of_patient(patient_id, reading=reading)
    may_book = reading.officer.may("scheduling.book")
    beside = ways.offered_to(reading)
    return {"to_come": to_come, "gone": gone, "may_book": may_book, "beside": beside}


patients.panel("appointments", 5, "scheduling.view", "scheduling/_panel.html", visits)
patients.next_visits_by(appointments.next_visits)
patients.alerts_by(appointments.alerts, permission="scheduling.view")

access.explains("appointment", appointments.evidence)
access.path(appointments.path_today)

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
