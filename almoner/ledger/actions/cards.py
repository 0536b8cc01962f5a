"""What becomes of a card payment after the officer asked for it.

``asked`` → ``sent`` → ``completed``, ``declined``, ``cancelled`` or ``failed``; ``unknown`` when we
sent it and heard nothing. Every function here may run twice and in any order: the key at the
processor, the row's lock and the journal's name each make the money move once.
"""

from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.edges import card
from almoner.edges.card import Answer, Status
from almoner.ground import outbox
from almoner.ground.words import gettext_noop
from almoner.ledger.actions.payments import CHANNEL, post_payment, tell
from almoner.ledger.actions.refunds import adopt_refund
from almoner.ledger.models import CardNotice, Payment, Refund

State = Payment.State
UNRESOLVED = frozenset({State.ASKED, State.SENT, State.UNKNOWN})
_UNSENT = gettext_noop("The card processor was not reached. Nothing was charged.")
_NEVER_SENT = gettext_noop("It was never sent to the processor. Nothing was charged.")
_NEVER_ARRIVED = gettext_noop("The processor never received it. Nothing was charged.")
_OTHER_AMOUNT = gettext_noop(
    "The processor speaks of another amount. Compare its report before going on."
)
ENDS = {
    Status.DECLINED: State.DECLINED,
    Status.CANCELLED: State.CANCELLED,
    Status.FAILED: State.FAILED,
}


def send_card(*, payment_id: int, at: datetime, back: str = "") -> str:
    """Let the terminal, or a page of the processor's, ask the customer; its name for it there.

    Called by the outbox, outside of any transaction. Raises outbox.Refused when nothing was
    charged and outbox.OutcomeUnknown when nobody knows; the payment then says the same.
    """
    payment = _take_over(payment_id, at=at)
    try:
        answer = _asked_for(payment, back=back)
    except (card.NotReached, card.Refused) as error:
        said = _UNSENT if isinstance(error, card.NotReached) else str(error)
        _end(payment_id, State.FAILED, trouble=said, at=at)
        raise outbox.Refused(said) from error
    except card.OutcomeUnknown as error:
        _doubt(payment_id, trouble=str(error), at=at)
        raise outbox.OutcomeUnknown(str(error)) from error
    adopt(payment_id=payment_id, answer=answer, at=at)
    return answer.id


PAGE_OPEN = 30 * 60
"""Seconds a page to pay on stays open at the processor: as long as a link lets somebody in."""


def _asked_for(payment: Payment, *, back: str) -> Answer:
    facts = {"key": payment.key, "reference": f"payment {payment.pk}"}
    if payment.asked_by_id is None:
        return card.open_page(cents=payment.cents, back=back, seconds=PAGE_OPEN, **facts)
    return card.charge(cents=payment.cents, device=payment.location.short_name, **facts)


@transaction.atomic
def _take_over(payment_id: int, *, at: datetime) -> Payment:
    """Committed before the first byte is sent: a crash from here on leaves ``sent``."""
    payment = (
        Payment.objects.select_for_update(of=("self",))
        .select_related("location")
        .get(pk=payment_id)
    )
    if payment.state != State.ASKED:
        message = f"payment {payment_id} is {payment.state}"
        raise outbox.Refused(message)
    payment.state, payment.sent_at = State.SENT, at
    payment.save(update_fields=["state", "sent_at"])
    return payment


@transaction.atomic
def adopt(*, payment_id: int, answer: Answer, at: datetime) -> Payment:
    """Believe what the processor says of this payment. The same news twice changes nothing.

    A completed charge is believed whatever we thought before: the money has moved. Another final
    state is believed while ours is open. An answer about another amount settles nothing.
    """
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    if payment.state == State.COMPLETED:
        return payment
    if answer.status == Status.COMPLETED:
        if answer.cents != payment.cents:
            return _doubt(payment_id, trouble=_OTHER_AMOUNT, at=at)
        return _complete(payment, answer, at=at)
    if payment.state not in UNRESOLVED:
        return payment
    if answer.status in ENDS:
        return _end(payment_id, ENDS[answer.status], trouble=answer.trouble, at=at)
    payment.state, payment.checkout_id, payment.trouble = State.SENT, answer.id, ""
    payment.page_url = answer.page_url if payment.asked_by_id is None else ""
    payment.save(update_fields=["state", "checkout_id", "trouble", "page_url"])
    return payment


def _complete(payment: Payment, answer: Answer, *, at: datetime) -> Payment:
    payment.state, payment.settled_at, payment.trouble = State.COMPLETED, at, ""
    payment.checkout_id, payment.processor_payment_id = answer.id, answer.payment_id
    payment.card_brand, payment.card_last_four = answer.brand, answer.last_four
    payment.save()
    post_payment(payment, at=at, by=None)
    return payment


@transaction.atomic
def _end(
    payment_id: int,
    state: Payment.State,
    *,
    trouble: str,
    at: datetime,
    only: Payment.State | None = None,
) -> Payment:
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    if payment.state in ({only} if only else UNRESOLVED):
        payment.state, payment.trouble, payment.settled_at = state, trouble, at
        payment.save(update_fields=["state", "trouble", "settled_at"])
        tell(f"ledger.card_{state.value}", payment, at=at, by=None, trouble=trouble)
    return payment


@transaction.atomic
def _doubt(payment_id: int, *, trouble: str, at: datetime) -> Payment:
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    if payment.state in {State.SENT, State.UNKNOWN} and payment.trouble != trouble:
        payment.state, payment.trouble = State.UNKNOWN, trouble
        payment.save(update_fields=["state", "trouble"])
        tell("ledger.card_unknown", payment, at=at, by=None, trouble=trouble)
    return payment


def resolve_card(*, payment_id: int, at: datetime) -> Payment:
    """Find out what became of a card payment: look its key up at the processor.

    When the processor never heard of the key, the key is cancelled there first, so that a request
    still on its way charges nobody; only then does the payment say that nothing was charged.
    Called by jobs, outside of any transaction. When the processor cannot be asked, the payment
    stays as it was and says so.
    """
    payment = Payment.objects.get(pk=payment_id)
    if payment.state == State.ASKED and outbox.given_up(CHANNEL, payment.key):
        # The worker died before it took the payment over, which it does before the first byte.
        return _end(payment_id, State.FAILED, trouble=_NEVER_SENT, at=at, only=State.ASKED)
    if payment.state not in {State.SENT, State.UNKNOWN}:
        return payment
    try:
        answer = card.look_up(payment.key)
        never_arrived = answer is None
        if answer is None:
            answer = card.cancel(payment.key)
    except card.CardError as error:
        return _doubt(payment_id, trouble=str(error), at=at)
    if never_arrived and answer.status == Status.CANCELLED:
        return _end(payment_id, State.FAILED, trouble=_NEVER_ARRIVED, at=at)
    return adopt(payment_id=payment_id, answer=answer, at=at)


@transaction.atomic
def give_up_card(*, officer: Officer, payment_id: int, at: datetime) -> Payment:
    """The officer cancels. What was not yet sent ends here; else a job asks the processor.

    Raises PermissionDenied or Payment.DoesNotExist.
    """
    require(officer, "ledger.take_payment")
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    if payment.state == State.ASKED:
        payment.state, payment.settled_at = State.CANCELLED, at
        payment.save(update_fields=["state", "settled_at"])
        tell("ledger.card_cancelled", payment, at=at, by=officer)
    elif payment.state in UNRESOLVED:
        app.configure_task("ledger.withdraw_card", queue="cards").defer(payment_id=payment_id)
    return payment


def look_now(*, officer: Officer, payment_id: int) -> bool:
    """Let a job look this payment up at the processor now; False when it is settled already.

    Raises PermissionDenied or Payment.DoesNotExist.
    """
    require(officer, "ledger.take_payment")
    if Payment.objects.get(pk=payment_id).state not in UNRESOLVED:
        return False
    app.configure_task("ledger.follow_card", queue="cards").defer(row_id=payment_id, looks=0)
    return True


def withdraw_card(*, payment_id: int, at: datetime) -> Payment:
    """Cancel at the processor by key and believe its answer: it may be too late."""
    payment = Payment.objects.get(pk=payment_id)
    if payment.state not in {State.SENT, State.UNKNOWN}:
        return payment
    try:
        answer = card.cancel(payment.key)
    except card.CardError as error:
        return _doubt(payment_id, trouble=str(error), at=at)
    return adopt(payment_id=payment_id, answer=answer, at=at)


@transaction.atomic
def hear(*, notice: card.Notice, at: datetime) -> bool:
    """A genuine webhook; False when it was heard before or is about nothing of ours.

    The event is remembered in the same transaction: heard twice, it acts once.
    """
    _, new = CardNotice.objects.get_or_create(event_id=notice.event_id, defaults={"heard_at": at})
    if not new:
        return False
    if refund := Refund.objects.filter(key=notice.answer.key).first():
        adopt_refund(refund_id=refund.pk, answer=notice.answer, at=at)
        return True
    payment = Payment.objects.filter(key=notice.answer.key).first()
    if payment is None:
        return False
    adopt(payment_id=payment.pk, answer=notice.answer, at=at)
    return True
