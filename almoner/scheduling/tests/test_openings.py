from datetime import date, time, timedelta

import pytest
from django.db import connection

from almoner.access.tests import make as access
from almoner.facility.models import WeeklyHours
from almoner.facility.rules import bits
from almoner.facility.tests import make as facility
from almoner.scheduling import actions
from almoner.scheduling.queries import days, openings
from almoner.scheduling.queries.openings import Search
from almoner.scheduling.tests import make

pytestmark = pytest.mark.django_db
NEW_YORK = "America/New_York"


@pytest.fixture
def harbor():
    return facility.location()


def search(visit_type, **wishes):
    return Search(visit_type_id=visit_type.pk, **wishes)


def starts(visit_type, *, at=make.SUNDAY, limit=3, **wishes):
    found = openings.find(search(visit_type, **wishes), at=at, limit=limit)
    return [(each.local_day, each.local_time) for each in found]


def test_the_first_opening_is_the_first_free_time_of_anybody(harbor):
    visit = facility.visit_type(align_minutes=20)
    early = facility.clinician("Abel", at=harbor, does=(visit,), starts=time(8))
    facility.clinician("Baker", at=harbor, does=(visit,), starts=time(8, 20))
    make.days()
    make.appointment(visit_type=visit, clinician=early, location=harbor, starts_at=make.at(8))

    found = openings.find(search(visit), at=make.SUNDAY, limit=3)

    assert [(each.clinician, each.local_time) for each in found] == [
        ("Linh Abel, MD", time(8, 20)),
        ("Linh Baker, MD", time(8, 20)),
        ("Linh Abel, MD", time(8, 40)),
    ]


def test_only_who_does_the_visit_is_offered(harbor):
    visit = facility.visit_type()
    facility.clinician(at=harbor)
    make.days()

    assert starts(visit) == []


def test_wishes_narrow_the_search(harbor):
    visit = facility.visit_type(align_minutes=30)
    facility.clinician(at=harbor, does=(visit,), specialty="Cardiology")
    make.days()
    tuesday, thursday = make.MONDAY + timedelta(days=1), make.MONDAY + timedelta(days=3)

    afternoons = starts(visit, weekdays=frozenset({2, 4}), since=time(16), until=time(17))

    assert afternoons == [(tuesday, time(16)), (tuesday, time(16, 30)), (thursday, time(16))]
    assert starts(visit, specialty="Pediatrics") == []
    assert starts(visit, earliest=thursday, limit=1) == [(thursday, time(8))]
    assert starts(visit, location_ids=frozenset({harbor.pk + 1})) == []


def test_notice_and_horizon_bound_what_is_offered(harbor):
    visit = facility.visit_type(notice_minutes=90, horizon_days=1, align_minutes=5, minutes=60)
    facility.clinician(at=harbor, does=(visit,))
    make.days()

    first = starts(visit, at=make.at(8, 1), limit=1)
    last = starts(visit, at=make.at(8, 1), limit=200)[-1]

    assert first == [(make.MONDAY, time(9, 35))]
    assert last == (make.MONDAY + timedelta(days=1), time(16))


def test_buffers_lie_within_the_hours(harbor):
    visit = facility.visit_type(buffer_before=10, buffer_after=15, minutes=20)
    facility.clinician(at=harbor, does=(visit,), starts=time(9), ends=time(9, 50))
    make.days()

    assert starts(visit, until=time(23), limit=3)[:2] == [
        (make.MONDAY, time(9, 10)),
        (make.MONDAY, time(9, 15)),
    ]


def test_a_visit_that_needs_a_room_and_a_device_is_offered_when_both_are_free(harbor):
    visit = facility.visit_type(room_kind="exam", device_kind="ecg", align_minutes=20)
    abel, baker = (facility.clinician(name, at=harbor, does=(visit,)) for name in "AB")
    facility.room(harbor)
    facility.room(harbor)
    facility.device(harbor)
    make.days()
    make.appointment(visit_type=visit, clinician=abel, location=harbor, starts_at=make.at(8))

    found = openings.find(search(visit, clinician_ids=frozenset({baker.pk})), at=make.SUNDAY)

    assert found[0].local_time == time(8, 20)


def test_a_visit_that_needs_a_room_is_not_offered_where_there_is_none(harbor):
    visit = facility.visit_type(room_kind="theatre")
    facility.clinician(at=harbor, does=(visit,))
    make.days()

    assert starts(visit) == []


def test_locations_in_two_time_zones_are_sorted_by_the_instant(harbor):
    visit = facility.visit_type(align_minutes=60)
    east = facility.location("East", time_zone=NEW_YORK)
    facility.clinician("West", at=harbor, does=(visit,), starts=time(8))
    facility.clinician("East", at=east, does=(visit,), starts=time(8))
    make.days()

    found = openings.find(search(visit), at=make.SUNDAY, limit=3)

    assert [(each.location, each.local_time) for each in found] == [
        ("East", time(8)),
        ("Harbor Street", time(8)),
        ("East", time(9)),
    ]


@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 11, 1)])
def test_on_the_days_the_clocks_change_the_wall_clock_is_right(harbor, day):
    visit = facility.visit_type(align_minutes=30)
    facility.clinician(at=harbor, does=(visit,), weekdays=(7,), starts=time(9), ends=time(10))
    make.days(since=day, length=1)
    at = make.at(12, day=day - timedelta(days=2))

    assert starts(visit, at=at) == [(day, time(9)), (day, time(9, 30))]
    booked = make.appointment(
        visit_type=visit, clinician=visit.clinicians.get(), location=harbor,
        starts_at=make.at(9, day=day), asked_at=at,
    )  # fmt: skip
    assert booked.local_time == time(9)
    assert starts(visit, at=at) == [(day, time(9, 30))]
    assert not days.mismatches(days.everything(), day, day + timedelta(days=1))


def test_the_heat_map_counts_the_starts_of_each_day(harbor):
    visit = facility.visit_type(align_minutes=60, minutes=60)
    facility.clinician(at=harbor, does=(visit,), weekdays=(1, 3), ends=time(12))
    facility.clinician(at=harbor, does=(visit,), weekdays=(3,), ends=time(10))
    make.days()

    counts = openings.count_by_day(
        search(visit), at=make.SUNDAY, since=make.MONDAY, until=make.MONDAY + timedelta(days=7)
    )

    assert counts == {make.MONDAY: 4, make.MONDAY + timedelta(days=2): 6}


def test_the_third_next_opening_is_counted_in_calendar_days(harbor):
    visit = facility.visit_type(align_minutes=60, minutes=60)
    facility.clinician(at=harbor, does=(visit,), weekdays=(1,), ends=time(10))
    make.days()

    assert openings.third_next(search(visit), at=make.SUNDAY) == 8
    assert openings.third_next(search(visit, specialty="None"), at=make.SUNDAY) is None


def test_later_openings_follow_without_gap_or_repetition(harbor):
    visit = facility.visit_type(align_minutes=30)
    facility.clinician("A", at=harbor, does=(visit,))
    facility.clinician("B", at=harbor, does=(visit,))
    make.days()
    wanted = search(visit)

    pages = [
        each
        for skip in (0, 7, 14)
        for each in openings.find(wanted, at=make.SUNDAY, limit=7, skip=skip)
    ]

    assert pages == openings.find(wanted, at=make.SUNDAY, limit=21)


def test_a_search_runs_few_queries_however_many_clinicians(harbor, django_assert_num_queries):
    visit = facility.visit_type(room_kind="exam", device_kind="ecg")
    facility.room(harbor)
    facility.device(harbor)
    for number in range(12):
        facility.clinician(f"Doctor {number}", at=harbor, does=(visit,))
    make.days()

    with django_assert_num_queries(7):
        assert len(openings.find(search(visit), at=make.SUNDAY, limit=20)) == 20


def test_a_holiday_and_an_absence_close_the_day(harbor):
    visit = facility.visit_type()
    dr_ng = facility.clinician(at=harbor, does=(visit,))
    facility.holiday(make.MONDAY)
    facility.away(dr_ng, make.MONDAY + timedelta(days=1))
    make.days()

    assert starts(visit, limit=1) == [(make.MONDAY + timedelta(days=2), time(8))]


def test_rebuilding_keeps_what_is_booked_and_says_how_much_changed(harbor):
    visit = facility.visit_type()
    dr_ng = facility.clinician(at=harbor, does=(visit,))
    make.days()
    make.appointment(visit_type=visit, clinician=dr_ng, location=harbor, starts_at=make.at(8))
    WeeklyHours.objects.filter(weekday=1).update(ends=time(8, 30))
    whole = (make.MONDAY, make.MONDAY + timedelta(days=14))

    differing = days.mismatches(days.everything(), *whole)
    changed = actions.rebuild(since=whole[0], until=whole[1])

    assert [each.what for each in differing] == ["template", "template"]
    assert changed == 2
    assert not days.mismatches(days.everything(), *whole)
    assert starts(visit, limit=1) == [(make.MONDAY + timedelta(days=1), time(8))]


def test_a_bitmap_that_lies_is_found(harbor):
    visit = facility.visit_type()
    facility.clinician(at=harbor, does=(visit,))
    make.days(length=1)
    with connection.cursor() as sql:
        sql.execute("UPDATE scheduling_resource_day SET free = %s::bit(300)", [bits(0)])

    found = days.mismatches(days.everything(), make.MONDAY, make.MONDAY + timedelta(days=1))

    assert [each.what for each in found] == ["free"]


def test_cancelling_makes_the_time_an_opening_again(harbor):
    visit = facility.visit_type()
    dr_ng = facility.clinician(at=harbor, does=(visit,))
    make.days()
    booked = make.appointment(
        visit_type=visit, clinician=dr_ng, location=harbor, starts_at=make.at(8)
    )
    before = starts(visit, limit=1)

    actions.cancel(
        officer=access.officer("bea"), appointment=booked, reason="patient", at=make.SUNDAY
    )

    assert before == [(make.MONDAY, time(8, 20))]
    assert starts(visit, limit=1) == [(make.MONDAY, time(8))]
