"""Telling who waits of a place that came free and is kept for them."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction

from almoner.ground.models import Event
from almoner.relations import queries, rules
from almoner.relations.actions.telling import (
    channels,
    facts_of_visit,
    overtake,
    reached,
    send,
    tell,
    worded,
)
from almoner.relations.actions.wording import choose
from almoner.relations.models import Message
from almoner.relations.rules.places import BOOK, OFFER, taking


@transaction.atomic
def tell_of_place(*, event: Event, link: str, zone: str, at: datetime) -> list[Message]:
    """Tell of the place that an event offers, once, however often this runs.

    ``event.data`` carries the wall clock of the place, the clinician, the location and until when
    it is kept. They asked for it, so it is not counted against their number.
    """
    assert event.patient_id is not None  # noqa: S101 (an offer is somebody's)
    reach = queries.reach(event.patient_id)
    chosen = choose([OFFER.code, taking(link=bool(link))], reach.language, at=at)
    until: time = datetime.fromisoformat(event.data["expires_at"]).astimezone(ZoneInfo(zone)).time()
    facts = facts_of_visit(event.data, queries.sender(event.location_id), chosen.language)
    facts["until"] = rules.time_text(until, chosen.language)
    facts["take"] = rules.fill(chosen.versions[1].body, {**facts, "link": link})
    words = worded(OFFER.code, chosen, facts)
    return [
        send(reached(reach, channel), words, key=f"event-{event.pk}", event=event, at=at)
        for channel in channels(reach)
    ]


@transaction.atomic
def place_is_over(*, event: Event, at: datetime) -> None:
    """Of an offer that was answered or is over nobody is told any more, where that has not left."""
    overtake(queries.told(queries.of_visit(event)), at=at)


@transaction.atomic
def tell_to_book(*, event: Event, link: str, at: datetime) -> list[Message]:
    """Send the link by which a patient books a visit, once, however often this runs.

    Nobody asked for it: it counts against what a number is texted a day and a week.
    """
    assert event.patient_id is not None  # noqa: S101 (a link is somebody's)
    return tell(
        patient_id=event.patient_id,
        text=BOOK.code,
        facts=lambda _language: {"link": link},
        step=f"event-{event.pk}",
        at=at,
        location_id=event.location_id,
    )
