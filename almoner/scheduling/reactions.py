"""What comes free is offered at once to whoever waits for it."""

from almoner.ground import clock, events
from almoner.ground.models import Event
from almoner.scheduling import actions
from almoner.scheduling.rules import UNDO_GRACE, UNDO_WITHIN


@events.follows(
    "scheduling.cancelled",
    "scheduling.moved",
    "scheduling.no_show",
    "scheduling.undone",
    "scheduling.hours_changed",
)
def offer_what_came_free(event: Event) -> None:
    now = clock.now()
    for freed_id in actions.note_freed(event=event, at=now):
        actions.fill(freed_id=freed_id, at=now)


@events.follows("scheduling.cancelled", "scheduling.no_show", after=UNDO_WITHIN + UNDO_GRACE)
def wait_no_longer(event: Event) -> None:
    """Once it cannot be taken back: nobody waits for a place sooner than a visit that is gone."""
    if event.about_id:
        actions.visit_gone(visit_id=event.about_id, at=clock.now())


@events.follows("scheduling.booked", after=UNDO_WITHIN + UNDO_GRACE)
def wait_no_longer_once_booked(event: Event) -> None:
    """Once it cannot be taken back: what they waited for, they have."""
    if event.about_id:
        actions.booked_otherwise(visit_id=event.about_id, at=clock.now())


@events.follows(
    "scheduling.offer_accepted",
    "scheduling.offer_declined",
    "scheduling.offer_expired",
    "scheduling.offer_withdrawn",
)
def pass_on(event: Event) -> None:
    """What one did not take the next is offered; of an accepted place, what is left of it."""
    now = clock.now()
    if freed_id := event.data.get("freed_id"):
        actions.fill(freed_id=freed_id, at=now)
    elif event.kind != "scheduling.offer_accepted":
        for id_ in actions.note_freed(event=event, at=now):
            actions.fill(freed_id=id_, at=now)
