"""Somebody stands at the desk without an appointment: booked for now, and here."""

from datetime import datetime
from typing import Any

from django.db import transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.arrivals.actions.arriving import AlreadyHere, arrive
from almoner.arrivals.models import Encounter
from almoner.scheduling import actions as scheduling
from almoner.scheduling.models import Appointment


@transaction.atomic
def walk_in(*, officer: Officer, at: datetime, **order: Any) -> Encounter:
    """Book the opening there is now, and the patient has arrived for it.

    ``order`` is what `scheduling.actions.book` asks. Sent twice with one ``request_key`` it is one
    visit. Raises PermissionDenied, BookingRefused, or OpeningTaken; then nothing was written.
    """
    access.require(officer, "arrivals.check_in")
    return _here(scheduling.book(officer=officer, asked_at=at, **order), officer=officer, at=at)


@transaction.atomic
def walk_in_on_top(*, officer: Officer, at: datetime, reason: str, **order: Any) -> Encounter:
    """The same on top of others, since nobody has an opening: for a reason that is kept.

    Raises PermissionDenied, BookingRefused, or OpeningTaken; then nothing was written.
    """
    access.require(officer, "arrivals.check_in")
    visit = scheduling.overbook(officer=officer, asked_at=at, reason=reason, **order)
    return _here(visit, officer=officer, at=at)


def _here(visit: Appointment, *, officer: Officer, at: datetime) -> Encounter:
    try:
        return arrive(officer=officer, appointment_id=visit.pk, at=at)
    except AlreadyHere as here:  # the same key was pressed twice
        return here.encounter
