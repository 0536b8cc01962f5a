"""Who and where: reads of the set-up. Nothing here is about a patient."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db import connection
from django.db.models import Model, Q, QuerySet
from django.http import Http404

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
from almoner.facility.rules import Exceptional, Rota, Weekly, clinician_name

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Place:
    """A location as the schedule needs it."""

    id: int
    name: str
    short_name: str
    zone: str


@dataclass(frozen=True, slots=True)
class Person:
    """A clinician as the schedule needs one."""

    id: int
    name: str
    family: str
    specialty: str
    taxonomy: str


def organisation() -> Organisation:
    """The clinic itself. One query."""
    return Organisation.objects.get()


def address_of(place: Organisation | Location) -> tuple[str, str]:
    """Where we, or one location, are: the two lines of an address on paper."""
    return place.address_line, f"{place.city}, {place.state} {place.zip_code[:5]}"


def places() -> dict[int, Place]:
    """Every location by id, in order of name. One query."""
    rows = Location.objects.order_by("name", "id").values_list(
        "id", "name", "short_name", "time_zone"
    )
    return {row[0]: Place(*row) for row in rows}


def people(*, visit_type_id: int | None = None) -> dict[int, Person]:
    """Active clinicians (who do this visit type) by id, in order of family name. One query."""
    rows = Clinician.objects.filter(active=True)
    if visit_type_id is not None:
        rows = rows.filter(visit_types=visit_type_id)
    named = rows.order_by("family", "given", "id").values_list(
        "id", "family", "given", "credentials", "specialty", "taxonomy"
    )
    return {
        id_: Person(id_, clinician_name(given, family, credentials), family, specialty, taxonomy)
        for id_, family, given, credentials, specialty, taxonomy in named
    }


def visit_types() -> list[VisitType]:
    """Visit types that can be booked, in order of name. One query."""
    return list(VisitType.objects.filter(retired_at__isnull=True).order_by("name", "id"))


def clinician(clinician_id: int) -> Clinician:
    """Raises Http404 when there is none."""
    return _one(Clinician.objects.filter(pk=clinician_id))


def clinician_with_npi(npi: str) -> Clinician | None:
    return Clinician.objects.filter(npi=npi).first()


def visit_type(visit_type_id: int) -> VisitType:
    """Raises Http404 when there is none."""
    return _one(VisitType.objects.filter(pk=visit_type_id))


def location(location_id: int) -> Location:
    """Raises Http404 when there is none."""
    return _one(Location.objects.filter(pk=location_id))


def _one(rows: QuerySet[Row]) -> Row:
    row = rows.first()
    if row is None:
        raise Http404
    return row


DOES = """
    SELECT FROM facility_clinician c JOIN facility_clinician_visit_types t ON t.clinician_id = c.id
     WHERE c.id = %s AND c.active AND t.visittype_id = %s
"""


def does(clinician_id: int, visit_type_id: int) -> bool:
    """Whether that clinician is active and does that visit type. One query."""
    with connection.cursor() as cursor:
        cursor.execute(DOES, [clinician_id, visit_type_id])
        return bool(cursor.rowcount)


def rooms(kind: str, location_ids: Collection[int]) -> list[int]:
    """Ids of active rooms of a kind at these locations, lowest first. One query."""
    found = Room.objects.filter(kind=kind, location_id__in=location_ids, active=True)
    return list(found.order_by("id").values_list("id", flat=True))


def devices(kind: str, location_ids: Collection[int]) -> list[int]:
    """Ids of active devices of a kind at these locations, lowest first. One query."""
    found = Device.objects.filter(kind=kind, location_id__in=location_ids, active=True)
    return list(found.order_by("id").values_list("id", flat=True))


def closures(since: date, until: date) -> dict[date, str]:
    """Days in [since, until) on which the whole organisation is closed, and why. One query."""
    rows = Holiday.objects.filter(day__gte=since, day__lt=until)
    return dict(rows.values_list("day", "name"))


def rotas(clinician_ids: Collection[int], since: date, until: date) -> dict[int, Rota]:
    """What decides when these clinicians are here on days in [since, until). Three queries."""
    weekly: dict[int, list[Weekly]] = defaultdict(list)
    exceptions: dict[int, list[Exceptional]] = defaultdict(list)
    # (id as tie-breaker: the same rules always give the same answer)
    for rule in (
        WeeklyHours.objects.filter(clinician__in=clinician_ids, valid_from__lt=until)
        .filter(Q(valid_until__isnull=True) | Q(valid_until__gt=since))
        .order_by("id")
    ):
        weekly[rule.clinician_id].append(
            Weekly(
                rule.location_id, rule.weekday, rule.starts, rule.ends,
                rule.valid_from, rule.valid_until,
            )
        )  # fmt: skip
    for row in HoursException.objects.filter(
        clinician__in=clinician_ids, day__gte=since, day__lt=until
    ).order_by("id"):
        exceptions[row.clinician_id].append(
            Exceptional(row.day, row.location_id, row.starts, row.ends)
        )
    known = Clinician.objects.filter(pk__in=clinician_ids).values_list("id", "active")
    return {id_: Rota(tuple(weekly[id_]), tuple(exceptions[id_]), active) for id_, active in known}


def everybody() -> list[int]:
    """Ids of all clinicians, active or not, lowest first. One query."""
    return list(Clinician.objects.order_by("id").values_list("id", flat=True))


def equipment() -> tuple[list[tuple[int, int, bool]], list[tuple[int, int, bool]]]:
    """Every room and every device as (id, location id, active), lowest id first. Two queries."""
    fields = ("id", "location_id", "active")
    return (
        list(Room.objects.order_by("id").values_list(*fields)),
        list(Device.objects.order_by("id").values_list(*fields)),
    )
