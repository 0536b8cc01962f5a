"""Working a denial until it is settled: appeal, correct, write off, bill the patient."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.billing import queries
from almoner.billing.actions.corrections import correct_claim
from almoner.billing.actions.onward import ask_next
from almoner.billing.actions.steps import locked, move, tell
from almoner.billing.models import Claim, ClaimNote, Denial
from almoner.billing.queries.wording import WHY_NOT
from almoner.billing.rules import denials
from almoner.billing.rules.claims import State
from almoner.ground import events
from almoner.ground.words import gettext_noop
from almoner.ledger import actions as ledger
from almoner.ledger import rules as shapes


class NotAllowed(Exception):
    """This may not be done about this denial; the message says why. Nothing was changed."""


def _open(denial_id: int, action: denials.Action) -> Denial:
    """The denial, held, if it is unsettled and the action is one its kind allows."""
    denial = Denial.objects.select_for_update().get(pk=denial_id)
    if denial.state == Denial.State.SETTLED:
        message = _("This denial is settled already.")
        raise NotAllowed(message)
    next_payer = queries.next_payer_of(denial.claim)
    allowed = denials.allowed_actions(
        denial.group, unprocessable=denial.unprocessable, next_payer=next_payer is not None
    )
    if action not in allowed:
        if action is denials.Action.BILL_PATIENT and next_payer and denial.group == "PR":
            message = _("%s may still owe it: ask that payer first.") % next_payer.plan.payer.name
            raise NotAllowed(message)
        raise NotAllowed(WHY_NOT[action])
    return denial


@transaction.atomic
def appeal(*, officer: Officer, denial_id: int, text: str, at: datetime) -> Denial:
    """Note that an appeal left, with what it says; the denial stays on the list until answered.

    Raises NotAllowed or PermissionDenied.
    """
    require(officer, "billing.claim")
    denial = _open(denial_id, denials.Action.APPEAL)
    denial.state = Denial.State.APPEALED
    denial.save(update_fields=["state"])
    ClaimNote.objects.create(claim_id=denial.claim_id, at=at, by_id=officer.pk, text=text)
    _tell("billing.appealed", denial, officer=officer, at=at)
    return denial


@transaction.atomic
def write_off(*, officer: Officer, denial_id: int, because: str, at: datetime) -> Denial:
    """Give up what was refused: it leaves the payer's account and nobody is asked for it.

    Needs ``ledger.adjust``. Raises NotAllowed or PermissionDenied.
    """
    require(officer, "ledger.adjust")
    denial = _open(denial_id, denials.Action.WRITE_OFF)
    _post(denial, shapes.denial_write_off, shapes.Kind.ADJUSTMENT, officer, because, at=at)
    return _settle(denial, denials.Resolution.WRITTEN_OFF, officer=officer, at=at, note=because)


@transaction.atomic
def bill_patient(*, officer: Officer, denial_id: int, because: str, at: datetime) -> Denial:
    """Move what the payer calls the patient's (PR) to the patient's account.

    What is CO, OA or PI is never billed to the patient: NotAllowed, and the database refuses it
    too. Raises NotAllowed or PermissionDenied.
    """
    require(officer, "ledger.adjust")
    denial = _open(denial_id, denials.Action.BILL_PATIENT)
    _post(denial, shapes.to_patient, shapes.Kind.TRANSFER, officer, because, at=at)
    ledger.apply_credit(
        patient_id=denial.patient_id,
        source="billing.credit",
        external_id=f"denial-{denial.pk}",
        effective_date=queries.local_day(at),
        at=at,
    )
    return _settle(denial, denials.Resolution.BILLED_PATIENT, officer=officer, at=at, note=because)


@transaction.atomic
def bill_next(*, officer: Officer, denial_id: int, because: str, at: datetime) -> Denial:
    """Ask the next payer for what this one calls the patient's (PR) and did not pay.

    The claim to it is drafted with this payer's decision. Raises NotAllowed or PermissionDenied.
    """
    require(officer, "billing.claim")
    denial = _open(denial_id, denials.Action.BILL_NEXT)
    asked = ask_next(locked(denial.claim_id), denial.cents, at=at)
    if asked is None:
        raise NotAllowed(WHY_NOT[denials.Action.BILL_NEXT])
    lines = shapes.to_payer(
        denial.cents,
        patient_id=denial.patient_id,
        visit_id=denial.claim.slip.encounter.appointment_id,
        from_payer_id=denial.payer_id,
        to_payer_id=asked.payer_id,
    )
    if lines:
        _book(denial, lines, shapes.Kind.TRANSFER, officer, because, at=at)
    return _settle(denial, denials.Resolution.BILLED_NEXT, officer=officer, at=at, note=because)


@transaction.atomic
def correct_denied(*, officer: Officer, denial_id: int, because: str, at: datetime) -> Claim | None:
    """Succeed the denied claim by a corrected one, or an unprocessable one by a new claim.

    All that was refused on the claim is settled by it. Raises NotAllowed, StillOnItsWay, WrongState
    or PermissionDenied.
    """
    require(officer, "billing.claim")
    denial = Denial.objects.select_for_update().get(pk=denial_id)
    action = denials.Action.NEW_CLAIM if denial.unprocessable else denials.Action.CORRECT
    _open(denial_id, action)
    successor = correct_claim(officer=officer, claim_id=denial.claim_id, because=because, at=at)
    unsettled = Denial.objects.select_for_update().filter(claim_id=denial.claim_id)
    for one in unsettled.exclude(state=Denial.State.SETTLED).order_by("pk"):
        _mark_settled(one, denials.Resolution.CORRECTED, officer=officer, at=at)
    return successor


def _post(
    denial: Denial,
    shape: Callable[..., list[shapes.Line]],
    kind: shapes.Kind,
    officer: Officer,
    because: str,
    *,
    at: datetime,
) -> None:
    visit_id = denial.claim.slip.encounter.appointment_id
    lines = shape(
        denial.cents, patient_id=denial.patient_id, visit_id=visit_id, payer_id=denial.payer_id
    )
    _book(denial, lines, kind, officer, because, at=at)


def _book(
    denial: Denial,
    lines: list[shapes.Line],
    kind: shapes.Kind,
    officer: Officer,
    because: str,
    *,
    at: datetime,
) -> None:
    ledger.post(
        kind=kind,
        source="billing.denial",
        external_id=str(denial.pk),
        lines=lines,
        effective_date=queries.local_day(at),
        at=at,
        by=officer,
        memo=because,
    )


def _settle(
    denial: Denial,
    resolution: denials.Resolution,
    *,
    officer: Officer,
    at: datetime,
    note: str,
) -> Denial:
    """Settle it, and close the claim when nothing of it is left to decide."""
    _mark_settled(denial, resolution, officer=officer, at=at)
    ClaimNote.objects.create(claim_id=denial.claim_id, at=at, by_id=officer.pk, text=note)
    claim = locked(denial.claim_id)
    left = claim.denials.exclude(state=Denial.State.SETTLED).exists()
    if not left and State(claim.state) in _CLOSABLE:
        move(
            claim,
            State.CLOSED,
            at=at,
            by=officer,
            what=gettext_noop("nothing is left to decide"),
            note=note,
        )
        tell("billing.claim_closed", claim, at=at, by=officer)
    return denial


_CLOSABLE = frozenset({State.DENIED, State.PARTLY_PAID, State.UNPROCESSABLE})


def _mark_settled(
    denial: Denial, resolution: denials.Resolution, *, officer: Officer, at: datetime
) -> None:
    denial.state, denial.resolution = Denial.State.SETTLED, resolution
    denial.settled_at, denial.settled_by_id = at, officer.pk
    denial.save(update_fields=["state", "resolution", "settled_at", "settled_by_id"])
    _tell("billing.denial_settled", denial, officer=officer, at=at, resolution=str(resolution))


def _tell(kind: str, denial: Denial, *, officer: Officer, at: datetime, **data: Any) -> None:
    events.record(
        kind,
        at=at,
        by=officer,
        about=denial,
        patient_id=denial.patient_id,
        claim_id=denial.claim_id,
        number=denial.claim.number,
        cents=denial.cents,
        category=denial.category,
        **data,
    )
