"""Writing an 835. The payer simulator and the tests need it; a clinic only ever reads one."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from almoner.edges.x12.amounts import decimal
from almoner.edges.x12.remittance.values import (
    Adjustment,
    Claim,
    Line,
    Party,
    Payment,
    Person,
    Procedure,
    ProviderAdjustment,
    Remittance,
)
from almoner.edges.x12.writer import Element, Envelope, Writer

GUIDE = "005010X221A1"
TRIPLETS_IN_A_CAS = 6
PAIRS_IN_A_PLB = 6
MOST_CODES = 5


def write_835(remittances: Sequence[Remittance], envelope: Envelope) -> bytes:
    """One interchange with one payment in each transaction set, in the order given.

    What does not balance is written as it is: this is also how faulty files are made.
    Raises Unwritable for a value that would break the syntax.
    """
    writer = Writer(envelope)
    writer.begin_group("HP", GUIDE)
    for remittance in remittances:
        writer.begin_set("835", control=remittance.payment.set)
        _heading(writer, remittance.payment)
        if remittance.claims:
            writer.segment("LX", "1")
        for claim in remittance.claims:
            _claim(writer, claim)
        _provider_adjustments(writer, remittance.adjustments)
        writer.end_set()
    writer.end_group()
    return writer.finish()


def _day(day: date | None) -> str:
    return f"{day:%Y%m%d}" if day else ""


def _heading(writer: Writer, payment: Payment) -> None:
    electronic = payment.method == "ACH"
    accounts: tuple[Element, ...] = (
        ("CCP", "01", "999999992", "DA", "123456", payment.origin, "", "01", "999988880", "DA",
         "98765") if electronic else ("",) * 11
    )  # fmt: skip
    writer.segment("BPR", payment.handling, decimal(payment.cents), "C", payment.method,
                   *accounts, _day(payment.paid_on))  # fmt: skip
    writer.segment("TRN", "1", payment.trace, payment.origin)
    if payment.produced_on:
        writer.segment("DTM", "405", _day(payment.produced_on))
    _party(writer, "PR", payment.payer)
    writer.segment("PER", "BL", "PROVIDER SERVICES", "TE", "3125550100")
    _party(writer, "PE", payment.payee)


def _party(writer: Writer, role: str, party: Party) -> None:
    writer.segment("N1", role, party.name, party.id_qualifier, party.id)
    if party.address:
        writer.segment("N3", *party.address)
    if party.city:
        writer.segment("N4", party.city, party.state, party.zip_code)
    for reference in party.references:
        writer.segment("REF", reference.qualifier, reference.value)


def _claim(writer: Writer, claim: Claim) -> None:
    writer.segment(
        "CLP",
        claim.account,
        claim.status,
        decimal(claim.charged),
        decimal(claim.paid),
        decimal(claim.patient_share) if claim.patient_share else "",
        claim.filing,
        claim.payer_claim_number,
        claim.place_of_service,
        claim.frequency,
    )
    _adjustments(writer, claim.adjustments)
    for person in claim.people:
        _person(writer, person)
    if claim.remarks:
        writer.segment("MOA", "", "", *claim.remarks[:MOST_CODES])
    for reference in claim.references:
        writer.segment("REF", reference.qualifier, reference.value)
    _claim_days(writer, claim)
    if claim.allowed is not None:
        writer.segment("AMT", "AU", decimal(claim.allowed))
    for line in claim.lines:
        _line(writer, line)


def _claim_days(writer: Writer, claim: Claim) -> None:
    days = (
        ("232", claim.statement_from),
        ("233", claim.statement_until),
        ("036", claim.coverage_expired),
        ("050", claim.received),
    )
    for qualifier, day in days:
        if day:
            writer.segment("DTM", qualifier, _day(day))


def _person(writer: Writer, person: Person) -> None:
    writer.segment("NM1", person.role, person.kind, person.family, person.given, person.middle, "",
                   person.suffix, person.id_qualifier, person.id)  # fmt: skip


def _line(writer: Writer, line: Line) -> None:
    writer.segment(
        "SVC",
        _composite(line.procedure),
        decimal(line.charged),
        decimal(line.paid),
        line.revenue_code,
        line.units,
        _composite(line.submitted),
        line.submitted_units,
    )
    if line.service_until and line.service_until != line.service_from:
        writer.segment("DTM", "150", _day(line.service_from))
        writer.segment("DTM", "151", _day(line.service_until))
    elif line.service_from:
        writer.segment("DTM", "472", _day(line.service_from))
    _adjustments(writer, line.adjustments)
    for reference in line.references:
        writer.segment("REF", reference.qualifier, reference.value)
    if line.allowed is not None:
        writer.segment("AMT", "B6", decimal(line.allowed))
    for code in line.remarks:
        writer.segment("LQ", "HE", code)


def _composite(procedure: Procedure | None) -> Element:
    if procedure is None:
        return None
    return (procedure.qualifier, procedure.code, *procedure.modifiers)


def _adjustments(writer: Writer, adjustments: Iterable[Adjustment]) -> None:
    """One CAS for each group, six reasons in each."""
    for group, members in groupby(adjustments, key=lambda adjustment: adjustment.group):
        found = list(members)
        for first in range(0, len(found), TRIPLETS_IN_A_CAS):
            elements: list[Element] = []
            for each in found[first : first + TRIPLETS_IN_A_CAS]:
                elements += [each.reason, decimal(each.cents), each.quantity]
            writer.segment("CAS", group, *elements)


def _provider_adjustments(writer: Writer, adjustments: Iterable[ProviderAdjustment]) -> None:
    def owner(adjustment: ProviderAdjustment) -> tuple[str, str]:
        return adjustment.provider, _day(adjustment.fiscal_date)

    for (provider, fiscal), members in groupby(adjustments, key=owner):
        found = list(members)
        for first in range(0, len(found), PAIRS_IN_A_PLB):
            elements: list[Element] = []
            for each in found[first : first + PAIRS_IN_A_PLB]:
                identifier = (each.reason, each.reference) if each.reference else (each.reason,)
                elements += [identifier, decimal(each.cents)]
            writer.segment("PLB", provider, fiscal, *elements)
