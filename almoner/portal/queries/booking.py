"""What a patient may book and wait for. Rules and visits are read as the patients' role."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import Http404

from almoner.facility import queries as facility
from almoner.ground.locks import hold
from almoner.portal import rules
from almoner.portal.models import SelfBooking
from almoner.portal.queries.acting import as_the_desk
from almoner.portal.queries.visits import MOST, Day, Visit, by_day, shown, told
from almoner.portal.rules.booking import Asker, Not, Terms, in_time, refusal
from almoner.relations.models import Message
from almoner.scheduling.models import Appointment, PlaceOffer, WaitEntry
from almoner.scheduling.queries import openings
from almoner.scheduling.queries.openings import Search
from almoner.scheduling.rules.waitlist import OfferState

_NAMED = SelfBooking.clinicians.through
PARTS: dict[str, tuple[time | None, time | None]] = {
    "": (None, None),
    "morning": (None, time(12)),
    "afternoon": (time(12), time(17)),
    "late": (time(17), None),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of visit as patients read it; ``refused`` is why they have to call."""

    id: int
    name: str
    minutes: int
    by_video: bool
    prepare: str
    refused: Not | None
    notice_hours: int
    ahead_days: int
    clinician_ids: frozenset[int]


def _open_to_patients() -> QuerySet[SelfBooking]:
    """What patients book, as far as its names are signed; of the words only those that are."""
    return SelfBooking.objects.filter(signed__isnull=False).only(
        "visit_type_id", "signed", "whom", "age_from", "age_until", "notice_hours", "ahead_days",
        "most_open",
    )  # fmt: skip


def kinds(patient_id: int, born: date, *, language: str, at: datetime) -> list[Kind]:
    """What patients book, by name; each with whether this one may. Five queries."""
    rows = list(_open_to_patients().order_by("pk"))
    named: dict[int, set[int]] = defaultdict(set)
    for row_id, who in _NAMED.objects.values_list("selfbooking_id", "clinician_id"):
        named[row_id].add(who)
    with as_the_desk():
        types = {each.pk: each for each in facility.visit_types()}
        on = at.astimezone(ZoneInfo(facility.organisation().time_zone)).date()
    asker = _asker(patient_id, born, at=at)
    found = []
    for row in rows:
        kind = types.get(row.visit_type_id)
        if kind is None:
            continue  # no longer booked by anybody
        terms = Terms(row.whom, row.age_from, row.age_until, row.most_open)
        found.append(
            Kind(
                kind.pk,
                row.said(f"name_{language}"),
                kind.minutes,
                kind.by_video,
                row.said(f"prepare_{language}"),
                refusal(terms, asker, kind_id=kind.pk, on=on),
                row.notice_hours,
                row.ahead_days,
                frozenset(named[row.pk]),
            )
        )
    return sorted(found, key=lambda each: each.name)


def _asker(patient_id: int, born: date, *, at: datetime) -> Asker:
    theirs = Appointment.objects.filter(patient_id=patient_id)
    seen = theirs.filter(status__in=["completed", "arrived"]).order_by("-starts_at")
    booked = theirs.filter(status="booked", starts_at__gt=at)
    return Asker(
        born,
        seen.values_list("local_day", flat=True).first(),
        Counter(booked.values_list("visit_type_id", flat=True)),
    )


def lock_booking(patient_id: int) -> None:
    """Hold what is booked for a patient until the transaction ends: their visits are counted."""
    hold("booking", patient_id)


def kind(kinds_: Sequence[Kind], kind_id: int) -> Kind:
    """Raises Http404 when patients do not book it."""
    named = next((each for each in kinds_ if each.id == kind_id), None)
    if named is None:
        raise Http404
    return named


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What somebody asked for, on the list of what can be asked."""

    who: int | None = None
    where: int | None = None
    part: str = ""
    weekdays: frozenset[int] = frozenset()
    earliest: date | None = None

    @property
    def any_of_it(self) -> bool:
        return bool(self.who or self.where or self.part or self.weekdays)


def people(chosen: Kind) -> list[tuple[int, str]]:
    """Who does this visit and may be chosen here. As the desk."""
    every = facility.people(visit_type_id=chosen.id).values()
    return [
        (each.id, each.name)
        for each in every
        if not chosen.clinician_ids or each.id in chosen.clinician_ids
    ]


def search_for(chosen: Kind, asked: Narrowed, *, at: datetime) -> Search:
    """The desk's own search, within what an administrator opened to patients."""
    since, until = PARTS[asked.part]
    return Search(
        visit_type_id=chosen.id,
        clinician_ids=frozenset({asked.who}) if asked.who else chosen.clinician_ids,
        location_ids=frozenset({asked.where}) if asked.where else frozenset(),
        weekdays=asked.weekdays,
        since=since,
        until=until,
        earliest=asked.earliest,
        not_before=at + timedelta(hours=chosen.notice_hours),
    )


def open_times(
    search: Search, chosen: Kind, *, language: str, at: datetime
) -> tuple[list[Day], date | None]:
    """Openings by day, and the day from which there are more. As the desk: it counts free time."""
    there = [
        each
        for each in openings.find(search, at=at, limit=MOST + 1)
        if may_take(each.starts_at, each.clinician_id, chosen, at=at)
    ]
    return by_day(there, language)


def may_take(starts_at: datetime, who: int, chosen: Kind, *, at: datetime) -> bool:
    """Whether such a start is one that patients may book themselves."""
    return in_time(
        starts_at, at=at, notice_hours=chosen.notice_hours, ahead_days=chosen.ahead_days
    ) and (not chosen.clinician_ids or who in chosen.clinician_ids)


def preparation(appointment_id: int, *, language: str) -> str:
    """How to prepare for a visit of this kind, where an administrator said it. One query."""
    row = _open_to_patients().filter(visit_type__appointment=appointment_id).first()
    return row.said(f"prepare_{language}") if row else ""


def waits_sooner(appointment_id: int) -> int | None:
    """The place on the waitlist that an earlier time would end; one query."""
    rows = WaitEntry.objects.filter(visit=appointment_id, ended_at=None)
    return rows.values_list("id", flat=True).first()


def waits_for(patient_id: int, kind_id: int) -> int | None:
    rows = WaitEntry.objects.filter(
        patient=patient_id, visit_type=kind_id, visit=None, ended_at=None
    )
    return rows.values_list("id", flat=True).first()


@dataclass(frozen=True, slots=True)
class Offered:
    """A place that is kept for somebody who waits, as they read it."""

    id: int
    day: str
    time: str
    clinician: str
    location: str
    by_video: bool
    until: str
    instead: Visit | None


@dataclass(frozen=True, slots=True)
class Waits:
    """How it stands with somebody who waits: what is kept for them now, or what came of it."""

    entry_id: int
    on: bool
    offer: Offered | None
    visit_id: int | None


_OF_OFFER = (
    "id", "entry_id", "starts_at", "local_day", "local_time", "time_zone", "expires_at", "state",
    "appointment_id", "clinician__given", "clinician__family", "clinician__credentials",
    "location__name", "entry__visit_id", "entry__visit_type__by_video",
)  # fmt: skip


def waits(entry_id: int, *, language: str, at: datetime) -> Waits:
    """Raises Http404 when it is nobody's we act for. Three queries."""
    entry = WaitEntry.objects.only("id", "ended_at", "visit_id").filter(pk=entry_id).first()
    if entry is None:
        raise Http404
    offers = PlaceOffer.objects.filter(entry=entry_id).select_related(
        "clinician", "location", "entry__visit_type"
    )
    offer = offers.only(*_OF_OFFER).order_by("-id").first()
    kept = offer and offer.state == OfferState.OPEN and offer.expires_at > at
    return Waits(
        entry_id,
        entry.ended_at is None,
        _offered(offer, language=language, at=at) if offer and kept else None,
        offer.appointment_id if offer else None,
    )


def _offered(offer: PlaceOffer, *, language: str, at: datetime) -> Offered:
    visit = shown().filter(pk=offer.entry.visit_id).first() if offer.entry.visit_id else None
    return Offered(
        offer.pk,
        rules.day_text(offer.local_day, language),
        rules.time_text(offer.local_time, language),
        str(offer.clinician),
        offer.location.name,
        offer.entry.visit_type.by_video,
        _until(offer, language),
        told(visit, language=language, at=at) if visit else None,
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """A place that is kept for somebody now, in words, and when it is not any more."""

    entry_id: int
    day: str
    time: str
    until: str
    expires_at: datetime


_MOST_KEPT = 5


def kept_places(patient_id: int, *, language: str, at: datetime) -> list[Kept]:
    """The places that are kept for a patient, the one that is over soonest first. One query."""
    rows = PlaceOffer.objects.filter(
        patient=patient_id, state=OfferState.OPEN, expires_at__gt=at
    ).only("id", "entry_id", "local_day", "local_time", "time_zone", "expires_at")
    return [
        Kept(
            row.entry_id,
            rules.day_text(row.local_day, language),
            rules.time_text(row.local_time, language),
            _until(row, language),
            row.expires_at,
        )
        for row in rows.order_by("expires_at", "id")[:_MOST_KEPT]
    ]


def _until(offer: PlaceOffer, language: str) -> str:
    return rules.time_text(offer.expires_at.astimezone(ZoneInfo(offer.time_zone)).time(), language)


def offer_answered(sender: str, *, at: datetime) -> list[int]:
    """Open offers whose own text went to this number: an older one's answers no other. As the desk.

    Two at most: of more than one nobody knows which is meant.
    """
    told = Message.objects.filter(
        template="offer", channel="sms", address=sender, event__about_kind="placeoffer"
    )
    open_ = PlaceOffer.objects.filter(state=OfferState.OPEN, expires_at__gt=at)
    theirs = open_.filter(pk__in=told.values("event__about_id"))
    return list(theirs.order_by("id").values_list("id", flat=True)[:2])


def narrowed(said: Mapping[str, str], weekdays: Sequence[str], chosen: Kind) -> Narrowed:
    """What of an address narrows the openings: known names with values that can be, only."""
    who, where = said.get("who", ""), said.get("where", "")
    names = {f"{id_}" for id_, _name in people(chosen)}
    places = {f"{id_}" for id_ in facility.places()}
    try:
        earliest = date.fromisoformat(said.get("from", ""))
    except ValueError:
        earliest = None
    part = said.get("part", "")
    return Narrowed(
        int(who) if who in names else None,
        int(where) if where in places else None,
        part if part in PARTS else "",
        frozenset(int(each) for each in weekdays if each in {"1", "2", "3", "4", "5", "6", "7"}),
        earliest,
    )
