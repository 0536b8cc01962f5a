"""Letting the patient in, and ending the visit."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.arrivals import actions as arrivals
from almoner.telehealth import queries, rules
from almoner.telehealth.actions.rooms import NotNow, locked, move, record
from almoner.telehealth.actions.seating import NotAClinician, Place, seat_clinician
from almoner.telehealth.models import GateItem, Signal, VideoVisit
from almoner.telehealth.rules import Item, State


class GateOpen(Exception):
    """These items are not met, and nobody said why that may be."""

    def __init__(self, items: tuple[Item, ...]) -> None:
        super().__init__(", ".join(items))
        self.items = items


@transaction.atomic
def admit(
    *, officer: Officer, appointment_id: int, reasons: Mapping[Item, str], at: datetime
) -> Place:
    """Let the patient in: from here on signals pass. Each item that is not met takes a reason.

    The licence looked for is of who admits. Raises PermissionDenied, NotByVideo, NotAClinician,
    NotNow when nobody waits, or GateOpen.
    """
    access.require(officer, "telehealth.host")
    if officer.clinician is None:
        raise NotAClinician
    visit = locked(appointment_id, at=at)
    if visit.state != State.WAITING:
        raise NotNow
    known = queries.of(appointment_id, clinician_id=officer.clinician.pk, at=at)
    if barred := rules.barred(known.still_open, reasons):
        raise GateOpen(barred)
    passed = _note_gate(visit, known.still_open, reasons, officer=officer, at=at)
    Signal.objects.filter(visit=visit).delete()  # of before somebody left: for nobody now
    move(visit, State.ADMITTED, at=at, clinician=officer.clinician)
    try:
        arrivals.let_in_by_video(officer=officer, appointment_id=appointment_id, at=at)
    except arrivals.NotExpected as refused:
        raise NotNow from refused
    record(
        "admitted", visit, at=at, by=officer, state=visit.located_state,
        overridden=", ".join(passed), reason="; ".join(passed.values()),
    )  # fmt: skip
    return seat_clinician(visit, officer, at=at)


def _note_gate(
    visit: VideoVisit,
    still_open: tuple[Item, ...],
    reasons: Mapping[Item, str],
    *,
    officer: Officer,
    at: datetime,
) -> dict[Item, str]:
    passed = {item: reasons[item].strip()[: rules.LONGEST_REASON] for item in still_open}
    for item in Item:
        GateItem.objects.update_or_create(
            visit=visit,
            item=item,
            defaults={
                "overridden": item in passed,
                "reason": passed.get(item, ""),
                "at": at,
                "by_id": officer.pk,
            },
        )
    return passed


@transaction.atomic
def come_back(*, officer: Officer, appointment_id: int, at: datetime) -> Place:
    """Who admitted opens the call again, on this device. Raises as `admit` does."""
    access.require(officer, "telehealth.host")
    visit = locked(appointment_id, at=at)
    if visit.state != State.ADMITTED:
        raise NotNow
    if officer.clinician is None:
        raise NotAClinician
    if visit.clinician_id != officer.clinician.pk:
        raise NotNow  # a colleague admitted: their licence counted, not this one's
    return seat_clinician(visit, officer, at=at)


@transaction.atomic
def end(*, officer: Officer, appointment_id: int, at: datetime) -> None:
    """The visit is over: nobody comes back into it. Raises PermissionDenied, NotByVideo, NotNow.

    Where it was held, by video or by phone, it is done on the board too. Who moved it to its end
    there during the call does not keep the call from ending.
    """
    access.require(officer, "telehealth.host")
    visit = locked(appointment_id, at=at, over=True)
    move(visit, State.ENDED, at=at)
    if visit.clinician_id or visit.by_phone_at:
        try:
            arrivals.seen_by_video(officer=officer, appointment_id=appointment_id, at=at)
        except arrivals.NotExpected as refused:
            raise NotNow from refused
    record("ended", visit, at=at, by=officer, by_phone=bool(visit.by_phone_at))
