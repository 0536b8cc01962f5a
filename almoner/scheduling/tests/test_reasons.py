"""How long a visit and a board explain a look at the people on them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from almoner.access.models import AccessEvent
from almoner.access.queries import WorkItem, reason_for
from almoner.access.tests import make as access
from almoner.ground import clock
from almoner.patients.tests import make as patients
from almoner.scheduling import actions, rules
from almoner.scheduling.models import Appointment
from almoner.scheduling.tests import make
from almoner.scheduling.tests.test_pages import Desk

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
B, ASKED = ("appointment", "B"), ("said", "D")


def grade(visit, *, days, reader=None):
    """How good a reason the visit is for a colleague, so many days after its end."""
    reading = access.reading(
        reader or access.officer(f"bea{days}".replace("-", "m")),
        at=visit.ends_at + days * DAY,
        work_item=WorkItem("appointment", visit.pk),
    )
    reason = reason_for(reading, visit.patient_id)
    return (reason.kind, str(reason.grade))


@pytest.mark.parametrize(
    ("days", "expected"), [(-90, B), (0, B), (13, B), (14, B), (15, ASKED), (900, ASKED)]
)
def test_a_visit_explains_a_look_from_its_booking_to_two_weeks_after_it(days, expected):
    assert grade(make.appointment(), days=days) == expected


def test_a_cancelled_visit_explains_a_look_for_two_weeks_after_that():
    visit = make.appointment(starts_at=make.at(9))
    actions.cancel(
        officer=access.officer("mara"), appointment=visit, reason="ill",
        at=visit.starts_at - 30 * DAY,
    )  # fmt: skip

    assert grade(visit, days=-20) == B
    assert grade(visit, days=-10) == ASKED


def test_that_the_patient_came_once_does_not_bear_out_a_look_years_later():
    visit = make.appointment()
    Appointment.objects.update(status="completed")
    ana = access.officer("again")
    Appointment.objects.update(booked_by_id=ana.pk)

    assert grade(visit, days=1, reader=ana)[1] == "C"
    assert grade(visit, days=700, reader=ana) == ASKED


@pytest.fixture
def desk(client):
    return Desk(client)


@pytest.fixture
def old(desk):
    """A visit of 20 days ago that a colleague booked, never arrived."""
    visit = desk.booked(officer=access.officer("mara"))
    ago = clock.now() - 20 * DAY
    Appointment.objects.filter(pk=visit.pk).update(
        starts_at=ago, ends_at=ago + timedelta(minutes=40), local_day=desk.today - 20 * DAY
    )
    return visit


def test_whoever_comes_by_an_old_visit_is_asked_why_before_the_record_opens(desk, old):
    record = reverse("patient", args=[desk.cy.pk])
    next_week = make.at(14, day=desk.today + 7 * DAY)
    fresh = desk.booked(officer=access.officer("bea"), starts_at=next_week)

    by_old = desk.client.get(record, {"for": f"appointment:{old.pk}"})
    by_new = desk.client.get(record, {"for": f"appointment:{fresh.pk}"})

    assert "patients/opening.html" in [each.name for each in by_old.templates]
    assert "patients/patient.html" in [each.name for each in by_new.templates]


def seen():
    event = AccessEvent.objects.order_by("id").last()
    return (event.patient_ids, event.reason_kind, event.grade)


def test_the_board_of_a_day_long_gone_explains_nobody_on_it(desk, old):
    desk.get("day_board", day=str(desk.today - 20 * DAY))

    assert seen() == ([desk.cy.pk], "day_board", "D")


def test_the_week_of_days_long_gone_explains_nobody_on_it(desk, old):
    desk.client.get(
        reverse("week", args=[desk.clinicians[0].pk]), {"day": str(desk.today - 20 * DAY)}
    )

    assert seen() == ([desk.cy.pk], "week", "D")


def test_lifting_a_visit_over_a_board_is_explained_by_the_visit_and_not_by_the_board(
    desk,
    old,
):
    desk.get("day_board", move=old.pk)
    long_gone = seen()
    ahead = desk.booked(
        officer=access.officer("bea"),
        patient=patients.patient(family="Lee"),
        clinician=desk.clinicians[1],
    )

    desk.get("day_board", move=ahead.pk)

    assert long_gone == ([desk.cy.pk], *ASKED)
    assert seen() == ([ahead.patient_id], "appointment", "B")


@pytest.mark.parametrize(("days", "work"), [(-15, False), (-14, True), (0, True), (200, True)])
def test_two_weeks_of_past_days_and_every_day_to_come_are_work(days, work):
    assert rules.still_work(make.MONDAY + days * DAY, today=make.MONDAY) is work
