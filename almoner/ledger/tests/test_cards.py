import json

import pytest
from django.core.exceptions import PermissionDenied

from almoner.access.tests import make as access_make
from almoner.edges import card
from almoner.ground import outbox
from almoner.ground.models import Event, Outgoing
from almoner.ledger import actions, jobs, queries
from almoner.ledger.actions import cards
from almoner.ledger.models import Journal, Payment
from almoner.ledger.rules import Account
from almoner.ledger.tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return access_make.officer("ana", location=make.location())


@pytest.fixture
def ben():
    return access_make.officer("ben", roles=("biller", "officer"), location=make.location())


@pytest.fixture
def cy():
    return make.patient()


def taken():
    return queries.account_balances().get(Account.CARD_CLEARING, 0)


def test_a_card_is_charged_once_and_the_money_is_in_the_ledger(ana, cy, processor):
    before = processor.charges

    payment = make.completed_card(ana, cy, 2_500)

    assert payment.state == "completed"
    assert payment.card_brand == "VISA"
    assert len(payment.card_last_four) == 4
    assert processor.charges == before + 1
    assert taken() == 2_500
    assert queries.balance_of(cy.pk).credit == 2_500
    assert Event.objects.filter(kind="ledger.paid", patient_id=cy.pk).count() == 1


def test_the_payment_and_its_key_are_written_before_the_processor_hears_of_it(ana, cy):
    payment = make.card_payment(ana, cy)

    assert payment.state == "asked"
    assert Outgoing.objects.get().key == payment.key


@pytest.mark.parametrize(
    ("cents", "outcome"),
    [
        (2_501, ("declined", "insufficient funds")),
        (2_502, ("cancelled", "the customer cancelled")),
    ],
)
def test_a_card_that_is_not_taken_moves_no_money(ana, cy, processor, cents, outcome):
    payment = make.completed_card(ana, cy, cents)

    assert (payment.state, payment.trouble) == outcome
    assert taken() == 0


@pytest.mark.parametrize("cents", [2_503, 2_505, 2_510])
def test_money_taken_without_an_answer_is_unknown_until_it_is_looked_up(ana, cy, processor, cents):
    before = processor.charges

    payment = make.deliver(make.card_payment(ana, cy, cents))
    unknown = payment.state
    with pytest.raises(actions.Unresolved):
        make.card_payment(ana, cy, cents)
    payment = make.settled(payment)

    assert unknown == "unknown"
    assert Outgoing.objects.get().state == Outgoing.State.UNKNOWN
    assert payment.state == "completed"
    assert processor.charges == before + 1
    assert taken() == cents


def test_a_request_that_never_arrived_is_cancelled_before_anybody_says_so(ana, cy, processor):
    payment = make.deliver(make.card_payment(ana, cy, 2_504))
    unknown = payment.state

    payment = make.settled(payment)
    late = card.charge(key=payment.key, cents=2_500, reference="", device="")

    assert (unknown, payment.state) == ("unknown", "failed")
    assert "Nothing was charged" in payment.trouble
    assert late.status == card.Status.CANCELLED
    assert taken() == 0


def test_when_the_processor_cannot_be_reached_nothing_was_charged(ana, cy, settings):
    settings.CARD_PROCESSOR_URL = "http://127.0.0.1:9"

    payment = make.deliver(make.card_payment(ana, cy))

    assert payment.state == "failed"
    assert "Nothing was charged" in payment.trouble
    assert Outgoing.objects.get().state == Outgoing.State.FAILED


def test_an_outage_at_the_processor_leaves_the_outcome_unknown_and_later_resolves(
    ana, cy, processor
):
    processor.outage(0.6)

    payment = make.deliver(make.card_payment(ana, cy))
    first = payment.state
    payment = make.settled(payment)

    assert (first, payment.state) == ("unknown", "failed")


def test_a_worker_that_dies_after_sending_leaves_a_payment_that_is_found_again(
    ana, cy, processor, monkeypatch
):
    payment = make.card_payment(ana, cy)

    def die(**_):
        raise KeyboardInterrupt

    monkeypatch.setattr(cards, "adopt", die)
    with pytest.raises(KeyboardInterrupt):
        actions.send_card(payment_id=payment.pk, at=make.NOON)
    monkeypatch.undo()
    payment.refresh_from_db()
    crashed = payment.state
    with pytest.raises(outbox.Refused):
        actions.send_card(payment_id=payment.pk, at=make.NOON)
    payment = make.settled(payment)

    assert (crashed, payment.state) == ("sent", "completed")
    assert taken() == payment.cents


def test_the_same_page_sent_twice_is_one_payment(ana, cy):
    first = make.card_payment(ana, cy, key="page")
    second = make.card_payment(ana, cy, key="page")

    assert first == second
    assert Outgoing.objects.count() == 1


@pytest.mark.parametrize("other", [{"cents": 2_600}, {"visit_id": 8}, {"for_item": "statement:1"}])
def test_the_same_page_with_other_facts_is_refused(ana, cy, other):
    make.card_payment(ana, cy, key="page")

    with pytest.raises(actions.KeyReused):
        make.card_payment(ana, cy, **{"cents": 2_500, "key": "page"} | other)


def test_a_second_officer_is_told_the_co_pay_was_just_paid(ana, ben, cy, processor):
    make.completed_card(ana, cy, seen=0)

    with pytest.raises(actions.JustPaid) as refused:
        make.card_payment(ben, cy, seen=0)
    again = make.card_payment(ben, cy, seen=refused.value.payment.pk)

    assert refused.value.payment.asked_by == ana
    assert again.state == "asked"


def test_an_officer_gives_up_before_anything_was_sent(ana, cy, processor):
    before = processor.charges
    payment = make.card_payment(ana, cy)

    actions.give_up_card(officer=ana, payment_id=payment.pk, at=make.NOON)
    payment = make.deliver(payment)

    assert payment.state == "cancelled"
    assert processor.charges == before


def test_an_officer_gives_up_while_the_customer_searches_for_the_card(ana, cy, processor):
    payment = make.deliver(make.card_payment(ana, cy, 2_509))

    payment = actions.give_up_card(officer=ana, payment_id=payment.pk, at=make.NOON)
    asked = payment.state
    payment = actions.withdraw_card(payment_id=payment.pk, at=make.NOON)

    assert (asked, payment.state) == ("sent", "cancelled")


def test_giving_up_too_late_takes_the_money_into_the_books(ana, cy, processor):
    payment = make.deliver(make.card_payment(ana, cy, 2_509))
    processor.press(payment.key, "approve")

    payment = actions.withdraw_card(payment_id=payment.pk, at=make.NOON)

    assert payment.state == "completed"
    assert taken() == 2_509


def answer(payment, status, **facts):
    return card.Answer(
        id="checkout-9",
        key=payment.key,
        status=card.Status(status),
        cents=facts.pop("cents", payment.cents),
        payment_id="pay-9",
        **facts,
    )


def test_another_amount_than_asked_settles_nothing(ana, cy, processor):
    payment = make.deliver(make.card_payment(ana, cy, 2_509))

    payment = actions.adopt(
        payment_id=payment.pk, answer=answer(payment, "COMPLETED", cents=1), at=make.NOON
    )

    assert payment.state == "unknown"
    assert "another amount" in payment.trouble
    assert taken() == 0


def test_money_that_moved_after_all_is_believed_over_what_we_said_before(ana, cy, processor):
    payment = make.completed_card(ana, cy, 2_501)

    payment = actions.adopt(
        payment_id=payment.pk, answer=answer(payment, "COMPLETED"), at=make.NOON
    )

    assert payment.state == "completed"
    assert taken() == 2_501


def notice(payment, status, event_id="evt-1"):
    return card.Notice(event_id, "checkout.updated", answer(payment, status))


def test_webhooks_in_any_order_and_any_number_charge_once(ana, cy, processor):
    payment = make.deliver(make.card_payment(ana, cy, 2_509))
    order = ["COMPLETED", "IN_PROGRESS", "PENDING", "COMPLETED", "CANCELLED"]

    heard = [
        actions.hear(notice=notice(payment, status, f"evt-{number}"), at=make.NOON)
        for number, status in enumerate(order)
    ]
    again = actions.hear(notice=notice(payment, "COMPLETED", "evt-0"), at=make.NOON)

    payment.refresh_from_db()
    assert heard == [True] * 5
    assert again is False
    assert payment.state == "completed"
    assert Journal.objects.filter(source="payment").count() == 1


def signed(client, body, signature=None):
    raw = json.dumps(body).encode()
    mark = signature or card.signature("http://127.0.0.1:8000/money/card-notices/", raw, "a secret")
    return client.post(
        "/money/card-notices/",
        raw,
        content_type="application/json",
        headers={card.SIGNATURE: mark},
    )


def hook(payment, status):
    return {
        "event_id": "evt-7",
        "type": "checkout.updated",
        "data": {
            "id": "checkout-9",
            "idempotency_key": payment.key,
            "status": status,
            "amount": payment.cents,
            "payment_id": "pay-9",
        },
    }


def test_a_signed_webhook_settles_the_payment(client, ana, cy, processor):
    payment = make.deliver(make.card_payment(ana, cy, 2_509))

    response = signed(client, hook(payment, "COMPLETED"))

    payment.refresh_from_db()
    assert response.status_code == 200
    assert payment.state == "completed"


@pytest.mark.parametrize("signature", ["forged", "é", "AAAA"])
def test_a_forged_webhook_is_refused_and_changes_nothing(client, ana, cy, processor, signature):
    payment = make.deliver(make.card_payment(ana, cy, 2_509))

    response = signed(client, hook(payment, "COMPLETED"), signature)

    payment.refresh_from_db()
    assert response.status_code == 403
    assert payment.state == "sent"


def test_a_signed_webhook_that_makes_no_sense_is_refused(client, processor):
    assert signed(client, {"event_id": "evt-1"}).status_code == 400


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


def test_the_minutes_round_finds_what_everybody_forgot(ana, cy, processor):
    payment = make.deliver(make.card_payment(ana, cy, 2_503))

    jobs.resolve(timestamp=0)

    assert Payment.objects.get(pk=payment.pk).state == "completed"
