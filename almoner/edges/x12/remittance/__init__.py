"""The 835 (005010X221A1): what a payer paid, read as a stream and balanced to the cent.

- ``balance(source)`` reads a whole file once and says whether it may be posted;
- ``read_835(source)`` yields its payments and claims, one at a time, each already balanced;
- ``write_835(remittances, envelope)`` is the other way round.

Money is whole cents. What does not balance is refused at its segment, never adjusted to fit.
"""

from almoner.edges.x12.remittance.reader import read_835
from almoner.edges.x12.remittance.scan import Report, SetReport, balance
from almoner.edges.x12.remittance.values import (
    Adjustment,
    Claim,
    Closed,
    Line,
    Party,
    Payment,
    Person,
    Procedure,
    ProviderAdjustment,
    Reference,
    Refused,
    Remittance,
)
from almoner.edges.x12.remittance.writer import write_835

__all__ = [
    "Adjustment",
    "Claim",
    "Closed",
    "Line",
    "Party",
    "Payment",
    "Person",
    "Procedure",
    "ProviderAdjustment",
    "Reference",
    "Refused",
    "Remittance",
    "Report",
    "SetReport",
    "balance",
    "read_835",
    "write_835",
]
