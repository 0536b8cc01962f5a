"""Visits under way, for tests: through the actions."""

from collections.abc import Collection
from datetime import datetime, timedelta

from almoner.access.models import Officer
from almoner.access.tests import make as access
from almoner.arrivals import actions
from almoner.arrivals.models import Encounter
from almoner.arrivals.rules import Identifier, Item, Settled
from almoner.scheduling.models import Appointment
from almoner.scheduling.tests import make as scheduling

TWO = (Identifier.NAME, Identifier.BIRTH_DATE)
ALL_DONE = tuple(Settled(item) for item in Item)


def check_in(**facts) -> actions.CheckIn:
    """A check-in with nothing open; name only what matters to the test."""
    return actions.CheckIn(**{"identifiers": TWO, "settled": ALL_DONE} | facts)


def encounter(
    *,
    officer: Officer | None = None,
    appointment: Appointment | None = None,
    at: datetime | None = None,
    clear: Collection[Item] = tuple(Item),
    **facts,
) -> Encounter:
    """Somebody checked in five minutes before the appointed time, with nothing to ask."""
    appointment = appointment or scheduling.appointment()
    return actions.check_in(
        officer=officer or _anybody(),
        appointment_id=appointment.pk,
        clear=clear,
        check_in=check_in(**facts),
        at=at or appointment.starts_at - timedelta(minutes=5),
    )


def _anybody() -> Officer:
    return Officer.objects.filter(username="ana").first() or access.officer("ana")
