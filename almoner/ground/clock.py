"""The one place that reads the clock. Everything else is told the time."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone


def now() -> datetime:
    """This instant, in UTC."""
    return timezone.now()


def today(zone: str) -> date:
    """The calendar day it is now in that zone."""
    return now().astimezone(ZoneInfo(zone)).date()
