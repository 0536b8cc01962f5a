"""Reads of forms and of what was signed."""

from almoner.records.queries.definitions import InUse, Version, digest, in_use, title_of, version
from almoner.records.queries.designs import (
    PAYER_KINDS,
    Design,
    FormLine,
    design,
    form_lines,
    rules_of,
)
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
from almoner.records.queries.proposals import Proposed, proposal_of, proposals, waiting
from almoner.records.queries.sheets import (
    Line,
    Sheet,
    answers,
    consent_of,
    lines,
    previewed,
    sheet,
    sheet_of,
)
from almoner.records.queries.shown import kept_answers, shown

__all__ = [
    "PAYER_KINDS",
    "Design",
    "Due",
    "FormLine",
    "InUse",
    "Kept",
    "Line",
    "Proposed",
    "Sheet",
    "Signed",
    "Version",
    "answers",
    "consent_of",
    "design",
    "digest",
    "due",
    "due_of",
    "form_lines",
    "forms_of",
    "in_use",
    "is_intact",
    "kept_answers",
    "lines",
    "panel_values",
    "paper",
    "previewed",
    "proposal_of",
    "proposals",
    "rules_of",
    "sheet",
    "sheet_of",
    "shown",
    "signed",
    "title_of",
    "upload",
    "version",
    "waiting",
]
