"""Paying a bill in an account: on the processor's page, whole or in part, once; and receipts."""

import httpx
import pytest
from django.core.cache import cache
from django.urls import reverse

from almoner.access.models import Officer
from almoner.billing import actions as billing
from almoner.billing import reactions
from almoner.billing.models import Statement
from almoner.billing.tests import make as owing
from almoner.ground import clock
from almoner.ground.models import Event, Outgoing
from almoner.ledger import actions as ledger
from almoner.ledger import queries as money
from almoner.ledger import rules as shapes
from almoner.ledger.models import Payment
from almoner.ledger.tests import make as taking
from almoner.ledger.tests.conftest import TOKEN, start, stop
from almoner.portal.queries import acting_for
from almoner.portal.rules.accounts import Kind
from almoner.portal.tests.joining import account, body, patient
from almoner.scheduling.models import Appointment

pytestmark = pytest.mark.django_db
NOW = owing.LATER


@pytest.fixture(scope="module")
def running():
    process, processor = start()
    yield processor
    stop(process)


@pytest.fixture(autouse=True)
def processor(running, settings, monkeypatch):
    cache.clear()
    settings.ADDRESS = "https://clinic.example"
    settings.CARD_PROCESSOR_URL = running.url
    settings.CARD_PROCESSOR_TOKEN = TOKEN
    settings.CARD_ANSWER_SECONDS = 2.5  # a busy machine answers late
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return running


def billed(cents=3_000):
    """Somebody whose claim was answered, and the statement of their part."""
    claim = owing.sent(patient())
    answer = owing.answer(claim, (("PR", "1", cents),), ())
    owing.post(owing.era(answer, envelope=claim.pk, trace=f"EFT{claim.pk}"))
    person = claim.patient
    return person, billing.issue_statement(officer=owing.biller(), patient_id=person.pk, at=NOW)


def page_of(bill):
    return reverse("my_bill", args=[bill.number])


def pays(client, bill, amount="30.00"):
    return client.post(page_of(bill), {"amount": amount})


def delivered():
    item = Outgoing.objects.filter(channel="card").latest("id")
    ledger.send_card(payment_id=item.payload["payment_id"], at=NOW, back=item.payload["back"])
    return Payment.objects.latest("id")


def approve(payment):
    answer = httpx.post(payment.page_url, data={"button": "approve"}, trust_env=False)
    ledger.resolve_card(payment_id=payment.pk, at=NOW)
    return answer.headers["Location"]


def heard():
    """What the job does that follows a payment."""
    reactions.close_statements(Event.objects.filter(kind="ledger.paid").latest("id"))


def test_the_whole_bill_is_paid_on_the_processors_page_and_closed(processor):
    person, bill = billed()
    client, _secret = account(person)
    assert "You owe $30.00 now." in body(client.get(page_of(bill)))
    before = processor.charges

    goes_on = pays(client, bill).url
    waiting = client.get(page_of(bill))
    assert waiting["Refresh"].endswith("?go=1")
    payment = delivered()
    assert client.get(goes_on).url == payment.page_url  # also when it was there at once
    assert approve(payment) == f"https://testserver{page_of(bill)}?back=1"
    heard()

    shown = body(client.get(page_of(bill) + "?back=1"))
    assert "You paid $30.00 by card, VISA" in shown
    assert processor.charges == before + 1
    assert (payment.for_item, payment.asked_by) == (f"statement:{bill.pk}", None)
    assert Statement.objects.get().state == "paid"
    assert money.balance_of(person.pk).due == 0
    receipt = client.get(reverse("my_receipt", args=[payment.pk]))
    assert receipt.content.startswith(b"%PDF")
    assert "$30.00" in body(client.get(reverse("my_bills")))


def test_a_part_is_paid_and_what_is_left_is_offered():
    person, bill = billed()
    client, _secret = account(person)

    pays(client, bill, "12.50")
    approve(delivered())
    heard()

    shown = body(client.get(page_of(bill)))
    assert "You paid $12.50" in shown
    assert "You owe $17.50 now." in shown
    assert Statement.objects.get().state == "sent"


@pytest.mark.parametrize("amount", ["30.01", "0", "-5", "much", ""])
def test_no_more_than_is_owed_and_nothing_else_is_taken(amount):
    person, bill = billed()
    client, _secret = account(person)

    answer = pays(client, bill, amount)

    assert answer.status_code == 422
    assert "at most $30.00" in body(answer)
    assert not Payment.objects.exists()


def test_one_payment_of_a_bill_at_a_time_and_unknown_is_a_state():
    person, bill = billed(2_503)  # the processor does not answer in time
    client, _secret = account(person)
    pays(client, bill, "25.03")
    with pytest.raises(Exception, match="answer"):
        delivered()

    shown = body(client.get(page_of(bill)))
    pays(client, bill, "10")

    assert "We do not know yet" in shown
    assert 'name="amount"' not in shown
    assert Payment.objects.count() == 1


def test_while_the_desk_asks_a_card_the_account_says_that_it_waits():
    person, bill = billed()
    client, _secret = account(person)
    asked = taking.taking(person, 3_000, visit_id=None, location=taking.location())
    ledger.ask_card(officer=Officer.objects.get(username="ana"), taking=asked, at=NOW)

    pays(client, bill)

    assert Payment.objects.count() == 1
    assert "do not pay twice" in body(client.get(page_of(bill)))


def test_while_a_card_is_asked_for_one_visit_of_the_bill_it_is_not_paid_beside():
    person, bill = billed()
    client, _secret = account(person)
    visit = Appointment.objects.get(patient=person)
    asked = taking.taking(person, 3_000, visit_id=visit.pk, location=visit.location)
    ledger.ask_card(officer=Officer.objects.get(username="ana"), taking=asked, at=NOW)

    pays(client, bill)

    assert Payment.objects.count() == 1
    assert "do not pay twice" in body(client.get(page_of(bill)))


def test_what_was_paid_meanwhile_is_not_paid_again(monkeypatch):
    person, bill = billed()
    client, _secret = account(person)
    client.get(page_of(bill))
    ledger.post(
        kind=shapes.Kind.PAYMENT, source="test", external_id="x", effective_date=owing.DAY, at=NOW,
        lines=shapes.patient_payment(2_000, method=shapes.Method.CHECK, patient_id=person.pk,
                                     visit_id=None, debts=money.debts_of(person.pk)),
    )  # fmt: skip

    assert pays(client, bill).status_code == 422
    assert "at most $10.00" in body(pays(client, bill))


def test_an_older_bill_is_paid_by_the_newest(django_assert_max_num_queries):
    person, bill = billed()
    Statement.objects.update(state="replaced", closed_at=NOW)
    client, _secret = account(person)

    with django_assert_max_num_queries(24):
        shown = body(client.get(page_of(bill)))
    pays(client, bill)

    assert "Pay by the newest one" in shown
    assert not Payment.objects.exists()


def test_another_and_who_may_not_see_bills_see_and_pay_none():
    person, bill = billed()
    mine, _secret = account(person)
    pays(mine, bill)
    payment = delivered()
    approve(payment)
    other, _s = account(patient(), login="other")
    helper, _s = account(person, Kind.HELPER, login="ines", parts=("visits",))

    for where in (page_of(bill), reverse("my_receipt", args=[payment.pk])):
        assert other.get(where).status_code == 404
        assert helper.get(where).url == reverse("my_home")
    assert pays(other, bill).status_code == 404
    assert pays(helper, bill).status_code == 302
    assert Payment.objects.count() == 1


def test_the_database_shows_no_other_patients_payments():
    person, bill = billed()
    pays(account(person)[0], bill)

    with acting_for([patient().pk]):
        assert not Payment.objects.values_list("id")
