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
from almoner.records.queries.papers import (
    KINDS,
    REASONS,
    Paper,
    content,
    document,
    document_evidence,
    documents_of,
    documents_today,
    sent_by_patient,
    waiting_documents,
)
from almoner.records.queries.proposals import Proposed, proposal_of, proposals, waiting
from almoner.records.queries.responses import response_of
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
    "KINDS",
    "PAYER_KINDS",
    "REASONS",
    "Design",
    "Due",
    "FormLine",
    "InUse",
    "Kept",
    "Line",
    "Paper",
    "Proposed",
    "Sheet",
    "Signed",
    "Version",
    "answers",
    "consent_of",
    "content",
    "design",
    "digest",
    "document",
    "document_evidence",
    "documents_of",
    "documents_today",
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
    "response_of",
    "rules_of",
    "sent_by_patient",
    "sheet",
    "sheet_of",
    "shown",
    "signed",
    "title_of",
    "upload",
    "version",
    "waiting",
    "waiting_documents",
]
