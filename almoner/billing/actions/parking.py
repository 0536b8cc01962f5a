"""Money of a payer that has no claim yet: parked, taken out again, applied by hand, returned."""

from datetime import date, datetime

from django.db import transaction

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.billing import queries
from almoner.billing.actions.steps import locked, move, tell
from almoner.billing.models import Claim, Remittance, RemittedClaim
from almoner.billing.rules.claims import State
from almoner.ground import events
from almoner.ground.words import gettext_noop
from almoner.ledger import actions as ledger
from almoner.ledger import rules as shapes

_APPLIED = gettext_noop("money of a refused answer was applied to it by hand")
_BY_HAND = gettext_noop("Applied by hand; the payer's answer itself was refused")


class NotParked(Exception):
    """No money of this answer waits for somebody to decide."""


def park(remittance: Remittance, payer_id: int | None, *, day: date, at: datetime) -> None:
    """Book what a payment holds for no known claim; part of the caller's own action.

    With it the ledger shows of each payment what the bank will show. Without a payer it waits until
    one is named.
    """
    if payer_id is None:
        return
    nobodys = (
        RemittedClaim.State.UNMATCHED,
        RemittedClaim.State.PARKED,
        RemittedClaim.State.SET_ASIDE,
    )
    rows = remittance.claims.filter(state__in=nobodys, parked_journal__isnull=True)
    for row in rows.exclude(paid_cents=0):
        posted = ledger.post(
            kind=shapes.Kind.REMITTANCE,
            source="billing.parked",
            external_id=str(row.pk),
            lines=shapes.parked(row.paid_cents, payer_id=payer_id),
            effective_date=day,
            at=at,
            memo=f"{remittance.payer_name} {remittance.trace_number}".strip(),
        )
        row.parked_journal_id = posted.journal_id
        row.save(update_fields=["parked_journal"])


def unpark(row: RemittedClaim, *, officer: Officer, at: datetime) -> None:
    """The answer is posted to a claim now: its parked money is not paid twice."""
    if row.parked_journal_id is None:
        return
    ledger.mirror(
        journal_id=row.parked_journal_id,
        source="billing.unparked",
        external_id=str(row.pk),
        reason=_MATCHED,
        effective_date=queries.local_day(at),
        at=at,
        by=officer,
    )


_MATCHED = gettext_noop("the claim it pays is known")


@transaction.atomic
def apply_parked(*, officer: Officer, remitted_id: int, claim_id: int, at: datetime) -> Claim:
    """The money of a refused answer pays this claim; what the answer says of it is not posted.

    The claim stays where it is: the payer still owes an answer that adds up. Raises NotParked,
    Claim.DoesNotExist or PermissionDenied.
    """
    require(officer, "billing.post")
    row = _parked(remitted_id)
    claim = locked(claim_id)
    if row.parked_journal_id is None and row.paid_cents:
        raise NotParked  # its payer is not named yet
    lines = shapes.applied_from_parked(
        row.paid_cents,
        parked_by_id=row.remittance.payer_id or claim.payer_id,
        patient_id=claim.patient_id,
        visit_id=claim.slip.encounter.appointment_id,
        payer_id=claim.payer_id,
    )
    if lines:
        _post(row, lines, shapes.Kind.REMITTANCE, officer, _BY_HAND, at=at)
    row.state, row.claim, row.posted_at = RemittedClaim.State.APPLIED, claim, at
    row.needs_review = _BY_HAND
    row.save(update_fields=["state", "claim", "posted_at", "needs_review"])
    move(claim, State(claim.state), at=at, by=officer, what=_APPLIED)
    tell("billing.parked_applied", claim, at=at, by=officer, cents=row.paid_cents)
    return claim


@transaction.atomic
def return_to_payer(*, officer: Officer, remitted_id: int, because: str, at: datetime) -> None:
    """Parked money went back to its payer; it leaves the bank. ``because`` says how and why.

    Needs ``ledger.adjust``. Raises NotParked or PermissionDenied.
    """
    require(officer, "ledger.adjust")
    row = _parked(remitted_id, RemittedClaim.State.UNMATCHED)
    payer_id = row.remittance.payer_id
    if row.parked_journal_id is None or payer_id is None:
        raise NotParked
    lines = shapes.returned_to_payer(row.paid_cents, payer_id=payer_id)
    _post(row, lines, shapes.Kind.REFUND, officer, because, at=at)
    row.state, row.needs_review = RemittedClaim.State.RETURNED, because
    row.save(update_fields=["state", "needs_review"])
    events.record(
        "billing.returned_to_payer", at=at, by=officer, about=row, cents=row.paid_cents,
        payer=row.remittance.payer_name, reason=because,
    )  # fmt: skip


def _parked(remitted_id: int, *also: RemittedClaim.State) -> RemittedClaim:
    row = (
        RemittedClaim.objects.select_for_update(of=("self",))
        .select_related("remittance")
        .get(pk=remitted_id)
    )
    if row.state not in {RemittedClaim.State.PARKED, *also}:
        raise NotParked
    return row


def _post(
    row: RemittedClaim,
    lines: list[shapes.Line],
    kind: shapes.Kind,
    officer: Officer,
    memo: str,
    *,
    at: datetime,
) -> None:
    ledger.post(
        kind=kind,
        source="billing.from_parked",
        external_id=str(row.pk),
        lines=lines,
        effective_date=queries.local_day(at),
        at=at,
        by=officer,
        memo=memo,
    )
