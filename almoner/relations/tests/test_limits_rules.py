"""How often a number may be texted: a day of its own, any seven days, and by day."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from almoner.relations.rules import WEEK, held, may_send_at
from almoner.relations.rules.limits import DAY_IS_FULL, NIGHT, WEEK_IS_FULL

CHICAGO = ("America/Chicago",)
NOON = datetime(2026, 11, 23, 18, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_the_first_text_of_a_day_leaves():
    assert held(NOON, [], CHICAGO) is None


def test_the_second_waits_for_the_next_morning_there_and_says_why():
    wait = held(NOON, [NOON - HOUR], CHICAGO)

    assert wait is not None
    assert (wait.until, wait.why) == (datetime(2026, 11, 24, 14, tzinfo=UTC), DAY_IS_FULL)


def test_yesterdays_last_text_does_not_count_today():
    assert held(NOON, [NOON - 17 * HOUR], CHICAGO) is None


def test_the_fourth_of_a_week_waits_until_the_first_is_seven_days_old():
    sent = [NOON - 6 * DAY, NOON - 4 * DAY, NOON - 2 * DAY]

    wait = held(NOON, sent, CHICAGO)

    assert wait is not None
    assert (wait.until, wait.why) == (NOON + DAY, WEEK_IS_FULL)
    assert held(NOON + DAY, sent, CHICAGO) is None


def test_at_night_it_is_the_night_that_is_told():
    wait = held(NOON + 12 * HOUR, [], CHICAGO)

    assert wait is not None
    assert wait.why == NIGHT


def test_who_may_be_in_two_zones_has_the_later_of_two_midnights():
    both = ("America/New_York", "America/Los_Angeles")
    late = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)  # the 24th in one, the 23rd in the other

    wait = held(late, [NOON], both, hours=(0, 24))

    assert wait is not None
    assert wait.until == datetime(2026, 11, 24, 8, tzinfo=UTC)


INSTANTS = st.floats(0, 30).map(lambda days: NOON + timedelta(days=days))
ZONES = st.sampled_from([CHICAGO, ("Pacific/Honolulu",), ("America/New_York", "America/Chicago")])


@given(
    wishes=st.lists(INSTANTS, max_size=12),
    zones=ZONES,
    limit=st.tuples(st.integers(1, 3), st.integers(1, 5)),
)
def test_whatever_is_wished_nobody_gets_more_and_everything_leaves_by_day(wishes, zones, limit):
    left: list[datetime] = []
    for wish in sorted(wishes):
        at = max([wish, *left])
        while wait := held(at, [each for each in left if at - each < WEEK], zones, limit=limit):
            assert wait.until > at
            at = wait.until
        left.append(at)

    assert len(left) == len(wishes)
    for at in left:
        assert may_send_at(at, zones) == at
        assert sum(timedelta(0) <= at - each < WEEK for each in left) <= limit[1]
        for zone in map(ZoneInfo, zones):
            today = at.astimezone(zone).date()
            assert sum(each.astimezone(zone).date() == today for each in left) <= limit[0]
