"""What becomes of somebody whom a campaign's message did not reach.

What stops somebody (a booking, an answer, a case, a death) is no reaction: the database does it in
the transaction of the event itself, see the migration.
"""

from almoner.ground import clock, events
from almoner.ground.models import Event
from almoner.outreach import actions


@events.follows("relations.failed", "relations.not_delivered")
def go_on(event: Event) -> None:
    """They are called instead, when the campaign calls."""
    if event.about_kind == "message" and event.about_id:
        actions.go_on_otherwise(message_id=event.about_id, at=clock.now())
