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
from almoner.patients.rules.details import listed_name
from almoner.scheduling.models import FreedPlace, Hold, PlaceOffer, WaitEntry
from almoner.scheduling.queries import openings
from almoner.scheduling.queries.appointments import short_when, wall_clock
from almoner.scheduling.queries.openings import Opening, Search
from almoner.scheduling.rules import waitlist as rules
from almoner.scheduling.rules.waitlist import OfferState

SIZE = 25
MOST = 200
"""What the clock sees to in one minute."""
PLACES = 50
"""Freed places the desk is shown."""
SHOW = ("waiting", "offered", "over")


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
