"""Who is asked after a visit, and when. No database, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

LATE = timedelta(days=3)
"""Later than this nobody is asked any more: the visit is too long ago."""
ADULT = 18


class Way(StrEnum):
    """How a visit was held."""

    IN_PERSON = "in_person"
    VIDEO = "video"
    PHONE = "phone"


class Dropped(StrEnum):
    """Why somebody who was chosen was not asked, or is asked no more."""

    NO_CONSENT = "no_consent"
    NO_LINK = "no_link"
    TAKEN_BACK = "taken_back"
    TOO_LATE = "too_late"
    NO_MORE = "no_more"


@dataclass(frozen=True, slots=True)
class Rule:
    """After which visits a survey is sent, from the first until the last day (None: no end).

    ``share`` of a hundred are asked, ``after`` the visit, and nobody whose last one was less than
    ``pause`` ago. Without a visit type or location it holds for every one.
    """

    id: int
    visit_type_id: int | None
    location_id: int | None
    after: timedelta
    share: int
    pause: timedelta
    starts_on: date
    ends_on: date | None


def applying(
    rules: Sequence[Rule], *, visit_type_id: int, location_id: int, day: date
) -> Rule | None:
    """The rule for a visit of that day: what names more counts, the visit type before the location.

    Of two alike the one that began later.
    """
    those = [
        each
        for each in rules
        if each.visit_type_id in (None, visit_type_id)
        and each.location_id in (None, location_id)
        and each.starts_on <= day
        and (each.ends_on is None or day <= each.ends_on)
    ]
    return max(those, key=_weight, default=None)


def _weight(rule: Rule) -> tuple[bool, bool, date, int]:
    return (
        rule.visit_type_id is not None, rule.location_id is not None, rule.starts_on, rule.id,
    )  # fmt: skip


def in_sample(visit_id: int, *, rule_id: int, share: int) -> bool:
    """Whether a visit is among the ``share`` of a hundred; the same each time it is asked."""
    drawn = sha256(f"survey:{rule_id}:{visit_id}".encode()).digest()
    return int.from_bytes(drawn[:8]) % 100 < share


def left_in_peace(ask_at: datetime, pause: timedelta) -> tuple[datetime, datetime]:
    """From when until when nobody is asked again."""
    return ask_at, ask_at + pause


def too_late(ask_at: datetime, *, at: datetime) -> bool:
    return at - ask_at > LATE
