"""A payer that takes its answer back takes back what people decided because of it."""

from datetime import date, datetime

from almoner.billing.models import Denial
from almoner.billing.rules.denials import Resolution
from almoner.ground import events
from almoner.ground.words import gettext_noop
from almoner.ledger import actions as ledger
from almoner.ledger import queries as money

_TAKEN_BACK = gettext_noop("The payer took back the answer this was decided on")


def take_back(claim_id: int, *, day: date, at: datetime) -> int:
    """Mirror what settled this claim's denials: written off, billed to the patient or onward.

    Part of the caller's transaction, which holds the claim. Returns the cents that had gone to the
    next payer and no longer do.
    """
    denials = {str(row.pk): row for row in Denial.objects.filter(claim_id=claim_id)}
    onward = 0
    for number, journal_id in money.standing("billing.denial", list(denials)).items():
        denial = denials[number]
        ledger.mirror(
            journal_id=journal_id,
            source="billing.denial_taken_back",
            external_id=number,
            reason=_TAKEN_BACK,
            effective_date=day,
            at=at,
            by=None,
        )
        if denial.resolution == Resolution.BILLED_NEXT:
            onward += denial.cents
        events.record(
            "billing.denial_taken_back",
            at=at,
            by=None,
            about=denial,
            patient_id=denial.patient_id,
            claim_id=claim_id,
            cents=denial.cents,
            resolution=denial.resolution,
        )
    return onward
