"""A claim succeeded by another, with its charges taken along where the payer has changed."""

from datetime import datetime

from django.db import transaction

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.billing import queries
from almoner.billing.actions import charges, claims
from almoner.billing.actions.steps import locked
from almoner.billing.models import ChargeSlip, Claim


@transaction.atomic
def correct_claim(*, officer: Officer, claim_id: int, because: str, at: datetime) -> Claim | None:
    """Draft the claim that takes this one's place, from its charges and today's facts.

    A denied or paid claim is succeeded by a corrected one (frequency 7, naming the payer's number);
    a rejected or unprocessable one by a new claim. Where another coverage is now known for the day
    of service, the charges move to it first; without any the patient owes them and None is
    answered. A claim behind other payers is succeeded with what they say now. Raises
    `claims.StillOnItsWay`, WrongState, `charges.SlipChanged` or PermissionDenied.
    """
    require(officer, "billing.claim")
    claim = locked(claim_id)
    slip = ChargeSlip.objects.select_for_update().get(pk=claim.slip_id)
    policy = queries.policy_of_visit(slip.encounter)
    if claim.rank > 1 or (policy is not None and policy.pk == slip.policy_id):
        return claims.succeed(claim, slip=slip, officer=officer, because=because, at=at)
    new = charges.correct_charges(
        officer=officer,
        slip=slip,
        diagnoses=slip.diagnoses,
        lines=[charges.entered(line) for line in slip.lines.order_by("number")],
        because=because,
        at=at,
    )
    return new.claims.first()
