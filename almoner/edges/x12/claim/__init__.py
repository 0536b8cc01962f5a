"""A professional claim: its values, written to and read from an 837P (005010X222A1)."""

from almoner.edges.x12.claim.read import read_837p
from almoner.edges.x12.claim.values import (
    Address,
    Adjustment,
    Claim,
    Judgement,
    Line,
    Name,
    Patient,
    Payer,
    PriorPayer,
    Provider,
    Submission,
    Subscriber,
)
from almoner.edges.x12.claim.write import write_837p

__all__ = [
    "Address",
    "Adjustment",
    "Claim",
    "Judgement",
    "Line",
    "Name",
    "Patient",
    "Payer",
    "PriorPayer",
    "Provider",
    "Submission",
    "Subscriber",
    "read_837p",
    "write_837p",
]
