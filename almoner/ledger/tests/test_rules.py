from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.ledger import rules
from almoner.ledger.rules import Account, Kind, Line, Method, Owed

CY, VISIT, PAYER, SHIFT = 41, 7, 3, 9
WHO = {"patient_id": CY, "visit_id": VISIT}
cents = st.integers(-(10**9), 10**9)
positive = st.integers(1, 10**9)
debts = st.lists(st.builds(Owed, st.integers(1, 9), positive), unique_by=lambda debt: debt.visit_id)


def on(lines, account):
    return sum(line.cents for line in lines if line.account == account)


@given(cents)
def test_every_shape_sums_to_zero_and_its_reversal_undoes_it(amount):
    shapes = [
        rules.charge(amount, **WHO, payer_id=PAYER),
        rules.charge(amount, **WHO, payer_id=None),
        rules.insurance_payment(amount, **WHO, payer_id=PAYER),
        rules.contractual(amount, **WHO, payer_id=PAYER),
        rules.denial_write_off(amount, **WHO, payer_id=PAYER),
        rules.to_patient(amount, **WHO, payer_id=PAYER),
        rules.to_payer(amount, **WHO, from_payer_id=PAYER, to_payer_id=4),
        rules.provider_level(amount, reason="WO", payer_id=PAYER),
        rules.parked(amount, payer_id=PAYER),
        rules.returned_to_payer(amount, payer_id=PAYER),
        rules.given_up(amount, account=Account.CHARITY, **WHO),
        rules.drawer_moved(amount, drawer_id=SHIFT, against=Account.SAFE),
    ]

    for lines in shapes:
        assert sum(line.cents for line in lines) == 0
        assert sum(line.cents for line in lines + rules.reversal(lines)) == 0
        if amount:
            assert len(rules.checked(lines)) == 2


@given(positive, debts, st.sampled_from([None, *range(1, 10)]))
def test_a_payment_pays_no_debt_twice_and_loses_no_cent(amount, owing, visit_id):
    lines = rules.patient_payment(
        amount, method=Method.CHECK, patient_id=CY, visit_id=visit_id, debts=owing
    )

    assert sum(line.cents for line in lines) == 0
    assert on(lines, Account.CHECKS) == amount
    for debt in owing:
        paid = -sum(
            line.cents
            for line in lines
            if line.account == Account.PATIENT_AR and line.visit_id == debt.visit_id
        )
        assert 0 <= paid <= debt.cents


@given(debts, debts)
def test_credit_never_exceeds_what_is_there_or_what_is_owed(credits_, owing):
    lines = rules.credit_applied(patient_id=CY, credits_=credits_, debts=owing)

    assert sum(line.cents for line in lines) == 0
    assert on(lines, Account.UNAPPLIED) <= sum(credit.cents for credit in credits_)
    assert on(lines, Account.PATIENT_AR) >= -sum(debt.cents for debt in owing)


@given(positive, debts)
def test_a_refund_takes_credit_first_and_owes_the_rest_again(amount, credits_):
    lines = rules.refund_owed(amount, **WHO, credits_=credits_)

    assert sum(line.cents for line in lines) == 0
    assert on(lines, Account.UNAPPLIED) == min(amount, sum(each.cents for each in credits_))
    assert on(lines, Account.REFUND_LIABILITY) == -amount


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_a_closed_drawer_is_empty_and_the_difference_has_a_name(expected, counted):
    lines = rules.drawer_closed(drawer_id=SHIFT, expected=expected, found=counted)

    assert sum(line.cents for line in lines) == 0
    assert on(lines, Account.CASH_DRAWER) == -expected
    assert on(lines, Account.OVER_SHORT) == expected - counted


def test_a_co_pay_pays_its_own_visit_and_waits_there_when_nothing_is_owed_yet():
    owing = [Owed(5, 9_000), Owed(VISIT, 1_000)]

    lines = rules.patient_payment(2_500, method=Method.CARD, **WHO, debts=owing)

    assert lines == [
        Line(Account.CARD_CLEARING, 2_500, CY, visit_id=VISIT),
        Line(Account.PATIENT_AR, -1_000, CY, visit_id=VISIT),
        Line(Account.UNAPPLIED, -1_500, CY, visit_id=VISIT),
    ]


def test_a_visits_credit_does_not_pay_another_visit_but_loose_credit_does():
    lines = rules.credit_applied(
        patient_id=CY,
        credits_=[Owed(VISIT, 2_500), Owed(None, 400)],
        debts=[Owed(5, 300), Owed(VISIT, 2_000)],
    )

    assert lines == [
        Line(Account.UNAPPLIED, 300, CY),
        Line(Account.PATIENT_AR, -300, CY, visit_id=5),
        Line(Account.UNAPPLIED, 2_000, CY, visit_id=VISIT),
        Line(Account.PATIENT_AR, -2_000, CY, visit_id=VISIT),
    ]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([Line(Account.BANK, 5), Line(Account.SAFE, -4)], "sum to 1 cents"),
        ([Line(Account.BANK, 0), Line(Account.SAFE, 0)], "at least two"),
        ([], "at least two"),
        ([Line(Account.PATIENT_AR, 5), Line(Account.REVENUE, -5)], "names its patient"),
        ([Line(Account.REMITTANCE, 5), Line(Account.REVENUE, -5)], "names its payer"),
        ([Line(Account.CASH_DRAWER, 5), Line(Account.SAFE, -5)], "names its drawer"),
    ],
)
def test_what_is_no_journal_is_refused_with_the_reason(lines, why):
    with pytest.raises(rules.Unbalanced, match=why):
        rules.checked(lines)


def test_the_order_in_which_lines_are_said_does_not_change_the_body():
    lines = [*rules.charge(700, **WHO, payer_id=PAYER), *rules.charge(50, **WHO, payer_id=None)]
    day = date(2026, 3, 2)

    said, turned = rules.checked(lines), rules.checked(reversed(lines))

    assert rules.digest(Kind.CHARGE, day, said) == rules.digest(Kind.CHARGE, day, turned)
    assert rules.digest(Kind.CHARGE, day, said) != rules.digest(Kind.CHARGE, day, said[:1])
