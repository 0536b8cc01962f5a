"""What time alone does: old signals go, and a room whose host was lost waits again."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from almoner.telehealth import rules
from almoner.telehealth.actions.rooms import move, record
from almoner.telehealth.models import Participant, Signal, VideoVisit
from almoner.telehealth.rules import Role, State


def sweep(*, at: datetime) -> None:
    """Delete signals nobody needs any more; bring back to waiting whose clinician was lost.

    A visit that goes on by phone needs nobody's page open.
    """
    Signal.objects.filter(at__lt=at - rules.KEPT).delete()
    admitted = VideoVisit.objects.filter(state=State.ADMITTED, by_phone_at=None)
    for visit_id in admitted.filter(state_since__lt=at - rules.GRACE).values_list("pk", flat=True):
        _without_host(visit_id, at=at)


@transaction.atomic
def _without_host(visit_id: int, *, at: datetime) -> None:
    visit = VideoVisit.objects.select_for_update().get(pk=visit_id)
    hosts = Participant.objects.filter(visit=visit, role=Role.CLINICIAN).exclude(
        Q(session="") | Q(seen_at=None)
    )
    if visit.state == State.ADMITTED and not any(
        rules.in_the_call(seen_at=one.seen_at, away_at=one.away_at, at=at) for one in hosts
    ):
        move(visit, State.WAITING, at=at)
        record("host_lost", visit, at=at, by=None)
