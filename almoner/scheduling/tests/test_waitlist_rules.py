"""Whom a place that came free is offered, where a visit fits into it, and for how long."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.facility.rules import FULL, span_mask
from almoner.scheduling.rules import Policy
from almoner.scheduling.rules import waitlist as rules
from almoner.scheduling.rules.waitlist import Place, Waiting

NOON = datetime(2026, 3, 1, 18, tzinfo=UTC)
HOUR = timedelta(hours=1)
NINE = 9 * 12


def waits(number, *, priority=3, days=1, leaves=0):
    return Waiting(number, priority, NOON - timedelta(days=days), leaves)


def ids(waiting):
    return [each.entry_id for each in rules.in_order(waiting)]


def test_what_hurries_comes_first_then_what_fills_the_place_then_who_waited_longest():
    waiting = [
        waits(1, days=40, leaves=8),
        waits(2, days=2),
        waits(3, days=3),
        waits(4, priority=2, days=1, leaves=8),
        waits(5, priority=1),
    ]

    assert ids(waiting) == [5, 4, 3, 2, 1]


def test_ten_minutes_left_over_are_no_reason_to_pass_somebody_over():
    assert ids([waits(1, days=1), waits(2, days=9, leaves=2)]) == [2, 1]


@given(st.permutations([waits(n, priority=n % 3 + 1, days=n % 2, leaves=n % 5) for n in range(9)]))
def test_the_order_does_not_hang_on_who_was_read_first(waiting):
    assert ids(waiting) == ids(sorted(waiting, key=lambda one: one.entry_id))


FREED = span_mask(NINE, NINE + 4)  # 9:00 to 9:20
TWENTY = Policy(minutes=20)


def test_a_visit_lies_where_it_uses_most_of_what_came_free():
    before = span_mask(NINE - 12, NINE + 4)  # free since 8:00 already

    assert rules.place_in(before, [], TWENTY, wanted=FULL, window=FREED) == Place(NINE, 0)


def test_a_longer_visit_may_reach_into_what_was_free_before():
    free = span_mask(NINE - 4, NINE + 4)

    found = rules.place_in(free, [], Policy(minutes=40), wanted=FULL, window=FREED)

    assert found == Place(NINE - 4, 0)


def test_what_does_not_touch_the_freed_time_is_no_place_in_it():
    elsewhere = span_mask(NINE + 24, NINE + 48)

    assert rules.place_in(elsewhere, [], TWENTY, wanted=FULL, window=FREED) is None


def test_buffers_must_fit_too_and_one_room_must_be_free_for_the_whole_visit():
    buffered = Policy(minutes=10, before=5, after=5)
    halves = [span_mask(NINE, NINE + 2), span_mask(NINE + 2, NINE + 4)]

    assert rules.place_in(FREED, [], buffered, wanted=FULL, window=FREED) == Place(NINE + 1, 0)
    assert rules.place_in(FREED, [halves], TWENTY, wanted=FULL, window=FREED) is None
    assert rules.place_in(FREED, [[FREED]], TWENTY, wanted=FULL, window=FREED) == Place(NINE, 0)
    assert rules.place_in(FREED, [[]], TWENTY, wanted=FULL, window=FREED) is None


def test_only_where_it_may_start():
    later = span_mask(NINE + 6, NINE + 12)

    assert rules.place_in(FULL, [], TWENTY, wanted=later, window=FREED) is None


@pytest.mark.parametrize(
    ("ahead", "kept"),
    [(48 * HOUR, 20), (4 * HOUR, 10), (5 * HOUR, 20), (timedelta(minutes=5), 5)],
)
def test_a_place_is_kept_for_less_long_when_it_is_near(ahead, kept):
    lasts = rules.lasts(starts_at=NOON + ahead, at=NOON, minutes=20)

    assert lasts == timedelta(minutes=kept)


def test_an_offer_is_over_by_the_clock_whatever_is_written():
    until = NOON + HOUR

    assert rules.is_open("open", expires_at=until, at=until - timedelta(seconds=1))
    assert not rules.is_open("open", expires_at=until, at=until)
    assert not rules.is_open("declined", expires_at=until, at=NOON)
