"""The after-hours service: two of the twelve are at Lakeside at any hour of any day.

So a day at the desk can be played whenever somebody comes to play it. They see who is sick today
and give vaccinations; whatever can wait is for the others' hours.
"""

from datetime import date, datetime, time, timedelta

from almoner.facility.models import (
    Clinician,
    Holiday,
    HoursException,
    Location,
    VisitType,
    WeeklyHours,
)

NAMES = (("Tomas", "Reyes"), ("Grace", "Whitlow"))
KINDS = ("urgent", "vaccine")
OPENS, CLOSES = time(0), time(23, 59)  # the day's last minute: hours end on the day they begin

USUAL = range(8 * 60, 21 * 60)  # minutes of the day in which somebody makes an appointment
EVER, NEAR = 0.025, 0.35
SINCE, UNTIL = timedelta(minutes=-30), timedelta(hours=2)
NEXT_DAYS = timedelta(days=2)


def build(*, today: date) -> None:
    """Give them these hours, holidays too, in place of those they had."""
    lakeside = Location.objects.earliest("id")
    kinds = list(VisitType.objects.filter(code__in=KINDS))
    for given, family in NAMES:
        clinician = Clinician.objects.get(given=given, family=family)
        clinician.visit_types.set(kinds)
        rules = WeeklyHours.objects.filter(clinician=clinician)
        began = rules.earliest("valid_from").valid_from
        rules.delete()
        WeeklyHours.objects.bulk_create(
            WeeklyHours(
                clinician=clinician, location=lakeside, weekday=weekday,
                starts=OPENS, ends=CLOSES, valid_from=began,
            )
            for weekday in range(1, 8)
        )  # fmt: skip
        HoursException.objects.bulk_create(
            HoursException(
                clinician=clinician, location=lakeside, day=holiday.day,
                starts=OPENS, ends=CLOSES, reason="After-hours service",
            )
            for holiday in Holiday.objects.filter(day__gte=today)
        )  # fmt: skip


def is_theirs(hours: WeeklyHours) -> bool:
    return (hours.starts, hours.ends) == (OPENS, CLOSES)


def share(starts_at: datetime, now: datetime) -> float:
    """How likely somebody has this time: few have, but about now some, and on the next days too."""
    until_then = starts_at - now
    days = timedelta(days=round(until_then / timedelta(days=1)))
    if timedelta(0) <= days <= NEXT_DAYS and SINCE <= until_then - days <= UNTIL:
        return NEAR
    return EVER if starts_at.hour * 60 + starts_at.minute in USUAL else 0
