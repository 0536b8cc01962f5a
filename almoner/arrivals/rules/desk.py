"""Decisions of the front desk: is this check-in complete, what comes next, who waits too long.

No database, no clock.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    """Where in the visit somebody is, in order."""

    ARRIVED = "arrived"
    READY = "ready"
    ROOMED = "roomed"
    WITH_CLINICIAN = "with_clinician"
    DONE = "done"
    LEFT = "left"


ORDER = tuple(State)
BY_VIDEO = tuple(state for state in State if state is not State.ROOMED)
"""The order of a visit by video: nobody is led to a room."""
IN_ROOM = (State.ROOMED, State.WITH_CLINICIAN)


class Item(StrEnum):
    """What check-in settles. Each is done, or waived for a reason that is kept."""

    IDENTITY = "identity"
    DETAILS = "details"
    COVERAGE = "coverage"
    FORMS = "forms"
    COPAY = "copay"


class Identifier(StrEnum):
    """What the patient said that the record says too (two are needed, 45 CFR 164.514(h))."""

    NAME = "name"
    BIRTH_DATE = "birth_date"
    PHONE = "phone"
    ADDRESS = "address"
    PHOTO_ID = "photo_id"
    MEMBER_ID = "member_id"


PROVEN = (Item.COVERAGE, Item.COPAY)
"""What an answer or a payment settles: an officer's word alone does not make it done."""
NEEDED_IDENTIFIERS = 2
DETAILS_HOLD_FOR = timedelta(days=90)
"""How long confirmed contact details need not be asked again."""


@dataclass(frozen=True, slots=True)
class Settled:
    """One item as the officer settled it; ``reason`` says why it was waived."""

    item: Item
    waived: bool = False
    reason: str = ""
    note: str = ""


def unsettled(
    settled: Collection[Settled], *, clear: Collection[Item], said: Collection[Item] = ()
) -> dict[Item, str]:
    """What still stands in the way of check-in, by item.

    ``missing``: neither done nor waived. ``reason``: waived without one. ``unproven``: said to be
    done, while the payer has not answered or the money has not come; ``clear`` names the items
    that need no more. ``said``: done, while a change that the patient said ahead is neither
    accepted nor refused.
    """
    by_item = {one.item: one for one in settled}
    lacks = {item: _lack(by_item.get(item), clear=item in clear) for item in Item}
    lacks |= {item: "said" for item in said if not lacks[item] and not by_item[item].waived}
    return {item: lack for item, lack in lacks.items() if lack}


def _lack(one: Settled | None, *, clear: bool) -> str:
    if one is None:
        return "missing"
    if one.waived:
        return "" if one.reason.strip() else "reason"
    return "unproven" if one.item in PROVEN and not clear else ""


def confirmed(identifiers: Collection[Identifier]) -> bool:
    """Whether these identify the person: two different ones."""
    return len(set(identifiers)) >= NEEDED_IDENTIFIERS


def details_are_fresh(reviewed_at: datetime | None, *, at: datetime) -> bool:
    """Whether the patient confirmed address, phone and e-mail recently enough."""
    return reviewed_at is not None and at - reviewed_at <= DETAILS_HOLD_FOR


class Refused(StrEnum):
    """Why somebody cannot be moved there."""

    NOT_NEXT = "not_next"
    GONE = "gone"
    CHECK_IN_FIRST = "check_in_first"
    NEEDS_ROOM = "needs_room"
    NEEDS_REASON = "needs_reason"


def refusal(
    *,
    state: State,
    to: State,
    checked_in: bool,
    has_room: bool,
    reason: str,
    by_video: bool = False,
) -> Refused | None:
    """Why this step may not be taken; None when it may.

    One step forward at a time; leaving is always possible, before the visit is done only for a
    reason. Nobody goes past the desk without being checked in, or into a room that is not named.
    """
    if state is State.LEFT:
        return Refused.GONE
    if to is State.LEFT:
        return None if state is State.DONE or reason.strip() else Refused.NEEDS_REASON
    if to is not following(state, by_video=by_video):
        return Refused.NOT_NEXT
    if not checked_in:
        return Refused.CHECK_IN_FIRST
    return Refused.NEEDS_ROOM if to in IN_ROOM and not (has_room or by_video) else None


def following(state: State, *, by_video: bool = False) -> State | None:
    """The state one key moves to; None when the visit is over."""
    order = BY_VIDEO if by_video else ORDER
    place = order.index(state)
    return order[place + 1] if place + 1 < len(order) else None


NIGHT = timedelta(hours=4)
"""How far past midnight a visit of the other side may still be one of this evening or morning."""


def another_day(day: date, *, starts_at: datetime, today: date, at: datetime) -> bool:
    """Whether a visit of that local day is not one somebody can arrive for now.

    On another day it would be billed under a day for which nobody booked it, and be missing on the
    board of today. Midnight alone parts nothing: who is booked at 11:50 pm and comes to the desk
    at 12:05 am has come for that visit, and so has who comes at 11:50 pm for one at 12:05 am.
    """
    return day != today and abs(at - starts_at) > NIGHT


LONGEST = {
    State.ARRIVED: timedelta(minutes=5),
    State.READY: timedelta(minutes=15),
    State.ROOMED: timedelta(minutes=15),
    State.WITH_CLINICIAN: timedelta(minutes=45),
    State.DONE: timedelta(minutes=10),
}
"""How long somebody should stay in each state before the board draws the eye there."""


def too_long(state: State, *, since: datetime, at: datetime) -> bool:
    return state in LONGEST and at - since > LONGEST[state]


def waited(*, arrived_at: datetime, appointed_at: datetime, at: datetime) -> timedelta:
    """How long the clinic has kept somebody waiting: from arrival or the appointed time, the later.

    Whoever comes early waits by choice until the appointed time.
    """
    return max(timedelta(0), at - max(arrived_at, appointed_at))


UNDO_WITHIN = timedelta(seconds=10)


def may_undo(moved_at: datetime, *, at: datetime) -> bool:
    """Whether a step can still be taken back."""
    return timedelta(0) <= at - moved_at <= UNDO_WITHIN


WALK_IN_WAITS = timedelta(minutes=30)
"""An opening that begins within this is one for somebody who stands at the desk."""
ADULT = 18
_PEDIATRICS = "2080"  # NUCC's taxonomy: pediatrics and all its subspecialties begin so


def walk_in_from(at: datetime) -> datetime:
    """When a visit that begins now begins: the schedule knows every fifth minute only."""
    return at.replace(minute=at.minute - at.minute % 5, second=0, microsecond=0)


def sees_that_age(taxonomy: str, age: int | None) -> bool:
    """Whether such clinicians ordinarily see somebody of that age, in years."""
    return age is None or age < ADULT or not taxonomy.startswith(_PEDIATRICS)
