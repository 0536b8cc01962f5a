"""The one way a claim changes its state."""

from datetime import datetime
from typing import Any

from almoner.access.models import Officer
from almoner.billing.models import Claim, ClaimStep, ReceivedFile, Submission
from almoner.billing.rules.claims import State, may_become
from almoner.ground import events


class WrongState(Exception):
    """The claim cannot take this step from where it stands; nothing was changed."""

    def __init__(self, claim: Claim, wanted: State) -> None:
        super().__init__(claim.number, claim.state, wanted.value)
        self.claim = claim
        self.wanted = wanted


def locked(claim_id: int) -> Claim:
    """The claim, held until the transaction ends."""
    return Claim.objects.select_for_update().get(pk=claim_id)


def move(
    claim: Claim,
    state: State,
    *,
    at: datetime,
    by: Officer | None,
    what: str,
    note: str = "",
    received: ReceivedFile | None = None,
    submission: Submission | None = None,
) -> None:
    """Give a locked claim a state and write down the step and what brought it.

    The same state again is a step too: something happened and the claim stayed where it was.
    Raises WrongState.
    """
    if claim.state != state and not may_become(State(claim.state), state):
        raise WrongState(claim, state)
    if claim.state != state:
        claim.state, claim.state_since = state, at
        claim.save(update_fields=["state", "state_since"])
    ClaimStep.objects.create(
        claim=claim,
        state=state,
        at=at,
        by_id=by.pk if by else None,
        what=what,
        note=note,
        received=received,
        submission=submission,
    )


def tell(kind: str, claim: Claim, *, at: datetime, by: Officer | None, **data: Any) -> None:
    """Record an event about a claim; it carries what the timeline shows."""
    events.record(
        kind,
        at=at,
        by=by,
        about=claim,
        patient_id=claim.patient_id,
        number=claim.number,
        state=str(claim.state),
        service_date=claim.service_date.isoformat(),
        **data,
    )
