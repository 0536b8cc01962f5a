"""Payments that turned out to be none: a check the bank returned, an entry made by mistake.

What was written stays written: the payment's journal is reversed by another, and a row says why.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.ground.constraints import violated
from almoner.ledger import queries, rules
from almoner.ledger.actions.journals import mirror, post
from almoner.ledger.actions.payments import (
    AmountRefused,
    PaymentRefused,
    local_day,
    post_payment,
    tell,
)
from almoner.ledger.actions.refunds import DrawerShort
from almoner.ledger.models import Deposit, Drawer, Journal, Payment, Undoing
from almoner.ledger.rules import Kind, Line, Method

LARGEST_FEE = 100_00
"""Cents beyond which somebody has mistyped the fee for a returned check."""
State = Payment.State


class AlreadyUndone(PaymentRefused):
    """This payment was undone before, or was never completed."""


class NotACheck(PaymentRefused):
    """Only a check can be returned by the bank."""


class CardWasCharged(PaymentRefused):
    """The card was charged: money goes back by a refund, not by undoing the entry."""


class PartGivenBack(PaymentRefused):
    """Some of it was given back already: what was paid was real."""


class InDeposit(PaymentRefused):
    """The check lies in a deposit: take that apart first, or say that it was brought."""


class AtTheBank(PaymentRefused):
    """The check was brought to the bank: it was real. The bank may still return it."""


class SamePatient(PaymentRefused):
    """It already stands with that patient."""


@transaction.atomic
def bounce_check(
    *, officer: Officer, payment_id: int, fee_cents: int, reason: str, at: datetime
) -> Undoing:
    """The bank returned a check: the patient owes again, and the fee, when there is one, besides.

    Raises Payment.DoesNotExist, PermissionDenied or PaymentRefused (AlreadyUndone, NotACheck,
    InDeposit, AmountRefused); then nothing was written.
    """
    payment = _held(officer, payment_id)
    if payment.method != Method.CHECK:
        raise NotACheck
    if not 0 <= fee_cents <= LARGEST_FEE:
        raise AmountRefused
    brought = payment.deposit and payment.deposit.state == Deposit.State.BROUGHT
    if payment.deposit and not brought:
        raise InDeposit
    undoing = _undo(
        payment, State.BOUNCED, officer=officer, reason=reason, at=at,
        kind=Undoing.Kind.BOUNCED, fee_cents=fee_cents,
    )  # fmt: skip
    if brought:
        returned = rules.returned_by_bank(
            payment.cents, patient_id=payment.patient_id, visit_id=payment.visit_id
        )
        _post(payment, "returned", Kind.RETURNED, returned, officer=officer, at=at)
    charged = rules.fee(fee_cents, patient_id=payment.patient_id)
    _post(payment, "fee", Kind.FEE, charged, officer=officer, at=at, memo=reason)
    _owe_spent_credit(payment, officer=officer, at=at)
    tell("ledger.check_returned", payment, at=at, by=officer, reason=reason, fee_cents=fee_cents)
    return undoing


@transaction.atomic
def undo_payment(*, officer: Officer, payment_id: int, reason: str, at: datetime) -> Undoing:
    """Cash or a check that was never given: the entry was a mistake.

    Cash leaves what its drawer should hold; when that was counted and closed, what it lacked then
    is explained now. Raises Payment.DoesNotExist, PermissionDenied or PaymentRefused
    (AlreadyUndone, CardWasCharged, PartGivenBack, InDeposit, AtTheBank; DrawerShort when that much
    left the drawer since, so that it must have been there).
    """
    payment = _held(officer, payment_id)
    if payment.method == Method.CARD:
        raise CardWasCharged
    if payment.refunded_cents:
        raise PartGivenBack
    if payment.deposit:
        raise AtTheBank if payment.deposit.state == Deposit.State.BROUGHT else InDeposit
    drawer = _drawer(payment)
    closed = drawer is not None and drawer.state == Drawer.State.CLOSED
    if drawer and not closed and queries.drawer_balance(drawer.pk) < payment.cents:
        raise DrawerShort
    undoing = _undo(
        payment, State.UNDONE, officer=officer, reason=reason, at=at, kind=Undoing.Kind.MISTAKEN
    )
    if drawer and closed:
        lines = rules.never_in_drawer(payment.cents, drawer_id=drawer.pk)
        _post(payment, "drawer", Kind.ADJUSTMENT, lines, officer=officer, at=at, memo=reason)
    _owe_spent_credit(payment, officer=officer, at=at)
    tell("ledger.payment_undone", payment, at=at, by=officer, reason=reason)
    return undoing


@transaction.atomic
def move_payment(
    *, officer: Officer, payment_id: int, patient_id: int, reason: str, at: datetime
) -> Undoing:
    """The money is real and was another patient's: it pays what that patient owes, oldest first.

    It stays where it is (drawer, deposit, processor); only whose it was changes. Raises
    Payment.DoesNotExist, PermissionDenied or PaymentRefused (AlreadyUndone, PartGivenBack,
    SamePatient).
    """
    payment = _held(officer, payment_id)
    if payment.refunded_cents:
        raise PartGivenBack
    if payment.patient_id == patient_id:
        raise SamePatient
    moved = _copy_for(payment, patient_id, officer=officer, at=at)
    undoing = _undo(
        payment, State.UNDONE, officer=officer, reason=reason, at=at,
        kind=Undoing.Kind.MOVED, moved_to=moved,
    )  # fmt: skip
    post_payment(moved, at=at, by=officer)
    _owe_spent_credit(payment, officer=officer, at=at)
    tell("ledger.payment_moved", payment, at=at, by=officer, reason=reason)
    return undoing


def _held(officer: Officer, payment_id: int) -> Payment:
    """The payment, while nobody else may refund, deposit or undo it."""
    require(officer, "ledger.undo_payment")
    # Locked alone: what is joined to a row that had to be waited for is as it was before the wait,
    # and a check would seem to be in no deposit.
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    if payment.state != State.COMPLETED:
        raise AlreadyUndone
    queries.lock_patient(payment.patient_id)
    return payment


def _drawer(payment: Payment) -> Drawer | None:
    """The drawer the cash went into, held: it is not closed while we look whether it is."""
    return Drawer.objects.select_for_update().filter(pk=payment.drawer_id or 0).first()


def _copy_for(payment: Payment, patient_id: int, *, officer: Officer, at: datetime) -> Payment:
    moved = Payment.objects.create(
        key=f"moved-{payment.pk}",
        patient_id=patient_id,
        location=payment.location,
        method=payment.method,
        cents=payment.cents,
        state=State.COMPLETED,
        drawer_id=payment.drawer_id,
        tendered_cents=payment.tendered_cents,
        check_number=payment.check_number,
        deposit=payment.deposit,
        processor_payment_id=payment.processor_payment_id,
        card_brand=payment.card_brand,
        card_last_four=payment.card_last_four,
        asked_at=at,
        asked_by=officer,
        settled_at=payment.settled_at,
    )
    payment.deposit = None
    return moved


def _undo(
    payment: Payment,
    state: Payment.State,
    *,
    officer: Officer,
    reason: str,
    at: datetime,
    **facts: object,
) -> Undoing:
    journal = Journal.objects.get(source="payment", external_id=payment.key)
    reversal = mirror(
        journal_id=journal.pk,
        source="payment.undone",
        external_id=payment.key,
        reason=reason,
        effective_date=local_day(payment.location, at),
        at=at,
        by=officer,
    )
    payment.state = state
    payment.save(update_fields=["state", "deposit"])
    try:
        with transaction.atomic():
            return Undoing.objects.create(
                payment=payment, reason=reason, journal_id=reversal.journal_id, at=at, by=officer,
                **facts,
            )  # fmt: skip
    except IntegrityError as error:
        if violated(error, "payment_undone_once"):
            raise AlreadyUndone from error
        raise


def _owe_spent_credit(payment: Payment, *, officer: Officer, at: datetime) -> None:
    """What was paid ahead with this payment, and used since, is owed again."""
    spent = queries.overdrawn_by(payment.patient_id)
    lines = rules.overdrawn(patient_id=payment.patient_id, spent=spent)
    _post(payment, "credit", Kind.TRANSFER, lines, officer=officer, at=at)


def _post(
    payment: Payment,
    what: str,
    kind: Kind,
    lines: Iterable[Line],
    *,
    officer: Officer,
    at: datetime,
    memo: str = "",
) -> None:
    body = list(lines)
    if body:
        post(
            kind=kind,
            source=f"payment.undone.{what}",
            external_id=payment.key,
            lines=body,
            effective_date=local_day(payment.location, at),
            at=at,
            by=officer,
            memo=memo,
        )
