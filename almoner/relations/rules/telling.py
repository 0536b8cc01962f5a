"""When something is said to patients, and the facts as they read them. No database, no clock."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

OUTREACH = "outreach"
"""What stands for the template of words a campaign wrote: `almoner.outreach` keeps them."""

_BY_VIDEO = {"en": "by video, from where you are", "es": "por video, desde donde usted esté"}


def where_text(language: str, *, location: str, address: str, by_video: bool) -> str:
    """Where somebody is seen: nobody sets out for a visit by video."""
    return _BY_VIDEO[language] if by_video else f"{location}, {address}"


def channels_for(*, may_text: bool, has_phone: bool, has_email: bool) -> tuple[str, ...]:
    """How a confirmation goes out: by text when the phone takes texts, else by e-mail, else not."""
    if has_phone and may_text:
        return ("sms",)
    return ("email",) if has_email else ()


SETTLED = timedelta(seconds=15)
"""How long a change of a visit stands before the patient is told of it.

Longer than the officer may take it back (ten seconds, and two for the request's way to us).
"""


@dataclass(frozen=True, slots=True)
class Promise:
    """When, with whom and where a patient is seen: what a change of must be told."""

    day: str
    time: str
    clinician_id: int | None
    location_id: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a visit: what was promised before and after it; None is no visit at all."""

    id: int
    at: datetime
    before: Promise | None
    after: Promise | None


def change(
    *, id_: int, at: datetime, kind: str, location_id: int | None, data: Mapping[str, Any]
) -> Change:
    """Read a change out of an event of the schedule."""
    ended = kind == "scheduling.cancelled" or data.get("undone") == "scheduling.booked"
    was = data.get("was") or {}
    there_before = bool(was) and was.get("status") != "cancelled"
    return Change(
        id=id_,
        at=at,
        before=_promise(was, was.get("location_id")) if there_before else None,
        after=None if ended else _promise(data, location_id),
    )


def _promise(facts: Mapping[str, Any], location_id: int | None) -> Promise:
    time_of_day = str(facts["local_time"])[: len("14:20")]
    return Promise(str(facts["local_day"]), time_of_day, facts.get("clinician_id"), location_id)


@dataclass(frozen=True, slots=True)
class News:
    """What to tell: by which template, in the facts of which change."""

    template: str
    facts_of: int


def news(changes: Sequence[Change], *, told: Collection[int]) -> News | None:
    """What a patient who was told of some changes must hear now; None when nothing is new.

    All changes of one visit in order; the last is what holds. However many there were, there is
    one message: from what the patient last heard to what the visit has become.
    """
    heard, now = _heard(changes, told), changes[-1].after
    if now == heard:
        return None
    if now is None:
        known = next((each.id for each in reversed(changes) if each.after == heard), changes[-1].id)
        return News("cancelled", known)
    return News("moved" if heard else "booked", changes[-1].id)


def _heard(changes: Sequence[Change], told: Collection[int]) -> Promise | None:
    """What the patient believes: the last message, else what stood long enough to be said aloud."""
    for each in reversed(changes):
        if each.id in told:
            return each.after
    heard = changes[0].before
    for each, following in pairwise(changes):
        if following.at - each.at >= SETTLED:
            heard = each.after
    return heard


def still_true(changes: Sequence[Change], *, told: int, starts_at: datetime, at: datetime) -> bool:
    """Whether what was to be told of one change holds now, and is not over."""
    then = next(each.after for each in changes if each.id == told)
    return changes[-1].after == then and (then is None or starts_at > at)
