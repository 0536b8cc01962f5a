"""Reminding of visits, each step once for each time that was promised."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from almoner.ground.turns import in_turn
from almoner.portal import queries, rules
from almoner.portal.models import Reminder
from almoner.relations import actions as relations
from almoner.scheduling.models import Appointment


def remind(*, steps: Sequence[int], days: int, at: datetime) -> int:
    """Remind whoever is due at one of these steps, in hours; how many messages were queued.

    ``days`` is how long before its day a visit can be prepared by its link: then the text says so.
    Each visit is its own transaction, and what fails is tried again by the next call. Raises an
    ExceptionGroup of what failed once all have had their turn.
    """
    due = ((each, hours) for hours in steps for each in queries.to_remind(hours, at=at))
    return in_turn(due, lambda one: _remind(*one, days=days, at=at), named="reminder")


@transaction.atomic
def _remind(appointment_id: int, hours: int, *, days: int, at: datetime) -> int:
    after, until = rules.window(hours, at=at)
    # Asked again under the lock: moved meanwhile, it has other steps at its new time.
    visit = (
        Appointment.objects.select_for_update()
        .filter(
            pk=appointment_id,
            status=Appointment.Status.BOOKED,
            starts_at__gt=after,
            starts_at__lte=until,
        )
        .first()
    )
    if visit is None:
        return 0
    _row, first = Reminder.objects.get_or_create(
        appointment=visit, starts_at=visit.starts_at, hours=hours, defaults={"made_at": at}
    )
    change = queries.last_change(visit.pk)
    if not first or change is None or not rules.needed(told_at=change.at, at=at):
        return 0
    key = f"reminder-{visit.pk}-{visit.starts_at.timestamp():.0f}-{hours}"
    early = queries.early(visit.pk, days=days, at=at)
    prepared = early.finished and not queries.left_to_sign(visit)
    return len(
        relations.remind_of_visit(
            event=change,
            key=key,
            confirmed=visit.confirmed_at is not None,
            check_in=early.is_open and not prepared,
            at=at,
        )
    )
