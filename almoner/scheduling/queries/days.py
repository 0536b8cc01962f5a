"""Resource days: what the rules say they should be, and where they differ from that."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from almoner.facility import queries as facility
from almoner.facility.rules import TICK, bits, midnight, templates, whole_day
from almoner.scheduling.models import Hold, ResourceDay

CLINICIAN, ROOM, DEVICE, PATIENT = (kind.value for kind in Hold.Kind)

Resource = tuple[int, int]
"""A `Hold.Kind` and the id of a clinician, room or device."""

# What live holds take of the day a row ``d`` describes. Hours given up since stay taken.
BUSY = """
    coalesce((
        SELECT bit_or(scheduling_ticks(lower(h.during), upper(h.during), d.midnight))
          FROM scheduling_hold h
         WHERE h.kind = d.kind AND h.resource_id = d.resource_id AND h.lane = 0 AND h.live
           AND h.during && tstzrange(d.midnight, d.midnight + interval '25 hours')
    ), 0::bit(300))
"""


@dataclass(frozen=True, slots=True)
class Expected:
    """The open hours of one resource on one local day at one location, as the rules have them."""

    kind: int
    resource_id: int
    local_day: date
    location_id: int
    midnight: datetime
    template: int


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A resource day that differs from the truth.

    ``what``: ``missing`` (no row), ``extra`` (no hours any more), ``template`` (other hours) or
    ``free`` (other than the hours less what live holds take).
    """

    kind: int
    resource_id: int
    local_day: date
    location_id: int
    what: str


def everything() -> list[Resource]:
    """Every clinician, room and device, retired ones too."""
    rooms, devices = facility.equipment()
    return [
        *((CLINICIAN, id_) for id_ in facility.everybody()),
        *((ROOM, id_) for id_, _location, _active in rooms),
        *((DEVICE, id_) for id_, _location, _active in devices),
    ]


def expected(resources: Collection[Resource], since: date, until: date) -> list[Expected]:
    """Hours of these resources on days in [since, until). Seven queries, however many days."""
    days = [since + timedelta(days=n) for n in range((until - since).days)]
    zones = {place.id: place.zone for place in facility.places().values()}
    people = [id_ for kind, id_ in resources if kind == CLINICIAN]
    return [
        *_people(people, days, zones),
        *_equipment({each for each in resources if each[0] != CLINICIAN}, days, zones),
    ]


def _people(
    clinician_ids: Collection[int], days: list[date], zones: dict[int, str]
) -> Iterator[Expected]:
    if not clinician_ids or not days:
        return
    since, until = days[0], days[-1] + timedelta(days=1)
    closed = facility.closures(since, until)
    rotas = facility.rotas(clinician_ids, since, until)
    for clinician_id in sorted(rotas):
        rota = rotas[clinician_id]
        for day in days:
            masks = templates(day, rota, closed=day in closed, zones=zones)
            for location_id, mask in masks.items():
                start = midnight(zones[location_id], day)
                yield Expected(CLINICIAN, clinician_id, day, location_id, start, mask)


def _equipment(
    wanted: Collection[Resource], days: list[date], zones: dict[int, str]
) -> Iterator[Expected]:
    """Rooms and devices are there whenever the building is: people's hours decide."""
    if not wanted:
        return
    for kind, rows in zip((ROOM, DEVICE), facility.equipment(), strict=True):
        for id_, location_id, active in rows:
            if active and (kind, id_) in wanted:
                zone = zones[location_id]
                for day in days:
                    start = midnight(zone, day)
                    yield Expected(kind, id_, day, location_id, start, whole_day(zone, day))


def last_day() -> date | None:
    """The last day any resource has a row for."""
    return ResourceDay.objects.order_by("-local_day").values_list("local_day", flat=True).first()


def mismatches(
    resources: Collection[Resource], since: date, until: date, *, limit: int = 1000
) -> list[Mismatch]:
    """Where the bitmaps of days in [since, until) differ from rules and holds; none is the rule.

    The truth about what is taken are the live holds; the truth about hours are the rules.
    """
    truth = {
        (row.kind, row.resource_id, row.local_day, row.location_id): bits(row.template)
        for row in expected(resources, since, until)
    }
    found = []
    for kind, id_, day, location_id, template, free_is_right in _stored(resources, since, until):
        key = (kind, id_, day, location_id)
        right = truth.pop(key, None)
        if right is None:
            found.append(Mismatch(*key, "extra"))
        elif right != template:
            found.append(Mismatch(*key, "template"))
        elif not free_is_right:
            found.append(Mismatch(*key, "free"))
    found += [Mismatch(*key, "missing") for key in truth]
    return sorted(found, key=lambda each: (each.local_day, each.kind, each.resource_id))[:limit]


def _stored(
    resources: Collection[Resource], since: date, until: date
) -> list[tuple[int, int, date, int, str, bool]]:
    with connection.cursor() as sql:
        sql.execute(
            f"""
            SELECT d.kind, d.resource_id, d.local_day, d.location_id, d.template::text,
                   d.free = d.template & ~ {BUSY}
              FROM scheduling_resource_day d
              JOIN unnest(%s::smallint[], %s::bigint[]) AS wanted(kind, resource_id)
                   USING (kind, resource_id)
             WHERE d.local_day >= %s AND d.local_day < %s
            """,  # noqa: S608 (a constant of this module)
            [[kind for kind, _ in resources], [id_ for _, id_ in resources], since, until],
        )
        rows: list[tuple[int, int, date, int, str, bool]] = sql.fetchall()
        return rows


def stranded(
    resources: Collection[Resource], hours: Collection[Expected], since: date, until: date
) -> list[int]:
    """Ids of booked appointments on days in [since, until) that these hours would not cover.

    ``hours`` is what the resources' days would become. Earliest visit first.
    """
    covered: dict[Resource, list[tuple[datetime, str]]] = {}
    for row in hours:
        covered.setdefault((row.kind, row.resource_id), []).append(
            (row.midnight, bits(row.template))
        )
    rows = Hold.objects.filter(
        live=True,
        appointment__status="booked",
        appointment__local_day__gte=since,
        appointment__local_day__lt=until,
        kind__in={kind for kind, _ in resources},
    ).order_by("appointment__starts_at", "appointment_id")
    lost: dict[int, None] = {}
    for kind, id_, during, appointment_id in rows.values_list(
        "kind", "resource_id", "during", "appointment_id"
    ):
        if (kind, id_) in resources and not any(
            _within(during.lower, during.upper, start, mask)
            for start, mask in covered.get((kind, id_), ())
        ):
            lost[appointment_id] = None
    return list(lost)


def _within(since: datetime, until: datetime, start: datetime, mask: str) -> bool:
    first, end = (since - start) // TICK, -((start - until) // TICK)
    return first >= 0 and end <= len(mask) and "0" not in mask[first:end]
