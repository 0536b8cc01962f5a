"""The bill on the page of its visit: read, paid and receipted there by whose it is, nobody else."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from almoner.billing import actions as billing
from almoner.billing.models import Statement
from almoner.billing.rules.private import Reason
from almoner.billing.tests import make as owing
from almoner.ground import clock
from almoner.ledger import actions as ledger
from almoner.ledger import queries as money
from almoner.ledger.models import Payment
from almoner.ledger.tests import make as taking
from almoner.ledger.tests.conftest import TOKEN, start, stop
from almoner.portal.models import VisitLink
from almoner.portal.queries import digest_of, token_of
from almoner.portal.rules.accounts import Kind
from almoner.portal.tests.joining import account, ana, body, patient
from almoner.portal.tests.make import says
from almoner.portal.tests.test_bills import approve, delivered, heard
from almoner.records.tests import make as forms

pytestmark = pytest.mark.django_db
NOW = owing.LATER
SAME_DAY = owing.NOON + timedelta(hours=1)


@pytest.fixture(scope="module")
def running():
    process, processor = start()
    yield processor
    stop(process)


@pytest.fixture(autouse=True)
def told(running, settings, monkeypatch):
    cache.clear()
    settings.ADDRESS = "https://clinic.example"
    settings.CARD_PROCESSOR_URL = running.url
    settings.CARD_PROCESSOR_TOKEN = TOKEN
    settings.CARD_ANSWER_SECONDS = 2.5  # a busy machine answers late
    told = {"now": NOW}
    monkeypatch.setattr(clock, "now", lambda: told["now"])
    return told


def sent(person=None):
    """A visit of a week ago whose claim is at the plan."""
    claim = owing.sent(person or patient())
    return claim, claim.slip.encounter.appointment


def answered(claim, cents=3_000):
    answer = owing.answer(claim, (("PR", "1", cents),), ())
    owing.post(owing.era(answer, envelope=claim.pk, trace=f"EFT{claim.pk}"))


def billed(person=None, cents=3_000):
    claim, visit = sent(person)
    answered(claim, cents)
    bill = billing.issue_statement(
        officer=owing.biller(), patient_id=claim.patient_id, at=clock.now()
    )
    return visit, bill


def opens(client, visit):
    """The page of a visit, from the account."""
    answer = client.post(reverse("my_visit", args=[visit.pk]))
    assert answer.status_code == 302
    return answer.url


def test_while_the_plan_has_not_answered_the_page_says_so_and_asks_for_nothing():
    _claim, visit = sent()
    mine, _secret = account(visit.patient)

    shown = body(mine.get(opens(mine, visit)))

    assert "The bill of this visit" in shown
    assert "Your plan was asked and has not answered yet" in shown
    assert "Your plan has still to decide" in shown
    assert "Pay what is left" not in shown


def test_the_page_of_a_visit_that_never_had_a_link_says_what_it_came_to():
    visit, bill = billed()
    assert not VisitLink.objects.exists()
    mine, _secret = account(visit.patient)
    assert reverse("my_visit", args=[visit.pk]) in body(mine.get(reverse("my_visits")))

    where = opens(mine, visit)
    shown = body(mine.get(where))

    balance = money.visit_balances([visit.pk])[visit.pk]
    assert balance.due == 3_000
    for words in ("Charged", "Your plan paid", "Left to pay", "$30.00", "Pay what is left"):
        assert words in shown, words
    assert str(visit.clinician) in shown
    statement = where.replace("visit/", f"statement.pdf?number={bill.number}")
    assert statement in shown
    assert mine.get(statement).content == bytes(Statement.objects.get().pdf)


def test_and_in_spanish():
    visit, _bill = billed()
    mine, _secret = account(visit.patient)

    shown = body(mine.get(opens(mine, visit) + "?lang=es"))

    assert "La cuenta de esta cita" in shown
    assert "Falta por pagar" in shown


def test_what_is_left_is_paid_there_and_the_receipt_leads_back():
    visit, bill = billed()
    mine, _secret = account(visit.patient)
    where = opens(mine, visit)
    pay = where.replace("visit/", "pay/")
    assert "You still owe $30.00 for this visit." in body(mine.get(pay))

    mine.post(pay)
    payment = delivered()
    assert (payment.visit_id, payment.cents) == (visit.pk, 3_000)
    assert approve(payment) == f"https://testserver{pay}?back=1"  # where their browser is in
    heard()
    shown = body(mine.get(pay + "?back=1"))

    receipt = where.replace("visit/", f"receipt.pdf?of={payment.pk}")
    assert receipt in shown
    assert where in shown
    assert mine.get(receipt).content.startswith(b"%PDF")
    again = body(mine.get(where))
    assert receipt in again
    assert "Pay what is left" not in again
    assert Statement.objects.get(pk=bill.pk).state == "paid"
    assert money.balance_of(visit.patient_id).due == 0
    assert "Nothing is left to pay" in body(mine.get(pay))
    mine.post(pay)
    assert Payment.objects.count() == 1


def test_a_receipt_of_the_bill_is_on_the_visits_page_and_the_bill_leads_there():
    visit, bill = billed()
    mine, _secret = account(visit.patient)
    page = reverse("my_bill", args=[bill.number])
    mine.post(page, {"amount": "30.00"})
    payment = delivered()
    approve(payment)
    heard()

    done = body(mine.get(page + "?back=1"))
    shown = body(mine.get(opens(mine, visit)))

    assert reverse("my_receipt", args=[payment.pk]) in done
    assert reverse("my_visit", args=[visit.pk]) in done
    assert f"receipt.pdf?of={payment.pk}" in shown


def test_what_is_being_paid_on_the_bill_is_not_paid_beside_it_and_the_other_way():
    visit, bill = billed()
    mine, _secret = account(visit.patient)
    pay = opens(mine, visit).replace("visit/", "pay/")
    page = reverse("my_bill", args=[bill.number])
    mine.post(page, {"amount": "10.00"})
    on_bill = delivered()

    shown = body(mine.get(pay))
    mine.post(pay)

    assert "do not pay twice" in shown
    assert Payment.objects.count() == 1
    approve(on_bill)
    mine.post(pay)
    assert Payment.objects.latest("id").cents == 2_000
    mine.post(page, {"amount": "5.00"})
    assert Payment.objects.count() == 2


def test_an_outcome_nobody_knows_is_a_state_of_its_own():
    visit, _bill = billed(cents=2_503)  # the processor does not answer in time
    mine, _secret = account(visit.patient)
    pay = opens(mine, visit).replace("visit/", "pay/")
    mine.post(pay)
    with pytest.raises(Exception, match="answer"):
        delivered()

    shown = body(mine.get(pay))
    mine.post(pay)

    assert "We do not know yet" in shown
    assert Payment.objects.count() == 1


def test_by_its_link_the_bill_is_read_that_day_and_not_what_is_about_others(told):
    told["now"] = SAME_DAY
    claim, visit = sent()
    answered(claim)
    other, _visit = sent(claim.patient)  # another visit of theirs, on the same statement
    answered(other, 1_000)
    bill = billing.issue_statement(officer=owing.biller(), patient_id=visit.patient_id, at=SAME_DAY)
    VisitLink.objects.create(
        appointment=visit, digest=digest_of(token_of(visit.pk)), language="en", made_at=SAME_DAY
    )
    phone = says(visit)
    page = reverse("visit_page", args=[token_of(visit.pk)])

    shown = body(phone.get(page))

    assert "Left to pay" in shown
    assert "$30.00" in shown
    assert bill.number not in shown
    at = reverse("visit_statement", args=[token_of(visit.pk)])
    assert phone.get(f"{at}?number={bill.number}").status_code == 404
    Statement.objects.update(lines=[one for one in bill.lines if one["visit_id"] == visit.pk])
    assert bill.number in body(phone.get(page))
    assert phone.get(f"{at}?number={bill.number}").status_code == 200


def test_a_link_of_long_ago_opens_nothing_and_an_account_does():
    visit, _bill = billed()
    mine, _secret = account(visit.patient)
    opens(mine, visit)  # the link is there now

    assert says(visit).get(reverse("visit_page", args=[token_of(visit.pk)])).status_code == 404
    assert mine.get(opens(mine, visit)).status_code == 200


def test_who_may_not_see_bills_sees_none_on_the_visits_page():
    visit, bill = billed()
    helper, _s = account(visit.patient, Kind.HELPER, login="ines", parts=("visits",))
    where = opens(helper, visit)

    shown = body(helper.get(where))

    assert "The bill of this visit" not in shown
    assert bill.number not in shown
    for page in (f"statement.pdf?number={bill.number}", "receipt.pdf?of=1", "pay/"):
        assert helper.get(where.replace("visit/", page)).url == where


def test_whoever_pays_for_a_child_has_the_statement_and_the_childs_page_does_not():
    parent, child = patient(given="Pat"), patient(given="Kim")
    type(child).objects.filter(pk=child.pk).update(guarantor=parent)
    visit, bill = billed(child)
    assert bill.guarantor_id == parent.pk
    own, _s = account(child, login="kimmy")

    shown = body(own.get(opens(own, visit)))

    assert "Left to pay" in shown
    assert bill.number not in shown
    where = opens(own, visit).replace("visit/", f"statement.pdf?number={bill.number}")
    assert own.get(where).status_code == 404


def test_a_private_visits_bill_is_its_patients_alone():
    visit, _bill = billed()
    billing.keep_private(
        officer=ana(), appointment_id=visit.pk, from_guarantor=True, from_plan=False,
        reason=Reason.CONSENTED_ALONE, at=NOW,
    )  # fmt: skip
    mine, _s = account(visit.patient)
    helper, _s = account(visit.patient, Kind.HELPER, login="ines", until=None)

    assert helper.post(reverse("my_visit", args=[visit.pk])).status_code == 404
    assert "Left to pay" in body(mine.get(opens(mine, visit)))


def test_what_is_of_another_visit_is_not_read_from_this_one():
    visit, bill = billed()
    mine, _secret = account(visit.patient)
    later, _claim = sent(visit.patient)
    beside = later.slip.encounter.appointment
    where = opens(mine, beside)
    row = Payment.objects.create(
        key="p", patient=visit.patient, visit_id=visit.pk, cents=100, method="card",
        location=visit.location, asked_at=NOW, state="completed", settled_at=NOW,
    )  # fmt: skip

    for page in (f"statement.pdf?number={bill.number}", f"receipt.pdf?of={row.pk}"):
        assert mine.get(where.replace("visit/", page)).status_code == 404


def test_what_was_signed_with_a_visit_that_is_over_is_still_there():
    visit, _bill = billed()
    forms.ship(at=NOW)
    filling = forms.answered(visit.patient, "consent_to_treat", at=NOW)
    type(filling).objects.filter(pk=filling.pk).update(visit_id=visit.pk)
    forms.sign(filling, at=NOW)
    visit.status = "completed"
    visit.save(update_fields=["status"])
    mine, _secret = account(visit.patient)

    shown = body(mine.get(opens(mine, visit)))

    assert f"paper/?form={filling.form_id}" in shown


def test_the_page_asks_as_much_of_many_statements_and_receipts(django_assert_max_num_queries):
    visit, _bill = billed()
    mine, _secret = account(visit.patient)
    where = opens(mine, visit)
    for number in range(9):
        Payment.objects.create(
            key=f"p{number}", patient=visit.patient, visit_id=visit.pk, cents=100, method="card",
            location=visit.location, asked_at=NOW, state="completed", settled_at=NOW,
        )  # fmt: skip

    with django_assert_max_num_queries(40):
        assert body(mine.get(where)).count("receipt.pdf?of=") == 9


@pytest.mark.parametrize(("days", "late"), [(0, False), (1, True)])
def test_the_first_page_says_of_a_bill_that_it_is_past_due_on_the_day_after_its_last(
    told, days, late
):
    visit, bill = billed()
    told["now"] = datetime.combine(bill.due_date + timedelta(days=days), time(18), tzinfo=UTC)
    mine, _secret = account(visit.patient)

    shown = body(mine.get(reverse("my_home")))

    assert ("past due since" in shown) is late
    assert "Pay $30.00" in shown


def test_a_card_asked_at_the_desk_for_the_visit_waits_on_both_pages():
    visit, bill = billed()
    mine, _secret = account(visit.patient)
    asked = taking.taking(visit.patient, 3_000, visit_id=visit.pk, location=visit.location)
    ledger.ask_card(officer=ana(), taking=asked, at=NOW)

    assert "do not pay twice" in body(mine.get(opens(mine, visit).replace("visit/", "pay/")))
    assert "do not pay twice" in body(mine.get(reverse("my_bill", args=[bill.number])))
