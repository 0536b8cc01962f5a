"""What the patient is told when something becomes of a visit."""

from almoner.ground import clock, events
from almoner.ground.models import Event
from almoner.relations import actions
from almoner.relations.rules import SETTLED


@events.follows(
    "scheduling.booked",
    "scheduling.moved",
    "scheduling.cancelled",
    "scheduling.undone",
    after=SETTLED,
)
def tell(event: Event) -> None:
    """Once nobody can take the change back any more, tell what the visit has become."""
    actions.tell_about_visit(event=event, at=clock.now())
