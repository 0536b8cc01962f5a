"""What time alone does: old signals go, and whoever was lost is waited for no more."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from almoner.ground.turns import in_turn
from almoner.telehealth import rules
from almoner.telehealth.actions.gathering import cut_off_all
from almoner.telehealth.actions.rooms import move, record
from almoner.telehealth.models import Participant, Signal, VideoVisit
from almoner.telehealth.rules import Role, State


def sweep(*, at: datetime) -> None:
    """Delete signals nobody needs any more; bring back whose clinician or patient was lost.

    Without its clinician a call is the waiting room again, without its patient that is empty. A
    visit that goes on by phone needs nobody's page open. One that cannot be brought back keeps none
    of the others: raises ExceptionGroup in the end.
    """
    Signal.objects.filter(at__lt=at - rules.KEPT).delete()
    cut_off_all()
    those = VideoVisit.objects.filter(by_phone_at=None, state_since__lt=at - rules.GRACE)
    waited = those.filter(state__in=_NEEDS).values_list("pk", "state")
    in_turn(waited, lambda one: _without(*one, at=at), named="call")


_NEEDS = {
    State.ADMITTED: (Role.CLINICIAN, State.WAITING, "host_lost"),
    State.WAITING: (Role.PATIENT, State.NOT_OPEN, "patient_lost"),
}
"""In each state, whose page it needs; what it is without, and the event of that."""


@transaction.atomic
def _without(visit_id: int, state: str, *, at: datetime) -> bool:
    """Fall back if it is still in this state and whose page that needs was lost; whether it did."""
    visit = VideoVisit.objects.select_for_update().get(pk=visit_id)
    needs, falls_to, kind = _NEEDS[State(state)]
    there = Participant.objects.filter(visit=visit, role=needs).exclude(
        Q(session="") | Q(seen_at=None)
    )
    if visit.state != state or any(one.is_in_the_call(at=at) for one in there):
        return False
    move(visit, falls_to, at=at)
    record(kind, visit, at=at, by=None)
    return True
