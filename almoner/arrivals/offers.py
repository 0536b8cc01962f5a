"""What this duty offers to the pages below it."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, ngettext

from almoner.access.queries import Evidence, Reading, explains, known_by
from almoner.arrivals import queries
from almoner.arrivals.models import Movement
from almoner.arrivals.rules import State
from almoner.ground import shell
from almoner.ledger.queries import Way, goes_on
from almoner.patients.queries import Alert, alerts_by, today
from almoner.records.queries import knows
from almoner.scheduling.models import Appointment
from almoner.scheduling.queries.ways import Beside, beside_booking

shell.register(
    shell.NavItem(gettext_lazy("Board"), "board", "arrivals.view", icon="board", order=10, key="b")
)
shell.action(
    shell.Action(
        gettext_lazy("Somebody without an appointment"),
        "walk_in",
        "arrivals.check_in",
        icon="plus",
        words=gettext_lazy("walk-in now walk in"),
    )
)
beside_booking(Beside(gettext_lazy("Walk-in"), "walk_in", "arrivals.check_in", "w"))


def evidence_of_encounter(item_id: int) -> Evidence | None:
    """A visit under way explains a look at its patient.

    Made by who brought the patient in; borne out as soon as somebody else has moved the visit on.
    """
    steps = Movement.objects.filter(encounter=item_id).order_by("id")
    made = list(steps.values_list("encounter__patient_id", "by_id", "encounter__confirmed_by"))
    if not made:
        return None
    patient_id, first, confirmed_by = made[0]
    return Evidence(
        frozenset({patient_id}),
        made_by_id=first,
        corroborated=any(by != first for _patient, by, _confirmed in made),
        confirmed_by=tuple(confirmed_by),
    )


explains("encounter", evidence_of_encounter)
known_by(queries.CONFIRMED, to_all=True)
knows("arrivals", queries.known_at_the_desk)


def check_in_goes_on(appointment_id: int) -> Way | None:
    """Whoever took the co-pay of somebody not checked in yet goes back to check-in."""
    waiting = Appointment.objects.filter(
        Q(encounter=None) | Q(encounter__state=State.ARRIVED),
        pk=appointment_id,
        status__in=(Appointment.Status.BOOKED, Appointment.Status.ARRIVED),
    )
    if not waiting.exists():
        return None
    url = f"{reverse('check_in', args=[appointment_id])}?for=appointment:{appointment_id}"
    return Way(gettext_lazy("Go on with check-in"), url, "c")


goes_on("appointment", check_in_goes_on)

_HERE = {
    State.ARRIVED: gettext_lazy("In the waiting room"),
    State.READY: gettext_lazy("Checked in"),
    State.ROOMED: gettext_lazy("In a room"),
    State.WITH_CLINICIAN: gettext_lazy("With the clinician"),
    State.DONE: gettext_lazy("Visit done"),
}


_PLACES = ", ".join(f"'{state.value}'" for state in _HERE)
_WHERE = f"""
    (SELECT json_build_array(encounter.state, room.name)
       FROM arrivals_encounter encounter LEFT JOIN facility_room room ON room.id = room_id
      WHERE encounter.patient_id = p.id AND encounter.state IN ({_PLACES}) LIMIT 1)
"""  # noqa: S608 (our own states)


def here_now(told: tuple[str, str | None], _patient_id: int, _reading: Reading) -> Iterable[Alert]:
    """Where in the building the patient is, on every header."""
    state, room = told
    where = f"{_HERE[State(state)]}, {room}" if room else str(_HERE[State(state)])
    yield Alert(where, "info", reverse("board"))


alerts_by(_WHERE, here_now, permission="arrivals.view")

_AHEAD = """
    (SELECT json_build_array(early.appointment_id, early.finished_at IS NOT NULL,
                             (SELECT count(*) FROM arrivals_said said
                               WHERE said.appointment_id = early.appointment_id
                                 AND said.outcome = '' AND said.verdict IN ('changed', 'gone')))
       FROM arrivals_earlycheckin early
       JOIN scheduling_appointment visit ON visit.id = early.appointment_id
       LEFT JOIN arrivals_encounter encounter ON encounter.appointment_id = visit.id
      WHERE early.patient_id = p.id AND visit.status IN ('booked', 'arrived')
        AND coalesce(encounter.state, 'arrived') = 'arrived'
      ORDER BY visit.starts_at LIMIT 1)
"""


def said_ahead(told: tuple[int, bool, int], _patient_id: int, _reading: Reading) -> Iterable[Alert]:
    """How far the patient has prepared the next visit, on every header until check-in."""
    appointment_id, finished, changes = told
    url = f"{reverse('check_in', args=[appointment_id])}?for=appointment:{appointment_id}"
    if changes:
        said = ngettext("%(number)s change to review", "%(number)s changes to review", changes)
        yield Alert(said % {"number": changes}, "warn", url)
    elif finished:
        yield Alert(gettext("Details confirmed by the patient"), "good", url)


alerts_by(_AHEAD, said_ahead, permission="arrivals.check_in")


def figures_of_today(reading: Reading) -> dict[str, Any]:
    """How the day stands at the officer's own location; nothing for who has none."""
    location = reading.officer.location
    if location is None:
        return {"today": None}
    day = reading.at.astimezone(ZoneInfo(location.time_zone)).date()
    return {"today": queries.today(location.pk, day, now=reading.at)}


today("arrivals", 10, "arrivals.view", "arrivals/_today.html", figures_of_today)
