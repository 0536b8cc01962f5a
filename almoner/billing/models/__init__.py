"""Charges, claims, what was sent and received, remittances, denials, statements, estimates."""

from almoner.billing.models.charges import ChargeLine, ChargeSlip
from almoner.billing.models.claims import Claim, ClaimFinding, ClaimNote, ClaimStep, FilingTerms
from almoner.billing.models.codes import ChargeItem, CodeRelease, DiagnosisCode, ReasonWording
from almoner.billing.models.denials import Denial
from almoner.billing.models.estimates import Estimate, EstimateWanted, UsualCharge
from almoner.billing.models.files import (
    Acknowledgement,
    Mailbox,
    ReceivedFile,
    Submission,
    SubmittedClaim,
)
from almoner.billing.models.private import PrivateVisit
from almoner.billing.models.remittances import (
    ProviderAdjustment,
    Remittance,
    RemittedAdjustment,
    RemittedClaim,
    RemittedLine,
)
from almoner.billing.models.statements import Statement, StatementTerms

__all__ = [
    "Acknowledgement",
    "ChargeItem",
    "ChargeLine",
    "ChargeSlip",
    "Claim",
    "ClaimFinding",
    "ClaimNote",
    "ClaimStep",
    "CodeRelease",
    "Denial",
    "DiagnosisCode",
    "Estimate",
    "EstimateWanted",
    "FilingTerms",
    "Mailbox",
    "PrivateVisit",
    "ProviderAdjustment",
    "ReasonWording",
    "ReceivedFile",
    "Remittance",
    "RemittedAdjustment",
    "RemittedClaim",
    "RemittedLine",
    "Statement",
    "StatementTerms",
    "Submission",
    "SubmittedClaim",
    "UsualCharge",
]
