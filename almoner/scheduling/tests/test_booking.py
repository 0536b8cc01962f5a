from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from almoner.access.tests import make as access
from almoner.facility.tests import make as facility
from almoner.ground.models import Event
from almoner.patients.tests import make as patients
from almoner.scheduling import actions
from almoner.scheduling.models import Appointment, Hold
from almoner.scheduling.queries import days
from almoner.scheduling.rules import Refusal
from almoner.scheduling.tests import make

pytestmark = pytest.mark.django_db


def book(desk, **facts):
    """Book at Monday nine with whatever is not said otherwise."""
    facts = {
        "officer": desk.ana,
        "patient": facts.pop("patient", None) or patients.patient(),
        "visit_type": desk.follow_up,
        "clinician": desk.dr_ng,
        "location": desk.harbor,
        "starts_at": make.at(9),
        "asked_at": make.SUNDAY,
    } | facts
    return actions.book(**facts)


class Desk:
    def __init__(self, **visit):
        self.ana = access.officer("ana")
        self.harbor = facility.location()
        self.follow_up = facility.visit_type(**visit)
        self.dr_ng = facility.clinician(at=self.harbor, does=(self.follow_up,))

    def open(self):
        make.days()
        return self

    def in_order(self):
        return not days.mismatches(days.everything(), make.MONDAY, make.MONDAY + timedelta(days=14))


@pytest.fixture
def desk():
    return Desk().open()


def test_a_visit_is_booked_and_everybody_is_held_for_it(desk):
    booked = book(desk)

    assert booked.status == "booked"
    assert (booked.local_day, booked.local_time) == (make.MONDAY, time(9))
    assert booked.ends_at == make.at(9, 20)
    assert set(booked.holds.values_list("kind", "resource_id")) == {
        (Hold.Kind.CLINICIAN, desk.dr_ng.pk),
        (Hold.Kind.PATIENT, booked.patient_id),
    }
    assert desk.in_order()


def test_the_event_says_what_others_need_to_know(desk):
    booked = book(desk)

    event = Event.objects.get(kind="scheduling.booked")

    assert event.patient_id == booked.patient_id
    assert event.location_id == desk.harbor.pk
    assert event.data["clinician"] == "Linh Ng, MD"
    assert event.data["when"] == "Monday, March 2, 2026 at 9:00 AM"
    assert event.data["service_type"] == "98"


def test_second_officer_is_told_the_opening_is_taken_and_gets_the_next_three(desk):
    book(desk)

    with pytest.raises(actions.OpeningTaken) as taken:
        book(desk, starts_at=make.at(9, 10))

    starts = [opening.local_time for opening in taken.value.next_openings]
    assert starts == [time(8), time(8, 5), time(8, 10)]
    assert Appointment.objects.count() == 1
    assert desk.in_order()


def test_visits_may_follow_one_another_without_a_gap(desk):
    book(desk)
    book(desk, starts_at=make.at(9, 20))
    book(desk, starts_at=make.at(8, 40))

    assert desk.in_order()


def test_buffers_are_kept_free_but_not_promised():
    desk = Desk(buffer_before=10, buffer_after=5).open()
    booked = book(desk)

    with pytest.raises(actions.OpeningTaken):
        book(desk, starts_at=make.at(9, 25))
    book(desk, starts_at=make.at(9, 35))

    assert booked.starts_at == make.at(9)
    assert desk.in_order()


def test_nobody_is_booked_outside_hours(desk):
    for starts_at in (make.at(7, 50), make.at(16, 50), make.at(9, day=date(2026, 3, 8))):
        with pytest.raises(actions.BookingRefused) as refused:
            book(desk, starts_at=starts_at)
        assert refused.value.reason == Refusal.OUTSIDE_HOURS


def test_a_patient_is_not_booked_at_two_places_at_once(desk):
    cy = patients.patient()
    dr_ruiz = facility.clinician("Ruiz", at=desk.harbor, does=(desk.follow_up,))
    make.days()
    book(desk, patient=cy)

    with pytest.raises(actions.BookingRefused) as refused:
        book(desk, patient=cy, clinician=dr_ruiz, starts_at=make.at(9, 10))

    assert refused.value.reason == Refusal.PATIENT_BUSY
    assert desk.in_order()


def test_the_same_request_twice_is_one_booking(desk):
    cy = patients.patient()
    first = book(desk, patient=cy, request_key="k1")
    second = book(desk, patient=cy, request_key="k1")

    assert first == second
    assert Event.objects.filter(kind="scheduling.booked").count() == 1


def test_room_and_device_are_taken_with_the_clinician():
    desk = Desk(room_kind="exam", device_kind="ecg")
    room, ecg = facility.room(desk.harbor), facility.device(desk.harbor)
    desk.open()

    booked = book(desk)

    assert (booked.room_id, booked.device_id) == (room.pk, ecg.pk)
    assert booked.holds.filter(live=True).count() == 4
    assert desk.in_order()


def test_nothing_is_taken_when_the_last_room_is_gone():
    desk = Desk(room_kind="exam")
    facility.room(desk.harbor)
    dr_ruiz = facility.clinician("Ruiz", at=desk.harbor, does=(desk.follow_up,))
    desk.open()
    book(desk)

    with pytest.raises(actions.OpeningTaken):
        book(desk, clinician=dr_ruiz)

    assert Hold.objects.filter(resource_id=dr_ruiz.pk, kind=Hold.Kind.CLINICIAN).count() == 0
    assert desk.in_order()


def test_the_second_visit_goes_to_the_second_room():
    desk = Desk(room_kind="exam")
    rooms = [facility.room(desk.harbor), facility.room(desk.harbor)]
    dr_ruiz = facility.clinician("Ruiz", at=desk.harbor, does=(desk.follow_up,))
    desk.open()

    taken = {book(desk).room_id, book(desk, clinician=dr_ruiz).room_id}

    assert taken == {room.pk for room in rooms}


def test_overbooking_needs_a_policy_a_reason_and_room_for_it():
    desk = Desk(overbook_lanes=1).open()
    over = {
        "officer": desk.ana,
        "visit_type": desk.follow_up,
        "clinician": desk.dr_ng,
        "location": desk.harbor,
        "starts_at": make.at(9),
        "asked_at": make.SUNDAY,
    }
    book(desk)

    with pytest.raises(actions.BookingRefused) as refused:
        actions.overbook(patient=patients.patient(), reason=" ", **over)
    assert refused.value.reason == Refusal.NO_REASON
    second = actions.overbook(patient=patients.patient(), reason="Fever since Friday", **over)
    with pytest.raises(actions.OpeningTaken):
        actions.overbook(patient=patients.patient(), reason="Also fever", **over)

    assert (second.lane, second.overbook_reason) == (1, "Fever since Friday")
    assert desk.in_order()


def test_a_visit_type_without_lanes_is_never_overbooked(desk):
    with pytest.raises(actions.BookingRefused) as refused:
        actions.overbook(
            officer=desk.ana, patient=patients.patient(), visit_type=desk.follow_up,
            clinician=desk.dr_ng, location=desk.harbor, starts_at=make.at(9),
            asked_at=make.SUNDAY, reason="Fever",
        )  # fmt: skip

    assert refused.value.reason == Refusal.LANES_FULL


@pytest.mark.parametrize(
    ("visit", "facts", "reason"),
    [
        ({}, {"asked_at": make.at(9, 16)}, Refusal.PAST),
        ({"notice_minutes": 120}, {"asked_at": make.at(7, 30)}, Refusal.NOTICE),
        ({"horizon_days": 5}, {"asked_at": make.at(9) - timedelta(days=6)}, Refusal.HORIZON),
        ({}, {"starts_at": make.at(9, 3)}, Refusal.GRID),
        ({"retired_at": datetime(2026, 1, 1, tzinfo=UTC)}, {}, Refusal.RETIRED),
    ],
)
def test_what_the_visit_type_forbids_is_refused(visit, facts, reason):
    desk = Desk(**visit).open()

    with pytest.raises(actions.BookingRefused) as refused:
        book(desk, **facts)

    assert refused.value.reason == reason


def test_a_clinician_is_not_booked_for_what_they_do_not_do(desk):
    stress_test = facility.visit_type("Stress test")

    with pytest.raises(actions.BookingRefused) as refused:
        book(desk, visit_type=stress_test)

    assert refused.value.reason == Refusal.NOT_DONE


def test_a_biller_books_nothing(desk):
    with pytest.raises(PermissionDenied):
        book(desk, officer=access.officer("ben", roles=("biller",)))


def test_booking_costs_few_queries(desk, django_assert_max_num_queries):
    cy = patients.patient()

    # Savepoints and the jobs of those who follow the event included.
    with django_assert_max_num_queries(10):
        book(desk, patient=cy)
