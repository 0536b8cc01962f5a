"""How often a number may be texted, for each purpose. No clock."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from almoner.ground.words import gettext_noop
from almoner.relations.rules.hours import HOURS, may_send_at

LIMIT = (1, 3)
"""Texts to one number of one purpose: in a day of the recipient's, and in seven days.

47 CFR 64.1200(a)(9)(iv) exempts health texts that are at most one a day and three a week. What
the patient asked for, the confirmation of a visit or an answer to their own words, is not counted.
"""
WEEK = timedelta(days=7)
NIGHT = gettext_noop("It is night there")
DAY_IS_FULL = gettext_noop("The number got its texts for that day")
WEEK_IS_FULL = gettext_noop("The number got its texts for that week")


@dataclass(frozen=True, slots=True)
class Wait:
    """Until when a text is held, and why."""

    until: datetime
    why: str


def held(
    at: datetime,
    sent: Sequence[datetime],
    zones: Collection[str],
    *,
    limit: tuple[int, int] = LIMIT,
    hours: tuple[int, int] = HOURS,
) -> Wait | None:
    """Until when a text must wait; None when it may leave now.

    ``sent`` are the texts of its purpose that its number got in the seven days before ``at``.
    """
    day, week = _day_from(at, sent, zones, limit[0]), _week_from(at, sent, limit[1])
    allowed = max(day, week)
    until = may_send_at(allowed, zones, hours=hours)
    if until == at:
        return None
    if allowed == at:
        return Wait(until, NIGHT)
    return Wait(until, DAY_IS_FULL if day >= week else WEEK_IS_FULL)


def _day_from(
    at: datetime, sent: Sequence[datetime], zones: Collection[str], most: int
) -> datetime:
    """The first instant from ``at`` on at which no zone's day is full."""
    return max((_next_day(at, sent, ZoneInfo(zone), most) for zone in zones), default=at)


def _next_day(at: datetime, sent: Sequence[datetime], zone: ZoneInfo, most: int) -> datetime:
    today = at.astimezone(zone).date()
    if sum(each.astimezone(zone).date() == today for each in sent) < most:
        return at
    return datetime.combine(today + timedelta(days=1), time(), tzinfo=zone).astimezone(UTC)


def _week_from(at: datetime, sent: Sequence[datetime], most: int) -> datetime:
    """The first instant from ``at`` on before which fewer than ``most`` went out in seven days."""
    recent = sorted(each for each in sent if at - each < WEEK)
    return recent[-most] + WEEK if len(recent) >= most else at
