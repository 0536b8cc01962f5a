"""What a visit by video left behind: who took part, what was written, how the line was."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from almoner.access.models import Officer
from almoner.telehealth.models import (
    ChatLine,
    Consent,
    ConsentText,
    GateItem,
    Leg,
    Participant,
    VideoVisit,
)

MOST = 200


@dataclass(frozen=True, slots=True)
class Record:
    """The parts of the record that the page of a visit shows, oldest first."""

    people: list[Participant]
    gate: list[tuple[GateItem, str]]
    consents: list[Consent]
    chat: list[ChatLine]
    legs: list[Leg]


def record(visit_id: int | None) -> Record:
    """Everything kept of one visit, each part bounded. Six queries; none while there is nothing."""
    if visit_id is None:
        return Record([], [], [], [], [])
    passed = list(GateItem.objects.filter(visit=visit_id, overridden=True).order_by("id"))
    names = dict(
        Officer.objects.filter(pk__in={one.by_id for one in passed}).values_list("id", "name")
    )
    return Record(
        people=list(Participant.objects.filter(visit=visit_id).order_by("id")[:MOST]),
        gate=[(one, names.get(one.by_id, "")) for one in passed],
        consents=list(
            Consent.objects.filter(visit=visit_id).select_related("text").order_by("id")[:MOST]
        ),
        chat=list(
            ChatLine.objects.filter(visit=visit_id).select_related("sender").order_by("id")[:MOST]
        ),
        legs=list(
            Leg.objects.filter(visit=visit_id).select_related("near", "far").order_by("id")[:MOST]
        ),
    )


def consent_text(state: str, *, on: date) -> ConsentText | None:
    """The text in force in that state on a day: its own, else that of all states. One query."""
    texts = ConsentText.objects.filter(state__in=[state, ""], valid_from__lte=on)
    return texts.order_by("-state", "-valid_from").first()


def tests(appointment_ids: list[int]) -> dict[int, tuple[str, dict[str, Any]]]:
    """State and result of the test of those visits that have any. One query."""
    rows = VideoVisit.objects.filter(appointment_id__in=appointment_ids)
    return {
        id_: (state, test)
        for id_, state, test in rows.values_list("appointment_id", "state", "test")
    }
