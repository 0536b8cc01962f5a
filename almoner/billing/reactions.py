"""What billing does when something happened in a duty below it."""

from almoner.billing import actions, queries
from almoner.ground import clock, events
from almoner.ground.models import Event


@events.follows(
    "patients.changed", "coverage.added", "coverage.changed", "coverage.ended", "coverage.retired"
)
def check_claims_again(event: Event) -> None:
    """A fact a held claim waits for may have been mended; a ready one may no longer be right."""
    if event.patient_id is None:
        return
    for claim_id in queries.unsent_claims(event.patient_id):
        actions.check_claim(claim_id=claim_id, officer=None, at=clock.now())


@events.follows("ledger.paid")
def close_statements(event: Event) -> None:
    """A payment may have settled what a statement asked for."""
    if event.patient_id is not None:
        actions.close_if_paid(patient_id=event.patient_id, at=clock.now())
