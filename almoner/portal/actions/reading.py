"""What somebody reads in an account, written down."""

from datetime import datetime

from django.db import transaction

from almoner.ground import events
from almoner.portal.models import Account
from almoner.records.models import Document


@transaction.atomic
def open_paper(*, account: Account, patient_id: int, document_id: int, at: datetime) -> None:
    """An account has opened a document of the record; each time, as a paper leaves the house."""
    events.record(
        "portal.paper_opened", at=at, by=None, about=Document(pk=document_id),
        patient_id=patient_id, by_patient=True, name=account.name,
    )  # fmt: skip
