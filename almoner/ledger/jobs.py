"""Background work of the ledger: talking to the card processor, and finding out what it did."""

from django.utils import timezone
from procrastinate.contrib.django import app

from almoner.ground import clock, outbox
from almoner.ground.models import Outgoing
from almoner.ledger import actions, queries

_OFTEN, _SELDOM, _MOST = 2, 10, 60
"""Seconds between looks at the start and later; looks before only the minute's round is left."""
_PATIENCE = 15


@outbox.delivers("card")
def deliver_card(item: Outgoing) -> str:
    """Ask the terminal, then look after the payment until it is known what became of it."""
    payment_id = int(item.payload["payment_id"])
    try:
        back = item.payload.get("back", "")
        return actions.send_card(payment_id=payment_id, at=clock.now(), back=back)
    finally:
        _look_again("ledger.follow_card", payment_id, looks=0)


@outbox.delivers("card_refund")
def deliver_refund(item: Outgoing) -> str:
    refund_id = int(item.payload["refund_id"])
    try:
        return actions.send_refund(refund_id=refund_id, at=clock.now())
    finally:
        _look_again("ledger.follow_refund", refund_id, looks=0)


def _look_again(task: str, row_id: int, *, looks: int) -> None:
    if looks < _MOST:
        seconds = _OFTEN if looks < _PATIENCE else _SELDOM
        app.configure_task(task, queue="cards", schedule_in={"seconds": seconds}).defer(
            row_id=row_id, looks=looks + 1
        )


@app.task(name="ledger.follow_card", queue="cards")
def follow_card(row_id: int, looks: int) -> None:
    """Look one card payment up; again soon while the customer is at the terminal."""
    payment = actions.resolve_card(payment_id=row_id, at=clock.now())
    if payment.state in queries.UNRESOLVED:
        _look_again("ledger.follow_card", row_id, looks=looks)


@app.task(name="ledger.follow_refund", queue="cards")
def follow_refund(row_id: int, looks: int) -> None:
    refund = actions.resolve_refund(refund_id=row_id, at=clock.now())
    if refund.state in queries.UNRESOLVED:
        _look_again("ledger.follow_refund", row_id, looks=looks)


@app.periodic(cron="20 * * * *")
@app.task(
    name="ledger.gather_cards", queue="cards", queueing_lock="ledger.gather", pass_context=False
)
def gather_cards(timestamp: int) -> None:  # noqa: ARG001 (procrastinate tells its time)
    """Each hour: the day's card payments that are over are one batch on its way to the bank."""
    now = clock.now()
    actions.gather_card_batches(today=timezone.localtime(now).date(), at=now)


@app.task(name="ledger.withdraw_card", queue="cards")
def withdraw_card(payment_id: int) -> None:
    """The officer gave up waiting: cancel at the processor, and believe what it answers."""
    actions.withdraw_card(payment_id=payment_id, at=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="ledger.resolve", queue="cards", queueing_lock="ledger.resolve", pass_context=False)
def resolve(timestamp: int) -> None:  # noqa: ARG001 (procrastinate tells a periodic task its time)
    """Each minute: find out about whatever was sent and never heard of again."""
    payments, refunds = queries.unresolved_ids()
    for payment_id in payments:
        actions.resolve_card(payment_id=payment_id, at=clock.now())
    for refund_id in refunds:
        actions.resolve_refund(refund_id=refund_id, at=clock.now())
