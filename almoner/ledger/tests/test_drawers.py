import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from almoner.access.tests import make as access_make
from almoner.ground.models import Event
from almoner.ledger import actions, queries
from almoner.ledger.rules import Account
from almoner.ledger.tests import make

pytestmark = pytest.mark.django_db


def cash(officer, patient, cents=2_500, tendered=None, **facts):
    return actions.take_cash(
        officer=officer,
        taking=make.taking(patient, cents, **facts),
        tendered=cents if tendered is None else tendered,
        at=make.NOON,
    )


def count(officer, drawer, cents):
    return actions.count_drawer(
        officer=officer, drawer_id=drawer.pk, pieces={1: cents}, at=make.NOON
    )


def move(officer, drawer, kind, cents, *, key="m1", reason="change"):
    actions.move_cash(
        officer=officer,
        drawer_id=drawer.pk,
        move=kind,
        cents=cents,
        reason=reason,
        key=key,
        at=make.NOON,
    )


def close(officer, drawer, note=""):
    return actions.close_drawer(officer=officer, drawer_id=drawer.pk, note=note, at=make.NOON)


def test_cash_goes_into_the_officers_own_drawer_and_change_is_told(ana):
    drawer = make.drawer(ana, float_cents=10_000)

    payment = cash(ana, make.patient(), 2_500, tendered=4_000)

    assert payment.drawer == drawer
    assert payment.tendered_cents - payment.cents == 1_500
    assert queries.drawer_balance(drawer.pk) == 12_500


def test_without_an_open_drawer_no_cash_is_taken(ana):
    with pytest.raises(actions.NoDrawer):
        cash(ana, make.patient())

    assert queries.account_balances() == {}


@pytest.mark.parametrize(
    ("cents", "tendered", "refusal"),
    [
        (0, 100, actions.AmountRefused),
        (-5, 100, actions.AmountRefused),
        (10_000_001, 10_000_001, actions.AmountRefused),
        (2_500, 2_499, actions.TenderedTooLittle),
    ],
)
def test_an_amount_that_cannot_be_meant_is_refused(ana, cents, tendered, refusal):
    make.drawer(ana)

    with pytest.raises(refusal):
        cash(ana, make.patient(), cents, tendered)


def test_a_shift_adds_up_from_float_to_close(ana, mo):
    drawer = make.drawer(ana, float_cents=10_000)
    cash(ana, make.patient(), 2_500)
    move(ana, drawer, "pay_in", 1_000, key="a")
    move(ana, drawer, "drop", 5_000, key="b")
    move(ana, drawer, "pay_out", 300, key="c", reason="stamps")

    count(ana, drawer, 8_150)
    close(mo, drawer, "a nickel rolled away")

    totals = queries.account_balances()
    assert Account.CASH_DRAWER not in {name for name, cents in totals.items() if cents}
    assert totals[Account.OVER_SHORT] == 50
    assert totals[Account.PETTY_CASH] == 300
    assert totals[Account.SAFE] == -10_000 - 1_000 + 5_000 + 8_150
    assert sum(totals.values()) == 0
    closed = Event.objects.get(kind="ledger.drawer_closed")
    assert closed.data["over_short"] == -50


def test_the_count_is_blind(ana, mo):
    drawer = make.drawer(ana)
    cash(ana, make.patient())

    before = queries.drawer_report(drawer.pk, officer=ana)
    count(ana, drawer, 12_500)
    after = queries.drawer_report(drawer.pk, officer=ana)

    assert (before.expected, before.moves, before.counts) == (None, (), ())
    assert (after.expected, after.last.counted, after.last.over_short) == (12_500, 12_500, 0)
    assert [step.name for step in after.moves] == ["float", "payment"]


def test_nothing_moves_once_the_drawer_is_counted(ana):
    drawer = make.drawer(ana)
    count(ana, drawer, 10_000)

    with pytest.raises(actions.NoDrawer):
        cash(ana, make.patient())
    with pytest.raises(actions.WrongState):
        move(ana, drawer, "pay_in", 100)
    with pytest.raises(actions.WrongState):
        count(ana, drawer, 10_000)


def test_a_manager_has_it_counted_again_and_both_counts_stay(ana, mo):
    drawer = make.drawer(ana)
    count(ana, drawer, 9_000)

    actions.ask_recount(officer=mo, drawer_id=drawer.pk, at=make.NOON)
    count(ana, drawer, 10_000)

    report = queries.drawer_report(drawer.pk, officer=mo)
    assert [each.counted for each in report.counts] == [9_000, 10_000]


def test_nobody_approves_the_difference_of_the_own_drawer(mo):
    drawer = make.drawer(mo)
    count(mo, drawer, 9_999)

    with pytest.raises(actions.NotYours):
        close(mo, drawer)


def test_a_manager_closes_the_own_drawer_when_it_agrees(mo):
    drawer = make.drawer(mo)
    count(mo, drawer, 10_000)

    assert close(mo, drawer).state == "closed"


def test_an_officer_closes_no_drawer(ana):
    drawer = make.drawer(ana)
    count(ana, drawer, 10_000)

    with pytest.raises(PermissionDenied):
        close(ana, drawer)


def test_an_open_drawer_cannot_be_closed_uncounted(ana, mo):
    with pytest.raises(actions.WrongState):
        close(mo, make.drawer(ana))


def test_one_shift_for_a_till_and_one_for_an_officer(ana, mo):
    make.drawer(ana, till="Till 1")

    with pytest.raises(actions.DrawerOpen):
        make.drawer(ana, till="Till 2")
    with pytest.raises(actions.TillTaken):
        make.drawer(mo, till="Till 1")


def test_no_more_cash_leaves_than_is_there(ana):
    drawer = make.drawer(ana, float_cents=1_000)

    with pytest.raises(actions.DrawerShort):
        move(ana, drawer, "drop", 1_001)


def test_moving_cash_twice_by_one_page_moves_it_once(ana):
    drawer = make.drawer(ana, float_cents=1_000)
    move(ana, drawer, "drop", 800, key="same")
    move(ana, drawer, "drop", 800, key="same")

    with pytest.raises(actions.PostedDifferently):
        move(ana, drawer, "drop", 100, key="same")

    assert queries.drawer_balance(drawer.pk) == 200


def test_another_officers_drawer_is_left_alone(ana, mo):
    drawer = make.drawer(ana)
    bea = access_make.officer("bea")

    with pytest.raises(actions.NotYours):
        move(mo, drawer, "drop", 100)
    with pytest.raises(Http404):
        queries.drawer_report(drawer.pk, officer=bea)


def test_coins_that_do_not_exist_are_not_counted(ana):
    drawer = make.drawer(ana)

    with pytest.raises(ValueError, match="3"):
        actions.count_drawer(officer=ana, drawer_id=drawer.pk, pieces={3: 1}, at=make.NOON)


def test_a_cash_refund_comes_out_of_the_refunding_officers_drawer(ana, mo):
    make.drawer(ana)
    till = make.drawer(mo, till="Till 2", float_cents=2_000)
    cy = make.patient()
    payment = cash(ana, cy, 2_500)
    give = {"officer": mo, "payment_id": payment.pk, "reason": "overpaid", "at": make.NOON}

    with pytest.raises(actions.DrawerShort):
        actions.refund(**give, cents=2_100, key="k1")
    row = actions.refund(**give, cents=1_500, key="k2")

    assert row.state == "completed"
    assert queries.drawer_balance(till.pk) == 500
    assert queries.balance_of(cy.pk) == queries.Balance(credit=1_000)


def test_a_check_is_in_hand_and_is_paid_back_by_our_own(ana, mo):
    cy = make.patient()
    payment = actions.take_check(
        officer=ana, taking=make.taking(cy, 4_000), number="1042", at=make.NOON
    )

    actions.refund(
        officer=mo, payment_id=payment.pk, cents=4_000, reason="x", key="k", at=make.NOON
    )

    totals = queries.account_balances()
    assert (totals[Account.CHECKS], totals[Account.BANK]) == (4_000, -4_000)
    assert queries.balance_of(cy.pk) == queries.Balance()


def test_a_shift_may_begin_without_cash_and_not_with_less_than_none(ana):
    with pytest.raises(actions.AmountRefused):
        make.drawer(ana, float_cents=-1)

    assert queries.drawer_balance(make.drawer(ana, float_cents=0).pk) == 0


@pytest.mark.parametrize("cents", [0, -5, 10_000_001])
def test_an_amount_of_cash_that_cannot_be_meant_is_not_moved(ana, cents):
    drawer = make.drawer(ana)

    with pytest.raises(actions.AmountRefused):
        move(ana, drawer, "pay_in", cents)


def test_a_counted_drawer_is_not_sent_back_while_its_officer_works_another(ana, mo):
    first = make.drawer(ana)
    count(ana, first, 10_000)
    make.drawer(ana, till="Till 2")

    with pytest.raises(actions.DrawerOpen):
        actions.ask_recount(officer=mo, drawer_id=first.pk, at=make.NOON)


def test_cash_is_given_back_only_out_of_an_open_drawer(ana, mo):
    make.drawer(ana)
    payment = cash(ana, make.patient())

    with pytest.raises(actions.NoDrawer):
        actions.refund(
            officer=mo, payment_id=payment.pk, cents=100, reason="x", key="k", at=make.NOON
        )
