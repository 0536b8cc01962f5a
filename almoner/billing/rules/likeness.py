"""How much a claim of ours is like an answer that names none: for a person to decide, never us.

Each thing both tell is compared, agrees or differs, and weighs what it tells about who is meant: a
number that was given out once weighs more than a day many were seen on. What one of them does not
tell weighs nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from almoner.billing.rules.claims import is_claim_number

_NEAR_DAYS = 3


class Mark(StrEnum):
    NUMBER = "number"
    PAYER_NUMBER = "payer_number"
    MEMBER = "member"
    PATIENT = "patient"
    DAY = "day"
    CHARGE = "charge"
    PROCEDURES = "procedures"
    PAYER = "payer"
    AWAITED = "awaited"


class Standing(StrEnum):
    AGREES = "agrees"
    NEAR = "near"
    DIFFERS = "differs"


WEIGHTS = {
    Mark.NUMBER: 30,
    Mark.PAYER_NUMBER: 30,
    Mark.MEMBER: 25,
    Mark.DAY: 20,
    Mark.PATIENT: 15,
    Mark.CHARGE: 15,
    Mark.PROCEDURES: 10,
    Mark.PAYER: 10,
    Mark.AWAITED: 5,
}


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer tells, or a claim of ours. Empty, None or 0 is not told.

    ``awaited`` is of a claim alone: whether the payer has it and has not answered.
    """

    number: str = ""
    payer_number: str = ""
    member_id: str = ""
    family: str = ""
    given: str = ""
    day: date | None = None
    charge_cents: int = 0
    procedures: frozenset[str] = frozenset()
    payer_id: int | None = None
    awaited: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    mark: Mark
    standing: Standing


@dataclass(frozen=True, slots=True)
class Likeness:
    """``percent`` is the weight of what agrees among all that could be compared."""

    percent: int
    points: tuple[Point, ...]


def likeness(answer: Told, claim: Told) -> Likeness:
    """Compare an answer with a claim; the weightiest points first."""
    points = tuple(_points(answer, claim))
    total = sum(WEIGHTS[point.mark] for point in points)
    got = sum(WEIGHTS[point.mark] * _SHARE[point.standing] for point in points)
    return Likeness(got // total if total else 0, points)


_SHARE = {Standing.AGREES: 100, Standing.NEAR: 50, Standing.DIFFERS: 0}


def _points(answer: Told, claim: Told) -> Iterator[Point]:
    compared = {
        Mark.NUMBER: _claim_number(answer.number, claim.number),
        Mark.PAYER_NUMBER: _number(answer.payer_number, claim.payer_number),
        Mark.MEMBER: _number(answer.member_id, claim.member_id),
        Mark.DAY: _same_day(answer.day, claim.day),
        Mark.PATIENT: _same_person(answer, claim),
        Mark.CHARGE: _equal(abs(answer.charge_cents), claim.charge_cents),
        Mark.PROCEDURES: _same_work(answer.procedures, claim.procedures),
        Mark.PAYER: _equal(answer.payer_id, claim.payer_id),
        Mark.AWAITED: Standing.AGREES if claim.awaited else Standing.DIFFERS,
    }
    for mark, found in compared.items():
        if found:
            yield Point(mark, found)


def _claim_number(told: str, ours: str) -> Standing | None:
    """Another system's number tells nothing against a claim: only one of our shape does."""
    found = _number(told, ours)
    return None if found is Standing.DIFFERS and not is_claim_number(told) else found


def _number(told: str, ours: str) -> Standing | None:
    if not (told and ours):
        return None
    one, other = _bare(told), _bare(ours)
    if one == other:
        return Standing.AGREES
    return Standing.NEAR if _one_slip_apart(one, other) else Standing.DIFFERS


def _equal(one: int | None, other: int | None) -> Standing | None:
    if not (one and other):
        return None
    return Standing.AGREES if one == other else Standing.DIFFERS


def _bare(text: str) -> str:
    """Letters and digits alone: payers add and leave out dashes, blanks and leading noughts."""
    return "".join(mark for mark in text.upper() if mark.isalnum()).lstrip("0")


def _one_slip_apart(one: str, other: str) -> bool:
    """One character changed, missing or too much, or two neighbours swapped."""
    shorter, longer = sorted((one, other), key=len)
    if len(longer) - len(shorter) > 1 or not shorter:
        return False
    if len(shorter) < len(longer):
        return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))
    wrong = [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1  # noqa: PLR2004 (a pair)
    return len(wrong) == 1 or (
        swapped and one[wrong[0]] == other[wrong[1]] and one[wrong[1]] == other[wrong[0]]
    )


def _same_day(one: date | None, other: date | None) -> Standing | None:
    if not (one and other):
        return None
    if one == other:
        return Standing.AGREES
    return Standing.NEAR if abs((one - other).days) <= _NEAR_DAYS else Standing.DIFFERS


def _same_person(answer: Told, claim: Told) -> Standing | None:
    if not (answer.family and claim.family):
        return None
    family, given = _bare(answer.family), _bare(answer.given)
    ours, our_given = _bare(claim.family), _bare(claim.given)
    if family == ours and (not given or given == our_given):
        return Standing.AGREES
    some = family == ours or given == our_given or (family, given) == (our_given, ours)
    return Standing.NEAR if some else Standing.DIFFERS


def _same_work(one: frozenset[str], other: frozenset[str]) -> Standing | None:
    if not (one and other):
        return None
    if one == other:
        return Standing.AGREES
    return Standing.NEAR if one & other else Standing.DIFFERS
