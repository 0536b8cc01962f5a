"""What those in a call do: signals between browsers, words, figures, going on by phone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.ground.constraints import violated
from almoner.telehealth import rules
from almoner.telehealth.actions.rooms import NotNow, Unsound, locked, record, wake
from almoner.telehealth.models import ChatLine, Leg, Participant, Signal, VideoVisit
from almoner.telehealth.rules import Phone, Role, State


class TooMuch(Exception):
    """More signals than a call needs in so short a time. Nothing was kept."""


@transaction.atomic
def pass_on(
    *, participant: Participant, session: str, said: Sequence[Mapping[str, Any]], at: datetime
) -> int:
    """Hand signals to the pages of the others; answers how many still had somebody to hear them.

    Raises NotNow while the visit is not admitted (a trigger says so too), Unsound, or TooMuch.
    """
    if participant.session != session or len(said) > rules.MOST_AT_ONCE:
        raise Unsound
    if not participant.visit.passes:
        raise NotNow
    lately = Signal.objects.filter(sender=participant, at__gt=at - rules.IN).count()
    if lately + len(said) > rules.MOST:
        raise TooMuch
    others = Participant.objects.filter(visit=participant.visit_id, removed_at=None)
    sessions = dict(others.exclude(pk=participant.pk).values_list("pk", "session"))
    rows = [_signal(one, participant, at=at) for one in said]
    # To a page that was closed meanwhile there is nothing to say: its next one is asked anew.
    heard = [row for row in rows if sessions.get(row.to_id) == row.to_session]
    try:
        with transaction.atomic():
            Signal.objects.bulk_create(heard)
    except IntegrityError as refused:
        if violated(refused, "signal_passes_when_admitted"):
            raise NotNow from refused
        raise
    wake(participant.visit_id)
    return len(heard)


def _signal(said: Mapping[str, Any], sender: Participant, *, at: datetime) -> Signal:
    to = said.get("to")
    kind, body, to_session = (_text(said.get(name)) for name in ("kind", "body", "session"))
    if type(to) is not int or to == sender.pk or not rules.sound(kind, body):
        raise Unsound
    return Signal(
        visit_id=sender.visit_id,
        sender=sender,
        sender_session=sender.session,
        to_id=to,
        to_session=to_session,
        kind=kind,
        body=body,
        at=at,
    )


def _text(said: object) -> str:
    if not isinstance(said, str) or "\0" in said:
        raise Unsound
    return said


def relay_for(participant: Participant, *, at: datetime) -> dict[str, Any]:
    """The relay with a name and a password of ten minutes, for somebody who is in a call.

    Raises NotNow for anybody else.
    """
    if not participant.visit.passes:
        raise NotNow
    if not settings.TURN_URLS:
        return {"iceServers": []}
    policy = "relay" if settings.TURN_ONLY else "all"
    name, password = rules.credentials(settings.TURN_SECRET, who=participant.pk, at=at)
    server = {"urls": list(settings.TURN_URLS), "username": name, "credential": password}
    return {"iceServers": [server], "iceTransportPolicy": policy}


@transaction.atomic
def write(*, participant: Participant, words: str, at: datetime) -> ChatLine:
    """A line of the chat, kept with the visit. Raises NotNow, Unsound, or TooMuch."""
    if not participant.visit.passes:
        raise NotNow
    said = words.strip()
    if not said or len(said) > rules.LONGEST_WORDS:
        raise Unsound
    lately = ChatLine.objects.filter(sender=participant, at__gt=at - rules.IN).count()
    if lately >= rules.MOST_LINES:
        raise TooMuch
    row = ChatLine.objects.create(
        visit_id=participant.visit_id, sender=participant, words=said, at=at
    )
    record("wrote", participant.visit, at=at, by=None, role=participant.role)
    return row


@transaction.atomic
def leave_note(*, participant: Participant, words: str, at: datetime) -> None:
    """What a waiting patient has the clinic know; the newest counts. Raises NotNow, Unsound."""
    said = words.strip()
    if not said or len(said) > rules.LONGEST_REASON:
        raise Unsound
    visit = VideoVisit.objects.select_for_update().get(pk=participant.visit_id)
    if participant.role != Role.PATIENT or visit.state == State.ENDED:
        raise NotNow
    visit.note = said
    visit.save(update_fields=["note"])
    record("noted", visit, at=at, by=None, by_patient=True)


@transaction.atomic
def note_quality(
    *, participant: Participant, legs: Sequence[Mapping[str, Any]], at: datetime
) -> None:
    """How the connections of a page are; what is known stays when a later report says nothing.

    A connection is new only in a call and to a page that is open now, and a place has so many: what
    else is said of one is left out. How a known one ended is said when its far end has gone.
    """
    others = Participant.objects.filter(visit=participant.visit_id).exclude(pk=participant.pk)
    sessions = dict(others.values_list("pk", "session"))
    room = rules.MOST_LEGS - Leg.objects.filter(near=participant).count()
    for one in legs[: rules.MOST_GATHERED * 2]:
        far, session = one.get("to"), one.get("session")
        if type(far) is not int or far not in sessions or not isinstance(session, str):
            continue
        facts = {name: value for name, value in rules.leg(one).items() if value not in ("", None)}
        facts["at"] = at
        which = {"far_id": far, "near_session": participant.session, "far_session": session}
        which["by_gateway"] = one.get("by_gateway") is True
        if Leg.objects.filter(near=participant, **which).update(**facts):
            continue
        begins = participant.visit.state == State.ADMITTED and session and session == sessions[far]
        if begins and room > 0:
            facts |= {"visit_id": participant.visit_id, "began_at": at}
            Leg.objects.get_or_create(near=participant, **which, defaults=facts)
            room -= 1


@transaction.atomic
def go_on_by_phone(*, participant: Participant, reason: Phone | None, at: datetime) -> None:
    """One key, and the visit is held by phone in the same record. Raises NotNow when it is over.

    Without a reason, what the test before it found counts as one until somebody says more.
    Somebody invited cannot: it is between the patient and who sees them.
    """
    visit = _of_both(participant)
    _by_phone(visit, reason, role=Role(participant.role), officer=None, at=at)


@transaction.atomic
def say_why(*, participant: Participant, reason: Phone, at: datetime) -> None:
    """Why it went on by phone, said afterwards. Raises NotNow."""
    _why(_of_both(participant), reason, role=Role(participant.role), officer=None, at=at)


def _of_both(participant: Participant) -> VideoVisit:
    """The visit, locked, of its patient or of who sees them. Raises NotNow."""
    if participant.role not in (Role.PATIENT, Role.CLINICIAN):
        raise NotNow
    return VideoVisit.objects.select_for_update().get(pk=participant.visit_id)


@transaction.atomic
def take_to_phone(
    *, officer: Officer, appointment_id: int, reason: Phone | None, at: datetime
) -> None:
    """As `go_on_by_phone`, by an officer, who may say why afterwards by the same.

    Raises PermissionDenied, NotByVideo and NotNow.
    """
    access.require(officer, "telehealth.prepare")
    visit = locked(appointment_id, at=at)
    if visit.by_phone_at and reason:
        _why(visit, reason, role=Role.CLINICIAN, officer=officer, at=at)
    else:
        _by_phone(visit, reason, role=Role.CLINICIAN, officer=officer, at=at)


def _why(
    visit: VideoVisit, reason: Phone, *, role: Role, officer: Officer | None, at: datetime
) -> None:
    if visit.state == State.ENDED or visit.by_phone_at is None:
        raise NotNow
    if visit.by_phone_reason != reason:
        visit.by_phone_reason = reason
        visit.save(update_fields=["by_phone_reason"])
        by_patient = role == Role.PATIENT
        record("phone_why", visit, at=at, by=officer, cause=reason, by_patient=by_patient)


def _by_phone(
    visit: VideoVisit, reason: Phone | None, *, role: Role, officer: Officer | None, at: datetime
) -> None:
    if visit.state == State.ENDED:
        raise NotNow
    if visit.by_phone_at is None:
        reason = reason or rules.likely_why(visit.test)
        visit.by_phone_at, visit.by_phone_reason, visit.by_phone_role = at, reason, role
        visit.save(update_fields=["by_phone_at", "by_phone_reason", "by_phone_role"])
        record("by_phone", visit, at=at, by=officer, cause=reason, by_patient=role == Role.PATIENT)
