"""Telling who waits of a place that came free and is kept for them."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction

from almoner.ground.language import language_for
from almoner.ground.models import Event
from almoner.relations import queries, rules
from almoner.relations.actions.telling import Words, channels, reached, send
from almoner.relations.actions.telling import _facts as visit_facts
from almoner.relations.models import Message
from almoner.relations.rules.places import book_text, offer_text


def language_of(patient_id: int) -> str:
    """The language a patient is written to in."""
    return language_for(queries.reach(patient_id).language)


@transaction.atomic
def tell_of_place(*, event: Event, link: str, zone: str, at: datetime) -> list[Message]:
    """Tell of the place that an event offers, once, however often this runs.

    ``event.data`` carries the wall clock of the place, the clinician, the location and until when
    it is kept. They asked for it, so it is not counted against their number.
    """
    assert event.patient_id is not None  # noqa: S101 (an offer is somebody's)
    reach = queries.reach(event.patient_id)
    language = language_for(reach.language)
    facts = visit_facts(event.data, queries.sender(event.location_id), language)
    until: time = datetime.fromisoformat(event.data["expires_at"]).astimezone(ZoneInfo(zone)).time()
    facts["until"] = rules.time_text(until, language)
    words = Words("offer", language, *offer_text(language, facts, link=link))
    return [
        send(reached(reach, channel), words, key=f"event-{event.pk}", event=event, at=at)
        for channel in channels(reach)
    ]


@transaction.atomic
def tell_to_book(*, event: Event, link: str, at: datetime) -> list[Message]:
    """Send the link by which a patient books a visit, once, however often this runs.

    Nobody asked for it: it counts against what a number is texted a day and a week.
    """
    assert event.patient_id is not None  # noqa: S101 (a link is somebody's)
    reach = queries.reach(event.patient_id)
    language = language_for(reach.language)
    us = queries.sender(event.location_id)
    facts = {"clinic": us.clinic, "phone": us.phone}
    words = Words("book", language, *book_text(language, facts, link=link))
    key = f"event-{event.pk}"
    return [
        send(reached(reach, channel), words, key=key, event=event, unasked=True, at=at)
        for channel in channels(reach)
    ]
