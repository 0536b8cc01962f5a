"""That a number or an address is theirs, as they have shown."""

from datetime import datetime

from django.db import transaction

from almoner.access.models import Officer
from almoner.ground import events
from almoner.patients.models import ProvenAddress


@transaction.atomic
def prove_address(
    *,
    patient_id: int,
    channel: str,
    address: str,
    how: str,
    at: datetime,
    by: Officer | None = None,
) -> ProvenAddress:
    """Keep that a code sent to an address came back from a patient; the last time counts."""
    row, _made = ProvenAddress.objects.update_or_create(
        patient_id=patient_id, channel=channel, address=address, defaults={"how": how, "at": at}
    )
    more = {} if by else {"by_patient": True}
    events.record(
        "patients.address_proven", at=at, by=by, about=row, patient_id=patient_id, channel=channel,
        **more,
    )  # fmt: skip
    return row
