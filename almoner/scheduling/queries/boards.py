"""The day board and the week of one clinician: who works when, and who is booked with them."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import formats

from almoner.access.queries import Reading
from almoner.facility import queries as facility
from almoner.facility.queries import Place
from almoner.scheduling.queries.grid import Board, Raw, Source, lay_out

COLUMNS = 24
"""Clinicians on one page of the board: more than fit on any screen, few enough to send at once."""


_VISITS = """
    SELECT a.id, a.clinician_id, a.local_day, a.starts_at, a.ends_at,
           CASE WHEN a.status = 'booked' AND a.confirmed_at IS NOT NULL
                THEN 'confirmed' ELSE a.status END, a.lane,
           p.id, p.family, p.given, p.name_used, p.birth_date, v.name, v.hue
      FROM scheduling_appointment a
      JOIN patients_patient p ON p.id = a.patient_id
      JOIN facility_visittype v ON v.id = a.visit_type_id
     WHERE a.location_id = %(location)s AND a.local_day >= %(since)s AND a.local_day < %(until)s
       AND (%(clinicians)s::bigint[] IS NULL OR a.clinician_id = ANY(%(clinicians)s))
       AND a.status <> 'cancelled'
     UNION ALL
    SELECT o.entry_id, o.clinician_id, o.local_day, o.starts_at, o.ends_at, 'kept', 0,
           p.id, p.family, p.given, p.name_used, p.birth_date, v.name, v.hue
      FROM scheduling_placeoffer o
      JOIN scheduling_waitentry e ON e.id = o.entry_id
      JOIN patients_patient p ON p.id = o.patient_id
      JOIN facility_visittype v ON v.id = e.visit_type_id
     WHERE o.state = 'open' AND o.expires_at > %(at)s AND o.location_id = %(location)s
       AND o.local_day >= %(since)s AND o.local_day < %(until)s
       AND (%(clinicians)s::bigint[] IS NULL OR o.clinician_id = ANY(%(clinicians)s))
     ORDER BY 4, 1
"""

_DAYS = """
    SELECT resource_id, local_day, free::text, template::text FROM scheduling_resource_day
     WHERE kind = 1 AND local_day >= %(since)s AND local_day < %(until)s
       AND location_id = %(location)s
       AND (%(clinicians)s::bigint[] IS NULL OR resource_id = ANY(%(clinicians)s))
"""


def day_board(
    place: Place,
    day: date,
    *,
    reading: Reading,
    page: int = 1,
    clinician_id: int | None = None,
) -> Board:
    """Everybody who works or sees somebody there that day, in order of family name.

    Four queries, whatever the number of clinicians. ``page`` counts from 1 and is kept within what
    there is; with a ``clinician_id`` it is the page that clinician is on.
    """
    people = facility.people()
    masks = _masks(place, day, day + timedelta(days=1))
    working = {clinician_id for clinician_id, _day in masks} | set(_booked(place, day))
    order = [id_ for id_ in people if id_ in working] + sorted(working - people.keys())
    pages = max(1, -(-len(order) // COLUMNS))
    if clinician_id in order:
        page = order.index(clinician_id) // COLUMNS + 1
    page = min(max(page, 1), pages)
    shown = order[(page - 1) * COLUMNS : page * COLUMNS]
    visits = _visits(place, day, day + timedelta(days=1), shown, at=reading.at)
    reading.saw(visit.patient_id for visit in visits)
    by_clinician: dict[int, list[Raw]] = defaultdict(list)
    for visit in visits:
        by_clinician[visit.clinician_id].append(visit)
    rota = [
        Source(
            key=str(id_),
            clinician_id=id_,
            title=people[id_].name if id_ in people else str(facility.clinician(id_)),
            detail=people[id_].specialty if id_ in people else "",
            day=day,
            masks=masks.get((id_, day), (0, 0)),
            visits=by_clinician[id_],
        )
        for id_ in shown
    ]
    return lay_out(rota, place, reading.at, people=len(order), page=page, pages=pages)


def week(place: Place, clinician_id: int, monday: date, *, reading: Reading) -> Board:
    """Seven days of one clinician at one location, from Monday. Two queries."""
    until = monday + timedelta(days=7)
    masks = _masks(place, monday, until, clinician_id)
    visits = _visits(place, monday, until, [clinician_id], at=reading.at)
    reading.saw(visit.patient_id for visit in visits)
    by_day: dict[date, list[Raw]] = defaultdict(list)
    for visit in visits:
        by_day[visit.day].append(visit)
    days = [monday + timedelta(days=n) for n in range(7)]
    sources = [
        Source(
            key=day.isoformat(),
            clinician_id=clinician_id,
            title=formats.date_format(day, "l"),
            detail=formats.date_format(day, "F j"),
            day=day,
            masks=masks.get((clinician_id, day), (0, 0)),
            visits=by_day[day],
        )
        for day in days
        if day.isoweekday() <= 5 or by_day[day] or (clinician_id, day) in masks  # noqa: PLR2004
    ]
    return lay_out(sources, place, reading.at, people=1, page=1, pages=1)


def _masks(
    place: Place, since: date, until: date, clinician_id: int | None = None
) -> dict[tuple[int, date], tuple[int, int]]:
    with connection.cursor() as sql:
        sql.execute(_DAYS, _bounds(place, since, until, [clinician_id] if clinician_id else None))
        return {
            (id_, day): (int(free, 2), int(template, 2))
            for id_, day, free, template in sql.fetchall()
        }


def _booked(place: Place, day: date) -> list[int]:
    with connection.cursor() as sql:
        sql.execute(
            """
            SELECT DISTINCT clinician_id FROM scheduling_appointment
             WHERE location_id = %s AND local_day = %s AND status <> 'cancelled'
            """,
            [place.id, day],
        )
        return [row[0] for row in sql.fetchall()]


def _visits(
    place: Place, since: date, until: date, clinicians: list[int], *, at: datetime
) -> list[Raw]:
    """Visits, and places that are kept for whoever was offered them."""
    with connection.cursor() as sql:
        sql.execute(_VISITS, {**_bounds(place, since, until, clinicians), "at": at})
        return [Raw(*row) for row in sql.fetchall()]


def _bounds(
    place: Place, since: date, until: date, clinicians: list[int] | None
) -> dict[str, int | date | list[int] | None]:
    return {"location": place.id, "since": since, "until": until, "clinicians": clinicians}
