"""Writing down whether a number or an address may be written to, and what for."""

from datetime import datetime

from almoner.access.models import Officer
from almoner.ground.locks import hold
from almoner.relations.models import Consent, Received


def one_at_a_time(address: str) -> None:
    """What one address says is heard one after the other: which was last must be known."""
    hold("address", address)


def say(
    number: str,
    purposes: tuple[str, ...],
    *,
    given: bool,
    how: str,
    evidence: str,
    at: datetime,
    by: Officer | None = None,
    received: Received | None = None,
    channel: str = "sms",
    patient_id: int | None = None,
) -> None:
    """What is of these purposes may go to a number or address from here on, or may not."""
    Consent.objects.bulk_create(
        Consent(
            channel=channel,
            address=number,
            purpose=purpose,
            given=given,
            how=how,
            evidence=evidence,
            at=at,
            by_id=by.pk if by else None,
            received=received,
            patient_id=received.patient_id if received else patient_id,
        )
        for purpose in purposes
    )
