"""What serving pages beside live streams costs, against granian's own WSGI with no streams."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx

from bench.client import load, request
from bench.harness import Figure, Sample, at_least, figure
from tests.desk import free_port, signed_in

CONNECTIONS = 16
WINDOW = 3.0  # seconds of load each time
WINDOWS = 5
THREADS = "3"


@dataclass(frozen=True, slots=True)
class Served:
    """One way of serving the small page of `bench.site`, running."""

    port: int
    requests: list[bytes]

    def rate(self) -> float:
        run = load(self.port, self.requests, connections=CONNECTIONS, seconds=WINDOW)
        assert set(run.statuses) == {"200"}, run.statuses
        return run.rate


@contextlib.contextmanager
def served(target: str, *options: str) -> Iterator[Served]:
    """Granian with two processes and this target of `bench.site.served`."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "granian", "--port", str(port), "--workers", "2", "--http", "1",
         "--loop", "asyncio", "--no-ws", "--no-log", *options, f"bench.site.served:{target}"],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "bench.site.settings"},
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(f"http://127.0.0.1:{port}/accounts/sign-in/")
        yield Served(port, _requests(port))
    finally:
        process.terminate()
        process.wait()


def wait_for(address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.HTTPError):
            httpx.get(address, timeout=5)
            return
        time.sleep(0.1)
    raise TimeoutError(address)


def _requests(port: int) -> list[bytes]:
    from almoner.patients.models import Patient

    with contextlib.closing(signed_in(f"http://127.0.0.1:{port}")) as client:
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    ids = Patient.objects.order_by("pk").values_list("pk", flat=True)[:5000]
    return [request("GET", f"/one/{pk}", headers={"Cookie": cookie}) for pk in ids]


@figure("Signed-in page that reads one patient, audited and durable", clinic=True)
def one_patient() -> Iterator[Figure]:
    with (
        served("bridge", "--interface", "rsgi") as bridge,
        served("wsgi", "--interface", "wsgi", "--blocking-threads", THREADS) as wsgi,
    ):
        pairs = [(bridge.rate(), wsgi.rate()) for _ in range(WINDOWS)]
    ours = Sample(tuple(one for one, _ in pairs), "/s")
    bare = Sample(tuple(two for _, two in pairs), "/s")
    yield Figure(ours, at_least(600), "granian WSGI alone", bare)
    yield Figure(ours, at_least(0.8, "ratio"), "granian WSGI alone", bare, what="beside streams")
