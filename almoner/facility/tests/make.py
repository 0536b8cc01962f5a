"""A clinic for tests: one small function per row, sensible by default."""

from datetime import date, time
from itertools import count

from almoner.facility.models import (
    Clinician,
    Device,
    Holiday,
    HoursException,
    Location,
    Organisation,
    Room,
    VisitType,
    WeeklyHours,
)

CHICAGO = "America/Chicago"
LONG_AGO = date(2020, 1, 1)
_number = count(1)


def organisation(name: str = "Northlight Clinic") -> Organisation:
    return Organisation.objects.create(
        id=1,
        name=name,
        npi="1234567893",
        tax_id="990000000",
        address_line="1 Harbor Street",
        city="Madison",
        state="WI",
        zip_code="537030000",
        phone="+16085550100",
        time_zone=CHICAGO,
    )


def location(name: str = "Harbor Street", **facts) -> Location:
    number = next(_number)
    facts = {
        "short_name": f"L{number}",
        "npi": f"{1_000_000_000 + number}",
        "address_line": "1 Harbor Street",
        "city": "Madison",
        "state": "WI",
        "zip_code": "537030000",
        "phone": "+16085550100",
        "time_zone": CHICAGO,
    } | facts
    return Location.objects.create(name=name, **facts)


def visit_type(name: str = "Follow-up", *, minutes: int = 20, **facts) -> VisitType:
    facts = {"code": f"visit-{next(_number)}"} | facts
    return VisitType.objects.create(name=name, minutes=minutes, **facts)


def clinician(
    family: str = "Ng",
    *,
    at: Location | None = None,
    does: tuple[VisitType, ...] = (),
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5),
    starts: time = time(8),
    ends: time = time(17),
    **facts,
) -> Clinician:
    """Somebody who works these hours at ``at``; without ``at``, somebody without hours."""
    facts = {
        "given": "Linh",
        "credentials": "MD",
        "specialty": "Internal medicine",
        "taxonomy": "207R00000X",
        "npi": f"{1_000_000_000 + next(_number)}",
    } | facts
    made = Clinician.objects.create(family=family, **facts)
    made.visit_types.set(does)
    for weekday in weekdays if at else ():
        hours(made, at, weekday=weekday, starts=starts, ends=ends)
    return made


def hours(
    clinician: Clinician,
    location: Location,
    *,
    weekday: int = 1,
    starts: time = time(8),
    ends: time = time(17),
    **facts,
) -> WeeklyHours:
    facts = {"valid_from": LONG_AGO} | facts
    return WeeklyHours.objects.create(
        clinician=clinician, location=location, weekday=weekday, starts=starts, ends=ends, **facts
    )


def away(clinician: Clinician, day: date, reason: str = "Vacation") -> HoursException:
    return HoursException.objects.create(clinician=clinician, day=day, reason=reason)


def holiday(day: date, name: str = "Founders' Day") -> Holiday:
    return Holiday.objects.create(day=day, name=name)


def room(location: Location, name: str = "", *, kind: str = "exam") -> Room:
    return Room.objects.create(location=location, name=name or f"Room {next(_number)}", kind=kind)


def device(location: Location, *, kind: str = "ecg", name: str = "") -> Device:
    return Device.objects.create(location=location, name=name or f"ECG {next(_number)}", kind=kind)
