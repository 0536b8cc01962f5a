"""What billing does when something happened in a duty below it."""

from almoner.billing import actions, queries
from almoner.ground import clock, events
from almoner.ground.models import Event
from almoner.scheduling.rules import UNDO_GRACE, UNDO_WITHIN


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


@events.follows(
    "scheduling.booked",
    "scheduling.moved",
    "scheduling.undone",
    after=UNDO_WITHIN + UNDO_GRACE,
)
@events.follows(
    "scheduling.cancelled",
    "scheduling.no_show",
    "arrivals.arrived",
    "billing.kept_private",
    "billing.private_ended",
)
def see_to_estimate(event: Event) -> None:
    """A visit may need an estimate, another one, or none any more."""
    visit_id = event.data.get("visit_id") or event.about_id
    if visit_id is not None:
        actions.see_to_estimate(appointment_id=visit_id, since=event.at, at=clock.now())


@events.follows("coverage.added", "coverage.changed", "coverage.ended", "coverage.retired")
def see_to_estimates(event: Event) -> None:
    """Who has cover now needs no estimate; who has none any more does."""
    if event.patient_id is None:
        return
    now = clock.now()
    for visit_id in queries.visits_to_come(event.patient_id, at=now):
        actions.see_to_estimate(appointment_id=visit_id, since=event.at, at=now)
