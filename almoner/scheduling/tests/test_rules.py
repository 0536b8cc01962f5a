from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.facility.rules import FULL, TICKS, bits, midnight, ticks_of
from almoner.scheduling import rules
from almoner.scheduling.rules import Policy, Refusal, Wish

CHICAGO = "America/Chicago"
MONDAY, SPRING, AUTUMN = date(2026, 3, 2), date(2026, 3, 8), date(2026, 11, 1)
days = st.integers(0, FULL)


@given(days, st.integers(1, 96))
def test_a_run_begins_where_that_many_free_ticks_follow_one_another(free, ticks):
    row = bits(free)

    found = ticks_of(rules.run_mask(free, ticks))

    assert found == [at for at in range(TICKS) if row[at : at + ticks] == "1" * ticks]


@given(st.integers(0, 23), st.integers(0, 11), st.integers(1, 96))
def test_a_hold_takes_exactly_the_ticks_it_touches(hour, five, ticks):
    since = midnight(CHICAGO, MONDAY) + timedelta(hours=hour, minutes=5 * five)

    mask = rules.hold_mask(CHICAGO, MONDAY, since, since + timedelta(minutes=5 * ticks))

    first = hour * 12 + five
    if first + ticks > 288:
        assert mask is None
    else:
        assert ticks_of(mask) == list(range(first, first + ticks))


@pytest.mark.parametrize(("day", "first"), [(MONDAY, 156), (SPRING, 144), (AUTUMN, 168)])
def test_an_afternoon_begins_at_one_by_the_wall_clock(day, first):
    wish = Wish(since=time(13), until=time(14), align=20)

    assert ticks_of(rules.start_mask(CHICAGO, day, wish)) == [first, first + 4, first + 8]


def test_a_wish_for_tuesdays_finds_nothing_on_a_monday():
    assert rules.start_mask(CHICAGO, MONDAY, Wish(weekdays=frozenset({2}))) == 0


@given(st.integers(-600, 2000))
def test_nothing_begins_before_the_notice(minutes):
    earliest = midnight(CHICAGO, MONDAY) + timedelta(minutes=minutes)

    ticks = ticks_of(rules.not_before(CHICAGO, MONDAY, earliest))

    starts = {midnight(CHICAGO, MONDAY) + timedelta(minutes=5 * tick) for tick in ticks}
    assert all(start >= earliest for start in starts)
    assert ticks == list(range(TICKS - len(ticks), TICKS))


NINE = datetime(2026, 3, 2, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("policy", "facts", "reason"),
    [
        (Policy(20), {}, None),
        (Policy(20, retired=True), {}, Refusal.RETIRED),
        (Policy(20), {"does_it": False}, Refusal.NOT_DONE),
        (Policy(20), {"deceased": True}, Refusal.DECEASED),
        (Policy(20), {"starts_at": NINE + timedelta(minutes=1)}, Refusal.GRID),
        (Policy(20), {"asked_at": NINE + timedelta(minutes=15)}, None),
        (Policy(20), {"asked_at": NINE + timedelta(minutes=16)}, Refusal.PAST),
        (Policy(20, notice=60), {"asked_at": NINE - timedelta(minutes=59)}, Refusal.NOTICE),
        (Policy(20, notice=60), {"asked_at": NINE - timedelta(minutes=60)}, None),
        (Policy(20, horizon_days=1), {"asked_day": date(2026, 2, 28)}, Refusal.HORIZON),
    ],
)
def test_the_first_ground_for_refusal_is_named(policy, facts, reason):
    asked = {
        "starts_at": NINE,
        "local_day": MONDAY,
        "asked_at": NINE - timedelta(days=1),
        "asked_day": date(2026, 3, 1),
        "does_it": True,
        "deceased": False,
    } | facts

    assert rules.refusal(policy, **asked) == reason
