"""What one payer leaves is asked of the next, in the same transaction as its answer."""

from datetime import date, datetime

from django.db import transaction

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.billing import queries
from almoner.billing.actions import claims
from almoner.billing.actions.steps import locked, move, tell
from almoner.billing.models import ChargeSlip, Claim, ClaimNote, RemittedClaim
from almoner.billing.queries.answers import OurClaim
from almoner.billing.queries.onward import Onward
from almoner.billing.rules import coordination, posting
from almoner.billing.rules.claims import GONE, UNSENT, State
from almoner.billing.rules.coordination import Next
from almoner.coverage.models import Policy
from almoner.ground.words import gettext_noop

_CHANGED = gettext_noop("the payer before this one changed its answer")
_MORE_LEFT = gettext_noop("what the payer before this one refused is asked of it too")
_NOTHING_LEFT = gettext_noop("the payer before this one leaves nothing to ask for")
_SENT_ON = gettext_noop("the payer before this one sent the claim on itself")


class NothingChanged(Exception):
    """No earlier payer changed its answer, or somebody has decided about it already."""


def go_on(
    remitted: RemittedClaim,
    ours: OurClaim,
    found: posting.Outcome,
    onward: Onward,
    *,
    at: datetime,
    day: date,
) -> None:
    """Draft, await, reckon anew or point out the claim to the next payer.

    Part of the caller's transaction, which holds the answered claim.
    """
    if found.next_cents or onward.left_cents is not None:
        RemittedClaim.objects.filter(pk=remitted.pk).update(
            share_to=onward.policy if found.next_cents else None, left_cents=onward.left_cents
        )
    step = coordination.what_next(
        remitted.status,
        found.next_cents,
        has_next=onward.policy is not None,
        standing=onward.standing,
    )
    if step in {Next.DRAFT, Next.AWAIT} and onward.policy:
        behind = claims.Behind(ours.rank + 1, found.next_cents, day, forwarded=step is Next.AWAIT)
        _ask(ChargeSlip.objects.get(pk=ours.slip_id), onward.policy, behind, at=at)
    elif step is Next.RECKON and onward.claim:
        _reckon(onward.claim, remitted.status, found.next_cents, day=day, at=at)
    elif step is Next.TELL and onward.claim:
        _point_out(onward.claim, found.next_cents, at=at)


def _ask(slip: ChargeSlip, policy: Policy, behind: claims.Behind, *, at: datetime) -> Claim:
    """The claim to the next payer; it succeeds the one made for charges since corrected."""
    old = _of_replaced_charges(slip, behind.rank)
    if old is not None and not behind.forwarded:
        made = claims.follow(old, slip=slip, policy=policy, behind=behind, at=at)
    else:
        made = claims.draft_claim(slip=slip, policy=policy, officer=None, at=at, behind=behind)
    tell("billing.next_payer", made, at=at, by=None, payer=made.payer.name, cents=behind.left_cents)
    return made


def _of_replaced_charges(slip: ChargeSlip, rank: int) -> Claim | None:
    """The live claim of this rank that still speaks of charges these took the place of."""
    before = slip.replaces
    while before is not None:
        found = before.claims.select_for_update().filter(rank=rank).exclude(state__in=GONE).first()
        if found:
            return found
        before = before.replaces
    return None


def _reckon(claim: Claim, status: str, cents: int, *, day: date, at: datetime) -> None:
    """The claim has not left: it follows what the payer before now says."""
    claim.left_cents = (claim.left_cents or 0) + cents
    claim.save(update_fields=["left_cents"])
    if status == coordination.REVERSAL:
        claims.check_again(claim, at=at)
    elif claim.left_cents <= 0:
        move(claim, State.VOID, at=at, by=None, what=_NOTHING_LEFT)
        tell("billing.claim_void", claim, at=at, by=None)
    elif status in coordination.FORWARDED:
        move(claim, State.VOID, at=at, by=None, what=_SENT_ON)
        tell("billing.claim_void", claim, at=at, by=None)
        behind = claims.Behind(claim.rank, claim.left_cents, day, forwarded=True)
        _ask(claim.slip, claim.policy, behind, at=at)
    elif State(claim.state) in UNSENT:
        claims.check_again(claim, at=at)


def _point_out(claim: Claim, cents: int, *, at: datetime, what: str = _CHANGED) -> None:
    """The claim is out and says what the payer before no longer says: work for a person."""
    claim.left_cents = (claim.left_cents or 0) + cents
    claim.earlier_changed_at = at
    claim.save(update_fields=["left_cents", "earlier_changed_at"])
    move(claim, State(claim.state), at=at, by=None, what=what)
    tell("billing.earlier_payer_changed", claim, at=at, by=None, payer=claim.payer.name)


@transaction.atomic
def stand_by(*, officer: Officer, claim_id: int, because: str, at: datetime) -> Claim:
    """The first payer changed its answer, and this claim stands all the same.

    Raises NothingChanged or PermissionDenied.
    """
    require(officer, "billing.claim")
    claim = locked(claim_id)
    if claim.earlier_changed_at is None:
        raise NothingChanged
    claim.earlier_changed_at = None
    claim.save(update_fields=["earlier_changed_at"])
    ClaimNote.objects.create(claim=claim, at=at, by_id=officer.pk, text=because)
    tell("billing.claim_stands", claim, at=at, by=officer)
    return claim


def ask_next(claim: Claim, cents: int, *, at: datetime) -> Claim | None:
    """Ask the next payer for what this one refused too; None where there is no other coverage.

    Part of the caller's own action, which holds the claim and moves the money.
    """
    following = queries.live_behind(claim.slip_id, claim.rank)
    policy = following.policy if following else queries.next_policy(claim)
    if policy is None:
        return None
    if following is None:
        said = queries.answered_on(claim.slip_id, claim.rank) or queries.local_day(at)
        behind = claims.Behind(claim.rank + 1, cents, said)
        return _ask(claim.slip, policy, behind, at=at)
    if State(following.state) in UNSENT:
        _reckon(following, "", cents, day=queries.local_day(at), at=at)
    else:
        _point_out(following, cents, at=at, what=_MORE_LEFT)
    return following
