"""Changing hours in the set-up: days follow at once, and nobody is stranded unseen."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse

from almoner.access.models import Officer
from almoner.access.tests import make as access
from almoner.facility.models import Clinician, Holiday, HoursException, Room, WeeklyHours
from almoner.facility.rules import bits
from almoner.facility.tests import make as facility
from almoner.ground import clock
from almoner.patients.tests import make as patients
from almoner.scheduling import actions
from almoner.scheduling.jobs import tend_days
from almoner.scheduling.queries import days, openings
from almoner.scheduling.queries.openings import Search
from almoner.scheduling.tests import make

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)


class Office:
    """The set-up pages as Ada the administrator sees them; Dr Ng works every day from 8 to 17."""

    def __init__(self, client):
        self.client = client
        self.ada = access.officer("ada", roles=("administrator",))
        self.ana = access.officer("ana")
        self.harbor = facility.location()
        self.visit = facility.visit_type()
        self.dr_ng = facility.clinician(at=self.harbor, does=(self.visit,), weekdays=EVERY_DAY)
        self.today = clock.today(facility.CHICAGO)
        self.day = self.today + timedelta(days=3)
        actions.rebuild(since=self.today, until=self.today + 5 * WEEK)
        client.force_login(self.ada)

    def booked(self, hour=9):
        return actions.book(
            officer=self.ana, patient=patients.patient(), visit_type=self.visit,
            clinician=self.dr_ng, location=self.harbor,
            starts_at=make.at(hour, day=self.day), asked_at=clock.now(),
        )  # fmt: skip

    def absent(self, **facts):
        asked = {"clinician": self.dr_ng.pk, "day": str(self.day), "reason": "Ill"} | facts
        return self.client.post(reverse("admin:facility_hoursexception_add"), asked)

    def first_hour(self):
        search = Search(visit_type_id=self.visit.pk, earliest=self.day)
        opening = openings.find(search, at=clock.now(), limit=1)[0]
        return opening.local_day, opening.local_time

    def in_order(self):
        return not days.mismatches(days.everything(), self.today, self.today + 5 * WEEK)


@pytest.fixture
def office(client):
    return Office(client)


def test_an_absence_closes_its_day_at_once(office):
    answer = office.absent()

    assert answer.status_code == 302
    assert office.first_hour() == (office.day + timedelta(days=1), time(8))
    assert office.in_order()


def test_an_absence_that_would_strand_visits_is_refused_and_lists_them(office):
    visit = office.booked()

    answer = office.absent()

    text = answer.content.decode()
    assert answer.status_code == 200
    assert f"{visit.local_day:%m/%d/%Y}" in text or visit.local_day.strftime("%b") in text
    assert "Garcia" not in text
    assert 'value="Ill"' in text or ">Ill<" in text or "Ill</textarea>" in text
    assert not HoursException.objects.exists()
    assert office.in_order()


def test_the_visits_that_would_be_stranded_are_links_for_whom_they_open(office):
    visit = office.booked()
    there = reverse("appointment", args=[visit.pk])
    own = office.absent().content.decode()

    both = access.officer("mara", roles=("administrator", "manager"))
    office.client.force_login(both)
    linked = office.absent().content.decode()

    assert there not in own
    assert there in linked


def test_said_again_on_purpose_the_absence_is_kept_and_so_is_the_visit(office):
    visit = office.booked()

    answer = office.absent(strand="on")

    visit.refresh_from_db()
    assert answer.status_code == 302
    assert visit.status == "booked"
    assert office.first_hour() == (office.day + timedelta(days=1), time(8))


def test_a_holiday_closes_everybodys_day(office):
    office.client.post(
        reverse("admin:facility_holiday_add"), {"day": str(office.day), "name": "Founders' Day"}
    )

    assert Holiday.objects.exists()
    assert office.first_hour() == (office.day + timedelta(days=1), time(8))


def test_shorter_weekly_hours_are_refused_while_visits_lie_outside_them(office):
    office.booked(hour=16)
    rule = WeeklyHours.objects.get(weekday=office.day.isoweekday())
    form = {
        "clinician": office.dr_ng.pk, "location": office.harbor.pk, "weekday": rule.weekday,
        "starts": "08:00", "ends": "12:00", "valid_from": "2020-01-01",
    }  # fmt: skip
    url = reverse("admin:facility_weeklyhours_change", args=[rule.pk])

    refused = office.client.post(url, form)
    kept = office.client.post(url, form | {"ends": "16:30"})

    assert "Nothing was saved" in refused.content.decode()
    assert kept.status_code == 302
    rule.refresh_from_db()
    assert rule.ends == time(16, 30)
    assert office.in_order()


def test_weekly_hours_that_claim_an_hour_twice_are_refused(office):
    answer = office.client.post(
        reverse("admin:facility_weeklyhours_add"),
        {"clinician": office.dr_ng.pk, "location": facility.location("East").pk, "weekday": 1,
         "starts": "16:00", "ends": "19:00", "valid_from": "2026-01-01"},
    )  # fmt: skip

    assert "already has hours then" in answer.content.decode()
    assert WeeklyHours.objects.count() == 7


def test_an_hours_row_that_carries_visits_is_not_deleted(office):
    extra = HoursException.objects.create(
        clinician=office.dr_ng, location=office.harbor, day=office.day,
        starts=time(18), ends=time(20),
    )  # fmt: skip
    actions.rebuild(since=office.day, until=office.day + timedelta(days=1))
    office.booked(hour=18)

    office.client.post(
        reverse("admin:facility_hoursexception_delete", args=[extra.pk]), {"post": "yes"}
    )

    assert HoursException.objects.exists()


def test_deleting_an_absence_opens_the_day_again(office):
    office.absent()
    absence = HoursException.objects.get()

    office.client.post(
        reverse("admin:facility_hoursexception_delete", args=[absence.pk]), {"post": "yes"}
    )

    assert office.first_hour() == (office.day, time(8))
    assert office.in_order()


def test_a_clinician_who_leaves_has_no_openings(office):
    def leave():
        Clinician.objects.update(active=False)
        office.dr_ng.active = False

    actions.change_hours(officer=office.ada, change=leave, row=office.dr_ng, at=clock.now())

    assert openings.find(Search(visit_type_id=office.visit.pk), at=clock.now()) == []
    assert office.in_order()


def test_a_new_room_can_be_booked_as_soon_as_it_is_saved(office):
    office.visit.room_kind = "exam"
    office.visit.save()
    assert openings.find(Search(visit_type_id=office.visit.pk), at=clock.now()) == []

    office.client.post(
        reverse("admin:facility_room_add"),
        {"location": office.harbor.pk, "name": "Room 9", "kind": "exam", "active": "on"},
    )

    assert Room.objects.exists()
    assert office.booked().room == Room.objects.get()


def test_only_who_keeps_the_set_up_changes_hours(office):
    with pytest.raises(PermissionDenied):
        actions.change_hours(
            officer=office.ana, change=list, row=WeeklyHours.objects.first(), at=clock.now()
        )


TABLES = "weeklyhours hoursexception holiday clinician room device location visittype organisation"


@pytest.mark.parametrize("name", TABLES.split())
def test_every_table_of_the_set_up_opens(office, name):
    assert office.client.get(reverse(f"admin:facility_{name}_changelist")).status_code == 200


def test_an_officer_of_the_desk_does_not_get_into_the_set_up(office):
    office.client.force_login(Officer.objects.get(username="ana"))

    answer = office.client.get(reverse("admin:facility_holiday_changelist"))

    assert answer.status_code == 302


def test_each_night_wrong_masks_are_told_of_and_put_right_and_new_days_are_laid_out(office, caplog):
    with connection.cursor() as sql:
        sql.execute(
            "UPDATE scheduling_resource_day SET free = %s::bit(300) WHERE local_day = %s",
            [bits(0), office.day],
        )

    tend_days(timestamp=0)

    assert "differed" in caplog.text
    assert office.in_order()
    assert days.last_day() > office.today + timedelta(days=390)


def test_a_quiet_night_says_nothing(office, caplog):
    tend_days(timestamp=0)

    assert caplog.text == ""


def test_spans_join_into_the_widest():
    first = actions.Span(frozenset({(1, 1)}), date(2026, 3, 1), date(2026, 3, 2))
    for_good = actions.Span(frozenset({(1, 2)}), date(2026, 4, 1), None)

    assert actions.Span() | first == first
    assert first | for_good == actions.Span(frozenset({(1, 1), (1, 2)}), date(2026, 3, 1), None)
