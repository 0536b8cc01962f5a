"""A refused payment read once more: which of its claims are right, and what the others pay."""

from dataclasses import dataclass, field

from almoner.billing.models import Remittance
from almoner.billing.rules import parting
from almoner.billing.rules.parting import Parting, WhyNot
from almoner.edges.x12 import remittance as x12
from almoner.edges.x12.syntax import Severity, X12SyntaxError


@dataclass(slots=True)
class Contents:
    """One payment of a file: claims without fault, those at fault, and its end."""

    right: list[x12.Claim] = field(default_factory=list)
    at_fault: list[x12.Refused] = field(default_factory=list)
    closed: x12.Closed | None = None


@dataclass(frozen=True, slots=True)
class Parted:
    """A refused payment and how it divides; ``outcome`` says why not where it does not."""

    contents: Contents
    outcome: Parting | WhyNot

    @property
    def parting(self) -> Parting | None:
        return self.outcome if isinstance(self.outcome, Parting) else None

    @property
    def why_not(self) -> str:
        return "" if isinstance(self.outcome, Parting) else str(self.outcome)


def parted(row: Remittance) -> Parted:
    """How a refused payment divides into what can be posted and what is parked."""
    contents = Contents()
    try:
        amount = _read(bytes(row.received.content), row.position, into=contents)
    except X12SyntaxError:
        return Parted(contents, WhyNot.WHOLE)
    if contents.closed is None:
        return Parted(contents, WhyNot.WHOLE)
    if _number_used(row):
        return Parted(contents, WhyNot.USED_BEFORE)
    faults = contents.closed.faults
    outcome = parting.part(
        amount=amount,
        outside=sum(one.cents for one in contents.closed.adjustments),
        right=[one.paid for one in contents.right],
        said=[one.paid for one in contents.at_fault],
        whole_faults={one.code for one in faults if one.severity is Severity.ERROR},
    )
    return Parted(contents, outcome)


def _read(content: bytes, position: int, *, into: Contents) -> int | None:
    """Gather one payment of a file, the first being 1; what it says it pays."""
    number, amount = 0, None
    for each in x12.read_835(content):
        if isinstance(each, x12.Payment):
            number += 1
            amount = each.cents if number == position else amount
        elif number != position:
            continue
        elif isinstance(each, x12.Claim):
            into.right.append(each)
        elif isinstance(each, x12.Refused):
            into.at_fault.append(each)
        else:
            into.closed = each
            break
    return amount


def _number_used(row: Remittance) -> bool:
    if not row.trace_number:
        return False
    return Remittance.objects.filter(
        payer_identifier=row.payer_identifier,
        trace_number=row.trace_number,
        state__in=[Remittance.State.POSTING, Remittance.State.POSTED],
    ).exists()
