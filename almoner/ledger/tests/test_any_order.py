"""Whatever officers and the processor do, in any order: nothing is out of balance."""

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from almoner.access.tests import make as access_make
from almoner.ledger import actions, queries
from almoner.ledger.models import Drawer, Payment, Refund
from almoner.ledger.rules import Account
from almoner.ledger.tests import make
from almoner.patients.models import Patient

VERBS = st.sampled_from(
    (
        *("cash", "check", "card", "heard", "refund", "returned", "charge", "safe"),
        *("bounce", "undo", "move", "bank", "credit"),
    )
)
ACTS = st.lists(
    st.tuples(
        VERBS,
        st.integers(1, 9_000),
        st.sampled_from([None, 1, 2]),
        st.sampled_from(["COMPLETED", "DECLINED", "PENDING", "CANCELLED"]),
    ),
    max_size=14,
)


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_after_any_acts_the_books_balance_and_agree_with_payments_and_drawers(db, acts):
    with transaction.atomic():
        mo, cy = access_make.officer("mo", roles=("manager",)), make.patient()
        make.patient("Ng", "Li")
        make.drawer(mo)
        for number, act in enumerate(acts):
            try:
                _do(mo, cy, number, act)
            except (actions.PaymentRefused, ValueError):
                continue
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        _agrees(cy)
        assert [queries.overdrawn_by(one.pk) for one in Patient.objects.all()] == [[], []]
        transaction.set_rollback(True)


def _agrees(cy):
    totals = queries.account_balances()
    paid = Payment.objects.filter(state="completed")
    back = Refund.objects.filter(state="completed")
    by = {
        method: sum(each.cents for each in paid if each.method == method)
        - sum(each.cents for each in back if each.payment.method == method)
        for method in ("cash", "card", "check")
    }
    assert sum(totals.values()) == 0
    assert totals.get(Account.CARD_CLEARING, 0) == by["card"]
    assert totals.get(Account.CHECKS, 0) + totals.get(Account.BANK, 0) == by["check"]
    assert queries.drawer_balance(Drawer.objects.get().pk) >= 0
    waiting = sum(each.cents for each in Refund.objects.filter(state__in=queries.UNRESOLVED))
    assert queries.balance_of(cy.pk).refund == waiting
    for payment in Payment.objects.all():
        given_back = sum(each.cents for each in payment.refunds.all() if each.state != "failed")
        assert payment.refunded_cents == given_back <= payment.cents


def _do(officer, cy, number, act):
    verb, cents, visit_id, status = act
    taking = make.taking(cy, cents, visit_id=visit_id)
    at = make.NOON
    if verb == "cash":
        actions.take_cash(officer=officer, taking=taking, tendered=cents, at=at)
    elif verb == "check":
        actions.take_check(officer=officer, taking=taking, number=str(number), at=at)
    elif verb == "card":
        actions.ask_card(officer=officer, taking=taking, at=at)
    elif verb == "charge":
        make.charged(cy.pk, cents, visit_id=visit_id or 3)
    elif verb in ELSEWHERE:
        ELSEWHERE[verb](officer, cy, number, cents)
    elif verb in UNDOING:
        UNDOING[verb](officer, _one_of(Payment.objects.order_by("pk"), cents))
    else:
        _later(officer, number, verb, cents, status)


def _safe(officer, cy, number, cents):
    actions.move_cash(
        officer=officer,
        drawer_id=Drawer.objects.get().pk,
        move="drop",
        cents=cents,
        reason="x",
        key=str(number),
        at=make.NOON,
    )


def _credit(officer, cy, number, cents):
    actions.apply_credit(
        patient_id=cy.pk,
        source="test",
        external_id=f"credit-{number}",
        effective_date=make.DAY,
        at=make.NOON,
    )


def _bank(officer, cy, number, cents):
    """Bring the checks that wait, when there are any."""
    waiting = Payment.objects.filter(method="check", state="completed", deposit=None)
    deposit = actions.prepare_deposit(
        officer=officer,
        location=make.location(),
        drawer_ids=[],
        check_ids=list(waiting.values_list("pk", flat=True)),
        at=make.NOON,
    )
    actions.bring_deposit(officer=officer, deposit_id=deposit.pk, bank_reference="", at=make.NOON)


ELSEWHERE = {"safe": _safe, "credit": _credit, "bank": _bank}


def _one_of(rows, number):
    """Any of them, the same one for the same number."""
    found = list(rows)
    return found[number % len(found)] if found else None


def _bounce(officer, payment):
    if payment:
        actions.bounce_check(
            officer=officer, payment_id=payment.pk, fee_cents=500, reason="x", at=make.NOON
        )


def _undo(officer, payment):
    if payment:
        actions.undo_payment(officer=officer, payment_id=payment.pk, reason="x", at=make.NOON)


def _move(officer, payment):
    if payment:
        to = Patient.objects.exclude(pk=payment.patient_id).get()
        actions.move_payment(
            officer=officer, payment_id=payment.pk, patient_id=to.pk, reason="x", at=make.NOON
        )


UNDOING = {"bounce": _bounce, "undo": _undo, "move": _move}


def _later(officer, number, verb, cents, status):
    """News from the processor, or a refund, about the newest payment or refund there is."""
    payment, row = Payment.objects.last(), Refund.objects.last()
    if verb == "heard" and payment and payment.method == "card":
        actions.adopt(payment_id=payment.pk, answer=make.answer(payment, status), at=make.NOON)
    elif verb == "refund" and payment:
        actions.refund(
            officer=officer,
            payment_id=payment.pk,
            cents=cents,
            reason="x",
            key=f"back-{number}",
            at=make.NOON,
        )
    elif verb == "returned" and row:
        actions.adopt_refund(refund_id=row.pk, answer=make.answer(row, status), at=make.NOON)
