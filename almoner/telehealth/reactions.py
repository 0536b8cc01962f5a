"""What becomes of a visit by video when the schedule changes, or who holds it goes away."""

from datetime import timedelta

from almoner.ground import clock, events
from almoner.ground.models import Event
from almoner.scheduling.queries import appointments
from almoner.telehealth import actions

SETTLED = timedelta(seconds=15)
"""Until then a move may be taken back."""


@events.follows("scheduling.moved", after=SETTLED)
def begin_anew(event: Event) -> None:
    """Once nobody can take the move back any more."""
    if event.about_id is None:
        return
    newest = appointments.last_change(event.about_id)
    if newest and newest.kind != "scheduling.undone":
        actions.begin_anew(appointment_id=event.about_id, moved_at=event.at, at=clock.now())


@events.follows("access.went")
def give_up(event: Event) -> None:
    """Somebody signs out or locks their screen: no call stays open on it."""
    if event.about_id is not None:
        actions.give_up(officer_id=event.about_id, before=event.at, at=clock.now())
        actions.cut_off_all()


@events.follows(
    "telehealth.removed", "telehealth.left", "telehealth.host_lost", "telehealth.by_phone",
    "telehealth.ended",
)  # fmt: skip
def cut_off(event: Event) -> None:
    """Whoever is not in the call any more gets nothing of it through the gateway either."""
    if event.about_id is not None:
        actions.cut_off(visit_id=event.about_id)
