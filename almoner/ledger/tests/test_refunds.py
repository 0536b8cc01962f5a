import pytest
from django.core.exceptions import PermissionDenied

from almoner.ground import outbox
from almoner.ledger import actions, jobs, queries
from almoner.ledger.models import Payment
from almoner.ledger.rules import Account
from almoner.ledger.tests import make

pytestmark = pytest.mark.django_db


def taken():
    return queries.account_balances().get(Account.CARD_CLEARING, 0)


def test_part_of_a_card_payment_is_given_back_and_never_more_than_it_was(ben, cy, processor):
    payment = make.completed_card(ben, cy, 5_000)
    give = {"officer": ben, "payment_id": payment.pk, "reason": "paid twice", "at": make.NOON}

    first = make.settled(make.deliver(actions.refund(**give, cents=2_000, key="r1")))
    second = make.settled(make.deliver(actions.refund(**give, cents=3_000, key="r2")))
    with pytest.raises(actions.RefundTooHigh):
        actions.refund(**give, cents=1, key="r3")

    assert (first.state, second.state) == ("completed", "completed")
    assert actions.refund(**give, cents=2_000, key="r1") == first
    assert taken() == 0
    assert queries.balance_of(cy.pk) == queries.Balance()


def test_a_refund_the_processor_turns_down_is_taken_back(ben, cy, processor):
    payment = make.completed_card(ben, cy, 5_000)
    row = actions.refund(
        officer=ben, payment_id=payment.pk, cents=2_001, reason="x", key="r4", at=make.NOON
    )
    promised = queries.balance_of(cy.pk)

    row = make.settled(make.deliver(row))

    payment.refresh_from_db()
    assert (row.state, payment.refunded_cents) == ("failed", 0)
    assert (promised.credit, promised.refund) == (2_999, 2_001)
    assert queries.balance_of(cy.pk) == queries.Balance(credit=5_000)


@pytest.mark.parametrize(("cents", "state"), [(2_003, "completed"), (2_004, "failed")])
def test_a_refund_without_an_answer_is_found_out_before_another_is_given(
    ben, cy, processor, cents, state
):
    payment = make.completed_card(ben, cy, 5_000)
    give = {"officer": ben, "payment_id": payment.pk, "reason": "x", "at": make.NOON}
    row = make.deliver(actions.refund(**give, cents=cents, key=f"r-{cents}"))
    unknown = row.state

    with pytest.raises(actions.RefundWaiting):
        actions.refund(**give, cents=100, key="another")
    row = make.settled(row)

    assert (unknown, row.state) == ("unknown", state)
    assert queries.balance_of(cy.pk).credit == (5_000 if state == "failed" else 5_000 - cents)


def test_an_officer_of_the_desk_gives_nothing_back(ana, ben, cy, processor):
    payment = make.completed_card(ben, cy)

    with pytest.raises(PermissionDenied):
        actions.refund(
            officer=ana, payment_id=payment.pk, cents=1, reason="x", key="k", at=make.NOON
        )


@pytest.fixture
def promised(ben, cy, processor):
    """A card refund of $20.09 that waits at the processor."""
    payment = make.completed_card(ben, cy, 5_000)
    return make.deliver(
        actions.refund(
            officer=ben,
            payment_id=payment.pk,
            cents=2_009,
            reason="x",
            key=f"of-{payment.key}",
            at=make.NOON,
        )
    )


def test_a_refund_of_another_amount_settles_nothing(promised):
    row = actions.adopt_refund(
        refund_id=promised.pk, answer=make.answer(promised, "COMPLETED", cents=1), at=make.NOON
    )

    assert row.state == "unknown"


def test_a_refund_nobody_can_ask_about_is_unknown_until_somebody_can(promised, processor, settings):
    settings.CARD_PROCESSOR_URL = "http://127.0.0.1:9"
    unknown = actions.resolve_refund(refund_id=promised.pk, at=make.NOON).state
    settings.CARD_PROCESSOR_URL = processor.url
    processor.press(promised.key, "approve")

    row = make.settled(promised)
    again = actions.resolve_refund(refund_id=row.pk, at=make.NOON)

    assert (unknown, row.state, again.state) == ("unknown", "completed", "completed")
    late = actions.adopt_refund(refund_id=row.pk, answer=make.answer(row, "DECLINED"), at=make.NOON)
    assert late.state == "completed"


def test_a_refund_that_reached_nobody_takes_its_promise_back(ben, cy, processor, settings):
    payment = make.completed_card(ben, cy, 5_000)
    settings.CARD_PROCESSOR_URL = "http://127.0.0.1:9"

    row = make.deliver(
        actions.refund(
            officer=ben, payment_id=payment.pk, cents=2_000, reason="x", key="ru", at=make.NOON
        )
    )

    assert row.state == "failed"
    assert "Nothing was given back" in row.trouble
    assert queries.balance_of(cy.pk) == queries.Balance(credit=5_000)


def test_a_refund_is_sent_once(promised):
    with pytest.raises(outbox.Refused):
        actions.send_refund(refund_id=promised.pk, at=make.NOON)


def test_the_worker_follows_refunds_and_withdrawals_too(promised, ana, processor):
    payment = make.deliver(make.card_payment(ana, make.patient(), 2_509))

    jobs.follow_refund(row_id=promised.pk, looks=1)
    jobs.withdraw_card(payment_id=payment.pk)
    processor.press(promised.key, "approve")
    jobs.resolve(timestamp=0)

    promised.refresh_from_db()
    assert Payment.objects.get(pk=payment.pk).state == "cancelled"
    assert promised.state == "completed"
