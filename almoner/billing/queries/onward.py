"""Who else may owe what a payer leaves of one claim, and what earlier payers decided."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from almoner.billing.models import (
    Claim,
    RemittedAdjustment,
    RemittedClaim,
    RemittedLine,
)
from almoner.billing.queries.answers import OurClaim
from almoner.billing.rules import claims, coordination, denials, posting
from almoner.billing.rules.claims import State
from almoner.coverage import queries as coverage
from almoner.coverage.models import Policy


@dataclass(frozen=True, slots=True)
class Onward:
    """Where a payer's answer goes on to.

    ``policy`` is whose payer answers for the share next, ``claim`` the live claim to it.
    ``share_held`` and ``left_cents`` are as in `rules.posting.Whose`.
    """

    policy: Policy | None = None
    claim: Claim | None = None
    share_held: bool = False
    left_cents: int | None = None

    @property
    def standing(self) -> coordination.Standing | None:
        if self.claim is None:
            return None
        return coordination.Standing(State(self.claim.state), forwarded=self.claim.forwarded)


def onward(ours: OurClaim, *, status: str) -> Onward:
    """Read while the claim is held, so that two answers to it cannot both draft the next claim.

    What an answer taken back left to somebody comes back from the same.
    """
    following = live_behind(ours.slip_id, ours.rank)
    if status == coordination.REVERSAL:
        last = _last_answer(ours.id)
        if last is None:
            return Onward(claim=following, left_cents=ours.left_cents)
        held = last.share_to is None and last.status in coordination.FORWARDED
        return Onward(last.share_to, following, held, last.left_cents)
    policy = following.policy if following else next_policy(Claim.objects.get(pk=ours.id))
    return Onward(policy, following, left_cents=ours.left_cents)


def live_behind(slip_id: int, rank: int) -> Claim | None:
    """The live claim to the payer behind this rank, held until the transaction ends."""
    return _at(slip_id, rank + 1).select_for_update(of=("self",)).first()


def _at(slip_id: int, rank: int) -> QuerySet[Claim]:
    """The live claim to the payer of this rank, if there is one."""
    rows = Claim.objects.filter(slip_id=slip_id, rank=rank).exclude(state__in=claims.GONE)
    return rows.select_related("policy__plan__payer")


def answered_on(slip_id: int, rank: int) -> date | None:
    """The day the payer of this rank dated what it last decided, if it has decided."""
    asked = _at(slip_id, rank).first()
    answer = _last_answer(asked.pk) if asked else None
    return answer.remittance.payment_date if answer else None


def _last_answer(claim_id: int) -> RemittedClaim | None:
    rows = RemittedClaim.objects.filter(claim_id=claim_id, state=RemittedClaim.State.POSTED)
    return (
        rows.exclude(status=coordination.REVERSAL)
        .select_related("share_to__plan__payer", "remittance")
        .order_by("-posted_at", "-pk")
        .first()
    )


def next_policy(claim: Claim) -> Policy | None:
    """The coverage of the day of service that answers behind this claim's, if there is one."""
    there = {one.pk: one for one in coverage.in_force(claim.patient_id, on=claim.service_date)}
    before = Claim.objects.filter(slip_id=claim.slip_id, rank__lte=claim.rank)
    found = coordination.next_held(
        [
            coordination.Held(one.pk, one.plan.payer_id, one.rank, one.plan.payer.kind)
            for one in there.values()
        ],
        after=claim.policy.rank,
        billed=set(before.values_list("policy_id", flat=True)),
    )
    return there[found.policy_id] if found else None


def next_payer_of(claim: Claim) -> Policy | None:
    """Whose payer may still owe what this claim's leaves: asked already, or known for the day."""
    asked = _at(claim.slip_id, claim.rank + 1).first()
    return asked.policy if asked else next_policy(claim)


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier payer of a claim's visit, and what it decided, where it has."""

    claim: Claim
    payer_claim_number: str
    decision: coordination.Decision | None


def earlier_payers(claim: Claim) -> list[Earlier]:
    """The payers asked before this claim's, the first one first."""
    rows = (
        Claim.objects.filter(slip_id=claim.slip_id, rank__lt=claim.rank)
        .exclude(state__in=claims.GONE)
        .select_related("policy", "payer", "patient")
        .order_by("rank")
    )
    return [_earlier(one) for one in rows]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Money of a visit a later payer is asked for before the patient; cents."""

    claim_id: int
    payer: str
    cents: int
    forwarded: bool


def waiting_for(slip_id: int) -> list[Waiting]:
    """The later payers of a visit that have not answered yet. One query."""
    rows = (
        Claim.objects.filter(slip_id=slip_id, rank__gt=1, left_cents__gt=0)
        .exclude(state__in=claims.GONE | claims.ADJUDICATED | {State.CLOSED})
        .order_by("rank")
    )
    columns = ("pk", "payer__name", "left_cents", "forwarded")
    return [
        Waiting(pk, payer, left or 0, forwarded)
        for pk, payer, left, forwarded in rows.values_list(*columns)
    ]


def earlier_answered(claim: Claim) -> bool:
    """Whether every payer before this claim's has answered and stands by it."""
    if claim.rank == 1:
        return True
    before = Claim.objects.filter(slip_id=claim.slip_id, rank__lt=claim.rank)
    states = set(before.exclude(state__in=claims.GONE).values_list("state", flat=True))
    return bool(states) and states <= claims.ADJUDICATED | {State.CLOSED}


def _earlier(claim: Claim) -> Earlier:
    answer = _last_answer(claim.pk)
    if answer is None or claim.state == State.PENDING:
        return Earlier(claim, "", None)
    charges = {row.pk: row for row in claim.slip.lines.order_by("number")}
    lines = list(RemittedLine.objects.filter(claim=answer).order_by("number"))
    rows = RemittedAdjustment.objects.filter(claim=answer).order_by("id")
    adjusted = [denials.Adjusted(r.line_number, r.group, r.reason, r.cents) for r in rows]
    pairs = posting.paired(
        [
            posting.BilledLine(r.pk, r.number, r.procedure, tuple(r.modifiers), r.charge_cents)
            for r in charges.values()
        ],
        [
            posting.AnsweredLine(
                r.number, r.line_control, r.procedure, tuple(r.modifiers), r.charge_cents,
                r.paid_cents,
            )
            for r in lines
        ],
    )  # fmt: skip
    decided = coordination.decision(
        paid_cents=answer.paid_cents,
        decided_on=answer.remittance.payment_date or answer.remittance.read_at.date(),
        charges={pk: row.charge_cents for pk, row in charges.items()},
        lines=_decided_lines(lines, adjusted, pairs),
        adjusted=adjusted,
    )
    return Earlier(claim, answer.payer_claim_number, decided)


def _decided_lines(
    lines: Iterable[RemittedLine], adjusted: Iterable[denials.Adjusted], pairs: dict[int, int]
) -> list[coordination.LineDecision]:
    """One for each answered line; a line that found no partner stands under 0."""
    by_line: dict[int, list[denials.Adjusted]] = defaultdict(list)
    for one in adjusted:
        by_line[one.line_number].append(one)
    return [
        coordination.LineDecision(
            pairs.get(row.number, 0),
            row.procedure,
            tuple(row.modifiers),
            row.paid_cents,
            tuple(by_line[row.number]),
        )
        for row in lines
    ]
