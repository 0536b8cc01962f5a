import json

import pytest

from almoner.edges import card
from almoner.ledger import actions
from almoner.ledger.models import Journal
from almoner.ledger.tests import make

pytestmark = pytest.mark.django_db


def test_webhooks_in_any_order_and_any_number_charge_once(ana, cy, processor):
    payment = make.deliver(make.card_payment(ana, cy, 2_509))
    order = ["COMPLETED", "IN_PROGRESS", "PENDING", "COMPLETED", "CANCELLED"]

    heard = [
        actions.hear(notice=make.notice(payment, status, f"evt-{number}"), at=make.NOON)
        for number, status in enumerate(order)
    ]
    again = actions.hear(notice=make.notice(payment, "COMPLETED", "evt-0"), at=make.NOON)

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


def test_a_notice_about_a_refund_settles_it_and_one_about_nobody_is_forgotten(ben, cy, processor):
    payment = make.completed_card(ben, cy, 5_000)
    row = make.deliver(
        actions.refund(
            officer=ben, payment_id=payment.pk, cents=2_009, reason="x", key="rn", at=make.NOON
        )
    )

    heard = actions.hear(notice=make.notice(row, "COMPLETED", "evt-r"), at=make.NOON)
    nobody = card.Answer("x", "no such key", card.Status.COMPLETED, 5)
    forgotten = actions.hear(notice=card.Notice("evt-n", "checkout.updated", nobody), at=make.NOON)

    row.refresh_from_db()
    assert (heard, forgotten, row.state) == (True, False, "completed")


def test_without_a_secret_no_notice_is_genuine():
    body = b"{}"
    signature = card.signature("url", body, "")

    assert not card.genuine(url="url", body=body, given=signature, secret="")
