"""Single elements and segments of 270 and 271, read into values."""

from datetime import date

from almoner.edges.x12.amounts import NotAnAmount, cents, day
from almoner.edges.x12.eligibility.values import Entity, Period
from almoner.edges.x12.syntax import Segment, readable


def entity(segment: Segment) -> Entity:
    return Entity(
        role=segment[1],
        name=readable(segment[3]),
        given=readable(segment[4]),
        kind=segment[2],
        id_qualifier=segment[8],
        id=segment[9],
    )


def money(text: str, unread: list[str]) -> int | None:
    if not text:
        return None
    try:
        return cents(text)
    except NotAnAmount:
        unread.append("EB07")
        return None


def basis_points(text: str, unread: list[str]) -> int | None:
    """``0.2`` is 2000. More than a hundred per cent is not understood, and not guessed at."""
    if not text:
        return None
    whole, _, part = text.partition(".")
    digits = (part + "0000")[:4]
    known = (whole or "0").isascii() and (whole or "0").isdecimal() and digits.isascii()
    if known and digits.isdecimal() and not part[4:].strip("0"):
        points = int(whole or "0") * 10_000 + int(digits)
        if 0 <= points <= 10_000:
            return points
    unread.append("EB08")
    return None


def period(segment: Segment) -> Period | None:
    """A DTP in either of its forms: D8 one day, RD8 two with a dash."""
    first, _, second = segment[3].partition("-")
    since = _any_day(first)
    until = _any_day(second) if segment[2] == "RD8" else since
    if since is None or until is None:
        return None
    return Period(segment[1], since, until)


def _any_day(text: str) -> date | None:
    """A day, or the day of a moment in time (CCYYMMDDHHMM)."""
    return day(text[:8]) if len(text) in {8, 12} else None
