"""A visit that was held by video is a visit like every other: on the board, and to be charged."""

from datetime import timedelta

import pytest

from almoner.access.tests import make as access
from almoner.arrivals import actions as board
from almoner.arrivals.models import CheckInItem, Encounter
from almoner.arrivals.rules import Item, State
from almoner.arrivals.tests import make as arrivals
from almoner.telehealth import actions
from almoner.telehealth.models import VideoVisit
from almoner.telehealth.rules import Phone
from almoner.telehealth.tests import make

pytestmark = pytest.mark.django_db


def status(visit):
    visit.refresh_from_db()
    return visit.status


def admits(visit, linh):
    actions.admit(officer=linh, appointment_id=visit.pk, reasons={}, at=make.early(visit))


def ends(visit, linh):
    actions.end(officer=linh, appointment_id=visit.pk, at=make.early(visit) + timedelta(minutes=9))


def test_who_is_let_in_has_arrived_and_can_be_checked_in_during_the_call():
    visit, linh, *_people = make.admitted()

    assert (Encounter.objects.get().state, status(visit)) == ("arrived", "arrived")
    arrivals.encounter(appointment=visit, at=make.early(visit))
    ends(visit, linh)

    assert Encounter.objects.get().state == "done"
    assert not CheckInItem.objects.filter(waived=True).exists()


def test_when_it_ends_it_is_done_and_what_nobody_settled_is_waived_for_that_reason():
    visit, linh, *_people = make.admitted()

    ends(visit, linh)

    row = Encounter.objects.get()
    assert (row.state, row.room, row.by_video) == ("done", None, True)
    steps = ["arrived", "ready", "with_clinician", "done"]
    assert list(row.movements.order_by("id").values_list("state", flat=True)) == steps
    items = CheckInItem.objects.filter(waived=True, by_id=linh.pk)
    assert set(items.values_list("item", "reason")) == {
        (item.value, "Seen by video before anybody checked in") for item in Item
    }


def test_who_was_checked_in_before_is_with_the_clinician_in_no_room():
    visit, _place = make.waiting()
    arrivals.encounter(appointment=visit, at=make.early(visit))

    admits(visit, make.host(visit))

    row = Encounter.objects.get()
    assert (row.state, row.room) == ("with_clinician", None)


def test_the_board_moves_a_visit_by_video_past_the_rooms():
    visit, _place = make.waiting()
    row = arrivals.encounter(appointment=visit, at=make.early(visit))
    at, ana = make.early(visit), access.officer("ana-2")

    with pytest.raises(board.CannotMove):
        board.move(officer=ana, encounter_id=row.pk, to=State.ROOMED, at=at)
    board.move(officer=ana, encounter_id=row.pk, to=State.WITH_CLINICIAN, at=at)

    assert Encounter.objects.get().state == "with_clinician"


def test_a_visit_that_the_board_completed_during_the_call_can_still_be_ended():
    visit, linh, *_people = make.admitted()
    row = arrivals.encounter(appointment=visit, at=make.early(visit))
    for to in ("with_clinician", "done", "left"):
        board.move(officer=linh, encounter_id=row.pk, to=State(to), at=make.early(visit))
    assert status(visit) == "completed"

    ends(visit, linh)

    assert VideoVisit.objects.get().state == "ended"
    assert Encounter.objects.get().state == "left"


def test_one_held_by_phone_alone_was_held_too():
    visit = make.appointment()
    linh, at = make.host(visit), make.early(visit)
    actions.take_to_phone(officer=linh, appointment_id=visit.pk, reason=Phone.CONNECTION, at=at)

    ends(visit, linh)

    assert Encounter.objects.get().state == "done"


def test_one_that_is_ended_with_nobody_let_in_makes_no_visit_on_the_board():
    visit, _place = make.waiting()

    ends(visit, make.host(visit))

    assert not Encounter.objects.exists()
    assert status(visit) == "booked"
