"""The desk over HTTP: signed in, audited and durable, two server processes, 16 connections."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import chain, cycle, islice, zip_longest
from urllib.parse import urlencode

from bench.client import load, request
from bench.harness import Figure, Sample, at_least, at_most, figure
from bench.serving import CONNECTIONS, wait_for
from tests.desk import Desk, free_port, signed_in

WINDOW = 3.0  # seconds of load each time
WINDOWS = 4
PEERS = "Medplum"
"""Measured by its own HTTP interface on such a machine with 20,000 patients, not in this run."""

Send = Callable[..., bytes]


@contextlib.contextmanager
def _desk() -> Iterator[tuple[int, Send]]:
    """The product's own server, and how a signed-in officer's request is made."""
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False)
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "almoner.config.server", "--port", str(port), "--processes", "2"],
        env=os.environ.copy(),
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/alive")
        with contextlib.closing(signed_in(f"http://127.0.0.1:{port}")) as client:
            cookies = dict(client.cookies)
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "X-CSRFToken": cookies.get("csrftoken", ""),
            "HX-Request": "true",
        }

        def send(method: str, path: str, form: dict[str, str] | None = None) -> bytes:
            return request(method, path, headers=headers, body=urlencode(form or {}))

        yield port, send
    finally:
        server.terminate()
        server.wait()


def _windows(port: int, batches: Iterator[list[bytes]], good: set[str]) -> tuple[Sample, Sample]:
    """Requests per second of each window after the first, and every latency."""
    rates, latencies = [], []
    for number, batch in enumerate(islice(batches, WINDOWS + 1)):
        run = load(port, batch, connections=CONNECTIONS, seconds=WINDOW)
        assert set(run.statuses) <= good, run.statuses
        if number:
            rates.append(run.rate)
            latencies += run.latencies
    return Sample(tuple(rates), "/s"), Sample(tuple(latencies))


def _note(latencies: Sample) -> str:
    return f"answers: median {latencies.median:.0f} ms, p95 {latencies.p95:.0f} ms"


@figure("Patient search over HTTP", clinic=True)
def search() -> Figure:
    from almoner.patients.models import Patient

    people = Patient.objects.order_by("mrn").values_list("family", "given", "birth_date")[:3000]
    with _desk() as (port, send):
        asked = [
            send("POST", "/patients/find/", {"q": f"{family} {given[:2]} {born:%m/%d/%Y}"})
            for family, given, born in people
        ]
        rates, latencies = _windows(port, cycle([asked]), {"200"})
    return Figure(rates, at_least(600), PEERS, Sample((718.0,), "/s"), note=_note(latencies))


@figure("Patient summary over HTTP", clinic=True)
def summary() -> Figure:
    from almoner.scheduling.models import Appointment

    visits = Appointment.objects.order_by("-starts_at").values_list("patient_id", "pk")[:3000]
    with _desk() as (port, send):
        asked = [
            send("GET", f"/patients/{patient}/summary/?for=appointment:{visit}")
            for patient, visit in visits
        ]
        rates, latencies = _windows(port, cycle([asked]), {"200"})
    return Figure(rates, at_least(800), PEERS, Sample((1200.0,), "/s"), note=_note(latencies))


@figure("Booking over HTTP", clinic=True)
def booking() -> Figure:
    from almoner.scheduling.models import Appointment

    last = Appointment.objects.order_by("-pk").values_list("pk", flat=True)[0]
    forms = _bookings()
    try:
        with _desk() as (port, send):
            made = [send("POST", "/schedule/book/take/", form) for form in forms]
            size = len(made) // (WINDOWS + 1)
            batches = iter([made[at : at + size] for at in range(0, size * (WINDOWS + 1), size)])
            rates, latencies = _windows_once(port, batches)
    finally:
        _take_back(last)
    return Figure(rates, at_least(400), PEERS, Sample((351.0,), "/s"), note=_note(latencies))


def _windows_once(port: int, batches: Iterator[list[bytes]]) -> tuple[Sample, Sample]:
    """Every request once: an opening can be booked by one patient only."""
    rates, latencies = [], []
    for number, batch in enumerate(batches):
        run = load(port, batch, connections=CONNECTIONS, once=True)
        assert set(run.statuses) == {"204"}, run.statuses
        if number:
            rates.append(run.rate)
            latencies += run.latencies
    return Sample(tuple(rates), "/s"), Sample(tuple(latencies))


def _bookings() -> list[dict[str, str]]:
    """As many bookings as there are clinicians times twenty, no two for one patient or one time."""
    from almoner.facility.models import Clinician, VisitType
    from almoner.ground import clock
    from almoner.patients.models import Patient
    from almoner.scheduling.queries.openings import Search, answer

    at = clock.now()
    visit = VisitType.objects.get(code="follow-up")
    patients = iter(Patient.objects.order_by("pk").values_list("pk", flat=True)[:20_000])
    given = []
    for clinician in Clinician.objects.order_by("pk").values_list("pk", flat=True):
        search = Search(
            visit_type_id=visit.pk,
            clinician_ids=frozenset({clinician}),
            earliest=at.date() + timedelta(days=92),
        )
        free = answer(search, at=at, limit=120).openings
        apart = [one for number, one in enumerate(free) if number % 3 == 0][:20]
        given.append(apart)
    # One opening of each clinician in turn: officers at their desks, not a crowd before one door.
    forms = []
    for one in chain.from_iterable(zip_longest(*given)):
        if one:
            value = f"{one.clinician_id}_{one.location_id}_{one.starts_at.isoformat()}"
            who = str(next(patients))
            forms.append({"visit": str(visit.pk), "opening": value, "patient": who, "token": who})
    return forms


def _take_back(last: int) -> None:
    """Take away what was booked after appointment ``last``."""
    from django.db import connection

    from almoner.ground import clock
    from almoner.scheduling import actions

    with connection.cursor() as sql:
        sql.execute("DELETE FROM scheduling_hold WHERE appointment_id > %s", [last])
        sql.execute("DELETE FROM scheduling_appointment WHERE id > %s", [last])
    today = clock.now().date()
    actions.rebuild(since=today + timedelta(days=85), until=today + timedelta(days=120))


@figure("Memory of the whole demo, database included")
def memory() -> Figure:
    """Proportional set size: what pages are shared are counted once."""
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder), free_port()).start().opened()
        try:
            officer = desk.sign_in()
            for path in ("/", "/schedule/", "/board/", "/patients/new/", "/money/"):
                for _ in range(20):
                    officer.get(path)
            used = sum(one.memory_full_info().pss for one in desk.everybody()) / 1e6
        finally:
            desk.stop()
    return Figure(Sample((used,), "MB"), at_most(900, "median"))
