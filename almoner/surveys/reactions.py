"""A visit is over: whether its patient is asked how it was."""

from datetime import timedelta

from almoner.ground import clock, events
from almoner.ground.models import Event
from almoner.surveys import actions

SETTLED = timedelta(seconds=15)
"""Until then the last step of a visit may be taken back."""


@events.follows("arrivals.moved", after=SETTLED)
def choose(event: Event) -> None:
    """Once nobody can take the step back any more."""
    if event.data["state"] == "done":
        actions.choose(appointment_id=event.data["visit_id"], at=clock.now())
