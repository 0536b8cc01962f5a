"""What is typed on forms, and by whoever designs one. Validates, never saves."""

from almoner.records.forms.designing import (
    FIELD_WORDS,
    KINDS,
    AddItem,
    ItemDetails,
    NewForm,
    RuleDetails,
    Title,
    typed_from,
)
from almoner.records.forms.filling import Decline, OnPaper, carried, changed, seen, signing

__all__ = [
    "FIELD_WORDS",
    "KINDS",
    "AddItem",
    "Decline",
    "ItemDetails",
    "NewForm",
    "OnPaper",
    "RuleDetails",
    "Title",
    "carried",
    "changed",
    "seen",
    "signing",
    "typed_from",
]
