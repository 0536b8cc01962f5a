"""A kiosk: who is found at it by which two identifiers, how often one may try, and for how long.

A birth date and one thing more, in one box: whoever stands there writes what they know by heart.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from almoner.patients.rules.fold import fold
from almoner.patients.rules.person import is_mrn

CODE_LASTS = timedelta(days=1)
"""How long the code waits that makes a device a kiosk."""
SEEN_EVERY = timedelta(minutes=1)
QUIET_AFTER = timedelta(minutes=5)
"""A kiosk that was not heard of for longer is shown as away: it speaks up every 15 seconds."""
SITTING_IDLE = timedelta(minutes=5)
"""The page wipes itself after one minute and a half; this is for a device that was switched off."""
SITTING_LASTS = timedelta(minutes=30)
WRONG_MOST = 10
WRONG_WITHIN = timedelta(minutes=30)
"""So many pairs that fit nobody close a kiosk until this is over since the first of them.

A street's worth of people mistypes now and then; who guesses birth dates of a known name gets 480 a
day, under everybody's eyes, and is told nothing but where the front desk is.
"""
LATE_AT_MOST = timedelta(hours=12)
"""What was entered longer ago than this is dated by when it came: no clock of a device is older."""


class Way(StrEnum):
    FAMILY = "family"
    PHONE = "phone"
    MRN = "mrn"


@dataclass(frozen=True, slots=True)
class Second:
    """The second identifier as typed: a family name, the end of a phone number, or an MRN."""

    way: Way
    value: str


_LAST = 4  # digits of a phone that people say by heart
_PHONE = 10


def second(typed: str) -> Second | None:
    """What was written in the box; None when it can be none of the three."""
    compact = re.sub(r"[\s()+.-]", "", typed)
    if compact.isascii() and compact.isdigit():
        if is_mrn(compact):
            return Second(Way.MRN, compact)
        if len(compact) == _LAST or len(compact) >= _PHONE:
            return Second(Way.PHONE, compact[-_PHONE:])
        return None
    folded = fold(typed)
    return Second(Way.FAMILY, folded) if folded and not any(map(str.isdigit, folded)) else None


def fits(said: Second, *, family: str, mrn: str, phones: Collection[str]) -> bool:
    """Whether it is this person's. Of a name in several parts, one part is enough."""
    match said.way:
        case Way.MRN:
            return said.value == mrn
        case Way.PHONE:
            return any(number.endswith(said.value) for number in phones)
        case _:
            mine = set(fold(family).split())
            return bool(mine) and set(said.value.split()) <= mine


def is_closed(*, wrong: int, since: datetime | None, at: datetime) -> bool:
    """Whether a kiosk takes no more tries for now."""
    return wrong >= WRONG_MOST and since is not None and at < since + WRONG_WITHIN


def counted(*, wrong: int, since: datetime | None, at: datetime) -> tuple[int, datetime]:
    """One more that fitted nobody: how many within the time, and since when."""
    if since is None or at >= since + WRONG_WITHIN:
        return 1, at
    return min(wrong + 1, WRONG_MOST), since


def is_over(*, began_at: datetime, seen_at: datetime, at: datetime) -> bool:
    """Whether whoever was found has gone, although nobody said so."""
    return at >= seen_at + SITTING_IDLE or at >= began_at + SITTING_LASTS


def entered_at(said: datetime | None, *, at: datetime) -> datetime:
    """When something was entered, by the device's clock where that can be true."""
    return said if said is not None and at - LATE_AT_MOST <= said <= at else at
