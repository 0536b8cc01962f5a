"""Reads of the billing desk."""

from almoner.billing.queries.answers import Batch, OurClaim, batch, bill, our_claim, waiting
from almoner.billing.queries.codes import (
    code_set_state,
    diagnoses,
    find_diagnoses,
    find_items,
    items_on,
    release_on,
    wordings,
)
from almoner.billing.queries.drafts import (
    coding_of,
    draft_of,
    local_day,
    person_of,
    policy_on,
    subscriber_of,
    terms_of,
)
from almoner.billing.queries.remittances import PaymentResult, payment_results, refused_at

__all__ = [
    "Batch",
    "OurClaim",
    "PaymentResult",
    "batch",
    "bill",
    "code_set_state",
    "coding_of",
    "diagnoses",
    "draft_of",
    "find_diagnoses",
    "find_items",
    "items_on",
    "local_day",
    "our_claim",
    "payment_results",
    "person_of",
    "policy_on",
    "refused_at",
    "release_on",
    "subscriber_of",
    "terms_of",
    "waiting",
    "wordings",
]
