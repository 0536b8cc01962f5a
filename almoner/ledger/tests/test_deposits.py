from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from almoner.access.models import AccessEvent
from almoner.access.queries import Reading
from almoner.access.rules import Purpose
from almoner.ground import clock
from almoner.ground.constraints import violated
from almoner.ground.models import Event
from almoner.ledger import actions, queries
from almoner.ledger.exchange import deposit_data
from almoner.ledger.models import Deposit, Drawer, Payment
from almoner.ledger.rules import Account
from almoner.ledger.tests import make

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def day(ana, mo, cy):
    """A drawer with 25 dollars of takings, counted one dollar short and closed, and a check."""
    drawer = make.drawer(ana, float_cents=10_000)
    actions.take_cash(officer=ana, taking=make.taking(cy), tendered=2_500, at=make.NOON)
    check = actions.take_check(
        officer=ana, taking=make.taking(cy, 4_000), number="1041", at=make.NOON
    )
    pieces = {10_000: 1, 2_000: 1, 100: 4}
    actions.count_drawer(officer=ana, drawer_id=drawer.pk, pieces=pieces, at=make.NOON)
    actions.close_drawer(officer=mo, drawer_id=drawer.pk, note="", at=make.NOON)
    return drawer, check


def prepare(officer, drawers=(), checks=()):
    return actions.prepare_deposit(
        officer=officer, location=make.location(), drawer_ids=[one.pk for one in drawers],
        check_ids=[one.pk for one in checks], at=make.NOON,
    )  # fmt: skip


def bring(officer, deposit):
    return actions.bring_deposit(
        officer=officer, deposit_id=deposit.pk, bank_reference="R-7", at=make.NOON
    )


def test_a_deposit_holds_what_was_counted_without_the_float_and_the_checks(mo, day):
    drawer, check = day

    deposit = prepare(mo, [drawer], [check])

    assert (deposit.cash_cents, deposit.checks_cents) == (2_400, 4_000)
    assert Event.objects.get(kind="ledger.deposit_prepared").data["cents"] == 6_400


def test_money_is_at_the_bank_once_brought_and_not_when_prepared(mo, day):
    deposit = prepare(mo, [day[0]], [day[1]])
    assert Account.BANK not in queries.account_balances()

    bring(mo, deposit)

    books = queries.account_balances()
    assert books[Account.BANK] == 6_400
    assert (books[Account.SAFE], books[Account.CHECKS]) == (0, 0)
    assert sum(books.values()) == 0


def test_cash_dropped_during_the_shift_is_brought_too(ana, mo, cy):
    drawer = make.drawer(ana, float_cents=10_000)
    actions.take_cash(officer=ana, taking=make.taking(cy), tendered=2_500, at=make.NOON)
    actions.move_cash(
        officer=ana, drawer_id=drawer.pk, move="drop", cents=2_000, reason="much", key="k",
        at=make.NOON,
    )  # fmt: skip
    pieces = {10_000: 1, 500: 1}
    actions.count_drawer(officer=ana, drawer_id=drawer.pk, pieces=pieces, at=make.NOON)
    actions.close_drawer(officer=mo, drawer_id=drawer.pk, note="", at=make.NOON)

    assert queries.brought_to_safe([drawer.pk]) == {drawer.pk: 2_500}


def test_nothing_is_brought_twice(mo, day):
    drawer, check = day
    deposit = prepare(mo, [drawer], [check])

    with pytest.raises(actions.ChosenElsewhere):
        prepare(mo, [drawer])
    with pytest.raises(actions.ChosenElsewhere):
        prepare(mo, checks=[check])
    bring(mo, deposit)
    with pytest.raises(actions.WrongState):
        bring(mo, deposit)
    with pytest.raises(actions.WrongState):
        actions.take_apart(officer=mo, deposit_id=deposit.pk, at=make.NOON)

    assert queries.account_balances()[Account.BANK] == 6_400


def test_a_deposit_taken_apart_lets_its_money_wait_again(mo, day):
    deposit = prepare(mo, [day[0]], [day[1]])

    actions.take_apart(officer=mo, deposit_id=deposit.pk, at=make.NOON)

    assert prepare(mo, [day[0]], [day[1]]).cash_cents == 2_400


def test_an_open_drawer_and_a_returned_check_are_not_brought(ana, ben, mo, day):
    still_open = make.drawer(ana, till="Till 2")
    actions.bounce_check(
        officer=ben, payment_id=day[1].pk, fee_cents=0, reason="no funds", at=make.NOON
    )

    with pytest.raises(actions.ChosenElsewhere):
        prepare(mo, [still_open])
    with pytest.raises(actions.ChosenElsewhere):
        prepare(mo, checks=[day[1]])
    with pytest.raises(actions.NothingToBring):
        prepare(mo)


def test_the_database_keeps_a_deposit_whole(ana, mo, day):
    deposit = prepare(mo, [day[0]], [day[1]])
    still_open = make.drawer(ana, till="Till 2")

    for rows, changed, name in (
        (Deposit.objects, {"cash_cents": 0, "checks_cents": 0}, "deposit_is_of_something"),
        (Deposit.objects, {"state": "brought"}, "deposit_settled_by_somebody"),
        (Drawer.objects.filter(pk=still_open.pk), {"deposit": deposit},
         "drawer_deposited_once_closed"),
        (Payment.objects.filter(method="cash"), {"deposit": deposit},
         "payment_only_checks_are_deposited"),
    ):  # fmt: skip
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            rows.update(**changed)
        assert violated(refused.value, name)


def test_an_officer_of_the_front_desk_brings_nothing_to_the_bank(ana, day):
    with pytest.raises(PermissionDenied):
        prepare(ana, [day[0]])


def test_a_day_is_prepared_printed_and_brought_by_its_pages(client, mo, cy, day):
    client.force_login(mo, backend=BACKEND)
    drawer, check = day

    waiting = client.get(reverse("deposits")).content.decode()
    answer = client.post(
        reverse("prepare_deposit"),
        {"location": make.location().pk, "drawers": [drawer.pk], "checks": [check.pk]},
    )
    deposit = Deposit.objects.get()
    slip = client.get(reverse("deposit_slip", args=[deposit.pk]))
    client.post(reverse("bring_deposit", args=[deposit.pk]), {"reference": "R-7"})
    page = client.get(answer.url).content.decode()

    assert "$24.00" in waiting
    assert "$40.00" in waiting
    assert slip.content.startswith(b"%PDF")
    assert "At the bank" in page
    assert "R-7" in page
    assert cy.family in page


def test_who_wrote_the_checks_is_seen_for_the_deposit_while_it_is_work(
    client, mo, day, monkeypatch
):
    deposit = prepare(mo, [day[0]], [day[1]])
    bring(mo, deposit)
    why = []

    for days in (1, 15):
        later = make.NOON + timedelta(days=days)
        monkeypatch.setattr(clock, "now", lambda later=later: later)
        client.logout()
        client.force_login(mo, backend=BACKEND)
        assert client.get(reverse("deposit", args=[deposit.pk])).status_code == 200
        why.append(AccessEvent.objects.latest("id").grade)

    assert why == ["B", "D"]


def test_a_page_gone_stale_prepares_nothing(client, mo, day):
    client.force_login(mo, backend=BACKEND)
    prepare(mo, [day[0]], [day[1]])

    answer = client.post(
        reverse("prepare_deposit"), {"location": make.location().pk, "drawers": [day[0].pk]}
    )

    assert answer.status_code == 422
    assert "in another deposit by now" in answer.content.decode()
    assert Deposit.objects.count() == 1


def test_the_slip_names_no_patient(mo, cy, day):
    deposit = prepare(mo, [day[0]], [day[1]])
    reading = Reading(officer=mo, at=make.NOON, screen="ledger.deposit", purpose=Purpose.PAYMENT)
    said = str(
        deposit_data(queries.deposit(deposit.pk), queries.contents_of(deposit.pk, reading=reading))
    )

    assert "1041" in said
    assert cy.family not in said
