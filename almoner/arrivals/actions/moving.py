"""From the waiting room to the door: one step of the visit at a time."""

from datetime import datetime

from django.db import IntegrityError, transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.arrivals import rules
from almoner.arrivals.models import Encounter, Movement
from almoner.arrivals.rules import IN_ROOM, Refused, State
from almoner.facility.models import Room
from almoner.ground import events
from almoner.ground.constraints import violated
from almoner.scheduling import actions as scheduling


class CannotMove(Exception):
    """The step is not one that may be taken now; ``reason`` says why."""

    def __init__(self, reason: Refused) -> None:
        super().__init__(reason)
        self.reason = reason


class RoomTaken(Exception):
    """Somebody else is in that room."""


@transaction.atomic
def move(
    *,
    officer: Officer,
    encounter_id: int,
    to: State,
    at: datetime,
    room_id: int | None = None,
    reason: str = "",
) -> Movement:
    """Take one step of a visit. Raises PermissionDenied, CannotMove, RoomTaken, or DoesNotExist.

    Moving to where somebody already is changes nothing and answers the step that led there, so
    that two officers who press the same key do not skip a state.
    """
    access.require(officer, "arrivals.move")
    encounter = Encounter.objects.select_for_update().get(pk=encounter_id)
    if encounter.state == to:
        return encounter.movements.order_by("-id")[0]
    room = Room.objects.get(pk=room_id, location=encounter.location_id) if room_id else None
    refused = rules.refusal(
        state=State(encounter.state),
        to=to,
        checked_in=encounter.items.exists(),
        has_room=room is not None or encounter.room_id is not None,
        reason=reason,
        by_video=encounter.by_video,
    )
    if refused:
        raise CannotMove(refused)
    early = reason.strip() if to is State.LEFT and encounter.state != State.DONE else ""
    _place(encounter, to, room=room or encounter.room, at=at, early=early)
    movement = _step(encounter, officer=officer, at=at)
    if to is State.LEFT and not early:
        scheduling.complete(appointment=encounter.appointment)
    return movement


@transaction.atomic
def take_back(*, officer: Officer, movement_id: int, at: datetime) -> Movement:
    """Undo the last step of a visit within ten seconds: the state before it holds again.

    Raises PermissionDenied, CannotMove when it is too late or not the last step, RoomTaken when
    somebody has been put into the room meanwhile.
    """
    access.require(officer, "arrivals.move")
    movement = Movement.objects.select_related("encounter").get(pk=movement_id)
    encounter = Encounter.objects.select_for_update().get(pk=movement.encounter_id)
    steps = list(encounter.movements.order_by("-id")[:2])
    undoable = (
        len(steps) == 2  # noqa: PLR2004 (the step and the one before)
        and steps[0].pk == movement.pk
        and movement.takes_back_id is None
        and rules.may_undo(movement.at, at=at)
        and movement.state != State.READY  # what was settled at the desk stays settled
    )
    if not undoable:
        raise CannotMove(Refused.GONE)
    before = steps[1]
    seen = movement.state == State.LEFT and not encounter.left_early
    _place(encounter, State(before.state), room=before.room, at=before.at)
    if seen:
        scheduling.reopen(appointment=encounter.appointment)
    return _step(encounter, officer=officer, at=at, takes_back=movement)


def _place(
    encounter: Encounter, state: State, *, room: Room | None, at: datetime, early: str = ""
) -> None:
    encounter.state, encounter.state_since = state, at
    encounter.room = room if state in IN_ROOM else None
    encounter.left_at = at if state is State.LEFT else None
    encounter.left_early = early
    try:
        with transaction.atomic():
            encounter.save()
    except IntegrityError as error:
        if not violated(error, "encounter_room_for_one"):
            raise
        raise RoomTaken from error


def _step(
    encounter: Encounter, *, officer: Officer, at: datetime, takes_back: Movement | None = None
) -> Movement:
    movement = Movement.objects.create(
        encounter=encounter,
        state=encounter.state,
        room=encounter.room,
        at=at,
        by_id=officer.pk,
        takes_back=takes_back,
    )
    events.record(
        "arrivals.left" if encounter.state == State.LEFT else "arrivals.moved",
        at=at,
        by=officer,
        about=encounter,
        patient_id=encounter.patient_id,
        location_id=encounter.location_id,
        state=encounter.state.replace("_", " "),
        room=encounter.room.name if encounter.room else "",
        visit_id=encounter.appointment_id,
        clinician_id=encounter.clinician_id,
        day=encounter.service_date.isoformat(),
        left_early=encounter.left_early,
    )
    return movement
