"""Many officers at once, each with a connection of his own, against a real PostgreSQL."""

import contextlib
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from almoner.access.tests import make as access
from almoner.facility.tests import make as facility
from almoner.patients.tests import make as patients
from almoner.scheduling import actions
from almoner.scheduling.models import Appointment, Hold
from almoner.scheduling.queries import days
from almoner.scheduling.tests import make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
OFFICERS = 24

OVERLAPS = """
    SELECT count(*) FROM scheduling_hold a JOIN scheduling_hold b
        ON a.id < b.id AND a.kind = b.kind AND a.resource_id = b.resource_id
       AND a.lane = b.lane AND a.live AND b.live AND a.during && b.during
"""


def overlaps():
    with connection.cursor() as sql:
        sql.execute(OVERLAPS)
        return sql.fetchone()[0]


def in_order():
    return not days.mismatches(days.everything(), make.MONDAY, make.MONDAY + timedelta(days=14))


def all_at_once(work):
    """Run ``work(number)`` for each officer at the same time; what each answered."""

    def alone(number):
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(OFFICERS) as pool:
        return list(pool.map(alone, range(OFFICERS)))


class Clinic:
    def __init__(self, *, clinicians=2, **visit):
        self.ana = access.officer("ana")
        self.harbor = facility.location()
        self.visit = facility.visit_type(**visit)
        self.clinicians = [
            facility.clinician(f"Doctor {number}", at=self.harbor, does=(self.visit,))
            for number in range(clinicians)
        ]
        self.patients = [patients.patient(family=f"Cy {number}") for number in range(OFFICERS)]

    def book(self, patient, clinician, starts_at):
        return actions.book(
            officer=self.ana, patient=patient, visit_type=self.visit, clinician=clinician,
            location=self.harbor, starts_at=starts_at, asked_at=make.SUNDAY,
        )  # fmt: skip


def test_twenty_four_officers_on_two_clinicians_never_book_one_time_twice():
    clinic = Clinic()
    make.days()

    def work(number):
        chance, booked = random.Random(number), 0
        for _ in range(12):
            starts_at = make.at(8) + timedelta(minutes=5 * chance.randrange(100))
            try:
                clinic.book(
                    chance.choice(clinic.patients), chance.choice(clinic.clinicians), starts_at
                )
                booked += 1
            except (actions.OpeningTaken, actions.BookingRefused):
                pass
        return booked

    booked = all_at_once(work)

    assert sum(booked) == Appointment.objects.count() > OFFICERS
    assert overlaps() == 0
    assert in_order()


def test_three_things_at_once_are_booked_by_all_without_a_deadlock():
    clinic = Clinic(clinicians=6, room_kind="exam", device_kind="ecg")
    for _ in range(3):
        facility.room(clinic.harbor)
        facility.device(clinic.harbor)
    make.days()

    def work(number):
        chance, booked = random.Random(number), 0
        for _ in range(6):
            starts_at = make.at(8) + timedelta(minutes=20 * chance.randrange(24))
            try:
                clinic.book(clinic.patients[number], chance.choice(clinic.clinicians), starts_at)
                booked += 1
            except (actions.OpeningTaken, actions.BookingRefused):
                pass
        return booked

    booked = all_at_once(work)

    assert sum(booked) * 4 == Hold.objects.filter(live=True).count() > OFFICERS * 4
    assert overlaps() == 0
    assert in_order()


def test_visits_moved_against_one_another_neither_collide_nor_deadlock():
    clinic = Clinic(clinicians=3, room_kind="exam")
    for _ in range(3):
        facility.room(clinic.harbor)
    make.days()
    slots = [(doctor, make.at(8 + n)) for n in range(8) for doctor in clinic.clinicians]
    booked = [
        clinic.book(patient, *slot) for patient, slot in zip(clinic.patients, slots, strict=True)
    ]

    def work(number):
        chance, moved = random.Random(number), 0
        for _ in range(6):
            doctor, starts_at = chance.choice(slots)
            try:
                actions.move(
                    officer=clinic.ana, appointment=booked[number], clinician=doctor,
                    location=clinic.harbor, asked_at=make.SUNDAY,
                    starts_at=starts_at + timedelta(minutes=chance.choice((0, 20, 40))),
                )  # fmt: skip
                moved += 1
            except actions.OpeningTaken:
                pass
        return moved

    moved = all_at_once(work)

    assert sum(moved) > 0
    assert Hold.objects.filter(live=True, kind=Hold.Kind.CLINICIAN).count() == OFFICERS
    assert overlaps() == 0
    assert in_order()


def test_one_visit_moved_by_everybody_to_different_clinicians_is_there_for_each():
    """Whoever waits for another's move sees the visit as that one left it, not as missing."""
    clinic = Clinic(clinicians=OFFICERS)
    make.days()
    visit = clinic.book(clinic.patients[0], clinic.clinicians[0], make.at(8))

    all_at_once(
        lambda number: actions.move(
            officer=clinic.ana, appointment=visit, clinician=clinic.clinicians[number],
            location=clinic.harbor, asked_at=make.SUNDAY, starts_at=make.at(9),
        )
    )  # fmt: skip

    assert Hold.objects.filter(live=True, kind=Hold.Kind.CLINICIAN).count() == 1
    assert overlaps() == 0
    assert in_order()


def test_one_request_sent_by_everybody_at_once_is_one_booking():
    clinic = Clinic(clinicians=1)
    make.days()

    def work(_number):
        return actions.book(
            officer=clinic.ana, patient=clinic.patients[0], visit_type=clinic.visit,
            clinician=clinic.clinicians[0], location=clinic.harbor, starts_at=make.at(9),
            asked_at=make.SUNDAY, request_key="the same",
        ).pk  # fmt: skip

    assert len(set(all_at_once(work))) == 1
    assert Appointment.objects.count() == 1


def test_hours_rebuilt_while_others_book_stay_true():
    clinic = Clinic()
    make.days()

    def work(number):
        if number % 4 == 0:
            return make.days()
        for step in range(8):
            starts_at = make.at(8 + step, 5 * (number % 12))
            with contextlib.suppress(actions.OpeningTaken, actions.BookingRefused):
                clinic.book(clinic.patients[number], clinic.clinicians[number % 2], starts_at)
        return None

    all_at_once(work)

    assert Appointment.objects.exists()
    assert overlaps() == 0
    assert in_order()
