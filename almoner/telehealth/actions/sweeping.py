"""What time alone does: old signals go, and whoever was lost is waited for no more."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from almoner.telehealth import rules
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
    those = VideoVisit.objects.filter(by_phone_at=None, state_since__lt=at - rules.GRACE)
    faults: list[Exception] = []
    for state, needs, falls_to, kind in _NEEDS:
        for visit_id in those.filter(state=state).values_list("pk", flat=True):
            try:
                _without(visit_id, state, needs, falls_to, kind, at=at)
            except Exception as fault:  # noqa: BLE001 (one that fails must not silence the others)
                fault.add_note(f"visit by video {visit_id}")
                faults.append(fault)
    if faults:
        raise ExceptionGroup("not swept", faults)


_NEEDS = (
    (State.ADMITTED, Role.CLINICIAN, State.WAITING, "host_lost"),
    (State.WAITING, Role.PATIENT, State.NOT_OPEN, "patient_lost"),
)
"""In each state, whose page it needs; what it is without, and the event of that."""


@transaction.atomic
def _without(
    visit_id: int, state: State, needs: Role, falls_to: State, kind: str, *, at: datetime
) -> None:
    visit = VideoVisit.objects.select_for_update().get(pk=visit_id)
    there = Participant.objects.filter(visit=visit, role=needs).exclude(
        Q(session="") | Q(seen_at=None)
    )
    if visit.state == state and not any(
        rules.in_the_call(seen_at=one.seen_at, away_at=one.away_at, at=at) for one in there
    ):
        move(visit, falls_to, at=at)
        record(kind, visit, at=at, by=None)
