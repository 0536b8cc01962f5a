from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from almoner.ground.constraints import violated
from almoner.ground.models import Event
from almoner.ledger import actions, queries
from almoner.ledger.models import Journal, Payment, Undoing
from almoner.ledger.rules import Account
from almoner.ledger.tests import make

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def check(officer, patient, cents=2_500, **facts):
    taking = make.taking(patient, cents, **facts)
    return actions.take_check(officer=officer, taking=taking, number="1041", at=make.NOON)


def cash(officer, patient, cents=2_500):
    taking = make.taking(patient, cents)
    return actions.take_cash(officer=officer, taking=taking, tendered=cents, at=make.NOON)


def bounce(officer, payment, *, fee=0, reason="insufficient funds"):
    return actions.bounce_check(
        officer=officer, payment_id=payment.pk, fee_cents=fee, reason=reason, at=make.NOON
    )


def undo(officer, payment, reason="typed twice"):
    return actions.undo_payment(officer=officer, payment_id=payment.pk, reason=reason, at=make.NOON)


def move(officer, payment, patient):
    return actions.move_payment(
        officer=officer, payment_id=payment.pk, patient_id=patient.pk, reason="same name",
        at=make.NOON,
    )  # fmt: skip


def books():
    found = queries.account_balances()
    assert sum(found.values()) == 0
    return {account: cents for account, cents in found.items() if cents}


def test_a_patient_owes_again_what_a_returned_check_paid_and_the_fee_besides(ana, ben, cy):
    make.charged(cy.pk, 2_500, visit_id=7)
    payment = check(ana, cy)
    assert queries.balance_of(cy.pk).due == 0

    bounce(ben, payment, fee=3_000)

    payment.refresh_from_db()
    assert payment.state == Payment.State.BOUNCED
    assert queries.balance_of(cy.pk).due == 5_500
    assert queries.visit_balances([7])[7].owed == 2_500
    assert books() == {
        Account.PATIENT_AR: 5_500, Account.REVENUE: -2_500, Account.FEES: -3_000,
    }  # fmt: skip
    event = Event.objects.get(kind="ledger.check_returned")
    assert (event.patient_id, event.data["fee_cents"]) == (cy.pk, 3_000)


def test_the_journal_of_a_returned_check_stands_and_another_reverses_it(ana, ben, cy):
    make.charged(cy.pk, 2_500, visit_id=7)
    payment = check(ana, cy)
    first = Journal.objects.get(source="payment", external_id=payment.key)

    undoing = bounce(ben, payment)

    assert undoing.journal.reverses_id == first.pk
    assert Journal.objects.filter(pk=first.pk).exists()


def test_the_bank_takes_back_a_check_that_was_brought_to_it(ana, mo, cy):
    make.charged(cy.pk, 2_500, visit_id=7)
    payment = check(ana, cy)
    deposit = actions.prepare_deposit(
        officer=mo, location=make.location(), drawer_ids=[], check_ids=[payment.pk], at=make.NOON
    )
    with pytest.raises(actions.InDeposit):
        bounce(mo, payment)
    actions.bring_deposit(officer=mo, deposit_id=deposit.pk, bank_reference="", at=make.NOON)
    assert books()[Account.BANK] == 2_500

    bounce(mo, payment)

    assert books() == {Account.PATIENT_AR: 2_500, Account.REVENUE: -2_500}


def test_credit_that_was_spent_before_its_check_came_back_is_owed_again(ana, ben, cy):
    payment = check(ana, cy, visit_id=None)
    make.charged(cy.pk, 2_500, visit_id=9)
    actions.apply_credit(
        patient_id=cy.pk, source="test", external_id="c", effective_date=make.DAY, at=make.NOON
    )
    assert queries.balance_of(cy.pk).due == 0

    bounce(ben, payment)

    balance = queries.balance_of(cy.pk)
    assert (balance.owed, balance.credit) == (2_500, 0)
    books()


def test_no_payment_is_undone_twice(ana, ben, cy):
    payment = check(ana, cy)
    bounce(ben, payment)
    before = books()

    with pytest.raises(actions.AlreadyUndone):
        bounce(ben, payment)
    with pytest.raises(actions.AlreadyUndone):
        undo(ben, payment)

    assert books() == before


def test_the_database_itself_refuses_a_second_undoing(ana, ben, cy):
    first = bounce(ben, check(ana, cy))
    other = bounce(ben, check(ana, cy))

    for facts, name in (
        ({"journal_id": other.journal_id + 10_000}, "payment_undone_once"),
        ({"payment": check(ana, cy)}, "undoing_has_its_own_journal"),
    ):
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            Undoing.objects.create(
                **{
                    "payment": first.payment, "kind": "bounced", "reason": "again",
                    "journal_id": first.journal_id, "at": make.NOON, "by": ben,
                }
                | facts
            )  # fmt: skip
        assert violated(refused.value, name)


def test_nobody_refunds_a_payment_that_was_undone(ana, ben, mo, cy):
    payment = check(ana, cy)
    bounce(ben, payment)

    with pytest.raises(actions.RefundTooHigh):
        actions.refund(
            officer=mo, payment_id=payment.pk, cents=100, reason="x", key="k", at=make.NOON
        )


def test_cash_entered_by_mistake_is_expected_in_the_open_drawer_no_longer(ana, ben, cy):
    drawer = make.drawer(ana, float_cents=10_000)
    payment = cash(ana, cy)
    assert queries.drawer_balance(drawer.pk) == 12_500

    undo(ben, payment)

    assert queries.drawer_balance(drawer.pk) == 10_000
    assert queries.balance_of(cy.pk).due == 0
    books()


def test_cash_a_closed_drawer_lacked_is_explained_when_its_entry_was_a_mistake(ana, ben, mo, cy):
    drawer = make.drawer(ana, float_cents=10_000)
    payment = cash(ana, cy)
    actions.count_drawer(officer=ana, drawer_id=drawer.pk, pieces={10_000: 1}, at=make.NOON)
    actions.close_drawer(officer=mo, drawer_id=drawer.pk, note="", at=make.NOON)
    assert books()[Account.OVER_SHORT] == 2_500

    undo(ben, payment)

    assert books() == {}


def test_cash_that_was_moved_on_must_have_been_there(ana, ben, cy):
    drawer = make.drawer(ana, float_cents=0)
    payment = cash(ana, cy)
    actions.move_cash(
        officer=ana, drawer_id=drawer.pk, move="drop", cents=2_500, reason="x", key="k",
        at=make.NOON,
    )  # fmt: skip

    with pytest.raises(actions.DrawerShort):
        undo(ben, payment)


def test_a_check_at_the_bank_and_a_charged_card_were_no_mistake(ana, ben, mo, cy):
    payment = check(ana, cy)
    deposit = actions.prepare_deposit(
        officer=mo, location=make.location(), drawer_ids=[], check_ids=[payment.pk], at=make.NOON
    )
    with pytest.raises(actions.InDeposit):
        undo(ben, payment)
    actions.bring_deposit(officer=mo, deposit_id=deposit.pk, bank_reference="", at=make.NOON)
    by_card = Payment.objects.create(
        key="card", patient=cy, location=make.location(), method="card", cents=100,
        state="completed", asked_at=make.NOON, asked_by=ana,
    )  # fmt: skip

    with pytest.raises(actions.AtTheBank):
        undo(ben, payment)
    with pytest.raises(actions.CardWasCharged):
        undo(ben, by_card)


def test_money_of_another_patient_pays_what_that_patient_owes_and_stays_in_its_drawer(ana, ben, cy):
    other = make.patient("Reyes", "Cyd")
    make.charged(cy.pk, 2_500, visit_id=7)
    make.charged(other.pk, 4_000, visit_id=8)
    drawer = make.drawer(ana, float_cents=10_000)
    payment = cash(ana, cy)

    undoing = move(ben, payment, other)

    assert queries.balance_of(cy.pk).due == 2_500
    assert queries.visit_balances([8])[8].owed == 1_500
    assert queries.drawer_balance(drawer.pk) == 12_500
    assert undoing.moved_to.patient_id == other.pk
    with pytest.raises(actions.AlreadyUndone):
        move(ben, payment, other)
    with pytest.raises(actions.SamePatient):
        move(ben, undoing.moved_to, other)
    books()


def test_a_moved_check_stays_in_its_deposit(ana, mo, cy):
    other = make.patient("Reyes", "Cyd")
    payment = check(ana, cy)
    deposit = actions.prepare_deposit(
        officer=mo, location=make.location(), drawer_ids=[], check_ids=[payment.pk], at=make.NOON
    )

    moved = move(mo, payment, other).moved_to

    payment.refresh_from_db()
    assert (payment.deposit_id, moved.deposit_id) == (None, deposit.pk)
    actions.bring_deposit(officer=mo, deposit_id=deposit.pk, bank_reference="", at=make.NOON)
    assert Account.CHECKS not in books()


def test_what_was_given_back_in_part_was_real(ana, ben, cy):
    payment = check(ana, cy)
    actions.refund(
        officer=ben, payment_id=payment.pk, cents=500, reason="too much", key="k", at=make.NOON
    )

    with pytest.raises(actions.PartGivenBack):
        undo(ben, payment)
    with pytest.raises(actions.PartGivenBack):
        move(ben, payment, make.patient("Ng"))


@pytest.mark.parametrize("act", [bounce, undo])
def test_an_officer_of_the_front_desk_undoes_nothing(ana, cy, act):
    payment = check(ana, cy)

    with pytest.raises(PermissionDenied):
        act(ana, payment)


def test_a_fee_is_no_slip_and_only_a_check_is_returned(ana, ben, cy):
    make.drawer(ana)

    with pytest.raises(actions.AmountRefused):
        bounce(ben, check(ana, cy), fee=10_001)
    with pytest.raises(actions.NotACheck):
        bounce(ben, cash(ana, cy))


def test_the_page_says_what_was_returned_and_offers_nothing_again(client, ana, ben, cy):
    payment = check(ana, cy)
    client.force_login(ben, backend=BACKEND)
    page = reverse("payment", args=[payment.pk])
    assert "The bank returned the check" in client.get(page).content.decode()

    answer = client.post(
        reverse("return_check", args=[payment.pk]), {"fee": "25", "reason": "no funds"}
    )
    again = client.post(reverse("undo_payment", args=[payment.pk]), {"reason": "x"})
    shown = client.get(page).content.decode()

    assert answer.status_code == 302
    assert again.status_code == 422
    assert "undone before" in again.content.decode()
    assert "fee of $25.00" in shown
    assert "Not paid: the bank returned the check" in shown
    assert "<dt>Paid</dt>" not in shown
    assert reverse("return_check", args=[payment.pk]) not in shown


def test_another_patient_is_named_by_two_identifiers(client, ana, ben, cy):
    other = make.patient("Ng", "Li", birth_date=date(1980, 2, 3))
    payment = check(ana, cy)
    client.force_login(ben, backend=BACKEND)
    address = reverse("move_payment", args=[payment.pk])
    typed = {"mrn": other.mrn, "birth_date": "2/4/1980", "reason": "same first name"}

    wrong = client.post(address, typed)
    right = client.post(address, typed | {"birth_date": "2/3/1980"})

    assert wrong.status_code == 422
    assert "No patient has this number" in wrong.content.decode()
    assert right.status_code == 302
    assert queries.balance_of(other.pk).credit == 2_500


def test_no_page_undoes_for_an_officer_of_the_front_desk(desk, ana, cy):
    payment = check(ana, cy)

    for name in ("return_check", "undo_payment", "move_payment"):
        assert desk.get(reverse(name, args=[payment.pk])).status_code == 403
        assert desk.post(reverse(name, args=[payment.pk]), {"reason": "x"}).status_code == 403
