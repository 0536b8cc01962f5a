"""Texts leave by day, wherever the person is."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from almoner.relations.rules import HOURS, may_send_at, zones_of
from almoner.relations.rules.hours import STATES

CLOCK_CHANGES = [(2026, 3, 8), (2026, 11, 1), (2027, 3, 14), (2027, 11, 7)]
AROUND = st.builds(
    lambda day, minutes: datetime(*day, tzinfo=UTC) + timedelta(minutes=minutes),
    st.sampled_from(CLOCK_CHANGES),
    st.integers(-24 * 60, 60 * 60),
)


def by_day(at, zones):
    return all(HOURS[0] <= at.astimezone(ZoneInfo(zone)).hour < HOURS[1] for zone in zones)


@settings(max_examples=400)
@given(st.sampled_from(sorted(STATES)), AROUND)
def test_in_every_state_around_every_clock_change_a_text_leaves_by_day_and_as_soon_as_it_may(
    state, at
):
    zones = zones_of(state)

    leaves = may_send_at(at, zones)

    assert leaves >= at
    assert by_day(leaves, zones)
    assert leaves == at or not by_day(leaves - timedelta(seconds=1), zones)
    assert leaves - at <= timedelta(hours=15)
    assert may_send_at(leaves, zones) == leaves
    if leaves > at:
        steps = int((leaves - at) / timedelta(minutes=15))
        assert not any(by_day(at + timedelta(minutes=15) * step, zones) for step in range(steps))


@pytest.mark.parametrize("day", CLOCK_CHANGES)
@pytest.mark.parametrize("state", sorted(STATES))
def test_every_quarter_hour_of_both_clock_change_days(state, day):
    zones = zones_of(state)
    for quarter in range(-4, 25 * 4 + 40):
        at = datetime(*day, tzinfo=UTC) + timedelta(minutes=15 * quarter)

        assert by_day(may_send_at(at, zones), zones)
        assert (may_send_at(at, zones) == at) is by_day(at, zones)


def test_a_state_with_two_zones_waits_for_the_later_morning_and_the_earlier_evening():
    texas = zones_of("TX")
    early = datetime(2026, 6, 1, 13, 30, tzinfo=UTC)  # 8:30 in Dallas, 7:30 in El Paso
    late = datetime(2026, 6, 2, 1, 30, tzinfo=UTC)  # 20:30 in Dallas, 19:30 in El Paso

    assert may_send_at(early, texas) == datetime(2026, 6, 1, 14, 0, tzinfo=UTC)
    assert may_send_at(late, texas) == datetime(2026, 6, 2, 14, 0, tzinfo=UTC)


def test_all_states_and_territories_have_zones_the_system_knows():
    assert len(STATES) == 50 + 1 + 5
    assert all(ZoneInfo(zone) for state in STATES for zone in zones_of(state))
    assert zones_of(" tx ") == zones_of("TX")
    assert zones_of("Texas") == zones_of("") == ()


def test_places_that_share_no_hour_of_those_are_told_so():
    morning = datetime(2026, 6, 1, tzinfo=UTC)

    with pytest.raises(ValueError, match="Guam"):
        may_send_at(morning, ["Pacific/Guam", "America/New_York"], hours=(8, 12))
