"""Ending an offer of a place: whatever ends it, its time is free for others at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from almoner.access.models import Officer
from almoner.ground import events
from almoner.scheduling.actions import holds
from almoner.scheduling.models import PlaceOffer
from almoner.scheduling.queries import waitlist
from almoner.scheduling.rules.waitlist import OfferState

KINDS = {
    OfferState.DECLINED: "scheduling.offer_declined",
    OfferState.EXPIRED: "scheduling.offer_expired",
    OfferState.WITHDRAWN: "scheduling.offer_withdrawn",
}


def locked(offer_id: int) -> PlaceOffer:
    """The row as it is now, locked before any day: whoever answers first, answers."""
    PlaceOffer.objects.select_for_update().values_list("pk").get(pk=offer_id)
    return PlaceOffer.objects.select_related(
        "entry__visit_type", "entry__visit", "patient", "clinician", "location"
    ).get(pk=offer_id)


def end(
    row: PlaceOffer, state: OfferState, *, at: datetime, by: Officer | None = None, **more: Any
) -> None:
    """The row is locked and open. Gives its time back and says so on the patient's timeline."""
    held = holds.held_for(row.pk)
    holds.lock(held)
    holds.give_back(held)
    row.state, row.answered_at, row.answered_by_id = state, at, by.pk if by else None
    row.save(update_fields=["state", "answered_at", "answered_by_id"])
    events.record(
        KINDS[state],
        at=at,
        by=by,
        about=row,
        patient_id=row.patient_id,
        location_id=row.location_id,
        freed_id=row.freed_id,
        **waitlist.facts(row),
        **more,
    )


def take_back(hold_ids: Sequence[int], *, at: datetime) -> None:
    """Withdraw what was offered of the time these holds had: its giving up is taken back.

    Nobody loses a visit by it: an offer that was accepted keeps its time.
    """
    for offer_id in waitlist.in_the_way(hold_ids):
        row = locked(offer_id)
        if row.state == OfferState.OPEN:
            end(row, OfferState.WITHDRAWN, at=at)
