import re

import pytest
from django.urls import reverse

from almoner.access.models import AccessEvent
from almoner.access.tests import make as access_make
from almoner.ledger import actions, offers
from almoner.ledger.models import Payment, Refund
from almoner.ledger.tests import make
from almoner.ledger.views import books

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def the_page(desk, cy, **query):
    return desk.get(reverse("take_payment", args=[cy.pk]), query)


def hidden(page, name):
    found = re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())
    return found[1] if found else ""


def send(desk, cy, page, **typed):
    """What the browser sends of that page."""
    facts = {name: hidden(page, name) for name in ("key", "seen", "visit", "item")}
    facts |= {"amount": "25.00", "method": "cash", "location": make.location().pk}
    return desk.post(reverse("taken_payment", args=[cy.pk]), facts | typed)


def text(response):
    return " ".join(response.content.decode().split())


def test_the_page_comes_filled_in_with_what_is_due(desk, cy):
    make.charged(cy.pk, 4_200, visit_id=7)

    whole, visit, asked = (
        the_page(desk, cy),
        the_page(desk, cy, visit=7),
        the_page(desk, cy, visit=8, amount=2_500),
    )

    assert 'value="42.00"' in text(whole)
    assert "Due for this visit" in text(visit)
    assert 'value="25.00"' in text(asked)
    assert ["To take now" in text(page) for page in (whole, visit, asked)] == [False, False, True]


def test_cash_is_taken_and_its_receipt_shown_and_the_look_written_down(desk, ana, cy):
    drawer = make.drawer(ana)

    answer = send(desk, cy, the_page(desk, cy, visit=7), tendered="40")
    receipt = desk.get(answer.url)

    payment = Payment.objects.get()
    assert answer.status_code == 302
    assert (payment.cents, payment.visit_id, payment.drawer) == (2_500, 7, drawer)
    assert "Receipt" in text(receipt)
    assert "$15.00" in text(receipt)
    assert {look.screen for look in AccessEvent.objects.filter(patient_ids=[cy.pk])} >= {
        "ledger.take",
        "ledger.payment",
    }


def test_the_same_page_sent_twice_takes_one_payment(desk, ana, cy):
    make.drawer(ana)
    page = the_page(desk, cy)

    first, second = send(desk, cy, page), send(desk, cy, page)

    assert first.url == second.url
    assert Payment.objects.count() == 1


def test_a_card_is_asked_and_the_page_waits_for_the_terminal(desk, cy):
    answer = send(desk, cy, the_page(desk, cy), method="card")
    page = desk.get(answer.url)

    payment = Payment.objects.get()
    assert payment.state == "asked"
    assert "stands on the terminal" in text(page)
    assert f'hx-get="{reverse("payment_state", args=[payment.pk])}' in text(page)


def test_a_check_needs_its_number_and_nothing_typed_is_lost(desk, cy):
    refused = send(desk, cy, the_page(desk, cy), method="check", amount="31.07")
    taken = send(desk, cy, the_page(desk, cy), method="check", check_number="1042")

    assert refused.status_code == 422
    assert 'value="31.07"' in text(refused)
    assert "printed on the check" in text(refused)
    assert taken.status_code == 302
    assert Payment.objects.get().check_number == "1042"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"amount": "abc"}, "is not an amount"),
        ({"amount": "0"}, "more than nothing"),
        ({"amount": ""}, "required"),
        ({"method": "gold"}, "not one of the available choices"),
        ({"tendered": "10"}, "no open drawer"),
        ({"item": "javascript:1"}, "valid value"),
    ],
)
def test_what_cannot_be_taken_brings_the_page_back_and_takes_nothing(desk, cy, typed, said):
    refused = send(desk, cy, the_page(desk, cy), **typed)

    assert refused.status_code == 422
    assert said in text(refused)
    assert not Payment.objects.exists()


def test_while_a_card_is_not_settled_nobody_charges_again(desk, ana, cy):
    make.card_payment(ana, cy, visit_id=7)

    refused = send(desk, cy, the_page(desk, cy, visit=7))

    assert refused.status_code == 422
    assert "may have been charged" in text(refused)
    assert Payment.objects.count() == 1


def test_a_payment_taken_meanwhile_is_shown_and_a_second_one_needs_a_second_word(desk, mo, cy):
    page = the_page(desk, cy, visit=7)
    actions.take_check(officer=mo, taking=make.taking(cy), number="9", at=make.NOON)

    refused = send(desk, cy, page, method="check", check_number="10")
    meant = send(desk, cy, refused, method="check", check_number="10", key=hidden(page, "key"))

    assert refused.status_code == 422
    assert "Mo took $25.00" in text(refused)
    assert meant.status_code == 302
    assert Payment.objects.count() == 2


@pytest.mark.parametrize("state", ["sent", "unknown", "declined", "cancelled", "failed"])
def test_the_page_of_a_payment_says_what_became_of_it(desk, ana, cy, state):
    payment = make.card_payment(ana, cy)
    Payment.objects.filter(pk=payment.pk).update(state=state, trouble="the reason why")
    expected = {
        "sent": "stands on the terminal",
        "unknown": "Do not charge again",
        "declined": "The card was declined. the reason why",
        "cancelled": "was cancelled",
        "failed": "The payment failed",
    }

    page = desk.get(reverse("payment", args=[payment.pk]))

    assert expected[state] in text(page)


def test_a_receipt_prints_as_pdf_and_twice_the_same(desk, ana, cy):
    make.drawer(ana)
    payment = actions.take_cash(officer=ana, taking=make.taking(cy), tendered=3_000, at=make.NOON)
    address = reverse("receipt_pdf", args=[payment.pk])

    first, second = desk.get(address), desk.get(address)

    assert first["Content-Type"] == "application/pdf"
    assert first.content == second.content
    assert first.content.startswith(b"%PDF")


def test_a_manager_gives_back_and_an_officer_is_not_offered_to(client, desk, ana, mo, cy):
    payment = actions.take_check(officer=ana, taking=make.taking(cy), number="1", at=make.NOON)
    address = reverse("payment", args=[payment.pk])
    give = reverse("refund_payment", args=[payment.pk])

    seen_by_ana = desk.get(address)
    refused = desk.post(give, {"amount": "5", "reason": "x", "key": "k"})
    client.force_login(mo, backend=BACKEND)
    seen_by_mo = client.get(address)
    too_much = client.post(give, {"amount": "26", "reason": "overpaid", "key": "k"})
    done = client.post(give, {"amount": "10", "reason": "overpaid", "key": "k"})

    assert "At most $25.00" not in text(seen_by_ana)
    assert refused.status_code == 403
    assert "At most $25.00" in text(seen_by_mo)
    assert too_much.status_code == 422
    assert "overpaid" in text(too_much)
    assert done.status_code == 302
    assert Refund.objects.get().cents == 1_000


def test_giving_up_and_asking_now_lead_back_to_the_payment(desk, ana, cy):
    payment = make.card_payment(ana, cy)

    asked = desk.post(reverse("look_up_payment", args=[payment.pk]))
    given_up = desk.post(reverse("give_up_payment", args=[payment.pk]))

    payment.refresh_from_db()
    assert asked.url.startswith(reverse("payment", args=[payment.pk]))
    assert given_up.url == asked.url
    assert payment.state == "cancelled"


def test_the_account_shows_charges_and_payments_of_one_patient(desk, ana, cy):
    make.charged(cy.pk, 9_900)
    actions.take_check(officer=ana, taking=make.taking(cy), number="77", at=make.NOON)

    page = text(desk.get(reverse("patient_account", args=[cy.pk])))

    assert "$99.00" in page
    assert "Charge" in page
    assert "Check 77" in page


def test_what_waits_to_be_resolved_stands_on_the_first_page_of_money(desk, ana, cy):
    make.card_payment(ana, cy, 4_321)

    page, part = desk.get(reverse("money")), desk.get(reverse("unresolved_payments"))

    assert "$43.21" in text(page)
    assert "$43.21" in text(part)
    assert AccessEvent.objects.filter(reason_kind="unresolved payments").count() == 2


def test_the_patients_page_shows_balance_payments_and_what_is_not_settled(desk, ana, cy):
    make.charged(cy.pk, 9_900)
    actions.take_check(officer=ana, taking=make.taking(cy), number="77", at=make.NOON)
    payment = make.card_payment(ana, cy, 1_300, visit_id=12)

    page = text(desk.get(reverse("patient", args=[cy.pk]), {"for": f"payment:{payment.pk}"}))

    assert "Patient owes" in page
    assert "Check 77" in page
    assert "Card payment of $13.00 not settled" in page
    assert reverse("take_payment", args=[cy.pk]) in page


def test_the_first_page_of_the_desk_shows_payments_not_settled_here(desk, ana, cy):
    make.card_payment(ana, cy, 1_300)

    assert "$13.00" in text(desk.get("/"))


def test_more_than_a_page_of_activity_leads_on(desk, cy):
    for visit in range(51):
        make.charged(cy.pk, 100 + visit, visit_id=visit + 1)
    address = reverse("patient_account", args=[cy.pk])

    first, second, odd = (desk.get(address, {"page": page}) for page in ("1", "2", "x"))

    assert "page=2" in text(first)
    assert "page=1" in text(second)
    assert odd.status_code == 200


def test_an_empty_first_page_says_what_will_stand_there(desk):
    assert "Every card payment is settled" in text(desk.get(reverse("money")))


def test_the_books_add_up_to_zero_in_sight(client, mo, cy):
    make.charged(cy.pk, 12_345)
    client.force_login(mo, backend=BACKEND)

    page = text(client.get(reverse("books")))

    assert "$123.45" in page
    assert "always zero" in page


def routes(payment, drawer, patient):
    of = {"payment": payment.pk, "drawer": drawer.pk, "patient": patient.pk}
    for name, argument in (
        ("money", None), ("unresolved_payments", None), ("books", None), ("drawers", None),
        ("patient_account", "patient"), ("take_payment", "patient"), ("payment", "payment"),
        ("payment_state", "payment"), ("receipt_pdf", "payment"), ("drawer", "drawer"),
        ("drawer_pdf", "drawer"),
    ):  # fmt: skip
        yield reverse(name, args=[of[argument]] if argument else [])


def test_dot_who_has_no_business_with_money_sees_none_of_it(client, ana, cy):
    drawer, payment = make.drawer(ana), make.card_payment(ana, cy)
    dot = access_make.officer("dot", roles=("administrator",))
    client.force_login(dot, backend=BACKEND)

    for address in routes(payment, drawer, cy):
        assert client.get(address).status_code == 403, address
    assert not AccessEvent.objects.filter(officer=dot).exists()


@pytest.mark.parametrize("name", ["patient_account", "take_payment", "payment", "receipt_pdf"])
def test_what_does_not_exist_is_not_found(desk, name):
    assert desk.get(reverse(name, args=[999_999])).status_code == 404


def queries_of(django_assert_max_num_queries, desk, address):
    desk.get(address)  # the first request of a session also begins it
    with django_assert_max_num_queries(100) as counted:
        assert desk.get(address).status_code == 200
    return len(counted)


def test_more_payments_cost_no_more_queries(django_assert_max_num_queries, desk, ana, mo):
    cy = make.patient()

    def pay(number):
        taking = make.taking(cy, visit_id=number)
        actions.take_check(officer=ana, taking=taking, number=str(number), at=make.NOON)
        make.card_payment(ana, cy, visit_id=1_000 + number)
        make.charged(cy.pk, 500, visit_id=number)

    addresses = [reverse("patient_account", args=[cy.pk]), reverse("money")]
    pay(1)
    few = [queries_of(django_assert_max_num_queries, desk, address) for address in addresses]
    for number in range(2, 9):
        pay(number)
    many = [queries_of(django_assert_max_num_queries, desk, address) for address in addresses]

    assert many == few


def test_no_page_of_money_has_a_field_for_a_card_number(desk, cy):
    page = text(the_page(desk, cy)).lower()

    assert "card number" in page  # in the sentence that says none is typed
    assert "cc-number" not in page
    assert 'name="card' not in page


def lasting(cy, ana, count):
    """So many cards nobody knows the outcome of, each for a visit of its own."""
    for visit_id in range(1, count + 1):
        actions.ask_card(officer=ana, taking=make.taking(cy, visit_id=visit_id), at=make.NOON)


def test_the_first_page_says_how_many_more_are_not_settled_and_each_is_its_own_reason(
    desk, ana, cy
):
    lasting(cy, ana, 7)

    shown = text(desk.get("/"))

    assert "2 more" in shown
    looked = AccessEvent.objects.get(patient_ids__contains=[cy.pk])
    assert looked.reason_kind == "payment"


def test_the_patients_page_says_how_many_more_payments_there_are(ana, cy):
    lasting(cy, ana, 7)

    assert offers.balance(cy.pk, access_make.reading(ana))["more"] == 2


def test_what_is_more_than_a_page_can_be_leafed_to(desk, ana, cy, monkeypatch):
    monkeypatch.setattr(books, "PAGE", 2)
    lasting(cy, ana, 3)

    for page in (reverse("money"), reverse("patient_account", args=[cy.pk])):
        first, second = desk.get(page), desk.get(page, {"page": 2})
        assert [len(one.context["payments"]) for one in (first, second)] == [2, 1]
        assert 'rel="next"' in text(first)
        assert 'rel="prev"' in text(second)


def test_a_card_that_is_asked_is_looked_at_once_more_and_never_polled(desk, ana, cy):
    payment = actions.ask_card(officer=ana, taking=make.taking(cy), at=make.NOON)

    page = text(desk.get(reverse("payment", args=[payment.pk])))
    part = text(
        desk.get(reverse("payment_state", args=[payment.pk]), headers={"HX-Request": "true"})
    )

    assert "load delay:1500ms" in page
    assert "live:ledger" in part
    assert "load" not in re.search(r'hx-trigger="([^"]*)"', part)[1]
    assert "every" not in re.search(r'hx-trigger="([^"]*)"', page)[1]
