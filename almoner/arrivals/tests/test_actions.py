from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from almoner.access.tests import make as access
from almoner.arrivals import actions
from almoner.arrivals.models import CheckInItem, Encounter, Movement
from almoner.arrivals.rules import Item, Refused, Settled, State
from almoner.arrivals.tests import make
from almoner.facility.tests import make as facility
from almoner.ground.models import Event
from almoner.scheduling.tests import make as scheduling

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def step(encounter, to, *, after, **facts):
    return actions.move(
        officer=make._anybody(),
        encounter_id=encounter.pk,
        to=to,
        at=encounter.arrived_at + after * MINUTE,
        **facts,
    )


def test_checking_in_settles_every_item_and_brings_the_patient_to_ready():
    encounter = make.encounter()

    encounter.refresh_from_db()
    assert (encounter.state, encounter.appointment.status) == ("ready", "arrived")
    assert {item.item for item in encounter.items.all()} == set(Item)
    assert encounter.confirmed_by == ["birth_date", "name"]
    assert Event.objects.filter(
        kind="arrivals.checked_in", patient_id=encounter.patient_id
    ).exists()


def test_an_open_item_keeps_the_patient_at_the_desk_and_writes_nothing():
    appointment = scheduling.appointment()
    items = [Settled(item) for item in Item if item is not Item.COPAY]

    with pytest.raises(actions.CheckInOpen) as refused:
        make.encounter(appointment=appointment, settled=items)

    assert refused.value.items == {Item.COPAY: "missing"}
    assert not Encounter.objects.exists()


def test_a_waived_item_keeps_its_reason():
    items = [Settled(item) for item in Item if item is not Item.COPAY]
    waived = Settled(Item.COPAY, waived=True, reason="terminal down, bill it")

    encounter = make.encounter(settled=[*items, waived])

    assert encounter.items.get(item="copay").reason == "terminal down, bill it"


def test_one_identifier_is_not_enough():
    with pytest.raises(actions.CheckInOpen) as refused:
        make.encounter(identifiers=make.TWO[:1])

    assert refused.value.items == {Item.IDENTITY: "two"}


@pytest.mark.django_db(transaction=True)
def test_the_database_itself_lets_nobody_past_the_desk_with_an_item_open():
    appointment = scheduling.appointment()
    encounter = actions.arrive(
        officer=make._anybody(), appointment_id=appointment.pk, at=appointment.starts_at
    )

    with pytest.raises(IntegrityError, match="item open"), transaction.atomic():
        Encounter.objects.filter(pk=encounter.pk).update(state="ready")


@pytest.mark.django_db(transaction=True)
def test_two_officers_check_in_one_patient_and_one_is_told_of_the_other():
    appointment = scheduling.appointment()
    officers = [access.officer("ana-2"), access.officer("bea-2")]

    def try_it(officer):
        try:
            make.encounter(officer=officer, appointment=appointment)
        except actions.AlreadyHere as here:
            return here.encounter.pk
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(try_it, officers))

    encounter = Encounter.objects.get()
    assert sorted(answers, key=str) == sorted([None, encounter.pk], key=str)
    assert CheckInItem.objects.count() == len(Item)


def test_a_cancelled_visit_is_not_arrived_for():
    appointment = scheduling.appointment()
    type(appointment).objects.filter(pk=appointment.pk).update(
        status="cancelled", cancelled_at=appointment.booked_at
    )

    with pytest.raises(actions.NotExpected):
        make.encounter(appointment=appointment)


def test_a_visit_from_the_waiting_room_to_the_door():
    encounter = make.encounter()
    room = facility.room(encounter.location)

    step(encounter, State.ROOMED, after=6, room_id=room.pk)
    step(encounter, State.WITH_CLINICIAN, after=9)
    step(encounter, State.DONE, after=30)
    step(encounter, State.LEFT, after=33)

    encounter.refresh_from_db()
    steps = list(encounter.movements.order_by("id").values_list("state", flat=True))
    assert steps == [state.value for state in State]
    assert encounter.appointment.status == "completed"
    assert encounter.left_at == encounter.arrived_at + 33 * MINUTE


def test_a_room_holds_one_patient():
    first = make.encounter()
    room = facility.room(first.location)
    second = make.encounter(
        appointment=scheduling.appointment(
            location=first.location, patient=None, starts_at=scheduling.at(10)
        )
    )
    step(first, State.ROOMED, after=6, room_id=room.pk)

    with pytest.raises(actions.RoomTaken):
        step(second, State.ROOMED, after=6, room_id=room.pk)

    second.refresh_from_db()
    assert second.state == State.READY


def test_the_same_key_pressed_by_two_officers_moves_once():
    encounter = make.encounter()
    room = facility.room(encounter.location)

    first = step(encounter, State.ROOMED, after=6, room_id=room.pk)
    second = step(encounter, State.ROOMED, after=6, room_id=room.pk)

    assert first == second
    assert Movement.objects.filter(state="roomed").count() == 1


def test_leaving_unseen_needs_a_reason_and_does_not_complete_the_visit():
    encounter = make.encounter()

    with pytest.raises(actions.CannotMove) as refused:
        step(encounter, State.LEFT, after=50)
    step(encounter, State.LEFT, after=51, reason="could not wait")

    encounter.refresh_from_db()
    assert refused.value.reason is Refused.NEEDS_REASON
    assert (encounter.left_early, encounter.appointment.status) == ("could not wait", "arrived")


def test_a_step_is_taken_back_within_ten_seconds_and_the_clock_of_the_state_before_goes_on():
    encounter = make.encounter()
    since = encounter.state_since
    room = facility.room(encounter.location)
    movement = step(encounter, State.ROOMED, after=6, room_id=room.pk)

    actions.take_back(
        officer=make._anybody(),
        movement_id=movement.pk,
        at=movement.at + timedelta(seconds=9),
    )

    encounter.refresh_from_db()
    assert (encounter.state, encounter.room, encounter.state_since) == ("ready", None, since)


@pytest.mark.parametrize("seconds", [11, -1])
def test_after_ten_seconds_a_step_stands(seconds):
    encounter = make.encounter()
    room = facility.room(encounter.location)
    movement = step(encounter, State.ROOMED, after=6, room_id=room.pk)

    with pytest.raises(actions.CannotMove):
        actions.take_back(
            officer=make._anybody(),
            movement_id=movement.pk,
            at=movement.at + timedelta(seconds=seconds),
        )


@pytest.mark.parametrize("role", ["biller", "privacy", "administrator"])
def test_who_may_not_check_in_is_refused(role):
    appointment = scheduling.appointment()

    with pytest.raises(PermissionDenied):
        make.encounter(officer=access.officer("dot", roles=(role,)), appointment=appointment)

    assert not Encounter.objects.exists()


@pytest.mark.parametrize("days", [-1, 1])
def test_a_visit_of_another_day_is_neither_arrived_for_nor_checked_in(days):
    visit = scheduling.appointment()
    at = visit.starts_at + timedelta(days=days)

    with pytest.raises(actions.AnotherDay):
        actions.arrive(officer=make._anybody(), appointment_id=visit.pk, at=at)
    with pytest.raises(actions.AnotherDay):
        make.encounter(appointment=visit, at=at)

    visit.refresh_from_db()
    assert visit.status == "booked"
    assert not Encounter.objects.exists()


def test_who_arrived_yesterday_is_checked_in_late_under_the_day_of_the_visit():
    visit = scheduling.appointment()
    actions.arrive(officer=make._anybody(), appointment_id=visit.pk, at=visit.starts_at)

    encounter = make.encounter(appointment=visit, at=visit.starts_at + timedelta(days=1))

    assert (encounter.state, encounter.service_date) == ("ready", visit.local_day)
