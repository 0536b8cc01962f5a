"""What the patient is told when something becomes of a visit, and files that came are looked at."""

from almoner.ground import clock, events
from almoner.ground.models import Event
from almoner.relations import actions, exchange
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


@events.follows(
    "scheduling.offer_accepted",
    "scheduling.offer_declined",
    "scheduling.offer_expired",
    "scheduling.offer_withdrawn",
)
def place_is_over(event: Event) -> None:
    """Nobody is told in the morning of a place that was kept for them in the evening."""
    actions.place_is_over(event=event, at=clock.now())


@events.follows("relations.files_came")
def look_at(event: Event) -> None:
    """At once what can be; what cannot is tried again each minute that it is due."""
    actions.look_at_files(fetch=exchange.fetched, at=clock.now(), received_id=event.about_id)
