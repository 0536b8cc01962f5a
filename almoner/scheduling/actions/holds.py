"""Taking and giving back time. Every booking's guard: nothing here decides who may.

Locks are taken in the order clinician, room, device, each by id and day; so two bookings never wait
for one another in a circle. The day bitmap refuses first, without an exception and without a dead
row; the exclusion constraint on `Hold` stands behind it and is the only guard of the patient and of
higher lanes.
"""

import logging
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction
from psycopg import errors

from almoner.facility.rules import bits
from almoner.ground.constraints import violated
from almoner.scheduling.models import Hold
from almoner.scheduling.queries import appointments
from almoner.scheduling.queries.days import CLINICIAN, DEVICE, PATIENT, ROOM

ATTEMPTS = 4
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Claim:
    """The time a booking wants of everybody.

    ``since`` to ``until`` includes the buffers and is ``mask`` as ticks of one local day; the
    patient is held from ``starts_at`` to ``ends_at`` only. ``rooms`` and ``devices`` are those that
    would do, None when none is needed. ``lanes`` above 0 asks for a place above the ordinary one,
    at most that high. Offers that are over ``asked_at`` are not in its way.
    """

    patient_id: int
    clinician_id: int
    location_id: int
    local_day: date
    mask: int
    since: datetime
    until: datetime
    starts_at: datetime
    ends_at: datetime
    asked_at: datetime
    rooms: tuple[int, ...] | None = None
    devices: tuple[int, ...] | None = None
    lanes: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """What a claim was given, and the id of the appointment, or offer, that has it."""

    appointment_id: int
    room_id: int | None
    device_id: int | None
    lane: int


_TAKE_DAY = """
    UPDATE scheduling_resource_day SET free = free & ~ %(mask)s::bit(300)
     WHERE kind = 1 AND local_day = %(day)s AND resource_id = %(clinician)s
       AND location_id = %(location)s AND free & %(mask)s::bit(300) = %(mask)s::bit(300)
    RETURNING resource_id, 0 AS lane
"""

# The lowest lane above the ordinary one in which the clinician has nothing then.
_TAKE_LANE = """
    SELECT d.resource_id, open.lane
      FROM scheduling_resource_day d
     CROSS JOIN LATERAL (
           SELECT min(lane) AS lane FROM generate_series(1, %(lanes)s) AS lane
            WHERE NOT EXISTS (
                  SELECT 1 FROM scheduling_hold h
                   WHERE h.kind = 1 AND h.resource_id = d.resource_id AND h.lane = lane.lane
                     AND h.live AND h.during && tstzrange(%(since)s, %(until)s))
     ) AS open
     WHERE d.kind = 1 AND d.local_day = %(day)s AND d.resource_id = %(clinician)s
       AND d.location_id = %(location)s AND open.lane IS NOT NULL
       AND d.template & %(mask)s::bit(300) = %(mask)s::bit(300)
"""

# Which room does not matter, so a room another booking is just deciding about is passed over.
# Materialised: a subquery that locks and limits may be run again for each row of a join, and then
# picks another room each time.
_TAKE_ONE_OF = """
    , {name}_pick AS MATERIALIZED (
        SELECT kind, local_day, resource_id, location_id
          FROM scheduling_resource_day
         WHERE kind = {kind} AND local_day = %(day)s AND location_id = %(location)s
           AND resource_id = ANY(%({name})s)
           AND free & %(mask)s::bit(300) = %(mask)s::bit(300)
           AND EXISTS (SELECT 1 FROM {after})
         ORDER BY resource_id LIMIT 1 FOR UPDATE {waiting}
    ), {name} AS (
        UPDATE scheduling_resource_day AS d SET free = d.free & ~ %(mask)s::bit(300)
          FROM {name}_pick AS pick
         WHERE (d.kind, d.local_day, d.resource_id, d.location_id)
             = (pick.kind, pick.local_day, pick.resource_id, pick.location_id)
           AND d.free & %(mask)s::bit(300) = %(mask)s::bit(300)
        RETURNING d.resource_id
    )
"""

_HOLD = """
    , {name}_hold AS (
        INSERT INTO scheduling_hold ({owner}_id, kind, resource_id, lane, during, live)
        SELECT a.id, {kind}, r.resource_id, {lane}, tstzrange({since}, {until}), true
          FROM appointment a, {source} r
    )
"""


def take(
    claim: Claim, *, appointment: str, facts: dict[str, Any], owner: str = "appointment"
) -> Taken | None:
    """Take the time of everybody or of nobody, and write the appointment, in one statement.

    ``appointment`` is an INSERT or UPDATE of one appointment, written with ``{room}``, ``{device}``
    and ``{granted}``; it may read the CTE ``clinician``. With ``owner`` "offer" it writes an offer
    instead, which keeps the time of all but the patient. Returns None when something was not free:
    then nothing was taken. Raises IntegrityError for broken constraints, `PatientBusy` when the
    patient has another visit then.
    """
    if taken := _tried(claim, appointment, facts, owner):
        return taken
    if over := _over(claim):  # kept for somebody who did not answer in time
        lock(over, claim)
        give_back(over)
        return _tried(claim, appointment, facts, owner)
    return None


def _tried(claim: Claim, appointment: str, facts: dict[str, Any], owner: str) -> Taken | None:
    for number in range(ATTEMPTS):
        statement = _statement(claim, appointment, owner=owner, waiting=number > 0)
        try:
            return _once(statement, _parameters(claim) | facts)
        except _NotFree:
            if number or not (claim.rooms or claim.devices):
                return None  # a room that was being decided about has been waited for
        except _Conflict as conflict:
            if appointments.patient_is_elsewhere(claim.patient_id, claim.starts_at, claim.ends_at):
                raise PatientBusy from conflict
            if not claim.lanes:  # with lanes, somebody took this one first: the next may be free
                log.exception("A day mask offered time that a hold keeps: %s", claim)
                return None
    return None


class PatientBusy(Exception):
    """The patient has another visit at that time."""


class _NotFree(Exception):
    """Ends a savepoint in which something was not to be had."""


class _Conflict(Exception):
    """The exclusion constraint refused what the bitmaps had granted."""


def _once(statement: str, parameters: dict[str, Any]) -> Taken:
    """Run the statement in a savepoint, again when PostgreSQL broke a circle of waiting (40P01)."""
    for number in range(ATTEMPTS):
        try:
            with transaction.atomic(), connection.cursor() as sql:
                sql.execute(statement, parameters)
                row = sql.fetchone()
                if row is None:
                    raise _NotFree
                return Taken(*row)
        except IntegrityError as error:
            if violated(error, "hold_resource_free"):
                raise _Conflict from error
            raise
        except OperationalError as error:
            if not isinstance(error.__cause__, errors.DeadlockDetected) or number == ATTEMPTS - 1:
                raise
    raise AssertionError("the last try returned or raised")


_OVER = """
    SELECT h.id FROM scheduling_hold h JOIN scheduling_placeoffer o ON o.id = h.offer_id
     WHERE h.live AND o.expires_at <= %(asked_at)s
       AND h.during && tstzrange(%(since)s, %(until)s)
       AND (h.kind, h.resource_id) IN (
           SELECT 1, %(clinician)s::bigint
            UNION ALL SELECT 2, room FROM unnest(%(room)s::bigint[]) AS room
            UNION ALL SELECT 3, device FROM unnest(%(device)s::bigint[]) AS device)
"""


def _over(claim: Claim) -> list[int]:
    """Holds in the way of a claim whose offers are over by the clock, whether or not a job ran."""
    with connection.cursor() as sql:
        sql.execute(_OVER, _parameters(claim))
        return [id_ for (id_,) in sql.fetchall()]


def _statement(claim: Claim, appointment: str, *, owner: str, waiting: bool) -> str:
    needs = [("room", ROOM, claim.rooms), ("device", DEVICE, claim.devices)]
    needed = [(name, kind) for name, kind, ids in needs if ids is not None]
    parts = [f"WITH clinician AS ({_TAKE_LANE if claim.lanes else _TAKE_DAY})"]
    last = "clinician"
    for name, kind in needed:
        skip = "" if waiting else "SKIP LOCKED"
        parts.append(_TAKE_ONE_OF.format(name=name, kind=kind, after=last, waiting=skip))
        last = name
    chosen = {name: _CHOSEN.format(name=name) for name, _ in needed}
    room, device = chosen.get("room", "NULL"), chosen.get("device", "NULL")
    granted = _GRANTED.format(name=last)
    write = appointment.format(room=room, device=device, granted=granted)
    parts.append(f", appointment AS ({write})")
    whole = {"since": "%(since)s", "until": "%(until)s", "owner": owner}
    visit = {"owner": owner, "since": "%(starts_at)s", "until": "%(ends_at)s"}
    parts.append(
        _HOLD.format(name="clinician", kind=CLINICIAN, lane="r.lane", source="clinician", **whole)
    )
    parts += [
        _HOLD.format(name=name, kind=kind, lane=0, source=name, **whole) for name, kind in needed
    ]
    if owner == "appointment":
        parts.append(_HOLD.format(name="patient", kind=PATIENT, lane=0, source=_PATIENT, **visit))
    parts.append(_ANSWER.format(room=room, device=device))
    return "".join(parts)


_CHOSEN = "(SELECT resource_id FROM {name})"
_GRANTED = "EXISTS (SELECT 1 FROM {name})"
_PATIENT = "(SELECT %(patient)s AS resource_id)"
_ANSWER = "SELECT a.id, {room}, {device}, c.lane FROM appointment a, clinician c"


def _parameters(claim: Claim) -> dict[str, Any]:
    return {
        "patient": claim.patient_id,
        "clinician": claim.clinician_id,
        "location": claim.location_id,
        "day": claim.local_day,
        "mask": bits(claim.mask),
        "since": claim.since,
        "until": claim.until,
        "starts_at": claim.starts_at,
        "ends_at": claim.ends_at,
        "asked_at": claim.asked_at,
        "room": list(claim.rooms or ()),
        "device": list(claim.devices or ()),
        "lanes": claim.lanes,
    }


# Days that the appointment's live ordinary holds touch; hours given up since are not given back.
_HELD_DAYS = """
    SELECT d.kind, d.local_day, d.resource_id, d.location_id,
           scheduling_ticks(lower(h.during), upper(h.during), d.midnight) AS mask
      FROM scheduling_hold h
      JOIN scheduling_resource_day d ON d.kind = h.kind AND d.resource_id = h.resource_id
       AND tstzrange(d.midnight, d.midnight + interval '25 hours') && h.during
       AND d.local_day >= (lower(h.during) - interval '2 days')::date
       AND d.local_day <= (upper(h.during) + interval '2 days')::date
     WHERE h.id = ANY(%(holds)s) AND h.lane = 0
"""


# A visit and the offer it moves to may be of one day, and an UPDATE takes one row of its FROM only.
_BY_DAY = """
    SELECT kind, local_day, resource_id, location_id, bit_or(mask) AS mask
      FROM ({held}) AS each_hold GROUP BY kind, local_day, resource_id, location_id
"""


def lock(hold_ids: list[int], claim: Claim | None = None) -> None:
    """Lock the days of these holds, and of all a claim might take, in the order bookings do."""
    with connection.cursor() as sql:
        sql.execute(
            f"""
            SELECT 1 FROM scheduling_resource_day d
              JOIN (SELECT kind, local_day, resource_id, location_id FROM ({_HELD_DAYS}) AS held
                     UNION SELECT 1, %(day)s::date, %(clinician)s::bigint, %(location)s::bigint
                     UNION SELECT 2, %(day)s::date, room, %(location)s::bigint
                       FROM unnest(%(room)s::bigint[]) AS room
                     UNION SELECT 3, %(day)s::date, device, %(location)s::bigint
                       FROM unnest(%(device)s::bigint[]) AS device
                   ) AS wanted USING (kind, local_day, resource_id, location_id)
             ORDER BY d.kind, d.resource_id, d.local_day, d.location_id
               FOR UPDATE OF d
            """,  # noqa: S608 (a constant of this module)
            (_parameters(claim) if claim else _NO_CLAIM) | {"holds": hold_ids},
        )


_NO_CLAIM: dict[str, Any] = {
    "day": None, "location": None, "clinician": None, "room": [], "device": [],
}  # fmt: skip


def live_holds(appointment_id: int) -> list[int]:
    held = Hold.objects.filter(appointment_id=appointment_id, live=True)
    return list(held.order_by("id").values_list("id", flat=True))


def held_for(offer_id: int) -> list[int]:
    """The live holds of an offer; none when somebody took its time away after it was over."""
    held = Hold.objects.filter(offer_id=offer_id, live=True)
    return list(held.order_by("id").values_list("id", flat=True))


def give_back(hold_ids: list[int]) -> None:
    """End those of these holds that live, and free their time. The caller has locked the days."""
    with connection.cursor() as sql:
        sql.execute(
            f"""
            UPDATE scheduling_resource_day d SET free = d.free | (held.mask & d.template)
              FROM ({_BY_DAY.format(held=_HELD_DAYS + "AND h.live")}) AS held
             WHERE (d.kind, d.local_day, d.resource_id, d.location_id)
                 = (held.kind, held.local_day, held.resource_id, held.location_id)
            """,  # noqa: S608 (a constant of this module)
            {"holds": hold_ids},
        )
    Hold.objects.filter(pk__in=hold_ids).update(live=False)


def take_again(hold_ids: list[int]) -> bool:
    """Take back exactly what was given; False when somebody else has some of it now.

    The caller has locked the days, and rolls back on False.
    """
    with connection.cursor() as sql:
        sql.execute(
            f"""
            UPDATE scheduling_resource_day d SET free = d.free & ~ held.mask
              FROM ({_HELD_DAYS}) AS held
             WHERE (d.kind, d.local_day, d.resource_id, d.location_id)
                 = (held.kind, held.local_day, held.resource_id, held.location_id)
            """,  # noqa: S608 (a constant of this module)
            {"holds": hold_ids},
        )
    try:
        with transaction.atomic():
            Hold.objects.filter(pk__in=hold_ids).update(live=True)
    except IntegrityError as error:
        if not violated(error, "hold_resource_free"):
            raise
        return False
    return True
