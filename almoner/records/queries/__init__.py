"""Reads of forms and of what was signed."""

from almoner.records.queries.definitions import InUse, Version, digest, in_use, title_of, version
from almoner.records.queries.documents import (
    Kept,
    Signed,
    forms_of,
    is_intact,
    paper,
    signed,
    upload,
)
from almoner.records.queries.due import Due, due, due_of
from almoner.records.queries.panel import panel_values
from almoner.records.queries.proposals import Proposed, proposal_of, proposals
from almoner.records.queries.sheets import (
    Line,
    Sheet,
    answers,
    consent_of,
    lines,
    sheet,
    sheet_of,
)
from almoner.records.queries.shown import kept_answers, shown

__all__ = [
    "Due",
    "InUse",
    "Kept",
    "Line",
    "Proposed",
    "Sheet",
    "Signed",
    "Version",
    "answers",
    "consent_of",
    "digest",
    "due",
    "due_of",
    "forms_of",
    "in_use",
    "is_intact",
    "kept_answers",
    "lines",
    "panel_values",
    "paper",
    "proposal_of",
    "proposals",
    "sheet",
    "sheet_of",
    "shown",
    "signed",
    "title_of",
    "upload",
    "version",
]
