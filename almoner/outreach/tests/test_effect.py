"""What a campaign did is counted alike for those written to and those held out."""

from datetime import timedelta

import pytest

from almoner.outreach import actions, queries
from almoner.outreach.models import Campaign, Enrolment
from almoner.outreach.tests import make
from almoner.outreach.tests.make import DAY, NOW
from almoner.scheduling.models import Appointment
from almoner.scheduling.tests import make as scheduling

OVER = NOW + 40 * DAY


@pytest.fixture
def row(mara):
    """A campaign of four, two of them held out, each with a day of their own."""
    people = [make.due(name) for name in ("A", "B", "C", "D")]
    made = make.started(mara, window_days=30)
    for place, who in enumerate(people):
        out = {"held_out": True, "state": "held_out", "next_at": None} if place > 1 else {}
        Enrolment.objects.filter(patient=who).update(starts_at=NOW + DAY, **out)
    return made


def who(row, family):
    return Enrolment.objects.get(campaign=row, patient__family=family).patient


def books(patient, *, after, **facts):
    """A booking so long after the campaign started, for some later hour."""
    hour = 9 + Appointment.objects.filter(booked_at__gte=NOW).count()
    visit = scheduling.appointment(patient=patient, starts_at=scheduling.at(hour), asked_at=NOW)
    Appointment.objects.filter(pk=visit.pk).update(booked_at=NOW + after, **facts)


def arms(row, at=OVER):
    found = queries.found(row, at=at)
    return [(arm.people, arm.booked) for arm in (found.written_to, found.held_out)]


def test_bookings_count_from_the_day_somebody_was_to_be_written_to_until_their_days_are_over(row):
    books(who(row, "A"), after=DAY)
    books(who(row, "B"), after=31 * DAY)
    books(who(row, "C"), after=31 * DAY - timedelta(seconds=1))

    assert arms(row) == [(2, 1), (2, 1)]


def test_whoever_had_booked_before_their_day_is_in_neither_group(row):
    books(who(row, "A"), after=DAY / 2)
    books(who(row, "D"), after=DAY / 2)

    assert arms(row) == [(1, 0), (1, 0)]


def test_a_cancelled_booking_is_none(row):
    facts = {"status": "cancelled", "cancelled_at": NOW + 3 * DAY}
    books(who(row, "A"), after=2 * DAY, **facts)
    books(who(row, "C"), after=2 * DAY, **facts)

    assert arms(row) == [(2, 0), (2, 0)]


def test_only_a_booking_of_the_wanted_kind_counts(row):
    books(who(row, "A"), after=2 * DAY)
    kind = Appointment.objects.latest("pk").visit_type

    Campaign.objects.update(visit_type=kind)
    assert arms(row) == [(2, 1), (2, 0)]
    Campaign.objects.update(visit_type=scheduling.facility.visit_type("Check-up"))
    assert arms(row) == [(2, 0), (2, 0)]


def test_whoever_still_has_time_is_not_counted_yet(row):
    assert arms(row, at=NOW + 20 * DAY) == [(0, 0), (0, 0)]
    assert queries.found(row, at=NOW + 20 * DAY).still_open == 4


def test_whoever_could_not_be_reached_stays_in_the_group_they_were_drawn_into(row):
    who(row, "A").phones.all().delete()
    actions.send_due(at=NOW + DAY)

    assert arms(row) == [(2, 0), (2, 0)]


def test_nobody_whose_day_never_came_is_counted(mara, row):
    actions.finish(officer=mara, campaign=row, at=NOW)

    assert arms(Campaign.objects.get()) == [(0, 0), (0, 0)]
