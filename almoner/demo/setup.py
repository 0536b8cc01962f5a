"""The demo clinic's set-up: who works there, where, when, and what visits there are.

Northlight Family Health and everybody in it are invented. NPIs carry a right check digit and are
made from numbers no registry has given out to these names.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.facility.models import (
    Clinician,
    Device,
    Holiday,
    Licence,
    Location,
    Organisation,
    Room,
    VisitType,
    WeeklyHours,
)
from almoner.records import actions as records

PASSWORD = "northlight-demo"  # noqa: S105 (the demo's own, printed by `make run`)
ZONE = "America/Chicago"
CLINIC = 199_000_001
OPENED = 75  # days ago: since then it keeps its patients here

LOCATIONS = [
    ("Northlight Lakeside", "Lakeside", "100 Harbor Street", "537030000"),
    ("Northlight Hilltop", "Hilltop", "22 Orchard Road", "537050000"),
    ("Northlight Riverbend", "Riverbend", "7 Mill Lane", "537160000"),
]

INTERNAL, FAMILY, PEDIATRICS = "Internal medicine", "Family medicine", "Pediatrics"
CARDIOLOGY, BEHAVIORAL = "Cardiology", "Behavioral health"
TAXONOMY = {
    INTERNAL: "207R00000X",
    FAMILY: "207Q00000X",
    PEDIATRICS: "208000000X",
    CARDIOLOGY: "207RC0000X",
    BEHAVIORAL: "2084P0800X",
}

# Given, family, credentials, specialty, location of the first half of the week, of the second.
CLINICIANS = [
    ("Linh", "Ng", "MD", INTERNAL, 0, 0),
    ("Omar", "Haddad", "MD", INTERNAL, 0, 1),
    ("Ruth", "Okafor", "DO", INTERNAL, 1, 1),
    ("Stefan", "Brandt", "MD", INTERNAL, 2, 2),
    ("Maya", "Feld", "NP", FAMILY, 0, 0),
    ("Tomas", "Reyes", "MD", FAMILY, 1, 1),
    ("Grace", "Whitlow", "PA-C", FAMILY, 2, 2),
    ("Ines", "Duarte", "MD", FAMILY, 2, 0),
    ("Noor", "Rahman", "MD", PEDIATRICS, 1, 1),
    ("Peter", "Lindqvist", "MD", PEDIATRICS, 0, 0),
    ("Aiko", "Mori", "MD", CARDIOLOGY, 0, 1),
    ("Daniel", "Asante", "PhD", BEHAVIORAL, 2, 2),
]

ROOMS = [(0, "1"), (0, "2"), (0, "3"), (1, "1"), (1, "2"), (1, "3"), (2, "1"), (2, "2")]
DEVICES = [(0, "Echo cart", "echo"), (0, "ECG 1", "ecg"), (1, "ECG 2", "ecg")]

PRIMARY = (INTERNAL, FAMILY)


@dataclass(frozen=True, slots=True)
class Kind:
    """A visit type and who does it."""

    code: str
    name: str
    minutes: int
    specialties: tuple[str, ...]
    new: bool = False
    after: int = 0
    align: int = 10
    room: str = ""
    device: str = ""
    notice: int = 0
    hue: int = 210
    lanes: int = 1
    video: bool = False


KINDS = [
    Kind("new-patient", "New patient", 40, PRIMARY, new=True, after=5, align=20, hue=262),
    Kind("follow-up", "Follow-up", 20, PRIMARY, hue=212),
    Kind("physical", "Annual physical", 40, PRIMARY, after=5, align=20, hue=168),
    Kind("urgent", "Same-day sick", 15, (*PRIMARY, PEDIATRICS), align=15, hue=18, lanes=2),
    Kind("well-child", "Well child", 30, (PEDIATRICS,), hue=128),
    Kind("vaccine", "Vaccination", 10, (*PRIMARY, PEDIATRICS), hue=96),
    Kind("cardiology-new", "Cardiology consult", 45, (CARDIOLOGY,), new=True, align=15, hue=340),
    Kind(
        "echo",
        "Echocardiogram",
        45,
        (CARDIOLOGY,),
        room="exam",
        device="echo",
        after=5,
        align=15,
        hue=320,
    ),
    Kind("therapy", "Therapy session", 50, (BEHAVIORAL,), after=10, align=30, hue=44, lanes=0),
    Kind("ecg", "ECG and review", 20, PRIMARY, device="ecg", hue=290),
    Kind("video", "Video visit", 20, PRIMARY, hue=236, lanes=0, video=True),
]

# Username, name, roles, location: one sign-in for each role, and Bea at another location.
OFFICERS = [
    ("ana", "Ana Silva", ("officer",), 0),
    ("bea", "Bea Novak", ("officer",), 1),
    ("ben", "Ben Carter", ("biller",), 0),
    ("linh", "Linh Ng", ("clinician",), 0),
    ("mara", "Mara Jensen", ("manager",), 0),
    ("paul", "Paul Osei", ("privacy",), None),
    ("ada", "Ada Moreau", ("administrator",), None),
]


def npi(stem: int) -> str:
    """Nine digits and the check digit of an NPI (Luhn over the prefix 80840)."""
    digits = [int(digit) for digit in f"80840{stem:09d}"]
    doubled = [digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[::-2]]
    total = sum(doubled) + sum(digits[-2::-2])
    return f"{stem:09d}{-total % 10}"


def build(*, today: date, clinicians: int = len(CLINICIANS)) -> list[Officer]:
    """The set-up of the clinic; more clinicians than the named twelve are numbered copies."""
    Organisation.objects.create(
        id=1,
        name="Northlight Family Health",
        npi=npi(CLINIC),
        tax_id="999000111",
        taxonomy="261QP2300X",
        address_line="100 Harbor Street",
        city="Madison",
        state="WI",
        zip_code="537030000",
        phone="+16085550100",
        time_zone=ZONE,
    )
    locations = _locations()
    rooms = [
        Room(location=locations[where], name=f"Room {name}", kind="exam") for where, name in ROOMS
    ]
    Room.objects.bulk_create(rooms)
    devices = [Device(location=locations[at], name=name, kind=kind) for at, name, kind in DEVICES]
    Device.objects.bulk_create(devices)
    made = _clinicians(clinicians)
    _visit_types(made)
    _licences(made, since=today - timedelta(days=400))
    _hours(made, locations, today)
    _holidays(today)
    since = today - timedelta(days=OPENED)
    records.ship(officer=None, at=datetime.combine(since, time(9), ZoneInfo(ZONE)))
    return _officers(locations, made, since=since)


def _locations() -> list[Location]:
    return Location.objects.bulk_create(
        Location(
            name=name,
            short_name=short,
            npi=npi(199_000_010 + number),
            address_line=street,
            city="Madison",
            state="WI",
            zip_code=zip_code,
            phone=f"+1608555011{number}",
            time_zone=ZONE,
        )
        for number, (name, short, street, zip_code) in enumerate(LOCATIONS)
    )


def _clinicians(count: int) -> list[Clinician]:
    def one(number: int) -> Clinician:
        given, family, credentials, specialty, *_ = CLINICIANS[number % len(CLINICIANS)]
        copy = number // len(CLINICIANS)
        return Clinician(
            given=given,
            family=f"{family} {copy + 1}" if copy else family,
            credentials=credentials,
            specialty=specialty,
            npi=npi(199_001_000 + number),
            taxonomy=TAXONOMY[specialty],
        )

    return Clinician.objects.bulk_create(one(number) for number in range(count))


def _visit_types(clinicians: list[Clinician]) -> None:
    made = VisitType.objects.bulk_create(
        VisitType(
            code=kind.code,
            name=kind.name,
            specialty=kind.specialties[0] if len(kind.specialties) == 1 else "",
            minutes=kind.minutes,
            buffer_after=kind.after,
            align_minutes=kind.align,
            for_new_patients=kind.new,
            room_kind=kind.room,
            device_kind=kind.device,
            notice_minutes=kind.notice,
            overbook_lanes=kind.lanes,
            hue=kind.hue,
            by_video=kind.video,
        )
        for kind in KINDS
    )
    through = VisitType.clinicians.through
    through.objects.bulk_create(
        through(clinician_id=clinician.pk, visittype_id=visit_type.pk)
        for kind, visit_type in zip(KINDS, made, strict=True)
        for clinician in clinicians
        if clinician.specialty in kind.specialties
    )


def _licences(clinicians: list[Clinician], *, since: date) -> None:
    """All may practise where the clinic is, every second one in the state beside it too."""
    Licence.objects.bulk_create(
        Licence(clinician=clinician, state=state, number=f"{60_000 + number}-20", valid_from=since)
        for number, clinician in enumerate(clinicians)
        for state in ("WI", "IL")[: 1 + (number % 2 == 0)]
    )


def _hours(clinicians: list[Clinician], locations: list[Location], today: date) -> None:
    began = today - timedelta(days=400)
    rows = []
    for number, clinician in enumerate(clinicians):
        first, second = CLINICIANS[number % len(CLINICIANS)][4:]
        early = number % 2 == 0
        for weekday in range(1, 6):
            where = locations[first if weekday <= 3 else second]
            spans = [(time(8 if early else 9), time(12)), (time(13), time(16 if early else 17))]
            rows += [
                WeeklyHours(
                    clinician=clinician,
                    location=where,
                    weekday=weekday,
                    starts=starts,
                    ends=ends,
                    valid_from=began,
                )
                for starts, ends in spans
            ]
    WeeklyHours.objects.bulk_create(rows)


def _holidays(today: date) -> None:
    years = range(today.year - 1, today.year + 3)
    Holiday.objects.bulk_create(
        Holiday(day=day, name=name)
        for day, name in sorted(holidays.country_holidays("US", years=years).items())
    )


def _officers(
    locations: list[Location], clinicians: list[Clinician], *, since: date
) -> list[Officer]:
    return [
        access.add_officer(
            username=username,
            name=name,
            password=PASSWORD,
            roles=roles,
            location=None if where is None else locations[where],
            clinician=clinicians[0] if "clinician" in roles else None,
            at=datetime.combine(since, time(9), ZoneInfo(ZONE)),
        )
        for username, name, roles, where in OFFICERS
    ]
