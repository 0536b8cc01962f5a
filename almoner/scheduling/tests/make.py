"""A schedule for tests: days built from hours, and a booked visit, sensible by default."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from almoner.access.models import Officer
from almoner.access.tests import make as access
from almoner.facility.models import Clinician, Location, VisitType
from almoner.facility.tests import make as facility
from almoner.patients.models import Patient
from almoner.patients.tests.make import patient as a_patient
from almoner.scheduling import actions
from almoner.scheduling.models import Appointment

SUNDAY = datetime(2026, 3, 1, 18, tzinfo=UTC)
"""When calls come in, unless a test says otherwise: noon in Chicago."""
MONDAY = date(2026, 3, 2)


def at(hour: int, minute: int = 0, *, day: date = MONDAY, zone: str = facility.CHICAGO) -> datetime:
    """The instant of a wall-clock time."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone))


def days(*, since: date = MONDAY, length: int = 14) -> None:
    """Lay out everybody's hours over some days."""
    actions.rebuild(since=since, until=since + timedelta(days=length))


def appointment(
    *,
    officer: Officer | None = None,
    patient: Patient | None = None,
    visit_type: VisitType | None = None,
    clinician: Clinician | None = None,
    location: Location | None = None,
    starts_at: datetime | None = None,
    asked_at: datetime | None = None,
    **facts,
) -> Appointment:
    """A visit booked through the action; whoever and whatever is not given is made for it.

    Builds the clinician's day when there is none yet.
    """
    starts_at = starts_at or at(9)
    visit_type = visit_type or facility.visit_type()
    location = location or facility.location()
    clinician = clinician or facility.clinician(at=location, does=(visit_type,))
    clinician.visit_types.add(visit_type)
    day = starts_at.astimezone(ZoneInfo(location.time_zone)).date()
    actions.rebuild(since=day, until=day + timedelta(days=1))
    return actions.book(
        officer=officer or _anybody(),
        patient=patient or a_patient(),
        visit_type=visit_type,
        clinician=clinician,
        location=location,
        starts_at=starts_at,
        asked_at=asked_at or min(starts_at, starts_at - timedelta(days=1)),
        **facts,
    )


def _anybody() -> Officer:
    return Officer.objects.filter(username="ana").first() or access.officer("ana")
