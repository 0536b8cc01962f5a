"""How a payer behind another decides: over what the earlier ones paid and adjusted.

It pays what it would have paid alone, but never more than they left; the patient's share is never
more than they left either. Only the Medicare-like payer sends claims on by itself.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from almoner.demo.payer.plans import BY_ID
from almoner.edges.x12.claim import Adjustment as Told
from almoner.edges.x12.claim import Claim as Billed
from almoner.edges.x12.claim import Judgement, Payer, PriorPayer
from almoner.edges.x12.claim import Line as BilledLine
from almoner.edges.x12.remittance import Adjustment, Claim, Line

SENDS_ON = {"FSENR": "BLUEH"}
"""Which payer sends claims on to which, for members whose id ends in V0."""

_PATIENT = "PR"


def left_on(billed: Billed) -> list[int]:
    """What earlier payers left of each line's charge, in cents.

    Where they judged lines, the last one's judgement tells; else what they left of the whole claim
    is laid on its lines in order.
    """
    last = billed.prior_payers[-1]
    judged = [_judged(line, last.payer.identifier) for line in billed.lines]
    if any(one is not None for one in judged):
        return [
            line.charge if one is None else _left(one)
            for line, one in zip(billed.lines, judged, strict=True)
        ]
    if last.adjustments:
        left = sum(one.amount for one in last.adjustments if one.group == _PATIENT)
    else:
        left = billed.charge - (last.paid or 0)
    lefts = []
    for line in billed.lines:
        lefts.append(min(left, line.charge))
        left -= lefts[-1]
    return lefts


def _judged(line: BilledLine, payer_identifier: str) -> Judgement | None:
    found = [one for one in line.judgements if one.payer_identifier == payer_identifier]
    return found[-1] if found else None


def _left(judgement: Judgement) -> int:
    return sum(one.amount for one in judgement.adjustments if one.group == _PATIENT)


def coordinated(
    charge: int, left: int, *, alone: int, owed: Sequence[tuple[str, int]]
) -> tuple[int, tuple[Adjustment, ...]]:
    """Paid and adjusted of one line; ``alone`` is what the plan would pay with nobody before it.

    ``owed`` are the member's shares (reason, cents) under the plan. The rest is the contract.
    """
    paid = min(alone, left)
    rest = left - paid
    adjustments = [Adjustment("OA", "23", charge - left)]
    for reason, cents in owed:
        share = min(cents, rest)
        rest -= share
        adjustments.append(Adjustment(_PATIENT, reason, share))
    adjustments.insert(0, Adjustment("CO", "45", rest))
    return paid, tuple(one for one in adjustments if one.cents)


def sent_on(billed: Billed, decided: Claim, *, decided_on: date) -> Billed:
    """The claim as the first payer hands it to the next one, under the same claim number."""
    plan = BY_ID[SENDS_ON[billed.payer.identifier]]
    first = PriorPayer(
        rank="P",
        payer=billed.payer,
        subscriber=billed.subscriber.name,
        member_id=billed.subscriber.member_id,
        filing=billed.subscriber.filing,
        paid=decided.paid,
        claim_number=decided.payer_claim_number,
    )
    lines = tuple(
        replace(line, judgements=(_told(billed, said, decided_on),))
        for line, said in zip(billed.lines, decided.lines, strict=True)
    )
    # The next payer knows the member under a number of its own.
    member = replace(billed.subscriber, member_id=f"X{billed.subscriber.member_id[:-2]}1", rank="S")
    return replace(
        billed,
        payer=Payer(plan.payer, plan.payer_id),
        subscriber=member,
        lines=lines,
        prior_payers=(first,),
    )


def _told(billed: Billed, said: Line, decided_on: date) -> Judgement:
    return Judgement(
        payer_identifier=billed.payer.identifier,
        paid=said.paid,
        decided_on=decided_on,
        adjustments=tuple(Told(one.group, one.reason, one.cents) for one in said.adjustments),
        procedure=said.procedure.code,
        modifiers=said.procedure.modifiers,
    )
