"""Money going back the way it came.

A refund is promised first (the patient's credit becomes our liability, the payment's refundable
rest shrinks) and paid second. Cash and checks do both at once; a card refund waits for the
processor, and when it fails the promise is reversed.
"""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.edges import card
from almoner.edges.card import Answer, Status
from almoner.ground import events, outbox
from almoner.ground.constraints import violated
from almoner.ground.money import dollars
from almoner.ground.words import gettext_noop
from almoner.ledger import queries, rules
from almoner.ledger.actions.journals import post, reverse
from almoner.ledger.actions.payments import NoDrawer, PaymentRefused, local_day
from almoner.ledger.models import Drawer, Journal, Payment, Refund
from almoner.ledger.rules import Kind, Method

CHANNEL = "card_refund"
State = Payment.State
OPEN = frozenset({State.ASKED, State.SENT, State.UNKNOWN})
_UNSENT = gettext_noop("The card processor was not reached. Nothing was given back.")
_NEVER_SENT = gettext_noop("It was never sent to the processor. Nothing was given back.")
_NEVER_ARRIVED = gettext_noop("The processor never received it. Nothing was given back.")
_OTHER_AMOUNT = gettext_noop(
    "The processor speaks of another amount. Compare its report before going on."
)


class RefundTooHigh(PaymentRefused):
    """More than is left of the payment."""


class RefundWaiting(PaymentRefused):
    """An earlier refund of this payment may have been paid: find out first."""


class DrawerShort(PaymentRefused):
    """The drawer does not hold that much cash."""


@transaction.atomic
def refund(
    *, officer: Officer, payment_id: int, cents: int, reason: str, key: str, at: datetime
) -> Refund:
    """Give part or all of a payment back; the same ``key`` again is the first refund.

    Cash comes out of the officer's open drawer, a check is paid back by our own check, a card
    refund is asked of the processor after the commit. Raises PermissionDenied, Payment.DoesNotExist
    or PaymentRefused (RefundTooHigh, RefundWaiting, NoDrawer, DrawerShort); then nothing was
    written.
    """
    require(officer, "ledger.refund")
    payment = (
        Payment.objects.select_for_update(of=("self",))
        .select_related("location")
        .get(pk=payment_id)
    )
    standing = Refund.objects.filter(key=key).first()
    if standing:
        return standing
    left = payment.cents - payment.refunded_cents
    if payment.state != State.COMPLETED or not 0 < cents <= left:
        raise RefundTooHigh
    queries.lock_patient(payment.patient_id)
    drawer = _drawer(officer, cents) if payment.method == Method.CASH else None
    row = _create(
        payment, at=at, asked_by=officer, cents=cents, reason=reason, key=key, drawer=drawer
    )
    payment.refunded_cents += cents
    payment.save(update_fields=["refunded_cents"])
    _promise(row, at=at, by=officer)
    if payment.method == Method.CARD:
        outbox.put(
            channel=CHANNEL,
            key=key,
            payload={"refund_id": row.pk},
            about=row,
            at=at,
            patient_id=payment.patient_id,
        )
        _tell("ledger.refund_asked", row, at=at, by=officer)
    else:
        _pay(row, at=at, by=officer)
    return row


def _drawer(officer: Officer, cents: int) -> Drawer:
    drawer = (
        Drawer.objects.select_for_update().filter(officer=officer, state=Drawer.State.OPEN).first()
    )
    if drawer is None:
        raise NoDrawer
    if queries.drawer_balance(drawer.pk) < cents:
        raise DrawerShort
    return drawer


def _create(payment: Payment, *, at: datetime, **facts: Any) -> Refund:
    by_card = payment.method == Method.CARD
    try:
        with transaction.atomic():
            return Refund.objects.create(
                payment=payment,
                state=State.ASKED if by_card else State.COMPLETED,
                asked_at=at,
                settled_at=None if by_card else at,
                **facts,
            )
    except IntegrityError as error:
        if violated(error, "refund_one_unresolved"):
            raise RefundWaiting from error
        raise


def _promise(row: Refund, *, at: datetime, by: Officer) -> None:
    payment = row.payment
    post(
        kind=Kind.REFUND,
        source="refund.promised",
        external_id=row.key,
        lines=rules.refund_owed(
            row.cents,
            patient_id=payment.patient_id,
            visit_id=payment.visit_id,
            credits_=queries.credits_of(payment.patient_id),
        ),
        effective_date=local_day(payment.location, at),
        at=at,
        by=by,
        memo=row.reason,
    )


def _pay(row: Refund, *, at: datetime, by: Officer | None) -> None:
    payment = row.payment
    posted = post(
        kind=Kind.REFUND,
        source="refund",
        external_id=row.key,
        lines=rules.refund_paid(
            row.cents,
            method=Method(payment.method),
            patient_id=payment.patient_id,
            visit_id=payment.visit_id,
            drawer_id=row.drawer_id,
        ),
        effective_date=local_day(payment.location, at),
        at=at,
        by=by,
        memo=row.reason,
    )
    if posted.new:
        _tell("ledger.refunded", row, at=at, by=by)


def _tell(kind: str, row: Refund, *, at: datetime, by: Officer | None) -> None:
    events.record(
        kind,
        at=at,
        by=by,
        about=row,
        patient_id=row.payment.patient_id,
        location_id=row.payment.location_id,
        payment_id=row.payment_id,
        visit_id=row.payment.visit_id,
        cents=row.cents,
        amount=dollars(row.cents),
        method=row.payment.method,
    )


def send_refund(*, refund_id: int, at: datetime) -> str:
    """Ask the processor to give back; the same contract with the outbox as `send_card`."""
    row = _take_over(refund_id, at=at)
    try:
        answer = card.refund(
            key=row.key,
            payment_id=row.payment.processor_payment_id,
            cents=row.cents,
            reason=row.reason,
        )
    except (card.NotReached, card.Refused) as error:
        said = _UNSENT if isinstance(error, card.NotReached) else str(error)
        _fail(refund_id, trouble=said, at=at)
        raise outbox.Refused(said) from error
    except card.OutcomeUnknown as error:
        _doubt(refund_id, trouble=str(error), at=at)
        raise outbox.OutcomeUnknown(str(error)) from error
    adopt_refund(refund_id=refund_id, answer=answer, at=at)
    return answer.id


def _locked(refund_id: int) -> Refund:
    return (
        Refund.objects.select_for_update(of=("self",))
        .select_related("payment__location")
        .get(pk=refund_id)
    )


@transaction.atomic
def _take_over(refund_id: int, *, at: datetime) -> Refund:
    row = _locked(refund_id)
    if row.state != State.ASKED:
        message = f"refund {refund_id} is {row.state}"
        raise outbox.Refused(message)
    row.state, row.sent_at = State.SENT, at
    row.save(update_fields=["state", "sent_at"])
    return row


@transaction.atomic
def adopt_refund(*, refund_id: int, answer: Answer, at: datetime) -> Refund:
    """Believe what the processor says of this refund; the same news twice changes nothing."""
    row = _locked(refund_id)
    if row.state not in OPEN:
        return row
    if answer.status == Status.COMPLETED:
        if answer.cents != row.cents:
            return _doubt(refund_id, trouble=_OTHER_AMOUNT, at=at)
        row.state, row.settled_at, row.trouble = State.COMPLETED, at, ""
        row.processor_refund_id = answer.id
        row.save(update_fields=["state", "settled_at", "trouble", "processor_refund_id"])
        _pay(row, at=at, by=None)
        return row
    if answer.status in card.FINAL:
        return _fail(refund_id, trouble=answer.trouble, at=at)
    row.state, row.processor_refund_id, row.trouble = State.SENT, answer.id, ""
    row.save(update_fields=["state", "processor_refund_id", "trouble"])
    return row


@transaction.atomic
def _fail(
    refund_id: int, *, trouble: str, at: datetime, only: Payment.State | None = None
) -> Refund:
    row = _locked(refund_id)
    if row.state not in ({only} if only else OPEN):
        return row
    row.state, row.trouble, row.settled_at = State.FAILED, trouble, at
    row.save(update_fields=["state", "trouble", "settled_at"])
    payment = Payment.objects.select_for_update().get(pk=row.payment_id)
    payment.refunded_cents -= row.cents
    payment.save(update_fields=["refunded_cents"])
    promised = Journal.objects.get(source="refund.promised", external_id=row.key)
    reverse(
        journal_id=promised.pk,
        source="refund.failed",
        external_id=row.key,
        reason=trouble,
        effective_date=local_day(row.payment.location, at),
        at=at,
        by=None,
    )
    return row


@transaction.atomic
def _doubt(refund_id: int, *, trouble: str, at: datetime) -> Refund:
    row = _locked(refund_id)
    if row.state in {State.SENT, State.UNKNOWN} and row.trouble != trouble:
        row.state, row.trouble = State.UNKNOWN, trouble
        row.save(update_fields=["state", "trouble"])
        _tell("ledger.refund_unknown", row, at=at, by=None)
    return row


def resolve_refund(*, refund_id: int, at: datetime) -> Refund:
    """Find out what became of a card refund; as careful as `resolve_card`."""
    row = Refund.objects.get(pk=refund_id)
    if row.state == State.ASKED and outbox.given_up(CHANNEL, row.key):
        return _fail(refund_id, trouble=_NEVER_SENT, at=at, only=State.ASKED)
    if row.state not in {State.SENT, State.UNKNOWN}:
        return row
    try:
        answer = card.look_up_refund(row.key)
        never_arrived = answer is None
        if answer is None:
            answer = card.cancel_refund(row.key)
    except card.CardError as error:
        return _doubt(refund_id, trouble=str(error), at=at)
    if never_arrived and answer.status == Status.CANCELLED:
        return _fail(refund_id, trouble=_NEVER_ARRIVED, at=at)
    return adopt_refund(refund_id=refund_id, answer=answer, at=at)
