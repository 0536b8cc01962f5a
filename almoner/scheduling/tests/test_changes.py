from datetime import time, timedelta

import pytest

from almoner.access.tests import make as access
from almoner.facility.tests import make as facility
from almoner.ground.models import Event
from almoner.patients.tests import make as patients
from almoner.scheduling import actions
from almoner.scheduling.models import Appointment, Hold
from almoner.scheduling.queries import days
from almoner.scheduling.rules import CancelReason, Refusal
from almoner.scheduling.tests import make

pytestmark = pytest.mark.django_db
SOON = make.SUNDAY + timedelta(seconds=5)


class Desk:
    """A clinic with one visit booked: Cy, Monday at nine with Dr Ng."""

    def __init__(self, **visit):
        self.ana = access.officer("ana")
        self.harbor = facility.location()
        self.follow_up = facility.visit_type(**visit)
        self.dr_ng = facility.clinician(at=self.harbor, does=(self.follow_up,))
        self.dr_ruiz = facility.clinician("Ruiz", at=self.harbor, does=(self.follow_up,))
        if visit.get("room_kind"):
            facility.room(self.harbor)
        make.days()
        self.cy = patients.patient()
        self.visit = self.book(patient=self.cy)

    def book(self, **facts):
        facts = {
            "officer": self.ana,
            "visit_type": self.follow_up,
            "clinician": self.dr_ng,
            "location": self.harbor,
            "starts_at": make.at(9),
            "asked_at": make.SUNDAY,
        } | facts
        return actions.book(patient=facts.pop("patient", None) or patients.patient(), **facts)

    def move(self, **facts):
        facts = {
            "officer": self.ana,
            "appointment": self.visit,
            "clinician": self.dr_ng,
            "location": self.harbor,
            "asked_at": make.SUNDAY,
        } | facts
        return actions.move(**facts)

    def cancel(self, at=make.SUNDAY, **facts):
        facts = {"appointment": self.visit, "reason": CancelReason.PATIENT} | facts
        return actions.cancel(officer=self.ana, at=at, **facts)

    def undo(self, at=SOON, **facts):
        facts = {"officer": self.ana, "appointment": self.visit} | facts
        return actions.undo(at=at, **facts)

    def standing(self):
        """Everything that an undo must restore: the visit and what it holds."""
        row = Appointment.objects.filter(pk=self.visit.pk).values().get()
        held = Hold.objects.filter(appointment=self.visit, live=True).order_by("id")
        return row, list(held.values())

    def in_order(self):
        return not days.mismatches(days.everything(), make.MONDAY, make.MONDAY + timedelta(days=14))


@pytest.fixture
def desk():
    return Desk()


def test_a_visit_moves_to_another_clinician_and_frees_its_time(desk):
    moved = desk.move(clinician=desk.dr_ruiz, starts_at=make.at(10))

    assert moved.pk == desk.visit.pk
    assert (moved.clinician, moved.local_time) == (desk.dr_ruiz, time(10))
    assert desk.book()
    assert desk.in_order()


def test_a_visit_moved_by_ten_minutes_does_not_stand_in_its_own_way():
    desk = Desk(room_kind="exam")

    moved = desk.move(starts_at=make.at(9, 10))

    assert moved.local_time == time(9, 10)
    assert moved.room_id
    assert desk.in_order()


def test_a_visit_stays_where_it_was_when_the_new_time_is_taken(desk):
    desk.book(clinician=desk.dr_ruiz)
    before = desk.standing()

    with pytest.raises(actions.OpeningTaken) as taken:
        desk.move(clinician=desk.dr_ruiz, starts_at=make.at(9))

    assert len(taken.value.next_openings) == 3
    assert desk.standing() == before
    assert desk.in_order()


def test_the_event_of_a_move_tells_where_the_visit_was(desk):
    desk.move(starts_at=make.at(10))

    event = Event.objects.get(kind="scheduling.moved")

    assert event.data["was_when"] == "Monday, March 2, 2026 at 9:00 AM"
    assert (event.data["local_day"], event.data["local_time"]) == ("2026-03-02", "10:00")


def test_a_cancelled_visit_gives_up_its_time_and_keeps_its_row(desk):
    cancelled = desk.cancel(note=" Has a cold ")

    assert (cancelled.status, cancelled.cancel_reason) == ("cancelled", "patient")
    assert cancelled.cancel_note == "Has a cold"
    assert desk.book(patient=desk.cy)
    assert desk.in_order()


@pytest.mark.parametrize(("hours", "late"), [(25, False), (23, True)])
def test_a_cancellation_within_a_day_of_the_visit_counts_as_late(desk, hours, late):
    desk.cancel(at=make.at(9) - timedelta(hours=hours))

    assert Event.objects.get(kind="scheduling.cancelled").data["late"] is late


def test_a_cancelled_visit_is_neither_moved_nor_cancelled_again(desk):
    desk.cancel()

    for change in (desk.cancel, lambda: desk.move(starts_at=make.at(10))):
        with pytest.raises(actions.BookingRefused) as refused:
            change()
        assert refused.value.reason == Refusal.NOT_BOOKED


def test_a_visit_is_not_kept_only_after_it_should_have_begun(desk):
    with pytest.raises(actions.BookingRefused) as refused:
        actions.no_show(officer=desk.ana, appointment=desk.visit, at=make.at(8, 59))
    assert refused.value.reason == Refusal.NOT_STARTED

    missed = actions.no_show(officer=desk.ana, appointment=desk.visit, at=make.at(9, 5))

    assert missed.status == "no_show"
    assert desk.book(asked_at=make.at(9, 5))
    assert desk.in_order()


@pytest.mark.parametrize("change", ["move", "cancel"])
@pytest.mark.parametrize("room", ["", "exam"])
def test_undo_restores_exactly_what_was(change, room):
    desk = Desk(room_kind=room)
    before = desk.standing()
    if change == "move":
        desk.move(clinician=desk.dr_ruiz, starts_at=make.at(10))
    else:
        desk.cancel()

    desk.undo()

    assert desk.standing() == before
    assert desk.in_order()


def test_undo_of_a_move_leaves_what_the_patient_had_said(desk):
    actions.confirm(appointment=desk.visit, at=make.SUNDAY)

    desk.move(starts_at=make.at(10))
    assert Appointment.objects.get(pk=desk.visit.pk).confirmed_at is None
    desk.undo()

    assert Appointment.objects.get(pk=desk.visit.pk).confirmed_at == make.SUNDAY


def test_undo_of_a_no_show_takes_the_time_back(desk):
    before = desk.standing()
    actions.no_show(officer=desk.ana, appointment=desk.visit, at=make.at(9, 5))

    desk.undo(at=make.at(9, 5))

    assert desk.standing() == before
    assert desk.in_order()


def test_undo_of_a_booking_leaves_a_visit_that_says_it_was_taken_back(desk):
    undone = desk.undo()

    assert (undone.status, undone.cancel_reason) == ("cancelled", "undone")
    assert desk.in_order()


def test_undo_is_refused_when_the_time_is_somebody_elses_by_now(desk):
    desk.cancel()
    desk.book()
    before = desk.standing()

    with pytest.raises(actions.OpeningTaken):
        desk.undo()

    assert desk.standing() == before
    assert desk.in_order()


def test_undo_comes_too_late_after_ten_seconds_and_the_way_here(desk):
    with pytest.raises(actions.BookingRefused) as refused:
        desk.undo(at=make.SUNDAY + timedelta(seconds=13))

    assert refused.value.reason == Refusal.TOO_LATE_TO_UNDO


def test_nobody_undoes_what_another_officer_did(desk):
    with pytest.raises(actions.BookingRefused) as refused:
        desk.undo(officer=access.officer("bea"))

    assert refused.value.reason == Refusal.NOTHING_TO_UNDO


def test_an_undo_is_not_undone(desk):
    desk.cancel()
    desk.undo()

    with pytest.raises(actions.BookingRefused) as refused:
        desk.undo()

    assert refused.value.reason == Refusal.NOTHING_TO_UNDO


def test_a_visit_that_began_is_completed_and_cannot_be_cancelled(desk):
    actions.arrive(appointment=desk.visit)

    with pytest.raises(actions.BookingRefused):
        desk.cancel()
    assert actions.complete(appointment=desk.visit).status == "completed"
