"""Who waits for a place, in which order, and for whom one that came free would do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import Http404

from almoner.access.queries import Evidence, Reading
from almoner.facility import queries as facility
from almoner.facility.models import VisitType
from almoner.facility.rules import TICK, midnight, span_mask
from almoner.patients.rules.details import listed_name
from almoner.scheduling.models import FreedPlace, Hold, PlaceOffer, WaitEntry
from almoner.scheduling.queries import openings
from almoner.scheduling.queries.appointments import short_when, wall_clock
from almoner.scheduling.queries.days import CLINICIAN, DEVICE, ROOM
from almoner.scheduling.queries.openings import Opening, Search
from almoner.scheduling.rules import Wish, not_before, start_mask
from almoner.scheduling.rules import waitlist as rules
from almoner.scheduling.rules.waitlist import OfferState, Waiting

SIZE = 25
MOST = 200
"""Who is looked at for one place, in order; whoever waits behind so many hurries less."""
PLACES = 50
"""Freed places the desk is shown."""
SHOW = ("waiting", "offered", "over")


@dataclass(frozen=True, slots=True)
class Suited:
    """Somebody for whom a freed place would do: when the visit would start there."""

    waiting: Waiting
    patient_id: int
    starts_at: datetime


# Who waits for this place, whatever the day's free time allows; not who was offered it before.
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


def is_elsewhere(entry: WaitEntry, since: datetime, until: datetime) -> bool:
    """Whether the patient has another visit then than the one a place would replace."""
    theirs = Hold.objects.filter(
        kind=Hold.Kind.PATIENT, resource_id=entry.patient_id, live=True,
        during__overlap=(since, until),
    )  # fmt: skip
    if entry.visit_id:
        theirs = theirs.exclude(appointment=entry.visit_id)
    return theirs.exists()


def over(at: datetime) -> list[int]:
    """Open offers that are over by the clock, the first first."""
    rows = PlaceOffer.objects.filter(state=OfferState.OPEN, expires_at__lte=at)
    return list(rows.order_by("expires_at", "id").values_list("id", flat=True)[:MOST])


def unsettled() -> list[int]:
    """Freed places that nobody has taken yet, the nearest first."""
    rows = FreedPlace.objects.filter(settled_at=None)
    return list(rows.order_by("since", "id").values_list("id", flat=True)[:MOST])


def in_the_way(hold_ids: Sequence[int]) -> list[int]:
    """Open offers that keep time which these holds had."""
    with connection.cursor() as sql:
        sql.execute(
            "SELECT DISTINCT kept.offer_id FROM scheduling_hold had JOIN scheduling_hold kept"
            " ON kept.kind = had.kind AND kept.resource_id = had.resource_id AND kept.live"
            " AND kept.offer_id IS NOT NULL AND kept.during && had.during"
            " WHERE had.id = ANY(%s) ORDER BY 1",
            [list(hold_ids)],
        )
        return [id_ for (id_,) in sql.fetchall()]


def facts(offer: PlaceOffer) -> dict[str, object]:
    """What events say of an offer, so that whoever reacts need not ask us."""
    return {
        "entry_id": offer.entry_id,
        "visit_id": offer.entry.visit_id,
        "clinician_id": offer.clinician_id,
        "clinician": str(offer.clinician),
        "location": offer.location.name,
        "visit_type": offer.entry.visit_type.name,
        "by_video": offer.entry.visit_type.by_video,
        "starts_at": offer.starts_at.isoformat(),
        "local_day": offer.local_day.isoformat(),
        "local_time": offer.local_time.isoformat("minutes"),
        "when": wall_clock(offer.starts_at, ZoneInfo(offer.time_zone)),
        "expires_at": offer.expires_at.isoformat(),
        "until": expires(offer),
    }


def expires(offer: PlaceOffer) -> str:
    """``Tuesday, March 3, 2026 at 9:20 AM``: until when a place is kept, on its clock."""
    return wall_clock(offer.expires_at, ZoneInfo(offer.time_zone))


@dataclass(frozen=True, slots=True)
class OfferLine:
    """An offer as the desk reads it; ``state`` is by the clock."""

    id: int
    when: str
    clinician: str
    location: str
    state: str
    expires_at: datetime
    appointment_id: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody on the waitlist, and why at this place: what hurries, and since when they wait."""

    id: int
    number: int
    patient_id: int
    name: str
    birth_date: date | None
    visit_type: str
    priority: int
    reason: str
    days: int
    added_at: datetime
    wishes: "Wishes"
    visit_id: int | None
    visit_when: str
    lapsed: int
    offer: OfferLine | None
    ended: str
    ended_why: str


@dataclass(frozen=True, slots=True)
class Wishes:
    """What would do, in names; empty is any."""

    clinicians: Sequence[str]
    locations: Sequence[str]
    weekdays: Sequence[int]
    since: time | None
    until: time | None
    last_day: date


def filters(asked: Mapping[str, str]) -> dict[str, str]:
    """What of an address narrows the list: known names with values that can be, nothing else."""
    told = {"show": asked["show"]} if asked.get("show") in SHOW else {}
    kinds = {f"{each.pk}" for each in facility.visit_types()}
    people = {f"{id_}" for id_ in facility.people()}
    places = {f"{id_}" for id_ in facility.places()}
    for name, known in (("visit", kinds), ("who", people), ("place", places)):
        if asked.get(name) in known:
            told[name] = asked[name]
    return told


def _rows(narrowed: Mapping[str, str], today: date) -> QuerySet[WaitEntry]:
    rows = WaitEntry.objects.select_related("patient", "visit_type", "visit")
    offered = Exists(PlaceOffer.objects.filter(entry=OuterRef("pk"), state=OfferState.OPEN))
    on = Q(ended_at=None, last_day__gte=today) & (Q(visit=None) | Q(visit__status="booked"))
    show = narrowed.get("show", "waiting")
    rows = rows.exclude(on) if show == "over" else rows.filter(on)
    if show == "offered":
        rows = rows.filter(offered)
    if visit := narrowed.get("visit"):
        rows = rows.filter(visit_type=int(visit))
    if who := narrowed.get("who"):
        rows = rows.filter(Q(clinician_ids=[]) | Q(clinician_ids__contains=[int(who)]))
    if place := narrowed.get("place"):
        rows = rows.filter(Q(location_ids=[]) | Q(location_ids__contains=[int(place)]))
    if show == "over":
        return rows.order_by(F("ended_at").desc(nulls_last=True), "-id")
    return rows.order_by("priority", "added_at", "id")


def entries(
    *, narrowed: Mapping[str, str], number: int, today: date, reading: Reading
) -> Page[Any]:
    """One page of the waitlist in its order; everybody on it is noted as seen. Six queries."""
    page: Page[Any] = Paginator(_rows(narrowed, today), SIZE).get_page(number)
    rows = list(page.object_list)
    start = page.start_index() if rows else 0
    page.object_list = _lines(rows, start=start, reading=reading)
    reading.saw(row.patient_id for row in rows)
    return page


def entry(entry_id: int, *, reading: Reading) -> WaitEntry:
    """One, its patient noted as seen. Raises Http404."""
    row = (
        WaitEntry.objects.select_related("patient", "visit_type", "visit")
        .filter(pk=entry_id)
        .first()
    )
    if row is None:
        raise Http404
    reading.saw([row.patient_id])
    return row


def line(row: WaitEntry, *, reading: Reading) -> Line:
    return _lines([row], start=1, reading=reading)[0]


def _lines(rows: Sequence[WaitEntry], *, start: int, reading: Reading) -> list[Line]:
    people, places = facility.people(), facility.places()
    offers = PlaceOffer.objects.filter(entry__in=rows).select_related("clinician", "location")
    latest: dict[int, PlaceOffer] = {}
    lapsed: dict[int, int] = {}
    for each in offers.order_by("id"):
        latest[each.entry_id] = each
        missed = each.state in (OfferState.EXPIRED, OfferState.DECLINED)
        lapsed[each.entry_id] = lapsed.get(each.entry_id, 0) + missed
    return [
        Line(
            id=row.pk,
            number=number,
            patient_id=row.patient_id,
            name=listed_name(family=row.patient.family, given=row.patient.given),
            birth_date=row.patient.birth_date,
            visit_type=row.visit_type.name,
            priority=row.priority,
            reason=row.reason,
            days=rules.days_waited(row.added_at, reading.at),
            added_at=row.added_at,
            wishes=Wishes(
                [people[id_].name for id_ in row.clinician_ids if id_ in people],
                [places[id_].short_name for id_ in row.location_ids if id_ in places],
                row.weekdays, row.since, row.until, row.last_day,
            ),
            visit_id=row.visit_id,
            visit_when=short_when(row.visit.local_day, row.visit.local_time) if row.visit else "",
            lapsed=lapsed.get(row.pk, 0),
            offer=_offer_line(latest.get(row.pk), reading.at),
            ended=row.ended,
            ended_why=row.ended_why,
        )
        for number, row in enumerate(rows, start=start)
    ]  # fmt: skip


def _offer_line(offer: PlaceOffer | None, at: datetime) -> OfferLine | None:
    if offer is None:
        return None
    is_over = offer.state == OfferState.OPEN and offer.expires_at <= at
    return OfferLine(
        offer.pk, short_when(offer.local_day, offer.local_time), str(offer.clinician),
        offer.location.short_name, OfferState.EXPIRED if is_over else offer.state,
        offer.expires_at, offer.appointment_id,
    )  # fmt: skip


def offers_of(row: WaitEntry, *, at: datetime) -> list[OfferLine]:
    """What was offered to somebody who waits, the latest first."""
    rows = row.offers.select_related("clinician", "location").order_by("-id")[:SIZE]
    return [told for each in rows if (told := _offer_line(each, at))]


def offer(offer_id: int, *, reading: Reading) -> PlaceOffer:
    """One, its patient noted as seen. Raises Http404."""
    row = PlaceOffer.objects.select_related("entry").filter(pk=offer_id).first()
    if row is None:
        raise Http404
    reading.saw([row.patient_id])
    return row


def openings_for(row: WaitEntry, *, at: datetime, limit: int) -> list[Opening]:
    """The first places that would do for somebody who waits, by the desk's own search."""
    found = openings.find(search_of(row), at=at, limit=limit)
    before = row.visit.starts_at if row.visit else None
    return [
        each
        for each in found
        if each.local_day <= row.last_day and (before is None or each.starts_at < before)
    ]


def search_of(row: WaitEntry) -> Search:
    return Search(
        visit_type_id=row.visit_type_id,
        clinician_ids=frozenset(row.clinician_ids),
        location_ids=frozenset(row.location_ids),
        weekdays=frozenset(row.weekdays),
        since=row.since,
        until=row.until,
    )


def on_list_for(visit_id: int) -> WaitEntry | None:
    """Who waits for an earlier place than a booked visit."""
    return WaitEntry.objects.filter(visit=visit_id, ended_at=None).first()


@dataclass(frozen=True, slots=True)
class Freed:
    """A place that came free, of which nobody who waits for it can be told now."""

    id: int
    when: str
    minutes: int
    clinician: str
    location: str
    barred: str


def barred(at: datetime) -> list[Freed]:
    """Places that are the desk's work: nobody could be told of them. One query."""
    rows = (
        FreedPlace.objects.filter(settled_at=None, until__gt=at)
        .exclude(barred="")
        .select_related("clinician", "location")
        .order_by("since", "id")[:PLACES]
    )
    return [
        Freed(
            row.pk,
            short_when(
                row.local_day, row.since.astimezone(ZoneInfo(row.location.time_zone)).time()
            ),
            (row.until - row.since) // timedelta(minutes=1), str(row.clinician),
            row.location.short_name, row.barred,
        )
        for row in rows
    ]  # fmt: skip


def evidence(item_id: int) -> Evidence | None:
    """What a place on the waitlist proves: its patient is the desk's work while they wait."""
    row = WaitEntry.objects.filter(pk=item_id, ended_at=None).first()
    if row is None:
        return None
    return Evidence(frozenset({row.patient_id}), row.added_by_id, corroborated=False)
