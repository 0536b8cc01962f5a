"""Paying a co-pay by link: on the processor's page, once, and never on the browser's word."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest
from django.db import connection
from django.test import Client

from almoner.access.models import Officer
from almoner.coverage import actions as coverage
from almoner.coverage.tests import make as covered
from almoner.edges import card
from almoner.ground import clock
from almoner.ground.models import Event, Outgoing
from almoner.ledger import actions as ledger
from almoner.ledger import queries as money
from almoner.ledger.models import Payment
from almoner.ledger.tests import make as taking
from almoner.ledger.tests.conftest import TOKEN, start, stop
from almoner.patients.tests.make import patient as a_patient
from almoner.portal.tests.make import BORN, NOW, linked, path, says

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def running():
    process, processor = start()
    yield processor
    stop(process)


@pytest.fixture(autouse=True)
def processor(running, settings, monkeypatch):
    covered.organisation()
    settings.ADDRESS = "https://clinic.example"
    settings.CARD_PROCESSOR_URL = running.url
    settings.CARD_PROCESSOR_TOKEN = TOKEN
    settings.CARD_ANSWER_SECONDS = 2.5  # a busy machine answers late
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return running


def visit_of(cents=2_500):
    """A visit of Tuesday whose payer has answered that so much is to be collected."""
    cy = a_patient(birth_date=BORN)
    visit = linked(patient=cy)
    check = covered.check(covered.policy(cy), at=NOW, service_date=visit.local_day)
    copay = covered.Benefit("B", "IND", ("98",), period="27", cents=cents, network="Y")
    body = covered.answer_bytes(covered.ACTIVE, copay, born=BORN)
    coverage.settle_answer(check_id=check.pk, body=body, at=NOW + timedelta(seconds=2))
    return visit


def body(response):
    return response.content.decode()


def pay(phone, visit):
    return phone.post(path(visit, "pay/"))


def delivered():
    """What the outbox's job does: the processor is asked for its page."""
    item = Outgoing.objects.latest("id")
    ledger.send_card(payment_id=item.payload["payment_id"], at=NOW, back=item.payload["back"])
    return Payment.objects.get()


def press(payment, button):
    """The patient on the processor's page; where they are sent from there."""
    answer = httpx.post(payment.page_url, data={"button": button}, trust_env=False)
    return answer.headers["Location"]


def test_the_page_says_what_is_due_and_where_one_pays():
    visit = visit_of()

    page = body(says(visit).get(path(visit, "pay/")))

    assert "Your co-pay for this visit is $25.00." in page
    assert "We never see your card number" in page


def test_what_cannot_be_told_is_said_to_be_so():
    visit = linked()

    page = body(says(visit).get(path(visit, "pay/")))

    assert "We cannot tell yet" in page
    assert "Pay by card" not in page
    pay(says(visit), visit)
    assert not Payment.objects.exists()


def test_a_payment_is_made_on_the_processors_page_and_known_from_the_processor(processor):
    visit, before = visit_of(), processor.charges
    phone = says(visit)
    goes_on = pay(phone, visit).url
    assert Payment.objects.get().asked_by is None
    waiting = phone.get(path(visit, "pay/"))
    assert waiting["Refresh"].endswith("pay/?go=1")

    payment = delivered()
    there = phone.get(goes_on)
    assert there.url == payment.page_url  # also when it was there at once
    assert payment.page_url.startswith(processor.url)
    back = press(payment, "approve")
    assert back == f"https://clinic.example{path(visit, 'pay/')}?back=1"

    # The browser is back before we heard anything: its word counts for nothing.
    page = phone.get(path(visit, "pay/") + "?back=1")
    assert "do not pay twice" in body(page)
    assert page["Refresh"]
    assert Payment.objects.get().state == "sent"

    ledger.resolve_card(payment_id=payment.pk, at=NOW)
    page = body(phone.get(path(visit, "pay/") + "?back=1"))
    assert "You paid $25.00 by card, VISA" in page
    assert f"receipt.pdf?of={payment.pk}" in page
    assert "Pay by card" not in page
    assert processor.charges == before + 1
    assert money.visit_balances([visit.pk])[visit.pk].credit == 2_500
    assert Event.objects.get(kind="ledger.paid").data["by_patient"] is True


def test_who_pays_in_the_middle_of_check_in_goes_on_there(processor):
    visit = visit_of()
    phone, came = says(visit), f"{path(visit, 'pay/')}?from=check-in"
    assert f'href="{came}"' in body(phone.get(path(visit, "check-in/")))
    assert f'action="{came}"' in body(phone.get(came))

    goes_on = phone.post(came).url
    waits = phone.get(came)["Refresh"]
    back = press(delivered(), "approve")
    ledger.resolve_card(payment_id=Payment.objects.get().pk, at=NOW)

    assert goes_on.endswith("&from=check-in")
    assert waits.endswith("&from=check-in")
    page = body(phone.get(back.removeprefix("https://clinic.example")))
    assert "You paid $25.00 by card, VISA" in page
    assert f'primary" href="{path(visit, "check-in/")}#name_used"' in page
    elsewhere = body(phone.get(path(visit, "pay/") + "?back=1"))
    assert path(visit, "check-in/") not in elsewhere


def test_coming_back_without_having_paid_charges_nothing_and_may_be_tried_again(processor):
    visit, before = visit_of(), processor.charges
    phone = says(visit)
    pay(phone, visit)
    payment = delivered()
    press(payment, "cancel")
    ledger.resolve_card(payment_id=payment.pk, at=NOW)

    page = body(phone.get(path(visit, "pay/") + "?back=1"))

    assert "Nothing was charged" in page
    assert "Pay by card" in page
    assert processor.charges == before


def test_a_card_that_is_declined_is_said_to_be(processor):
    visit = visit_of(2_501)
    phone = says(visit)
    pay(phone, visit)
    press(delivered(), "approve")
    ledger.resolve_card(payment_id=Payment.objects.get().pk, at=NOW)

    assert "The card was declined" in body(phone.get(path(visit, "pay/")))


def test_pressing_twice_in_two_windows_is_one_payment(processor):
    visit = visit_of()
    one, other = says(visit), says(visit)

    for phone in (one, other, one):
        pay(phone, visit)

    assert Payment.objects.count() == 1


def test_while_a_payment_by_link_is_under_way_the_desk_cannot_charge_the_card_too():
    visit = visit_of()
    pay(says(visit), visit)
    asked = taking.taking(visit.patient, 2_500, visit_id=visit.pk, location=visit.location)

    with pytest.raises(ledger.Unresolved):
        ledger.ask_card(officer=Officer.objects.get(username="ana"), taking=asked, at=NOW)


def test_what_the_desk_took_meanwhile_is_not_asked_for_again():
    visit, ana = visit_of(), Officer.objects.get(username="ana")
    phone = says(visit)
    phone.get(path(visit, "pay/"))
    part = taking.taking(visit.patient, 1_000, visit_id=visit.pk, location=visit.location)
    ledger.take_check(officer=ana, taking=part, number="1", at=NOW)

    pay(phone, visit)

    assert Payment.objects.get(method="card").cents == 1_500


def test_an_answer_that_never_comes_leaves_a_page_that_says_nobody_knows(processor):
    visit = visit_of(2_503)
    phone = says(visit)
    pay(phone, visit)
    payment = Payment.objects.get()
    with pytest.raises(Exception, match="answer"):
        delivered()
    assert "We do not know yet" in body(phone.get(path(visit, "pay/")))
    pay(phone, visit)
    assert Payment.objects.count() == 1

    ledger.resolve_card(payment_id=payment.pk, at=NOW)

    payment.refresh_from_db()
    assert payment.state == "sent"
    assert payment.page_url.startswith(processor.url)


def test_a_request_that_got_lost_is_withdrawn_before_it_is_said_that_nothing_was_charged(processor):
    visit, before = visit_of(2_504), processor.charges
    phone = says(visit)
    pay(phone, visit)
    with pytest.raises(Exception, match="answer"):
        delivered()

    ledger.resolve_card(payment_id=Payment.objects.get().pk, at=NOW)

    assert Payment.objects.get().state == "failed"
    assert "Nothing was charged" in body(phone.get(path(visit, "pay/")))
    assert processor.charges == before


def test_a_page_left_open_is_closed_by_the_processor(processor):
    card.open_page(key="left-open", cents=900, reference="", back="https://x.example", seconds=0)

    assert card.look_up("left-open").status == "CANCELLED"


def test_only_a_web_page_is_a_place_to_send_somebody_to():
    said = {"id": 1, "idempotency_key": "k", "status": "PENDING", "amount": 1}

    assert card._answer(said | {"url": "javascript:alert(1)"}).page_url == ""
    assert card._answer(said | {"url": "https://pay.example/1"}).page_url == "https://pay.example/1"


def test_a_stranger_neither_sees_nor_pays():
    visit = visit_of()
    other = linked(starts_at=visit.starts_at + timedelta(hours=3))
    stranger = says(other)
    stranger.cookies["visit"]["path"] = ""
    pay(says(visit), visit)
    delivered()

    for somebody in (Client(), stranger):
        page = somebody.get(path(visit, "pay/"), follow=True)
        assert "$25.00" not in body(page)
        assert "/pay/" not in body(page)
        assert pay(somebody, visit).status_code == 302
    assert Payment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_taps_at_once_ask_for_one_page():
    visit = visit_of()
    phones = [says(visit) for _ in range(4)]

    def tap(phone):
        try:
            return pay(phone, visit).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(tap, phones)) == {302}

    assert Payment.objects.count() == 1
    assert Outgoing.objects.filter(channel="card").count() == 1
