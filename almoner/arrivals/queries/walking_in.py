"""With whom somebody who stands at the desk can be seen now."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from almoner.arrivals.rules import WALK_IN_WAITS, sees_that_age, walk_in_from
from almoner.facility import queries as facility
from almoner.facility.models import Location, VisitType
from almoner.facility.rules import midnight
from almoner.patients.rules.details import age
from almoner.scheduling import rules as schedule
from almoner.scheduling.queries import appointments, openings
from almoner.scheduling.queries.openings import Search


@dataclass(frozen=True, slots=True)
class Way:
    """A clinician, and when: at an opening about now, or on top of others at once."""

    clinician_id: int
    clinician: str
    specialty: str
    starts_at: datetime
    local_time: time
    on_top: bool


def sudden_types() -> list[VisitType]:
    """Visit types that ask for no notice; first what is made for those who come unannounced.

    That is the type that may lie on most others, then the shortest. One query.
    """
    types = [each for each in facility.visit_types() if not each.notice_minutes]
    return sorted(types, key=lambda each: (-each.overbook_lanes, each.minutes, each.name))


def ways_in(
    visit_type: VisitType, location: Location, *, born: date | None, at: datetime
) -> list[Way]:
    """Who can see the patient there, the best first: openings before places on top of others.

    Somebody who sees patients of that age comes first, then whoever is free first.
    """
    people = facility.people(visit_type_id=visit_type.pk)
    day = at.astimezone(ZoneInfo(location.time_zone)).date()
    years = age(born, on=day) if born else None
    ways = _free(visit_type, location, people, at)
    ways |= {way.clinician_id: way for way in _on_top(visit_type, location, people, at, ways)}
    return sorted(
        ways.values(),
        key=lambda way: (
            not sees_that_age(people[way.clinician_id].taxonomy, years),
            way.on_top,
            way.starts_at,
            people[way.clinician_id].family,
            way.clinician_id,
        ),
    )


def _free(
    visit_type: VisitType, location: Location, people: dict[int, facility.Person], at: datetime
) -> dict[int, Way]:
    """The first opening about now of each who has one."""
    zone = ZoneInfo(location.time_zone)
    since = walk_in_from(at)
    latest = since + WALK_IN_WAITS
    here, then = since.astimezone(zone), latest.astimezone(zone)
    search = Search(
        visit_type_id=visit_type.pk,
        location_ids=frozenset({location.pk}),
        since=here.time(),
        until=then.time() if then.date() == here.date() else None,
        earliest=here.date(),
    )
    found = openings.find(search, at=since, limit=openings.MOST)
    if then.date() != here.date():  # a visit lies within one day: the next begins with it
        after = replace(search, since=None, until=then.time(), earliest=then.date())
        found += openings.find(after, at=since, limit=openings.MOST)
    ways: dict[int, Way] = {}
    for each in found:
        if each.starts_at < latest:
            way = Way(
                each.clinician_id,
                each.clinician,
                people[each.clinician_id].specialty,
                each.starts_at,
                each.local_time,
                on_top=False,
            )
            ways.setdefault(each.clinician_id, way)
    return ways


def _on_top(
    visit_type: VisitType,
    location: Location,
    people: dict[int, facility.Person],
    at: datetime,
    free: dict[int, Way],
) -> list[Way]:
    """Those who are there for the whole visit and have no opening: now, or from midnight on."""
    if not visit_type.overbook_lanes:
        return []
    zone = ZoneInfo(location.time_zone)
    now = walk_in_from(at)
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    first = midnight(location.time_zone, tomorrow) + timedelta(minutes=visit_type.buffer_before)
    ways: dict[int, Way] = {}
    for starts_at in (now, *([first] if first < now + WALK_IN_WAITS else [])):
        here = starts_at.astimezone(zone)
        for id_ in _at_work(visit_type, location, starts_at) & people.keys() - free.keys():
            person = people[id_]
            way = Way(id_, person.name, person.specialty, starts_at, here.time(), on_top=True)
            ways.setdefault(id_, way)
    return list(ways.values())


def _at_work(visit_type: VisitType, location: Location, starts_at: datetime) -> frozenset[int]:
    """Whose hours cover such a visit and what is kept free around it; nobody's past midnight."""
    day = starts_at.astimezone(ZoneInfo(location.time_zone)).date()
    since, until = openings.policy_of(visit_type).hold(starts_at)
    mask = schedule.hold_mask(location.time_zone, day, since, until)
    return appointments.at_work(location.pk, day, mask) if mask is not None else frozenset()
