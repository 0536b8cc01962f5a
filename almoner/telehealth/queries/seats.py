"""Somebody's place in a visit by video, and what their open page is told."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from almoner.access.models import Officer
from almoner.scheduling.models import Appointment
from almoner.telehealth import rules
from almoner.telehealth.models import ChatLine, Participant, Passage, Signal
from almoner.telehealth.queries.handing import handed
from almoner.telehealth.rules import Ahead, Role, State

_MOST_LINES = 200
"""Lines of the chat told at once: of a page opened late, the newest."""


def digest_of(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def invitation(token: str) -> Participant | None:
    """Whom a link invites; None when nobody. One query."""
    return Participant.objects.filter(link=digest_of(token), removed_at=None).first()


def seat(participant_id: int, secret: str, *, at: datetime) -> Participant | None:
    """The place that this browser holds; None when it holds none, or no more. One or two queries.

    It ends with the visit and its time, and with the right of who holds the visit to do so.
    """
    row = _held(participant_id, secret)
    over = row is None or row.visit.state == State.ENDED or not _has_time(row, at=at)
    return None if over else row


def _has_time(row: Participant, *, at: datetime) -> bool:
    status = row.visit.appointment.status
    gone = status in (Appointment.Status.CANCELLED, Appointment.Status.NO_SHOW)
    return not gone and row.visit.has_time(at=at)


def _held(participant_id: int, secret: str) -> Participant | None:
    if not secret:
        return None
    row = (
        Participant.objects.select_related(
            "visit__appointment__clinician",
            "visit__appointment__patient",
            "visit__appointment__location",
        )
        .filter(pk=participant_id, device=digest_of(secret), removed_at=None)
        .first()
    )
    if row and row.officer_id:
        officer = Officer.objects.filter(pk=row.officer_id, left_at=None).first()
        return row if officer and officer.may("telehealth.host") else None
    return row


@dataclass(frozen=True, slots=True)
class Heard:
    """What one page is told: how the room stands, and what is new in it."""

    room: dict[str, Any]
    signals: list[dict[str, Any]]
    chat: list[dict[str, Any]]


def hear(
    participant_id: int,
    secret: str,
    *,
    session: str,
    told: Collection[int],
    chat_after: int,
    at: datetime,
) -> Heard | str:
    """What the page of this session is to be told now, or the word for why it is told no more.

    Signals that it was told already are left out by their ids and not by "after the last": a number
    is given out before its row can be seen. Before the visit is admitted nothing passes.
    """
    row = _held(participant_id, secret)  # also when it has just ended: the page is to say so
    if row is None:
        return "removed"
    if not _has_time(row, at=at):
        return "over"
    if row.session != session:
        return "elsewhere"
    signals, chat = [], []
    if row.visit.passes:
        signals = [_signal(one) for one in _new(row, session, told)]
        chat = [_said(one) for one in _lines(row, chat_after)]
    return Heard(_room(row, at=at), signals, chat)


def _new(row: Participant, session: str, told: Collection[int]) -> list[Signal]:
    waiting = Signal.objects.filter(to=row, to_session=session).exclude(pk__in=list(told))
    return list(waiting.order_by("id")[: rules.MOST])


def _lines(row: Participant, after: int) -> list[ChatLine]:
    """What was written since; to whoever was invited, nothing of before they came."""
    lines = ChatLine.objects.filter(visit=row.visit, pk__gt=after)
    if row.role in rules.INVITED:
        lines = lines.filter(at__gte=row.seated_at)
    newest = lines.select_related("sender__visit__appointment__patient").order_by("-id")
    return list(newest[:_MOST_LINES])[::-1]


def _signal(row: Signal) -> dict[str, Any]:
    return {
        "id": row.pk, "from": row.sender_id, "session": row.sender_session,
        "kind": row.kind, "body": row.body,
    }  # fmt: skip


def _said(row: ChatLine) -> dict[str, Any]:
    return {"id": row.pk, "from": row.sender_id, "name": name_of(row.sender), "words": row.words}


def _room(row: Participant, *, at: datetime) -> dict[str, Any]:
    visit = row.visit
    waits = visit.state in (State.NOT_OPEN, State.WAITING)
    place, minutes = waiting(visit.appointment, at=at) if waits else (0, 0)
    return {
        "state": visit.state,
        "phone": bool(visit.by_phone_at),
        "locked": visit.locked,
        "place": place,
        "wait": minutes,
        "note": visit.note if row.role == Role.PATIENT else "",
        "word": visit.word if waits and row.role == Role.PATIENT else "",
        "gateway": bool(visit.gathered_at),
        "people": people(row, at=at) if visit.passes else [],
    } | handed(row, at=at)


def people(row: Participant, *, at: datetime) -> list[dict[str, Any]]:
    """Everybody else of the call, also who was lost less than ninety seconds ago.

    ``feed`` is whether they send through the gateway, and which of their sendings it is. One query;
    two when the call goes through it.
    """
    others = Participant.objects.filter(visit=row.visit_id, removed_at=None).exclude(pk=row.pk)
    others = others.exclude(Q(session="") | Q(seen_at=None)).select_related(
        "visit__appointment__patient"
    )
    feeds = _feeds(row.visit_id) if row.visit.gathered_at else {}
    return [
        {
            "id": one.pk,
            "role": one.role,
            "name": name_of(one),
            "session": one.session,
            "here": one.is_here(at=at),
            "feed": feeds.get((one.pk, one.session)),
        }
        for one in others.order_by("id")
        if one.is_in_the_call(at=at)
    ]


def _feeds(visit_id: int) -> dict[tuple[int, str], int]:
    """By person and page: the row of what they send. The gateway's own number is told to nobody."""
    sending = Passage.objects.filter(visit=visit_id, far=None, up=True)
    return {
        (near, page): id_ for id_, near, page in sending.values_list("id", "near", "near_session")
    }


def name_of(row: Participant) -> str:
    """How the others call somebody: a patient by the given name they use and no more."""
    return patient_name(row) if row.role == Role.PATIENT else row.name


def patient_name(row: Participant) -> str:
    """The given name that the patient of somebody's visit uses."""
    patient = row.visit.appointment.patient
    return patient.name_used or patient.given


AHEAD = """
SELECT other.minutes, other.began_at FROM (
    SELECT kind.minutes,
           CASE WHEN video.state = 'admitted' THEN video.state_since
                WHEN encounter.state = 'with_clinician' THEN encounter.state_since END AS began_at,
           video.state = 'waiting' OR encounter.state IN ('arrived', 'ready', 'roomed') AS waits,
           visit.starts_at, visit.id
      FROM scheduling_appointment this
      JOIN scheduling_appointment visit
        ON visit.clinician_id = this.clinician_id AND visit.local_day = this.local_day
       AND visit.id <> this.id AND visit.status IN ('booked', 'arrived')
       AND (visit.starts_at, visit.id) < (this.starts_at, this.id)
      JOIN facility_visittype kind ON kind.id = visit.visit_type_id
      LEFT JOIN telehealth_videovisit video ON video.appointment_id = visit.id
      LEFT JOIN arrivals_encounter encounter ON encounter.appointment_id = visit.id
     WHERE this.id = %(appointment)s
) other
 WHERE other.began_at IS NOT NULL OR other.waits
"""


def waiting(visit: Appointment, *, at: datetime) -> tuple[int, int]:
    """How many the same clinician sees before this one, and in how many minutes. One query.

    Who is in the building counts as who waits by video: the clinician is one.
    """
    with connection.cursor() as sql:
        sql.execute(AHEAD, {"appointment": visit.pk})
        ahead = [Ahead(minutes, began_at) for minutes, began_at in sql.fetchall()]
    return len(ahead), rules.estimate(ahead, starts_at=visit.starts_at, at=at)
