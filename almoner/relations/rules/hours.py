"""When a text may leave: by day, wherever the person is. No clock."""

from collections.abc import Collection
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOURS = (8, 20)
"""Texts leave from 8:00 until 20:00 of the recipient's day.

47 CFR 64.1200(c)(1) says 8 to 21; several states say 20, and nobody minds the hour.
"""

_EASTERN, _CENTRAL = "America/New_York", "America/Chicago"
_MOUNTAIN, _PACIFIC = "America/Denver", "America/Los_Angeles"
_ZONES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("CT", "DC", "DE", "GA", "MA", "MD", "ME", "NC", "NH", "NJ", "NY", "OH", "PA", "RI", "SC",
         "VA", "VT", "WV"), (_EASTERN,),
    ),
    **dict.fromkeys(("AR", "IA", "IL", "LA", "MN", "MO", "MS", "OK", "WI"), (_CENTRAL,)),
    **dict.fromkeys(("CO", "MT", "NM", "UT", "WY"), (_MOUNTAIN,)),
    **dict.fromkeys(("CA", "WA"), (_PACIFIC,)),
    **dict.fromkeys(("FL", "KY", "TN"), (_EASTERN, _CENTRAL)),
    **dict.fromkeys(("KS", "ND", "NE", "SD", "TX"), (_CENTRAL, _MOUNTAIN)),
    "AL": (_CENTRAL, _EASTERN),  # towns at the border of Georgia keep its time
    "AK": ("America/Anchorage", "America/Adak"),
    "AZ": ("America/Phoenix", _MOUNTAIN),  # the Navajo Nation keeps summer time
    "HI": ("Pacific/Honolulu",),
    "ID": ("America/Boise", _PACIFIC),
    "IN": ("America/Indiana/Indianapolis", _CENTRAL),
    "MI": ("America/Detroit", _CENTRAL),
    "NV": (_PACIFIC, _MOUNTAIN),
    "OR": (_PACIFIC, "America/Boise"),
    "AS": ("Pacific/Pago_Pago",),
    "GU": ("Pacific/Guam",),
    "MP": ("Pacific/Guam",),
    "PR": ("America/Puerto_Rico",),
    "VI": ("America/Puerto_Rico",),
}  # fmt: skip
STATES = frozenset(_ZONES)
_ROUNDS = 30  # each goes on to the next opening of some zone; states need two


def zones_of(state: str) -> tuple[str, ...]:
    """The time zones of a US state or territory by its two letters; none when it is not one."""
    return _ZONES.get(state.strip().upper(), ())


def may_send_at(
    at: datetime, zones: Collection[str], *, hours: tuple[int, int] = HOURS
) -> datetime:
    """The first instant not before ``at`` that lies within ``hours`` in each of these zones.

    Raises ValueError when there is no hour of the day that does.
    """
    for _round in range(_ROUNDS):
        opens = [_open_from(at, ZoneInfo(zone), hours) for zone in zones]
        latest = max(opens, default=at)
        if latest == at:
            return at
        at = latest
    raise ValueError(zones)


def _open_from(at: datetime, zone: ZoneInfo, hours: tuple[int, int]) -> datetime:
    """The first instant not before ``at`` within the hours of one zone."""
    first, last = hours
    local = at.astimezone(zone)
    if first <= local.hour < last:
        return at
    day = local.date() + timedelta(days=local.hour >= last)
    return datetime.combine(day, time(first), tzinfo=zone).astimezone(UTC)
