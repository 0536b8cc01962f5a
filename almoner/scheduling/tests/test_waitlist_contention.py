"""Hundreds of answers at once, each with a connection of its own, against a real PostgreSQL."""

import contextlib
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from almoner.scheduling import actions
from almoner.scheduling.actions import OfferOver, offering
from almoner.scheduling.models import Appointment, FreedPlace, Hold, PlaceOffer
from almoner.scheduling.tests import make
from almoner.scheduling.tests.test_contention import in_order, overlaps
from almoner.scheduling.tests.waits import Desk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
AT_ONCE = 40
ANSWERS = 200
SUNDAY = make.SUNDAY
REFUSED = (OfferOver, actions.BookingRefused, actions.OpeningTaken)


@pytest.fixture
def desk(monkeypatch):
    monkeypatch.setattr(offering, "_reaches", [])
    return Desk()


def all_at_once(work, times=ANSWERS):
    """Run ``work(number)`` so often, forty at a time; what each answered, None when refused."""

    def alone(number):
        try:
            with contextlib.suppress(*REFUSED):
                return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(alone, range(times)))


def test_two_hundred_accepts_of_one_offer_are_one_booking(desk):
    desk.waits()
    gone = desk.full_day()[0]
    [offer] = desk.cancels(gone)

    answers = all_at_once(lambda _n: actions.accept(offer_id=offer.pk, at=SUNDAY).pk)

    assert len(set(answers)) == 1
    assert Appointment.objects.filter(starts_at=gone.starts_at, status="booked").count() == 1
    assert overlaps() == 0
    assert in_order()


def test_accepts_and_desks_that_book_the_same_time_never_both_have_it(desk):
    """At the instant an offer is over, whoever comes first has the time, and one alone."""
    entries = [desk.waits() for _ in range(6)]
    visits = desk.full_day()
    offers = [offer for visit in visits for offer in desk.cancels(visit)]
    assert {offer.entry_id for offer in offers} == {entry.pk for entry in entries}
    over = offers[0].expires_at

    def work(number):
        chance = random.Random(number)
        offer = chance.choice(offers)
        if number % 2:
            return actions.accept(offer_id=offer.pk, at=over - timedelta(seconds=1)).pk
        return desk.book(starts_at=offer.starts_at, asked_at=over).pk

    all_at_once(work)

    booked = Appointment.objects.filter(status="booked")
    assert booked.count() == len(offers) == booked.values("starts_at").distinct().count()
    assert overlaps() == 0
    assert in_order()


def test_many_workers_offer_a_place_to_one_alone(desk):
    for _ in range(AT_ONCE):
        desk.waits()
    gone = desk.full_day()[0]
    actions.cancel(officer=desk.ana, appointment=gone, reason="patient", at=SUNDAY)
    event = desk.last("scheduling.cancelled")

    def work(_number):
        for freed_id in actions.note_freed(event=event, at=SUNDAY):
            actions.fill(freed_id=freed_id, at=SUNDAY)

    all_at_once(work, AT_ONCE)

    assert FreedPlace.objects.count() == PlaceOffer.objects.count() == 1
    assert Hold.objects.filter(live=True, offer__isnull=False).count() == 1
    assert in_order()


def test_a_whole_cascade_of_moves_leaves_every_time_to_one(desk):
    """Each who accepts an earlier place frees their own, which is offered on, all at once."""
    visits = desk.full_day()
    for visit in visits[1:]:
        desk.waits(patient=visit.patient, visit=visit)
    desk.cancels(visits[0])

    def work(number):
        chance = random.Random(number)
        if number % 3 == 0:
            return actions.pass_on(at=SUNDAY)
        waiting = list(PlaceOffer.objects.filter(state="open").values_list("pk", flat=True))
        if waiting:
            actions.accept(offer_id=chance.choice(waiting), at=SUNDAY)
        with contextlib.suppress(IndexError):
            desk.reacts()
        return None

    all_at_once(work, ANSWERS)

    booked = Appointment.objects.filter(status="booked")
    assert booked.count() == len(visits) - 1 == booked.values("starts_at").distinct().count()
    assert overlaps() == 0
    assert in_order()
