"""A place that came free finds who waits for it: one at a time, each for a while, in one order."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Protocol

from django.conf import settings
from django.db import IntegrityError, transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.facility.models import Clinician, Location
from almoner.ground import events
from almoner.ground.constraints import violated
from almoner.ground.models import Event
from almoner.ground.turns import in_turn
from almoner.scheduling.actions import booking, changes, holds, offers
from almoner.scheduling.actions.booking import Order
from almoner.scheduling.actions.refused import BookingRefused, OfferOver, OpeningTaken
from almoner.scheduling.models import Appointment, FreedPlace, PlaceOffer, WaitEntry
from almoner.scheduling.queries import places, waitlist
from almoner.scheduling.rules import Refusal
from almoner.scheduling.rules import waitlist as rules
from almoner.scheduling.rules.waitlist import Barred, Ended, OfferState

_INSERT = """
    INSERT INTO scheduling_placeoffer (
        entry_id, patient_id, freed_id, clinician_id, location_id, room_id, device_id, starts_at,
        ends_at, local_day, local_time, time_zone, made_at, made_by_id, expires_at, state)
    SELECT %(entry)s, %(patient)s, %(freed)s, c.resource_id, %(location)s, {room}, {device},
           %(starts_at)s, %(ends_at)s, %(day)s, %(local_time)s, %(zone)s, %(made_at)s, %(made_by)s,
           %(expires_at)s, 'open'
      FROM clinician c WHERE {granted}
    RETURNING id
"""


class Reach(Protocol):
    """Whether a patient can be told something of a location now: one of `Barred`, or nothing."""

    def __call__(self, patient_id: int, location_id: int, /, *, at: datetime) -> str: ...


_reaches: list[Reach] = []


def reached_by(reach: Reach) -> None:
    """Register who knows whether a patient can be told something now."""
    _reaches.append(reach)


def why_not_told(patient_id: int, location_id: int, *, at: datetime) -> str:
    """Why a patient cannot be told of a place now: one of `Barred`, or nothing."""
    answers = (reach(patient_id, location_id, at=at) for reach in _reaches)
    return next(filter(None, answers), "")


def note_freed(*, event: Event, at: datetime) -> list[int]:
    """Keep what an event of the schedule freed, where it would do for somebody: ids of places."""
    if not places.anybody_waits():
        return []
    kept = []
    for clinician_id, location_id, day, since, until in _freed_by(event, at=at):
        if since >= until:
            continue
        place = FreedPlace(
            clinician_id=clinician_id, location_id=location_id, local_day=day, since=since,
            until=until, freed_at=at, event_id=event.pk,
        )  # fmt: skip
        if places.suited(place, at=at):
            row, _made = FreedPlace.objects.get_or_create(
                event_id=event.pk, clinician_id=clinician_id, location_id=location_id, since=since,
                defaults={"local_day": day, "until": until, "freed_at": at},
            )  # fmt: skip
            kept.append(row.pk)
    return kept


_Window = tuple[int, int, date, datetime, datetime]


def _freed_by(event: Event, *, at: datetime) -> Iterator[_Window]:
    data = event.data
    if event.kind == "scheduling.hours_changed":
        since = max(date.fromisoformat(data["since"]), at.date() - timedelta(days=1))
        until = min(date.fromisoformat(data["until"]), at.date() + rules.AHEAD)
        for who, where, day, start in places.open_days(data.get("clinicians", []), since, until):
            yield who, where, day, max(start, at), start + timedelta(hours=25)
    elif "was" in data:
        time = places.clinician_time(data["was"]["holds"])
        if time:
            who, since_, until_ = time
            was = data["was"]
            day = date.fromisoformat(was["local_day"])
            yield who, was["location_id"], day, max(since_, at), until_
    elif "entry_id" in data:  # an offer by hand, that was of no freed place
        offer = PlaceOffer.objects.get(pk=event.about_id or 0)
        yield (
            offer.clinician_id, offer.location_id, offer.local_day,
            max(offer.starts_at, at), offer.ends_at,
        )  # fmt: skip


@transaction.atomic
def fill(*, freed_id: int, at: datetime) -> list[PlaceOffer]:
    """Offer a freed place to whom it would do for, in order, as long as some of it is left.

    Nobody who waits and can be told now: the desk is told. Nobody at all: the place is settled.
    """
    place = (
        FreedPlace.objects.select_for_update(of=("self",))
        .select_related("clinician", "location")
        .filter(pk=freed_id, settled_at=None)
        .first()
    )
    if place is None:
        return []
    made: list[PlaceOffer] = []
    barred = ""
    while True:
        offer, barred = _next(place, at=at)
        if offer is None:
            break
        made.append(offer)
    waits = place.offers.filter(state=OfferState.OPEN).exists()
    _keep(place, barred, settled=not (waits or barred), at=at)
    return made


def _next(place: FreedPlace, *, at: datetime) -> tuple[PlaceOffer | None, str]:
    """The next offer of a place, or why nobody of those it would do for can be told now."""
    barred = ""
    for each in places.suited(place, at=at):
        why = why_not_told(each.patient_id, place.location_id, at=at)
        if why:
            barred = Barred.NIGHT if Barred.NIGHT in (why, barred) else why
            continue
        entry = _entry(each.waiting.entry_id)
        offer = _make(
            entry, place.clinician, place.location, each.starts_at, freed=place, by=None, at=at
        )
        if offer:
            return offer, ""
    return None, barred


def _keep(place: FreedPlace, barred: str, *, settled: bool, at: datetime) -> None:
    news = barred and barred != place.barred
    place.barred, place.settled_at = barred, at if settled else None
    place.save(update_fields=["barred", "settled_at"])
    if news:
        events.record(
            "scheduling.nobody_told", at=at, by=None, about=place, location_id=place.location_id
        )


@transaction.atomic
def offer_by_hand(
    *,
    officer: Officer,
    entry: WaitEntry,
    clinician: Clinician,
    location: Location,
    starts_at: datetime,
    at: datetime,
) -> PlaceOffer:
    """Keep a place for one who waits because an officer says so, whoever else waits.

    Raises PermissionDenied, BookingRefused, or OpeningTaken; then nothing was written.
    """
    access.require(officer, "scheduling.book")
    row = _entry(entry.pk)
    if row.ended_at:
        raise BookingRefused(Refusal.NOT_WAITING)
    made = _make(row, clinician, location, starts_at, freed=None, by=officer, at=at)
    if made is None:
        raise OpeningTaken(waitlist.openings_for(row, at=at, limit=3))
    return made


def _entry(entry_id: int) -> WaitEntry:
    return WaitEntry.objects.select_related("patient", "visit_type", "visit").get(pk=entry_id)


def _entry_now(entry_id: int) -> WaitEntry:
    """The entry locked, always after its offer: so ends it who does not want to wait any more."""
    return WaitEntry.objects.select_for_update().get(pk=entry_id)


def _make(
    entry: WaitEntry,
    clinician: Clinician,
    location: Location,
    starts_at: datetime,
    *,
    freed: FreedPlace | None,
    by: Officer | None,
    at: datetime,
) -> PlaceOffer | None:
    """Keep the time and say so; None when it is not to be had, or not for them."""
    order = Order(entry.patient, entry.visit_type, clinician, location, starts_at, at)
    try:
        claim = _claim_of(order, entry)
    except BookingRefused:
        if by:
            raise
        return None
    offer_id = _keep_time(order, claim, entry, freed=freed, by=by)
    if offer_id is None:
        return None
    row = offers.locked(offer_id)
    if _entry_now(entry.pk).ended_at:  # while their time was sought
        if by:
            raise BookingRefused(Refusal.NOT_WAITING)
        offers.end(row, OfferState.WITHDRAWN, at=at)
        return None
    events.record(
        "scheduling.offered",
        at=at,
        by=by,
        about=row,
        patient_id=row.patient_id,
        location_id=row.location_id,
        freed_id=row.freed_id,
        **waitlist.facts(row),
    )
    return row


def _claim_of(order: Order, entry: WaitEntry) -> holds.Claim:
    claim = booking.claim_of(order, moving=entry.visit_id is not None)
    if waitlist.is_elsewhere(entry, claim.starts_at, claim.ends_at):
        raise BookingRefused(Refusal.PATIENT_BUSY)
    return claim


def _keep_time(
    order: Order,
    claim: holds.Claim,
    entry: WaitEntry,
    *,
    freed: FreedPlace | None,
    by: Officer | None,
) -> int | None:
    """The id of an offer that holds its time; None when it is not to be had."""
    at = order.asked_at
    lasts = rules.lasts(starts_at=order.starts_at, at=at, minutes=settings.OFFER_MINUTES)
    if lasts <= timedelta():
        raise BookingRefused(Refusal.PAST)
    facts = {
        "entry": entry.pk,
        "freed": freed.pk if freed else None,
        "local_time": order.local.time(),
        "zone": order.location.time_zone,
        "made_at": at,
        "made_by": by.pk if by else None,
        "expires_at": at + lasts,
    }
    try:
        taken = holds.take(claim, appointment=_INSERT, facts=facts, owner="offer")
    except IntegrityError as error:
        if violated(error, "place_offer_one_at_a_time"):
            return None  # somebody has just offered them another
        raise
    return taken.appointment_id if taken else None


@transaction.atomic
def accept(*, offer_id: int, at: datetime, by: Officer | None = None) -> Appointment:
    """The patient takes the place that is kept for them; said twice, the first stands.

    A visit it replaces moves there, and its old time is free in the same transaction. ``by`` is
    the officer who heard it, nobody when the patient said so by a link or a text.
    Raises OfferOver when it is kept no longer, BookingRefused when it cannot be booked.
    """
    if by:
        access.require(by, "scheduling.book")
    row = offers.locked(offer_id)
    if row.state == OfferState.ACCEPTED and row.appointment:
        return row.appointment
    held = holds.held_for(row.pk)
    if not held or not rules.is_open(row.state, expires_at=row.expires_at, at=at):
        raise OfferOver
    entry = _entry_now(row.entry_id)
    if entry.ended_at:
        raise OfferOver
    visit = _booked(row, held, by=by, at=at)
    row.state, row.appointment = OfferState.ACCEPTED, visit
    row.answered_at, row.answered_by_id = at, by.pk if by else None
    row.save(update_fields=["state", "appointment", "answered_at", "answered_by_id"])
    entry.ended_at, entry.ended, entry.ended_by_id = at, Ended.BOOKED, by.pk if by else None
    entry.save(update_fields=["ended_at", "ended", "ended_by_id"])
    events.record(
        "scheduling.offer_accepted",
        at=at,
        by=by,
        about=row,
        patient_id=row.patient_id,
        location_id=row.location_id,
        freed_id=row.freed_id,
        by_patient=by is None,
        **waitlist.facts(row),
    )
    return visit


def _booked(row: PlaceOffer, held: list[int], *, by: Officer | None, at: datetime) -> Appointment:
    entry = row.entry
    try:
        if entry.visit:
            return changes.moved(
                entry.visit, clinician=row.clinician, location=row.location,
                starts_at=row.starts_at, asked_at=at, by=by, giving_up=held,
                promised_at=row.made_at, by_patient=by is None,
            )  # fmt: skip
        order = Order(row.patient, entry.visit_type, row.clinician, row.location, row.starts_at, at)
        return booking.booked(
            order, by=by, request_key=f"offer-{row.pk}", note=entry.note, giving_up=held,
            promised_at=row.made_at, by_patient=by is None,
        )  # fmt: skip
    except OpeningTaken as taken:
        raise OfferOver from taken


@transaction.atomic
def decline(*, offer_id: int, at: datetime, by: Officer | None = None) -> None:
    """The patient does not want this place, and goes on waiting. Raises OfferOver."""
    if by:
        access.require(by, "scheduling.book")
    row = offers.locked(offer_id)
    if not rules.is_open(row.state, expires_at=row.expires_at, at=at):
        raise OfferOver
    offers.end(row, OfferState.DECLINED, at=at, by=by, by_patient=by is None)


def pass_on(*, at: datetime) -> int:
    """Write down what is over by the clock, and go on with every place that is left.

    Whoever could not be told at night is asked again by day. Returns how many offers were made.
    """
    in_turn(waitlist.over(at), lambda id_: _expire(id_, at=at), named="offer")
    return in_turn(waitlist.unsettled(), lambda id_: len(fill(freed_id=id_, at=at)), named="place")


@transaction.atomic
def _expire(offer_id: int, *, at: datetime) -> int:
    row = offers.locked(offer_id)
    if row.state != OfferState.OPEN or row.expires_at > at:
        return 0
    offers.end(row, OfferState.EXPIRED, at=at)
    return 1
