"""AAA: the payer says it cannot answer. Each code names who must mend what.

Source: X12 271 element AAA03 (reject reason); `queries.wording` has our words for them.
"""

from dataclasses import dataclass
from enum import StrEnum


class Fixer(StrEnum):
    """Whose move it is."""

    DESK = "front desk"  # patient or policy details
    ENROLMENT = "enrolment"  # our provider set-up with the payer
    PAYER = "payer"  # wait and ask again
    PARTNER = "clearinghouse"  # routing or format


@dataclass(frozen=True, slots=True)
class Refusal:
    """Which code (empty: none we know), who mends it, and which field (empty: none of ours)."""

    code: str
    fixer: Fixer
    field: str
    ask_again: bool = False


def _desk(code: str, field: str) -> Refusal:
    return Refusal(code, Fixer.DESK, field)


def _enrol(code: str) -> Refusal:
    return Refusal(code, Fixer.ENROLMENT, "")


_KNOWN = (
    _desk("04", "service_date"),
    _desk("15", "member_id"),
    _desk("33", "member_id"),
    _desk("35", "service_date"),
    _enrol("41"),
    Refusal("42", Fixer.PAYER, "", ask_again=True),
    _enrol("43"),
    _enrol("44"),
    _enrol("45"),
    _enrol("46"),
    _enrol("47"),
    _enrol("48"),
    _desk("49", "plan"),
    _enrol("50"),
    _enrol("51"),
    _desk("52", "service_date"),
    _desk("53", "plan"),
    _desk("54", "plan"),
    _desk("55", "plan"),
    _desk("56", "service_date"),
    _desk("57", "service_date"),
    _desk("58", "birth_date"),
    _desk("60", "birth_date"),
    _desk("61", "service_date"),
    _desk("62", "service_date"),
    _desk("63", "service_date"),
    _desk("64", "member_id"),
    _desk("65", "name"),
    _desk("66", "sex"),
    _desk("67", "member_id"),
    _desk("68", "member_id"),
    _desk("69", "relation"),
    _desk("70", "sex"),
    _desk("71", "birth_date"),
    _desk("72", "member_id"),
    _desk("73", "name"),
    _desk("74", "sex"),
    _desk("75", "member_id"),
    _desk("76", "member_id"),
    _desk("77", "name"),
    _desk("78", "group_number"),
    Refusal("79", Fixer.PARTNER, "payer"),
    Refusal("80", Fixer.PAYER, "", ask_again=True),
    _enrol("97"),
    _enrol("98"),
    _desk("AA", "service_date"),
    Refusal("T4", Fixer.PARTNER, "payer"),
)
REFUSALS: dict[str, Refusal] = {known.code: known for known in _KNOWN}

UNKNOWN = Refusal("", Fixer.DESK, "")


def refusal(code: str) -> Refusal:
    """Who must mend what for an AAA03 code; an unknown code is said to be so."""
    return REFUSALS.get(code, UNKNOWN)
