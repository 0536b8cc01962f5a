"""How a link lets somebody in: it and the birth date, five tries, for as long as the visit is near.

A phone that gets our texts may be a family's, and a text may be read over a shoulder: the link
alone shows nothing, not even a name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

TRIES = 5
"""Wrong birth dates in a row until the link is closed for a while."""
CLOSED_FOR = timedelta(days=1)
"""A birth date has about 30,000 values, and a visit is booked half a year ahead at most: at five
a day nobody tries more than one in thirty of them."""
ENTRY_LASTS = timedelta(minutes=30)
"""How long a browser that was let in may act without asking again."""
AFTER = timedelta(hours=12)
"""How long after its end the page of a visit can still be read."""
CHANGE_UNTIL = timedelta(hours=2)
"""Nearer to its start than this a visit is changed by speaking to somebody: nobody would see it."""


class Entry(StrEnum):
    """What came of saying a birth date."""

    IN = "in"
    WRONG = "wrong"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Try:
    """What came of it, and how the link stands now; ``left`` are the tries left."""

    entry: Entry
    tries: int
    closed_until: datetime | None = None

    @property
    def left(self) -> int:
        return TRIES - self.tries


def tried(
    *, said: date, born: date, tries: int, closed_until: datetime | None, at: datetime
) -> Try:
    """Whether a birth date opens a link. A closed one is not tried: nobody learns that it fits."""
    if is_closed(closed_until, at=at):
        return Try(Entry.CLOSED, tries, closed_until)
    if said == born:
        return Try(Entry.IN, 0)
    tries += 1
    if tries < TRIES:
        return Try(Entry.WRONG, tries)
    return Try(Entry.CLOSED, 0, at + CLOSED_FOR)


def birth_date(typed: Mapping[str, str]) -> date | None:
    """The date of three boxes, ``month``, ``day`` and ``year``; None when there is no such day."""
    try:
        year, month, day = (int(typed.get(name, "").strip()) for name in ("year", "month", "day"))
        return date(year, month, day)
    except ValueError:
        return None


def works(*, ends_at: datetime, at: datetime) -> bool:
    """Whether the link of a visit still shows it."""
    return at < ends_at + AFTER


def may_confirm(*, booked: bool, starts_at: datetime, at: datetime) -> bool:
    """Whether the patient can still say that they will come."""
    return booked and at < starts_at


def may_change(*, booked: bool, starts_at: datetime, at: datetime) -> bool:
    """Whether the patient may still move or cancel the visit without speaking to anybody."""
    return booked and at + CHANGE_UNTIL <= starts_at


def is_closed(closed_until: datetime | None, *, at: datetime) -> bool:
    """Whether the link is closed after too many wrong birth dates."""
    return closed_until is not None and at < closed_until
