"""What every action on a visit by video begins with and ends with."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from almoner.access.models import Officer
from almoner.ground import events
from almoner.scheduling.models import Appointment
from almoner.telehealth import rules
from almoner.telehealth.models import VideoVisit
from almoner.telehealth.rules import State

CHANNEL = "almoner_calls"
_EXPECTED = (Appointment.Status.BOOKED, Appointment.Status.ARRIVED)


class NotByVideo(Exception):
    """There is no such visit, it is held at the clinic, or it was cancelled."""


class NotNow(Exception):
    """Not in this state of the visit: nobody waits, it is over, or its time is not yet."""


class Unsound(Exception):
    """What was said is none of the few things that may be said, or too large. Nothing was kept."""


def locked(appointment_id: int, *, at: datetime, over: bool = False) -> VideoVisit:
    """The visit by video of an appointment, made when it is first asked for, and locked.

    ``over`` takes one that the board completed too. Raises NotByVideo.
    """
    taken = (*_EXPECTED, Appointment.Status.COMPLETED) if over else _EXPECTED
    booked = Appointment.objects.filter(
        pk=appointment_id, visit_type__by_video=True, status__in=taken
    )
    if not booked.exists():
        raise NotByVideo
    VideoVisit.objects.bulk_create(
        [VideoVisit(appointment_id=appointment_id, state_since=at)], ignore_conflicts=True
    )
    return VideoVisit.objects.select_for_update().get(appointment_id=appointment_id)


def move(visit: VideoVisit, to: State, *, at: datetime, **more: Any) -> None:
    """Bring a locked visit on. Raises NotNow when that state may not follow."""
    if not rules.may_follow(State(visit.state), to):
        raise NotNow
    visit.state, visit.state_since = to, at
    for name, value in more.items():
        setattr(visit, name, value)
    visit.save(update_fields=["state", "state_since", *more])


def record(kind: str, visit: VideoVisit, *, at: datetime, by: Officer | None, **data: Any) -> None:
    """One event, and a word to the pages that are open."""
    appointment = visit.appointment
    events.record(
        f"telehealth.{kind}",
        at=at,
        by=by,
        about=visit,
        patient_id=appointment.patient_id,
        location_id=appointment.location_id,
        visit_id=appointment.pk,
        **data,
    )
    wake(visit.pk)


def wake(visit_id: int) -> None:
    """Have the open pages of a visit look again, once this stands. Losing it costs seconds."""
    transaction.on_commit(lambda: _notify(visit_id))


def _notify(visit_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(visit_id)])
