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
    unsent_claims,
)
from almoner.billing.queries.remittances import PaymentResult, payment_results, refused_at
from almoner.billing.queries.statements import (
    StatementLine,
    guarantor_of,
    last_statement,
    owed_by,
    owing,
    statement,
    statement_terms,
    statements_of,
)

__all__ = [
    "Batch",
    "OurClaim",
    "PaymentResult",
    "StatementLine",
    "batch",
    "bill",
    "code_set_state",
    "coding_of",
    "diagnoses",
    "draft_of",
    "find_diagnoses",
    "find_items",
    "guarantor_of",
    "items_on",
    "last_statement",
    "local_day",
    "our_claim",
    "owed_by",
    "owing",
    "payment_results",
    "person_of",
    "policy_on",
    "refused_at",
    "release_on",
    "statement",
    "statement_terms",
    "statements_of",
    "subscriber_of",
    "terms_of",
    "unsent_claims",
    "waiting",
    "wordings",
]
