"""Forms with what was signed of them, documents, and results."""

from almoner.records.models.papers import (
    Answer,
    Document,
    ElectronicConsent,
    Filling,
    Form,
    FormRule,
    FormVersion,
    Proposal,
    Signature,
    Upload,
)
from almoner.records.models.results import Result, ResultReview, ResultValue, ResultVersion

__all__ = [
    "Answer",
    "Document",
    "ElectronicConsent",
    "Filling",
    "Form",
    "FormRule",
    "FormVersion",
    "Proposal",
    "Result",
    "ResultReview",
    "ResultValue",
    "ResultVersion",
    "Signature",
    "Upload",
]
