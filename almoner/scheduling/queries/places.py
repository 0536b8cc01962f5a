"""For whom a place that came free would do, and in which order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection

from almoner.facility import queries as facility
from almoner.facility.models import VisitType
from almoner.facility.rules import TICK, midnight, span_mask
from almoner.scheduling.models import FreedPlace, Hold, WaitEntry
from almoner.scheduling.queries import openings
from almoner.scheduling.queries.days import CLINICIAN, DEVICE, ROOM
from almoner.scheduling.rules import Wish, not_before, start_mask
from almoner.scheduling.rules import waitlist as rules
from almoner.scheduling.rules.waitlist import Waiting

MOST = 200
"""Who is looked at for one place, in order; whoever waits behind so many hurries less."""


@dataclass(frozen=True, slots=True)
class Suited:
    """Somebody for whom a freed place would do: when the visit would start there."""

    waiting: Waiting
    patient_id: int
    starts_at: datetime


# Who waits for this place, whatever the day's free time allows; not who was offered it before,
# nor who has just given it up or said no to it, which freed it.
_CANDIDATES = """
    SELECT e.id, e.patient_id, e.priority, e.added_at, e.since, e.until, e.visit_type_id,
           visit.starts_at
      FROM scheduling_waitentry e
      JOIN facility_clinician_visit_types does
        ON does.visittype_id = e.visit_type_id AND does.clinician_id = %(clinician)s
      JOIN patients_patient p ON p.id = e.patient_id AND NOT p.deceased
      LEFT JOIN scheduling_appointment visit ON visit.id = e.visit_id
     WHERE e.ended_at IS NULL AND e.last_day >= %(day)s
       AND (e.clinician_ids = '{}' OR %(clinician)s = ANY(e.clinician_ids))
       AND (e.location_ids = '{}' OR %(location)s = ANY(e.location_ids))
       AND (e.weekdays = '{}' OR %(weekday)s = ANY(e.weekdays))
       AND (e.visit_id IS NULL OR (visit.status = 'booked' AND visit.starts_at > %(since)s))
       AND NOT EXISTS (SELECT FROM scheduling_placeoffer o WHERE o.entry_id = e.id
                          AND (o.state = 'open' OR o.freed_id = %(place)s))
       AND e.patient_id IS DISTINCT FROM
           (SELECT g.patient_id FROM ground_event g WHERE g.id = %(event)s)
     ORDER BY e.priority, e.added_at, e.id LIMIT %(most)s
"""


def suited(place: FreedPlace, *, at: datetime) -> list[Suited]:
    """For whom a freed place would do now, in the order in which it is offered."""
    with connection.cursor() as sql:
        sql.execute(
            _CANDIDATES,
            {
                "clinician": place.clinician_id,
                "location": place.location_id,
                "day": place.local_day,
                "weekday": place.local_day.isoweekday(),
                "since": place.since,
                "place": place.pk,
                "event": place.event_id,
                "most": MOST,
            },
        )
        rows = sql.fetchall()
    if not rows:
        return []
    day = _day_of(place)
    kinds = VisitType.objects.in_bulk({row[6] for row in rows})
    needs = {kind_id: day.needs(kind) for kind_id, kind in kinds.items()}
    found = {}
    for id_, patient_id, priority, added_at, since, until, kind_id, before in rows:
        fit = day.fit(kinds[kind_id], needs[kind_id], since, until, at=at)
        starts_at = day.midnight + fit.tick * TICK if fit else None
        if fit and starts_at and (before is None or starts_at < before):
            waiting = Waiting(id_, priority, added_at, fit.leaves)
            found[id_] = Suited(waiting, patient_id, starts_at)
    return [found[each.entry_id] for each in rules.in_order([f.waiting for f in found.values()])]


@dataclass(frozen=True, slots=True)
class _Day:
    """A clinician's day with what is free of it, and of rooms and devices there."""

    day: date
    zone: str
    midnight: datetime
    window: int
    free: int
    rooms: Mapping[int, int]
    devices: Mapping[int, int]
    location_id: int

    def needs(self, kind: VisitType) -> list[list[int]]:
        """What is free of each room, and of each device, that such a visit could have."""
        here, needs = [self.location_id], []
        if kind.room_kind:
            ids = facility.rooms(kind.room_kind, here)
            needs.append([self.rooms.get(id_, 0) for id_ in ids])
        if kind.device_kind:
            ids = facility.devices(kind.device_kind, here)
            needs.append([self.devices.get(id_, 0) for id_ in ids])
        return needs

    def fit(
        self,
        kind: VisitType,
        needs: list[list[int]],
        since: time | None,
        until: time | None,
        *,
        at: datetime,
    ) -> rules.Place | None:
        policy = openings.policy_of(kind)
        wanted = start_mask(self.zone, self.day, Wish(frozenset(), since, until, policy.align))
        soon = at + max(rules.LEAST_NOTICE, timedelta(minutes=policy.notice))
        wanted &= not_before(self.zone, self.day, soon)
        return rules.place_in(self.free, needs, policy, wanted=wanted, window=self.window)


def _day_of(place: FreedPlace) -> _Day:
    zone = place.location.time_zone
    with connection.cursor() as sql:
        sql.execute(
            "SELECT kind, resource_id, free::text FROM scheduling_resource_day"
            " WHERE local_day = %s AND location_id = %s AND (kind <> 1 OR resource_id = %s)",
            [place.local_day, place.location_id, place.clinician_id],
        )
        free = {(kind, id_): int(mask, 2) for kind, id_, mask in sql.fetchall()}
    start = midnight(zone, place.local_day)
    return _Day(
        day=place.local_day,
        zone=zone,
        midnight=start,
        window=span_mask((place.since - start) // TICK, -((start - place.until) // TICK)),
        free=free.get((CLINICIAN, place.clinician_id), 0),
        rooms={id_: mask for (kind, id_), mask in free.items() if kind == ROOM},
        devices={id_: mask for (kind, id_), mask in free.items() if kind == DEVICE},
        location_id=place.location_id,
    )


def anybody_waits() -> bool:
    return WaitEntry.objects.filter(ended_at=None).exists()


def open_days(clinician_ids: Sequence[int], since: date, until: date) -> list[tuple[Any, ...]]:
    """Days of clinicians with free time: clinician, location, day, its midnight. One query."""
    with connection.cursor() as sql:
        sql.execute(
            "SELECT resource_id, location_id, local_day, midnight FROM scheduling_resource_day"
            " WHERE kind = 1 AND resource_id = ANY(%s) AND local_day >= %s AND local_day < %s"
            " AND free <> 0::bit(300) ORDER BY local_day, resource_id, location_id",
            [list(clinician_ids), since, until],
        )
        return list(sql.fetchall())


def clinician_time(hold_ids: Sequence[int]) -> tuple[int, datetime, datetime] | None:
    """Whose ordinary time some holds were, and from when until when; None when nobody's."""
    row = Hold.objects.filter(pk__in=hold_ids, kind=CLINICIAN, lane=0).first()
    return (row.resource_id, row.during.lower, row.during.upper) if row else None
