"""What is taken back of a visit by video: its end, its going on by phone, all when it is moved."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.scheduling.models import Appointment
from almoner.telehealth.actions.rooms import NotNow, locked, move, record
from almoner.telehealth.models import Participant, VideoVisit
from almoner.telehealth.rules import Role, State, may_undo

_NO_PHONE = {"by_phone_at": None, "by_phone_reason": "", "by_phone_role": ""}
_NOTHING_SAID = {
    "identified_at": None, "identified_by_id": None, "located_state": "", "located_at": None,
    "emergency_address": "", "callback": "", "note": "", "word": "", "gathered_at": None,
}  # fmt: skip


@transaction.atomic
def take_back_end(*, officer: Officer, appointment_id: int, at: datetime) -> None:
    """The visit is not over: whoever opens their page again waits. What was said still stands.

    On the board it stays done, if it was held. Raises PermissionDenied, NotByVideo when it is
    completed there, or NotNow when it has not ended or its time is over.
    """
    access.require(officer, "telehealth.host")
    visit = locked(appointment_id, at=at)
    if visit.state != State.ENDED or not visit.has_time(at=at):
        raise NotNow
    move(visit, State.NOT_OPEN, at=at)
    record("end_taken_back", visit, at=at, by=officer)


@transaction.atomic
def take_back_phone(*, officer: Officer, appointment_id: int, at: datetime) -> None:
    """It goes on by video after all. Raises PermissionDenied, NotByVideo, or NotNow."""
    access.require(officer, "telehealth.prepare")
    visit = locked(appointment_id, at=at)
    if visit.state == State.ENDED or visit.by_phone_at is None:
        raise NotNow
    _set(visit, _NO_PHONE)
    record("phone_taken_back", visit, at=at, by=officer)


@transaction.atomic
def undo_phone(*, participant: Participant, at: datetime) -> None:
    """Whoever took it to the phone goes back at once. Raises NotNow, also when too late."""
    visit = VideoVisit.objects.select_for_update().get(pk=participant.visit_id)
    done_at = visit.by_phone_at
    if visit.state == State.ENDED or done_at is None or visit.by_phone_role != participant.role:
        raise NotNow
    if not may_undo(done_at=done_at, at=at):
        raise NotNow
    _set(visit, _NO_PHONE)
    by_patient = participant.role == Role.PATIENT
    record("phone_taken_back", visit, at=at, by=None, by_patient=by_patient)


@transaction.atomic
def begin_anew(*, appointment_id: int, moved_at: datetime, at: datetime) -> None:
    """The visit was moved: what was said and done for its old time counts for its new one no more.

    Done twice, or after somebody came for the new time, nothing happens; nor when it was held.
    """
    visit = VideoVisit.objects.select_for_update().filter(appointment=appointment_id).first()
    if visit is None or visit.appointment.status != Appointment.Status.BOOKED:
        return
    if visit.state_since > moved_at or visit.state == State.ADMITTED:
        return
    if visit.state != State.NOT_OPEN:
        move(visit, State.NOT_OPEN, at=at)
    _set(visit, _NO_PHONE | _NOTHING_SAID | {"state_since": at})
    record("began_anew", visit, at=at, by=None)


def _set(visit: VideoVisit, facts: Mapping[str, object]) -> None:
    for name, value in facts.items():
        setattr(visit, name, value)
    visit.save(update_fields=list(facts))
