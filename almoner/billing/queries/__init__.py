"""Reads of the billing desk."""

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

__all__ = [
    "code_set_state",
    "coding_of",
    "diagnoses",
    "draft_of",
    "find_diagnoses",
    "find_items",
    "items_on",
    "local_day",
    "person_of",
    "policy_on",
    "release_on",
    "subscriber_of",
    "terms_of",
    "wordings",
]
