"""Who takes part: entering, being invited, taking a place on one device, coming and going."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.ground import events
from almoner.telehealth import rules
from almoner.telehealth.actions.gathering import NoGateway, gateway, open_room
from almoner.telehealth.actions.rooms import NotNow, locked, move, record, wake
from almoner.telehealth.models import Participant, VideoVisit
from almoner.telehealth.queries import digest_of
from almoner.telehealth.rules import INVITED, Role, State

_BYTES = 16
LONGEST_NAME = 60


class NotAClinician(Exception):
    """Whoever would hold the visit sees no patients here: there is no licence to look for."""


class NoPlace(Exception):
    """The link was used on another device or is over, the room is locked, or it is full."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Place:
    """A place that was taken; ``secret`` is for the browser that took it, and kept nowhere."""

    participant_id: int
    secret: str


@transaction.atomic
def enter(*, appointment_id: int, language: str, at: datetime) -> Place:
    """The patient comes into the waiting room, by the link and the birth date.

    A second device takes the place over: a phone may have died. Raises NotByVideo, or NotNow when
    the visit is over or its time is not yet.
    """
    visit = locked(appointment_id, at=at)
    if visit.state == State.ENDED or not visit.has_time(at=at):
        raise NotNow
    person = Participant.objects.filter(visit=visit, role=Role.PATIENT).first()
    place = _seat(person or Participant(visit=visit, role=Role.PATIENT), language=language, at=at)
    if visit.state == State.NOT_OPEN:
        move(visit, State.WAITING, at=at)
    record("entered", visit, at=at, by=None, by_patient=True)
    return place


@transaction.atomic
def invite(
    *, officer: Officer, appointment_id: int, role: Role, language: str, at: datetime
) -> str:
    """A link for an interpreter or somebody of the family: its token, kept as a digest only.

    Raises PermissionDenied, NotByVideo, NotNow when the visit is over, or NoPlace when as many are
    invited as a call takes.
    """
    access.require(officer, "telehealth.prepare")
    visit = locked(appointment_id, at=at)
    if visit.state == State.ENDED or role not in INVITED:
        raise NotNow
    invited = Participant.objects.filter(visit=visit, role__in=INVITED, removed_at=None)
    if invited.count() >= most() * 2:  # some links are never used
        raise NoPlace("full")
    token = secrets.token_urlsafe(_BYTES)
    Participant.objects.create(
        visit=visit,
        role=role,
        language=language,
        link=digest_of(token),
        invited_at=at,
        invited_by_id=officer.pk,
    )
    record("invited", visit, at=at, by=officer, role=role)
    return token


class _Gathers(Exception):
    """A fifth place would be taken: the gateway is asked for a room first, with nothing locked."""

    def __init__(self, visit_id: int) -> None:
        super().__init__(visit_id)
        self.visit_id = visit_id


def accept(*, token: str, name: str, language: str, at: datetime) -> Place:
    """Take the place of an invitation, once, on this device. Raises NoPlace.

    Asked for by a button and not by opening the link: a messenger that looks at links ahead of
    their reader would use it up. The fifth place is taken only once the gateway has made a room.
    """
    try:
        return _accept(token=token, name=name, language=language, at=at, room_is_there=False)
    except _Gathers as fifth:
        try:
            open_room(fifth.visit_id)
        except NoGateway as refused:
            raise NoPlace("no_gateway") from refused
        return _accept(token=token, name=name, language=language, at=at, room_is_there=True)


@transaction.atomic
def _accept(*, token: str, name: str, language: str, at: datetime, room_is_there: bool) -> Place:
    found = Participant.objects.filter(link=digest_of(token)).first()
    if found is None:
        raise NoPlace("over")
    # The visit first, as whoever takes somebody out does; only then is it known how the place is.
    visit = VideoVisit.objects.select_for_update().get(pk=found.visit_id)
    person = Participant.objects.select_for_update().get(pk=found.pk)
    if person.removed_at or person.device:
        raise NoPlace("over")
    if visit.state == State.ENDED or not visit.has_time(at=at):
        raise NoPlace("over")
    if visit.locked:
        raise NoPlace("is_locked")
    _make_room(visit, room_is_there=room_is_there, at=at)
    person.name = " ".join(name.split())[:LONGEST_NAME]
    place = _seat(person, language=language, at=at)
    record("joined", visit, at=at, by=None, role=person.role, name=person.name)
    return place


def _make_room(visit: VideoVisit, *, room_is_there: bool, at: datetime) -> None:
    """See that there is a place for one more who was invited; with the fifth the call gathers."""
    seated = Participant.objects.filter(visit=visit, removed_at=None, device__isnull=False)
    invited = seated.filter(role__in=INVITED).count() + 1
    if invited + len(rules.KEPT_FREE) > most():
        raise NoPlace("full" if gateway() is None else "full_gathered")
    if visit.gathered_at or not rules.gathers(invited):
        return
    if not room_is_there:
        raise _Gathers(visit.pk)
    visit.gathered_at = at
    visit.save(update_fields=["gathered_at"])
    record("gathered", visit, at=at, by=None)


def most() -> int:
    """How many one call takes here."""
    return rules.most_people(with_gateway=gateway() is not None)


def seat_clinician(visit: VideoVisit, officer: Officer, *, at: datetime) -> Place:
    """The place of who admits, on the device they admit from. Raises NotAClinician."""
    if officer.clinician is None:
        raise NotAClinician
    person = Participant.objects.filter(visit=visit, officer_id=officer.pk).first()
    person = person or Participant(visit=visit, role=Role.CLINICIAN, officer_id=officer.pk)
    person.name, person.removed_at = str(officer.clinician), None
    _unseat(Participant.objects.filter(visit=visit).exclude(pk=person.pk), at=at)
    return _seat(person, language="en", at=at)


@transaction.atomic
def give_up(*, officer_id: int, before: datetime, at: datetime) -> None:
    """Who holds visits went from their screen: a place they took before is worth nothing there.

    They take it again from the page of the visit, signed in.
    """
    mine = Participant.objects.filter(officer_id=officer_id, seated_at__lte=before)
    visit_ids = list(mine.order_by("visit_id").values_list("visit_id", flat=True))
    for visit_id in visit_ids:
        visit = VideoVisit.objects.select_for_update().get(pk=visit_id)
        _unseat(mine.filter(visit=visit), at=at)
        wake(visit_id)


def _unseat(people: QuerySet[Participant], *, at: datetime) -> None:
    """Take their places from those of them who hold the visit; they are not here any more."""
    people.filter(role=Role.CLINICIAN, device__isnull=False).update(
        device=None, seated_at=None, session="", seen_at=None, away_at=at
    )


def _seat(person: Participant, *, language: str, at: datetime) -> Place:
    secret = secrets.token_urlsafe(_BYTES)
    person.device, person.seated_at, person.language = digest_of(secret), at, language
    person.session, person.seen_at, person.away_at, person.removed_at = "", None, None, None
    person.save()
    return Place(person.pk, secret)


@transaction.atomic
def come(*, participant_id: int, session: str, at: datetime) -> None:
    """The page of this session is open; one that was open before is told so.

    A patient who was gone, on purpose or not, waits again.
    """
    person = Participant.objects.get(pk=participant_id)
    visit = VideoVisit.objects.select_for_update().get(pk=person.visit_id)
    person = Participant.objects.select_for_update().get(pk=participant_id)
    if person.role == Role.PATIENT and visit.state == State.NOT_OPEN:
        move(visit, State.WAITING, at=at)
        record("entered", visit, at=at, by=None, by_patient=True)
    fresh = person.session != session or person.away_at is not None or person.seen_at is None
    person.session, person.seen_at, person.away_at = session, at, None
    person.save(update_fields=["session", "seen_at", "away_at"])
    if fresh:
        _tell("came", person, at=at)


@transaction.atomic
def stay(*, participant_id: int, session: str, at: datetime) -> None:
    """The page is still open."""
    mine = Participant.objects.filter(pk=participant_id, session=session)
    mine.update(seen_at=at, away_at=None)


@transaction.atomic
def go_away(*, participant_id: int, session: str, at: datetime) -> None:
    """The page's stream broke or was closed: the place is kept for a while."""
    mine = Participant.objects.select_for_update().filter(pk=participant_id, session=session)
    person = mine.first()
    if person and person.away_at is None:
        person.away_at = at
        person.save(update_fields=["away_at"])
        _tell("went", person, at=at)


def _tell(kind: str, person: Participant, *, at: datetime) -> None:
    """An event of the line and not of the patient: it stands on no timeline."""
    events.record(
        f"telehealth.{kind}",
        at=at,
        by=None,
        about=person,
        location_id=person.visit.appointment.location_id,
        visit_id=person.visit.appointment_id,
        role=person.role,
    )
    wake(person.visit_id)


@transaction.atomic
def leave(*, participant: Participant, at: datetime) -> None:
    """Somebody goes on purpose, so nobody waits for them.

    When it is who admitted, everybody is back in the waiting room (a visit that goes on by phone
    needs nobody's page); when a patient leaves it, they are not here any more.
    """
    visit = VideoVisit.objects.select_for_update().get(pk=participant.visit_id)
    person = Participant.objects.select_for_update().get(pk=participant.pk)
    if person.away_at and not person.session:
        return  # gone already
    person.session, person.away_at, person.seen_at = "", at, None
    person.save(update_fields=["session", "away_at", "seen_at"])
    if visit.passes and _holds(person, visit):
        move(visit, State.WAITING, at=at)
    elif person.role == Role.PATIENT and visit.state == State.WAITING:
        move(visit, State.NOT_OPEN, at=at)
    record("left", visit, at=at, by=None, role=person.role)


def _holds(person: Participant, visit: VideoVisit) -> bool:
    """Whether this is who let the patient in last: another's going changes nothing."""
    if person.officer_id is None:
        return False
    officers = Officer.objects.filter(pk=person.officer_id, clinician=visit.clinician_id)
    return officers.exists()


@transaction.atomic
def remove(*, officer: Officer, appointment_id: int, participant_id: int, at: datetime) -> None:
    """Take somebody out: their place and their link are worth nothing any more.

    The patient and who holds the visit are not taken out: the visit is ended instead. Raises
    PermissionDenied, NotByVideo or NotNow.
    """
    access.require(officer, "telehealth.prepare")
    visit = locked(appointment_id, at=at)
    person = Participant.objects.filter(
        pk=participant_id, visit=visit, role__in=INVITED, removed_at=None
    ).first()
    if person is None:
        raise NotNow
    person.removed_at = at
    person.save(update_fields=["removed_at"])
    record("removed", visit, at=at, by=officer, role=person.role, name=person.name)


@transaction.atomic
def lock(*, officer: Officer, appointment_id: int, closed: bool, at: datetime) -> None:
    """Let nobody new in, or let them in again. Raises PermissionDenied, NotByVideo."""
    access.require(officer, "telehealth.host")
    visit = locked(appointment_id, at=at)
    if visit.locked != closed:
        visit.locked = closed
        visit.save(update_fields=["locked"])
        record("locked" if closed else "unlocked", visit, at=at, by=officer)
