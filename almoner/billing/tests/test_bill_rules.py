"""What a patient is told of one visit's money."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.billing.rules.bills import Plan, VisitBill, is_only_of, plan_stands
from almoner.billing.rules.claims import AWAITED, GONE, State


@pytest.mark.parametrize(
    ("states", "insurance", "stands"),
    [
        ((), 0, Plan.NONE),  # nobody's plan was asked
        ((State.DRAFT,), 9_000, Plan.PREPARED),
        ((State.HELD,), 9_000, Plan.PREPARED),
        ((State.READY,), 9_000, Plan.PREPARED),
        ((State.QUEUED,), 9_000, Plan.PREPARED),
        ((State.REJECTED,), 9_000, Plan.PREPARED),  # it never came in, and is sent again
        ((State.SENT,), 9_000, Plan.ASKED),
        ((State.ACCEPTED,), 9_000, Plan.ASKED),
        ((State.PENDING,), 9_000, Plan.ASKED),
        ((State.PAID,), 0, Plan.NONE),
        ((State.DENIED,), 9_000, Plan.DISPUTED),
        ((State.PARTLY_PAID,), 500, Plan.DISPUTED),
        ((State.DENIED,), 0, Plan.NONE),  # it is the patient's by now, or written off
        ((State.PAID, State.SENT), 2_000, Plan.ASKED),  # the second plan's answer is awaited
        ((State.CORRECTED, State.READY), 9_000, Plan.PREPARED),
        ((State.VOID,), 0, Plan.NONE),
    ],
)
def test_how_it_stands_with_the_plan(states, insurance, stands):
    assert plan_stands(states, insurance=insurance) is stands


@given(st.lists(st.sampled_from(list(State))), st.integers(-100, 100))
def test_while_a_plan_is_asked_nothing_else_is_said_and_what_is_gone_says_nothing(states, left):
    stands = plan_stands(states, insurance=left)

    assert (stands is Plan.ASKED) is bool(set(states) & AWAITED)
    assert stands is plan_stands([*states, *GONE], insurance=left)


@pytest.mark.parametrize(
    ("named", "only"),
    [([7], True), ([7, 7], True), ([7, 8], False), ([7, None], False), ([8], False), ([], False)],
)
def test_a_link_shows_statements_of_its_own_visit_alone(named, only):
    assert is_only_of(named, 7) is only


def test_what_was_paid_ahead_is_with_us():
    ahead = VisitBill(0, 0, 0, 2_500, -2_500, 0, Plan.NONE)

    assert (ahead.is_any, ahead.with_us) == (True, 2_500)
    assert VisitBill(0, 0, 0, 0, 0, 0, Plan.NONE).is_any is False
    assert VisitBill(0, 0, 0, 0, 0, 0, Plan.PREPARED).is_any is True
