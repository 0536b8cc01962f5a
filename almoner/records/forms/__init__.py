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
    when,
)
from almoner.records.forms.filling import (
    Decline,
    OnPaper,
    RowWish,
    again,
    anew,
    carried,
    changed,
    row_wish,
    seen,
    signing,
    stood,
)
from almoner.records.forms.papers import AddDocument, FileAs, Refuse
from almoner.records.forms.results import NOT_THEIRS, Because, FileResult, GiveTo, Review

__all__ = [
    "FIELD_WORDS",
    "KINDS",
    "NOT_THEIRS",
    "AddDocument",
    "AddItem",
    "Because",
    "Decline",
    "FileAs",
    "FileResult",
    "GiveTo",
    "ItemDetails",
    "NewForm",
    "OnPaper",
    "Refuse",
    "Review",
    "RowWish",
    "RuleDetails",
    "Title",
    "again",
    "anew",
    "carried",
    "changed",
    "row_wish",
    "seen",
    "signing",
    "stood",
    "typed_from",
    "when",
]
