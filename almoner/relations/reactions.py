"""What the patient is told when something becomes of a visit."""

from almoner.ground import clock, events
from almoner.ground.models import Event
from almoner.relations import actions


@events.follows("scheduling.booked")
def confirm(event: Event) -> None:
    actions.tell_about_visit(template="booked", event=event, at=clock.now())


@events.follows("scheduling.moved")
def tell_of_move(event: Event) -> None:
    actions.tell_about_visit(template="moved", event=event, at=clock.now())


@events.follows("scheduling.cancelled")
def tell_of_cancellation(event: Event) -> None:
    actions.tell_about_visit(template="cancelled", event=event, at=clock.now())
