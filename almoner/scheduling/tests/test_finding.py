"""Visits found by what is typed into Ctrl-K."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from almoner.access.models import AccessEvent
from almoner.access.tests import make as access
from almoner.patients.tests import make as patients
from almoner.scheduling.models import Appointment
from almoner.scheduling.queries import finding
from almoner.scheduling.tests import make

TODAY = date(2026, 11, 23)  # a Monday
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ferreira", (["ferreira"], [])),
        ("Silva-Ramírez", (["silva", "ramirez"], [])),
        ("3/4", ([], [date(2026, 3, 4), date(2027, 3, 4)])),
        ("12/24", ([], [date(2026, 12, 24)])),
        ("today ng", (["ng"], [TODAY])),
        ("ferreira thu", (["ferreira"], [date(2026, 11, 26)])),
        ("+1w", ([], [TODAY + 7 * DAY])),
        ("t lee", (["t", "lee"], [])),
        ("tom", (["tom"], [])),
        ("", ([], [])),
    ],
)
def test_what_is_typed_is_words_of_a_name_and_a_day(typed, expected):
    assert finding.understand(typed, today=TODAY) == expected


pytestmark = pytest.mark.django_db


@pytest.fixture
def reading():
    return access.reading(access.officer("reader"), at=make.at(8))


def found(typed, reading, limit=8):
    return [line.id for line in finding.find(typed, reading=reading, limit=limit)]


def visit(family, *, hour=9, day=make.MONDAY):
    return make.appointment(
        patient=patients.patient(family=family), starts_at=make.at(hour, day=day)
    ).pk


def test_visits_to_come_stand_first_the_nearest_before_all(reading):
    far, near = visit("Ferreira", day=make.MONDAY + 7 * DAY), visit("Ferreira", hour=10)
    gone = visit("Ferreira", day=make.MONDAY - 7 * DAY)
    visit("Lee", hour=11)

    assert found("ferr", reading) == [near, far, gone]
    assert found("ferr", reading, limit=1) == [near]


def test_a_day_narrows_to_its_visits_and_a_word_may_name_the_clinician(reading):
    here, there = visit("Ferreira", hour=10), visit("Lee", hour=11)
    visit("Ferreira", day=make.MONDAY + DAY)

    assert found("3/2", reading) == [here, there]
    assert found("today ferr", reading) == [here]
    assert found("3/2 ng", reading) == [here, there]
    assert found("today nobody", reading) == []


def test_a_cancelled_visit_is_not_offered(reading):
    visit("Ferreira")
    Appointment.objects.update(status="cancelled", cancelled_at=make.SUNDAY)

    assert found("ferreira", reading) == []


def test_it_is_one_query_and_notes_whom_it_showed_as_a_search(reading, django_assert_num_queries):
    visit("Ferreira")

    with django_assert_num_queries(1):
        found("ferreira", reading)

    assert reading.patient_ids == set(Appointment.objects.values_list("patient_id", flat=True))
    assert reading.searched == "part of a name"


def test_ctrl_k_offers_visits_to_who_may_see_the_schedule(client):
    shown = visit("Ferreira")
    client.force_login(access.officer("olga"))

    hits = client.post(reverse("palette"), {"q": "ferreira"}).content.decode()
    seen = AccessEvent.objects.latest("id")
    client.force_login(access.officer("pia", roles=("privacy",)))

    assert f"{reverse('appointment', args=[shown])}?for=appointment:{shown}" in hits
    assert (seen.reason_kind, seen.grade) == ("search", "D")
    assert (
        "?for=appointment"
        not in client.post(reverse("palette"), {"q": "ferreira"}).content.decode()
    )
