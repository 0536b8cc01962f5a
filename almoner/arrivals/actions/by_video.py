"""A visit by video goes the way of every visit, moved by who holds it: none stands at the desk."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.arrivals import rules
from almoner.arrivals.actions.arriving import arrived, settle
from almoner.arrivals.actions.moving import move
from almoner.arrivals.models import Encounter, Movement
from almoner.arrivals.rules import Item, Settled, State

_OVER = (State.DONE, State.LEFT)


@transaction.atomic
def let_in_by_video(*, officer: Officer, appointment_id: int, at: datetime) -> None:
    """The patient is let in to the call: they have come, and are with the clinician.

    Who is not checked in yet has arrived and no more: the desk can still do it during the call.
    Raises PermissionDenied, NotExpected, or AnotherDay.
    """
    access.require(officer, "arrivals.move")
    encounter = _encounter(appointment_id, officer=officer, at=at)
    if encounter.state == State.READY:
        move(officer=officer, encounter_id=encounter.pk, to=State.WITH_CLINICIAN, at=at)


@transaction.atomic
def seen_by_video(*, officer: Officer, appointment_id: int, at: datetime) -> None:
    """The call is over, so the visit is done; what the desk did not settle is waived for that.

    A visit that somebody moved to its end already stays there. Raises as `let_in_by_video` does.
    """
    access.require(officer, "arrivals.move")
    encounter = _encounter(appointment_id, officer=officer, at=at)
    if encounter.state == State.ARRIVED:
        _pass_desk(encounter, officer=officer, at=at)
    while (state := State(encounter.state)) not in _OVER:
        to = rules.following(state, by_video=encounter.by_video) or State.DONE
        move(officer=officer, encounter_id=encounter.pk, to=to, at=at)
        encounter.refresh_from_db()


def _encounter(appointment_id: int, *, officer: Officer, at: datetime) -> Encounter:
    there = Encounter.objects.select_for_update().filter(appointment=appointment_id).first()
    return there or arrived(appointment_id, officer=officer, at=at)


def _pass_desk(encounter: Encounter, *, officer: Officer, at: datetime) -> None:
    reason = _("Seen by video before anybody checked in")
    waived = [Settled(item, waived=True, reason=reason) for item in Item]
    settle(encounter, waived, officer=officer, at=at)
    encounter.state, encounter.state_since = State.READY, at
    encounter.save(update_fields=["state", "state_since"])
    Movement.objects.create(encounter=encounter, state=State.READY, at=at, by_id=officer.pk)
