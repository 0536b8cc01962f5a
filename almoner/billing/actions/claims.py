"""Claims before they leave and after they come back: drafted, checked, corrected, noted."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.billing import queries
from almoner.billing.actions.steps import locked, move, tell
from almoner.billing.models import ChargeSlip, Claim, ClaimFinding, ClaimNote
from almoner.billing.rules import claims, edits
from almoner.billing.rules.claims import Frequency, State
from almoner.billing.rules.desks import Desk
from almoner.coverage.models import Policy
from almoner.ground.constraints import violated
from almoner.ground.words import gettext_noop

_HELD = gettext_noop("held by the checks")
_SOUND = gettext_noop("checked, nothing to mend")
_SENT_ON = gettext_noop("sent on by the payer before this one")
_SUCCEEDED = gettext_noop("succeeded by another claim")


class StillOnItsWay(Exception):
    """The claim is being sent; it can be changed once we know whether it arrived."""


class KeptFromThePlan(Exception):
    """The patient asked that the plan is not told of this visit: it is never claimed."""


@dataclass(frozen=True, slots=True)
class Behind:
    """A claim's place behind other payers: what they left to it, and when the last one said so.

    ``forwarded``: that payer sent it on itself.
    """

    rank: int
    left_cents: int
    answered_on: date
    forwarded: bool = False


def draft_claim(
    *,
    slip: ChargeSlip,
    policy: Policy,
    officer: Officer | None,
    at: datetime,
    replaces: Claim | None = None,
    behind: Behind | None = None,
) -> Claim:
    """Draft the claim for posted charges and check it at once; part of the caller's own action.

    One that another payer sent on is with its payer already: it is awaited, not sent. Raises
    KeptFromThePlan when that was asked meanwhile.
    """
    payer = policy.plan.payer
    terms = queries.terms_of(payer, slip.service_date)
    serial = _next_serial()
    claim = _created(
        id=serial,
        number=claims.claim_number(serial),
        slip=slip,
        patient_id=slip.patient_id,
        policy=policy,
        payer=payer,
        frequency=Frequency.CORRECTED if replaces else Frequency.ORIGINAL,
        replaces=replaces,
        payer_claim_number=replaces.payer_claim_number if replaces else "",
        total_cents=sum(line.charge_cents for line in slip.lines.all()),
        service_date=slip.service_date,
        # A later payer's time runs from the day the payer before it answered.
        file_by=replaces.file_by
        if replaces
        else claims.file_by(
            behind.answered_on if behind else slip.service_date, terms.initial_days
        ),
        touched=replaces is not None,
        created_at=at,
        created_by_id=officer.pk if officer else None,
        state_since=at,
        rank=behind.rank if behind else 1,
        left_cents=behind.left_cents if behind else None,
        forwarded=behind is not None and behind.forwarded,
        state=State.PENDING if behind and behind.forwarded else State.DRAFT,
    )
    if claim.forwarded:
        move(claim, State.PENDING, at=at, by=officer, what=_SENT_ON)
    else:
        _check(claim, by=officer, at=at)
    return claim


def _created(**facts: Any) -> Claim:
    try:
        with transaction.atomic():
            return Claim.objects.create(**facts)
    except IntegrityError as error:
        if not violated(error, "claim_not_of_a_visit_kept_from_the_plan"):
            raise
        raise KeptFromThePlan from error


def _next_serial() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('billing_claim', 'id'))")
        return int(cursor.fetchone()[0])


@transaction.atomic
def check_claim(
    *, claim_id: int, officer: Officer | None, at: datetime, more: tuple[edits.Finding, ...] = ()
) -> Claim:
    """Check a claim that has not left, or was rejected, anew; it is then held or ready.

    ``more`` are findings somebody else made (the guide's rules over the finished file). Without an
    officer the desk did it by itself because something the claim says has changed. A claim that
    already left is left alone.
    """
    if officer:
        require(officer, "billing.claim")
    claim = locked(claim_id)
    # A rejected claim waits for a person: nobody but an officer brings it back.
    checkable = claims.UNSENT | {State.REJECTED} if officer else claims.UNSENT
    if State(claim.state) in checkable:
        _check(claim, by=officer, at=at, more=more)
    return claim


def _check(
    claim: Claim,
    *,
    by: Officer | None,
    at: datetime,
    more: tuple[edits.Finding, ...] = (),
) -> None:
    found = [*edits.findings(queries.draft_of(claim, today=queries.local_day(at))), *more]
    claim.findings.all().delete()
    ClaimFinding.objects.bulk_create(
        ClaimFinding(
            claim=claim,
            rule=one.rule,
            desk=one.desk,
            field=one.field,
            about=dict(one.about),
            message=one.message,
            blocking=one.blocking,
        )
        for one in {(one.rule, one.field): one for one in found}.values()
    )
    blocking = [one for one in found if one.blocking]
    claim.desk = blocking[0].desk if blocking else Desk.BILLING
    claim.touched = claim.touched or bool(blocking)
    claim.save(update_fields=["desk", "touched"])
    state = State.HELD if blocking else State.READY
    if claim.state != state:
        what = _HELD if blocking else _SOUND
        move(claim, state, at=at, by=by, what=what)
        tell(f"billing.claim_{state}", claim, at=at, by=by, desk=str(claim.desk))


def check_again(claim: Claim, *, at: datetime) -> None:
    """Check a locked claim that has not left, because of what another payer said."""
    if State(claim.state) in claims.UNSENT:
        _check(claim, by=None, at=at)


def follow_correction(
    *, old: ChargeSlip, new: ChargeSlip, officer: Officer, because: str, at: datetime
) -> Claim | None:
    """Let the claims of corrected charges follow them; part of the caller's own action.

    What a later payer has stands until the first payer has answered the corrected charges; then
    its successor is drafted with that answer. Raises StillOnItsWay.
    """
    live = old.claims.exclude(state__in=claims.GONE).order_by("-rank")
    for claim_id in live.filter(rank__gt=1).values_list("pk", flat=True):
        _keep_or_end(locked(claim_id), officer=officer, because=because, at=at)
    for claim_id in live.filter(rank=1).values_list("pk", flat=True):
        return succeed(locked(claim_id), slip=new, officer=officer, because=because, at=at)
    if new.policy is None:
        return None
    return draft_claim(slip=new, policy=new.policy, officer=officer, at=at)


def _keep_or_end(claim: Claim, *, officer: Officer, because: str, at: datetime) -> None:
    if State(claim.state) is State.QUEUED:
        raise StillOnItsWay
    if State(claim.state) in claims.UNSENT | {State.REJECTED}:
        move(claim, State.VOID, at=at, by=officer, what=_SUCCEEDED, note=because)
        tell("billing.claim_void", claim, at=at, by=officer)
        return
    claim.earlier_changed_at = at
    claim.save(update_fields=["earlier_changed_at"])
    tell("billing.earlier_payer_changed", claim, at=at, by=officer, payer=claim.payer.name)


def succeed(
    claim: Claim, *, slip: ChargeSlip, officer: Officer, because: str, at: datetime
) -> Claim | None:
    """End a claim and draft the one that takes its place; part of the caller's own action.

    A claim behind other payers stays with its coverage and its place. Raises StillOnItsWay or
    WrongState.
    """
    policy = slip.policy if claim.rank == 1 else claim.policy
    behind = None
    if claim.rank > 1:
        said = queries.answered_on(claim.slip_id, claim.rank - 1) or queries.local_day(at)
        behind = Behind(claim.rank, claim.left_cents or 0, said)
    anew = _end(claim, policy, officer=officer, because=because, at=at)
    if policy is None:
        return None
    made = draft_claim(
        slip=slip,
        policy=policy,
        officer=officer,
        at=at,
        replaces=None if anew else claim,
        behind=behind,
    )
    # What has not left to the payer behind tells of an answer that is being corrected: it waits.
    if following := queries.live_behind(slip.pk, claim.rank):
        check_again(following, at=at)
    return made


def follow(old: Claim, *, slip: ChargeSlip, policy: Policy, behind: Behind, at: datetime) -> Claim:
    """The claim to a later payer for corrected charges, in the place of the one it has."""
    anew = _end(old, policy, officer=None, because="", at=at)
    return draft_claim(
        slip=slip, policy=policy, officer=None, at=at, replaces=None if anew else old, behind=behind
    )


def _end(
    claim: Claim, policy: Policy | None, *, officer: Officer | None, because: str, at: datetime
) -> bool:
    """End a claim another succeeds; whether that one is a new claim and no correction."""
    state = State(claim.state)
    if state is State.QUEUED:
        raise StillOnItsWay
    # What was never taken in, or was handed back undecided, is sent anew, and so is what goes to
    # another payer; what this payer has a number for is corrected.
    anew = (
        state in claims.UNSENT | {State.REJECTED, State.UNPROCESSABLE}
        or claim.forwarded
        or policy is None
        or policy.plan.payer_id != claim.payer_id
    )
    ended = State.VOID if anew else State.CORRECTED
    if claim.earlier_changed_at is not None:
        claim.earlier_changed_at = None
        claim.save(update_fields=["earlier_changed_at"])
    move(claim, ended, at=at, by=officer, what=_SUCCEEDED, note=because)
    tell(f"billing.claim_{ended}", claim, at=at, by=officer)
    return anew


@transaction.atomic
def note_claim(*, officer: Officer, claim_id: int, text: str, at: datetime) -> ClaimNote:
    """Write down a call, a promise, an appeal. Raises PermissionDenied."""
    require(officer, "billing.claim")
    claim = Claim.objects.get(pk=claim_id)
    note = ClaimNote.objects.create(claim=claim, at=at, by_id=officer.pk, text=text)
    tell("billing.claim_noted", claim, at=at, by=officer)
    return note
