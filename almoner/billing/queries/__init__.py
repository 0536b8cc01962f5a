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

__all__ = [
    "code_set_state",
    "diagnoses",
    "find_diagnoses",
    "find_items",
    "items_on",
    "release_on",
    "wordings",
]
