"""Coordination of benefits: what one payer leaves is the next one's to answer before the patient's.

A claim's ``rank`` is its payer's place in the order: 1 the first, 2 the second. What earlier payers
left of the charge is all a later one is asked for.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from almoner.billing.rules import denials
from almoner.billing.rules.claims import State
from almoner.billing.rules.denials import Adjusted, Bearing, Category, Refused
from almoner.billing.rules.desks import Desk

REVERSAL = "22"
FORWARDED = frozenset({"19", "20", "21"})
"""CLP02: the payer has sent the claim on to the next one itself."""

_PLACES = {"1": 1, "19": 1, "2": 2, "20": 2, "3": 3, "21": 3}
"""CLP02: as which payer in the order the answering one saw itself."""

NOT_BESIDE_OTHERS = frozenset({"self_pay", "workers_comp"})
"""Kinds of payer that never pay what another left: an injury is theirs alone or not at all."""


@dataclass(frozen=True, slots=True)
class Held:
    """A policy in force on the day of service; ``rank`` is the patient's own order."""

    policy_id: int
    payer_id: int
    rank: int
    kind: str


def next_held(held: Iterable[Held], *, after: int, billed: Collection[int]) -> Held | None:
    """The policy to ask next: the first one behind rank ``after`` that was not billed before."""
    behind = [
        one
        for one in held
        if one.rank > after and one.kind not in NOT_BESIDE_OTHERS and one.policy_id not in billed
    ]
    return min(behind, key=lambda one: (one.rank, one.policy_id), default=None)


class Next(StrEnum):
    """What an answer makes of the claim to the next payer."""

    NOTHING = "nothing"
    DRAFT = "draft"  # a claim of ours is made, with what this payer decided
    AWAIT = "await"  # the payer sent it on: the next one's answer is awaited, nothing is sent
    RECKON = "reckon"  # the next claim has not left: it follows
    TELL = "tell"  # the next claim is out: a person decides what it means for it


@dataclass(frozen=True, slots=True)
class Standing:
    """How the claim to the next payer stands, if there is one."""

    state: State
    forwarded: bool

    @property
    def unsent(self) -> bool:
        return self.state in {State.DRAFT, State.HELD, State.READY, State.REJECTED}


def what_next(status: str, share_cents: int, *, has_next: bool, standing: Standing | None) -> Next:
    """What this answer makes of the next claim; ``share_cents`` is what it leaves to the next.

    A claim that went out is never changed by itself: it says what the first payer no longer says.
    """
    if standing is not None:
        if not share_cents and status != REVERSAL and not standing.unsent:
            return Next.NOTHING
        return Next.RECKON if standing.unsent else Next.TELL
    if status == REVERSAL or share_cents <= 0 or not has_next:
        return Next.NOTHING
    return Next.AWAIT if status in FORWARDED else Next.DRAFT


def sent_on_to_nobody_known(
    adjusted: Sequence[Adjusted], status: str, *, has_next: bool
) -> Refused | None:
    """The payer sent the claim on, and we know no other coverage: the front desk must ask whose.

    Until somebody says so, the share is neither a payer's known here nor the patient's.
    """
    if status not in FORWARDED or has_next:
        return None
    parts = [one for one in adjusted if denials.bearing(one.group, one.reason) is Bearing.PATIENT]
    cents = sum(one.cents for one in parts)
    if cents <= 0:
        return None
    return Refused(
        "PR",
        Category.COORDINATION,
        tuple(dict.fromkeys(one.reason for one in parts)),
        tuple(sorted({one.line_number for one in parts})),
        cents,
        Desk.FRONT,
    )


def own_part(
    adjusted: Sequence[Adjusted], *, charge_cents: int, left_cents: int
) -> tuple[Adjusted, ...]:
    """What a later payer's adjustments take off what was left to it.

    It adjusts the whole charge down: what earlier payers paid and adjusted under reason 23, or
    once more under its own contract. What of that was never left to it is left out: contract
    first, then what it refuses, then the patient's share. A reversal is the mirror image.
    """
    sign = -1 if charge_cents < 0 else 1
    own = [one for one in adjusted if one.reason != denials.EARLIER_PAYER]
    earlier = sign * (sum(one.cents for one in adjusted) - sum(one.cents for one in own))
    beyond = sign * charge_cents - left_cents - earlier
    for kind in (Bearing.CONTRACT, Bearing.REFUSED, Bearing.PATIENT):
        for place, one in enumerate(own):
            if denials.bearing(one.group, one.reason) is not kind:
                continue
            taken = min(max(beyond, 0), max(sign * one.cents, 0))
            own[place] = replace(one, cents=one.cents - sign * taken)
            beyond -= taken
    return tuple(one for one in own if one.cents)


@dataclass(frozen=True, slots=True)
class Asked:
    """A live claim of a visit, for telling which of several an answer means."""

    claim_id: int
    payer_id: int
    rank: int


def meant(live: Sequence[Asked], *, payer_id: int | None, status: str) -> int | None:
    """Which of a visit's claims an answer means: the answering payer's, else by its place.

    None when it cannot be told for certain.
    """
    theirs = [one for one in live if one.payer_id == payer_id] or list(live)
    if len(theirs) > 1:
        theirs = [one for one in theirs if one.rank == _PLACES.get(status)]
    return theirs[0].claim_id if len(theirs) == 1 else None


@dataclass(frozen=True, slots=True)
class LineDecision:
    """What an earlier payer decided about one charge line, as the next claim repeats it."""

    line_id: int
    procedure: str
    modifiers: tuple[str, ...]
    paid_cents: int
    adjusted: tuple[Adjusted, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What an earlier payer decided about a claim: line by line, or for the claim as a whole."""

    paid_cents: int
    left_cents: int
    decided_on: date
    adjusted: tuple[Adjusted, ...]
    lines: tuple[LineDecision, ...]


def decision(
    *,
    paid_cents: int,
    decided_on: date,
    charges: Mapping[int, int],
    lines: Sequence[LineDecision],
    adjusted: Sequence[Adjusted],
) -> Decision:
    """An earlier payer's answer in the shape the next claim wants.

    ``charges`` are our lines' cents, ``lines`` what was answered for each (one may stand several
    times: a split), ``adjusted`` everything of the answer. The next payer is told line by line when
    each line adds up; else only as a whole, never both for the same amount.
    """
    joined = _joined(lines)
    whole = {line.line_id for line in joined} == set(charges) and all(
        line.paid_cents >= 0
        and charges[line.line_id] == line.paid_cents + sum(one.cents for one in line.adjusted)
        for line in joined
    )
    left = sum(one.cents for one in adjusted if one.group == "PR")
    of_claim = [one for one in adjusted if not whole or one.line_number == 0]
    return Decision(paid_cents, left, decided_on, _summed(of_claim), tuple(joined) if whole else ())


def _joined(lines: Sequence[LineDecision]) -> list[LineDecision]:
    found: dict[int, LineDecision] = {}
    for line in lines:
        known = found.get(line.line_id)
        adjusted = (*known.adjusted, *line.adjusted) if known else line.adjusted
        paid = line.paid_cents + (known.paid_cents if known else 0)
        found[line.line_id] = replace(known or line, paid_cents=paid, adjusted=_summed(adjusted))
    return list(found.values())


_GROUPS = ("CO", "OA", "PI", "PR")


def _summed(adjusted: Iterable[Adjusted]) -> tuple[Adjusted, ...]:
    """One for each group and reason, groups together: a CAS holds one group."""
    sums: dict[tuple[str, str], int] = {}
    for one in adjusted:
        sums[one.group, one.reason] = sums.get((one.group, one.reason), 0) + one.cents
    ordered = sorted(sums, key=lambda key: _GROUPS.index(key[0]) if key[0] in _GROUPS else 9)
    return tuple(Adjusted(0, *key, sums[key]) for key in ordered if sums[key])
