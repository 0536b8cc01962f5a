"""What comes first on the first page of an account."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.portal.rules.home import SOON, Do, Todo, in_order, rank

NOW = datetime(2026, 3, 1, 18, tzinfo=UTC)
HOUR = timedelta(hours=1)


def todo(do, hours=None):
    return Todo(do, f"{do} {hours}", NOW + hours * HOUR if hours is not None else None)


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (todo(Do.VIDEO, -1), todo(Do.PLACE, 0.2)),
        (todo(Do.PLACE, 0.2), todo(Do.CHECK_IN, 1)),
        (todo(Do.PLACE, 0.1), todo(Do.PLACE, 0.3)),
        (todo(Do.CHECK_IN, 20), todo(Do.MESSAGE)),
        (todo(Do.COPAY, 24), todo(Do.LATE_BILL, -48)),
        (todo(Do.CHECK_IN, 5), todo(Do.COPAY, 5)),
        (todo(Do.COPAY, 5), todo(Do.CHECK_IN, 6)),
        (todo(Do.MESSAGE), todo(Do.RESULT)),
        (todo(Do.MESSAGE), todo(Do.LATE_BILL, -48)),
        (todo(Do.LATE_BILL, -900), todo(Do.LATE_BILL, -48)),
        (todo(Do.LATE_BILL, -1), todo(Do.CHECK_IN, 25)),
        (todo(Do.COPAY, 25), todo(Do.BILL, 2)),
        (todo(Do.BILL, 900), todo(Do.DRAFT)),
        (todo(Do.DRAFT), todo(Do.NOTICE)),
    ],
)
def test_of_two_things_the_more_pressing_comes_first(first, then):
    assert in_order([then, first], at=NOW) == [first, then]
    assert in_order([first, then], at=NOW) == [first, then]


things = st.lists(
    st.builds(todo, st.sampled_from(list(Do)), st.none() | st.integers(-900, 900)), max_size=12
)


@given(things, st.randoms(use_true_random=False))
def test_the_order_is_of_the_things_and_not_of_how_they_came(listed, dice):
    mixed = list(listed)
    dice.shuffle(mixed)

    ordered = in_order(mixed, at=NOW)

    assert ordered == in_order(listed, at=NOW)
    assert sorted(each.text for each in ordered) == sorted(each.text for each in listed)
    ranks = [rank(each.do, each.by, at=NOW) for each in ordered]
    assert ranks == sorted(ranks)


@given(things, st.integers(0, 2_000))
def test_nothing_becomes_less_pressing_as_time_passes(listed, hours):
    later = NOW + hours * HOUR

    assert all(
        rank(each.do, each.by, at=later) <= rank(each.do, each.by, at=NOW) for each in listed
    )


def test_every_thing_to_do_has_its_place():
    assert all(rank(each, NOW + 2 * SOON, at=NOW) >= 0 for each in Do)
