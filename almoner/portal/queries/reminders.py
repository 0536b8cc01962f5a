"""Whom to remind, and what they were told."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from almoner.ground.models import Event
from almoner.portal import rules
from almoner.portal.models import Reminder
from almoner.scheduling.models import Appointment

MOST = 500
"""Visits of one run; the next goes on."""


def to_remind(hours: int, *, at: datetime) -> list[int]:
    """Visits for which this step is due and was not taken, the nearest first. One query."""
    after, until = rules.window(hours, at=at)
    taken = Reminder.objects.filter(
        appointment=OuterRef("pk"), starts_at=OuterRef("starts_at"), hours=hours
    )
    due = Appointment.objects.filter(
        ~Exists(taken),
        status=Appointment.Status.BOOKED,
        starts_at__gt=after,
        starts_at__lte=until,
    )
    return list(due.order_by("starts_at", "id").values_list("pk", flat=True)[:MOST])


def last_change(appointment_id: int) -> Event | None:
    """Since when a visit stands as it does, which is when its patient was told. One query."""
    changes = Event.objects.filter(
        about_kind="appointment",
        about_id=appointment_id,
        kind__in=["scheduling.booked", "scheduling.moved", "scheduling.undone"],
    )
    return changes.order_by("-id").first()
