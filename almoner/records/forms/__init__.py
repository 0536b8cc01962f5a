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
from almoner.records.forms.filling import (
    Decline,
    OnPaper,
    RowWish,
    carried,
    changed,
    row_wish,
    seen,
    signing,
)
from almoner.records.forms.papers import AddDocument, FileAs, Refuse

__all__ = [
    "FIELD_WORDS",
    "KINDS",
    "AddDocument",
    "AddItem",
    "Decline",
    "FileAs",
    "ItemDetails",
    "NewForm",
    "OnPaper",
    "Refuse",
    "RowWish",
    "RuleDetails",
    "Title",
    "carried",
    "changed",
    "row_wish",
    "seen",
    "signing",
    "typed_from",
]
