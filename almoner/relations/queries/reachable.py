"""Whether somebody can be told something this minute, which must not wait."""

from datetime import datetime

from django.conf import settings

from almoner.relations import rules
from almoner.relations.queries.consents import zones_of
from almoner.relations.queries.messages import reach


def told_of_visits_by(patient_id: int) -> str:
    """The channel by which they hear of what is booked, moved or cancelled; empty when by none."""
    found = reach(patient_id)
    ways = rules.channels_for(
        may_text=found.may_text, has_phone=bool(found.phone), has_email=bool(found.email)
    )
    return ways[0] if ways else ""


def why_not_now(patient_id: int, location_id: int | None, *, at: datetime) -> str:
    """Why not: ``no_way`` without a phone that takes texts or an e-mail, ``night``; else nothing.

    What they asked to be told of at once is not counted against their number; but nobody is woken
    by a text or an e-mail for something that is over in the morning.
    """
    if not told_of_visits_by(patient_id):
        return "no_way"
    zones = zones_of(patient_id, location_id)
    return "night" if rules.held(at, (), zones, hours=settings.TEXT_HOURS) else ""
