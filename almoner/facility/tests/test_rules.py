"""Hours laid out over days: above all on the days when the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.facility import rules
from almoner.facility.rules import Exceptional, Rota, Weekly

CHICAGO = "America/Chicago"
MONDAY = date(2026, 3, 2)
SPRING, AUTUMN = date(2026, 3, 8), date(2026, 11, 1)
US = [
    "America/New_York", "America/Detroit", "America/Kentucky/Louisville", "America/Indiana/Knox",
    "America/Indiana/Indianapolis", "America/Chicago", "America/Menominee",
    "America/North_Dakota/Beulah", "America/Denver", "America/Boise", "America/Phoenix",
    "America/Los_Angeles", "America/Anchorage", "America/Juneau", "America/Nome", "America/Adak",
    "Pacific/Honolulu", "America/Puerto_Rico", "Pacific/Guam", "Pacific/Pago_Pago",
]  # fmt: skip
ODD = [
    "Australia/Lord_Howe",  # half an hour
    "America/Havana",  # midnight comes twice
    "Africa/Cairo", "Asia/Beirut",  # midnight is skipped
    "America/St_Johns", "Pacific/Chatham", "Asia/Kathmandu", "Africa/Casablanca",
    "America/Santiago", "Europe/London", "Europe/Dublin", "Asia/Gaza", "Pacific/Auckland",
]  # fmt: skip
SIXTY_HOURS = [(time(0), time(8)), (time(1, 30), time(2, 30)), (time(13), time(17, 45))]


def changes(zone: str, year: int) -> list[date]:
    """Days of a year on which the clocks of a zone change."""
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(365))
    return [day for day in days if not rules.is_ordinary(zone, day)]


def by_the_clock(zone: str, day: date, spans) -> list[datetime]:
    """Five-minute starts of that local day within hours: found instant by instant, slowly."""
    there, found = ZoneInfo(zone), []
    instant = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=15)
    for _ in range(int(timedelta(hours=60) / rules.TICK)):
        wall = instant.astimezone(there)
        minute = wall.hour * 60 + wall.minute
        if wall.date() == day and any(
            starts.hour * 60 + starts.minute <= minute
            and minute + 5 <= ends.hour * 60 + ends.minute
            for starts, ends in spans
        ):
            found.append(instant)
        instant += rules.TICK
    return found


@pytest.mark.parametrize("zone", [*US, *ODD])
def test_nothing_is_offered_outside_the_hours_and_nothing_is_lost_when_clocks_change(zone):
    for year in (2026, 2027, 2028):
        for day in [*changes(zone, year), date(year, 6, 15)]:
            mask = rules.hours_mask(zone, day, SIXTY_HOURS)
            start = rules.midnight(zone, day)

            offered = [start + tick * rules.TICK for tick in rules.ticks_of(mask)]

            assert offered == by_the_clock(zone, day, SIXTY_HOURS), (zone, day)


@cache
def zones() -> list[str]:
    return sorted(available_timezones())


@given(st.data(), st.dates(date(2026, 1, 1), date(2029, 1, 1)))
def test_every_zone_with_days_of_at_most_25_hours_is_laid_out_to_the_tick(data, day):
    zone = data.draw(st.sampled_from(zones()))
    start, end = rules.midnight(zone, day), rules.midnight(zone, day + timedelta(days=1))
    if end - start > timedelta(hours=25):
        with pytest.raises(rules.UnsupportedZone):
            rules.whole_day(zone, day)
        return

    walls = rules.wall_minutes(zone, day)

    there = ZoneInfo(zone)
    assert len(walls) == rules.whole_day(zone, day).bit_count() == (end - start) // rules.TICK
    for tick, wall in enumerate(walls):
        shown = (start + tick * rules.TICK).astimezone(there)
        assert (shown.date(), shown.hour * 60 + shown.minute) == (day, wall)


@pytest.mark.slow
def test_only_one_zone_in_the_world_has_a_day_too_long_for_us():
    refused = set()
    for zone in zones():
        try:
            for day in changes(zone, 2027):
                rules.whole_day(zone, day)
        except rules.UnsupportedZone:
            refused.add(zone)

    assert refused == {"Antarctica/Troll"}


@pytest.mark.parametrize(("day", "ticks"), [(MONDAY, 288), (SPRING, 276), (AUTUMN, 300)])
def test_a_day_has_as_many_ticks_as_the_clocks_give_it(day, ticks):
    assert rules.ticks_in_day(CHICAGO, day) == ticks


@pytest.mark.parametrize(("day", "first"), [(MONDAY, 108), (SPRING, 96), (AUTUMN, 120)])
def test_nine_in_the_morning_is_nine_on_the_wall_on_every_day(day, first):
    mask = rules.hours_mask(CHICAGO, day, [(time(9), time(9, 30))])

    assert rules.ticks_of(mask) == list(range(first, first + 6))


def test_hours_that_begin_between_ticks_open_at_the_next_one():
    mask = rules.hours_mask(CHICAGO, MONDAY, [(time(9, 2), time(9, 13))])

    assert rules.ticks_of(mask) == [109]


WEEKLY = Weekly(1, 1, time(8), time(12), date(2026, 1, 1))
ELSEWHERE = Weekly(2, 1, time(13), time(17), date(2026, 1, 1))
MORNING, AFTERNOON = (time(8), time(12)), (time(13), time(17))


@pytest.mark.parametrize(
    ("exceptions", "closed", "hours"),
    [
        ([], False, {1: [MORNING], 2: [AFTERNOON]}),
        ([Exceptional(MONDAY)], False, {}),
        ([Exceptional(MONDAY, 1)], False, {2: [AFTERNOON]}),
        ([Exceptional(MONDAY, 1, time(9), time(10))], False,
         {1: [(time(9), time(10))], 2: [AFTERNOON]}),
        ([Exceptional(MONDAY), Exceptional(MONDAY, 2, time(9), time(10))], False,
         {2: [(time(9), time(10))]}),
        ([], True, {}),
        ([Exceptional(MONDAY, 1, time(9), time(10))], True, {1: [(time(9), time(10))]}),
        ([Exceptional(MONDAY + timedelta(days=7))], False, {1: [MORNING], 2: [AFTERNOON]}),
    ],
)  # fmt: skip
def test_a_day_of_its_own_comes_before_the_holiday_and_both_before_the_week(
    exceptions, closed, hours
):
    rota = Rota((WEEKLY, ELSEWHERE), tuple(exceptions))

    assert rules.hours_on(MONDAY, rota, closed=closed) == hours


def test_somebody_who_left_has_no_hours():
    assert rules.hours_on(MONDAY, Rota((WEEKLY,), active=False), closed=False) == {}


def test_a_rule_holds_until_the_day_before_it_ends():
    rule = Weekly(1, 1, time(8), time(12), MONDAY, MONDAY + timedelta(days=7))

    held = [rule.holds_on(MONDAY + timedelta(days=n)) for n in (-7, 0, 1, 7)]

    assert held == [False, True, False, False]


@given(st.permutations([CHICAGO, "America/New_York"]), st.integers(0, 23), st.integers(0, 23))
def test_nobody_is_ever_at_two_places_at_once(order, first, second):
    zones = dict(enumerate(order, start=1))
    rota = Rota(tuple(
        Weekly(location, 1, time(hour), time(hour, 55), date(2026, 1, 1))
        for location, hour in ((1, first), (2, second))
    ))  # fmt: skip

    masks = rules.templates(MONDAY, rota, closed=False, zones=zones)

    instants = [
        {rules.midnight(zones[place], MONDAY) + tick * rules.TICK for tick in rules.ticks_of(mask)}
        for place, mask in masks.items()
    ]
    assert len(instants) < 2 or not instants[0] & instants[1]


def test_two_weekly_rules_that_claim_one_hour_are_found():
    later = Weekly(2, 1, time(11), time(13), date(2026, 6, 1))
    ended = Weekly(1, 1, time(8), time(12), date(2026, 1, 1), date(2026, 6, 1))

    assert rules.overlapping([WEEKLY, later]) == (WEEKLY, later)
    assert rules.overlapping([ended, later]) is None
    assert rules.overlapping([WEEKLY, ELSEWHERE]) is None
