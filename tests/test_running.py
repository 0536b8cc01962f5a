"""`almoner run`, as a person meets it: starts, stops, is killed, starts again."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest

from almoner.config import database, embedded, run
from tests import embedded as test_database
from tests.desk import Desk, free_port
from tests.waiting import until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory):
    running = Desk(tmp_path_factory.mktemp("var"), free_port()).start()
    yield running.opened()
    running.stop()


def database_of(desk: Desk) -> str:
    return embedded.cluster(desk.var).url()


def tell(desk: Desk, kind: str, **data: object) -> None:
    """Record an event as an action would: in one transaction, waking listeners after it."""
    with psycopg.connect(database_of(desk), autocommit=True) as connection:
        connection.execute(
            "INSERT INTO ground_event (kind, at, about_kind, about_id, patient_id, data)"
            " VALUES (%s, now(), 'encounter', 7, 41, '{}')",
            [kind],
        )
        connection.execute("SELECT pg_notify('almoner_events', '')")


class Listener:
    """An open page's stream, and when each of its lines came."""

    def __init__(self, client: httpx.Client, topics: str) -> None:
        self.lines: list[tuple[float, str]] = []
        self.ended = threading.Event()
        self._client, self._topics = client, topics
        threading.Thread(target=self._listen, daemon=True).start()
        until(lambda: any(line.startswith("id:") for _, line in self.lines), within=60, every=0.05)

    def _listen(self) -> None:
        try:
            with self._client.stream("GET", f"/live/?topics={self._topics}") as answer:
                for line in answer.iter_lines():
                    self.lines.append((time.monotonic(), line))
        except httpx.HTTPError:
            pass
        finally:
            self.ended.set()

    def heard(self, words: str) -> float | None:
        return next((at for at, line in self.lines if words in line), None)


def test_it_opens_and_prints_a_sign_in_for_every_role(desk):
    said = "\n".join(desk.said)

    assert f"Almoner is open at http://127.0.0.1:{desk.port}/" in said
    for role in ("officer", "biller", "clinician", "manager", "privacy", "administrator"):
        assert role in said
    assert httpx.get(f"{desk.address}/alive").text == "ok"


def test_a_change_is_on_another_screen_within_a_second(desk):
    listeners = [Listener(desk.sign_in(name), "arrivals") for name in ("ana", "mara", "ana")]
    took = []

    for kind in ("checked_in", "moved", "left"):
        began, name = time.monotonic(), f"arrivals.{kind}"
        tell(desk, name)
        until(lambda name=name: all(one.heard(name) for one in listeners), within=60, every=0.05)
        took.append(max(one.heard(name) for one in listeners) - began)

    assert min(took) < 1.0, took  # the machine may be busy with others at one of them


def test_a_stream_names_rows_and_tells_nothing_of_the_patient(desk):
    listener = Listener(desk.sign_in(), "scheduling")

    tell(desk, "scheduling.booked")

    until(lambda: listener.heard("scheduling.booked"), within=60, every=0.05)
    data = next(line for _, line in listener.lines if line.startswith("data:"))
    told = json.loads(data.removeprefix("data:"))
    assert told == {"name": "scheduling.booked", "about": "encounter:7", "location": None}


def test_nobody_hears_of_what_their_role_may_not_see(desk):
    biller, privacy = desk.sign_in("ben"), desk.sign_in("paul")

    assert privacy.get("/live/?topics=arrivals").status_code == 403
    assert httpx.get(f"{desk.address}/live/?topics=arrivals").status_code == 401
    listener = Listener(biller, "billing,privacy")
    tell(desk, "privacy.reviewed")
    tell(desk, "billing.claim_sent")

    until(lambda: listener.heard("billing.claim_sent"), within=60, every=0.05)
    assert not listener.heard("privacy.reviewed")


def test_a_page_that_lost_its_stream_is_told_what_it_missed(desk):
    client = desk.sign_in()
    first = Listener(client, "arrivals")
    seen = [line for _, line in first.lines if line.startswith("id:")][-1].removeprefix("id: ")
    tell(desk, "arrivals.left")

    headers = {"Last-Event-ID": seen}
    with client.stream("GET", "/live/?topics=arrivals", headers=headers) as answer:
        lines = answer.iter_lines()
        assert any("arrivals.left" in line for line, _ in zip(lines, range(20), strict=False))


def test_signing_out_ends_the_streams_of_that_session(desk):
    client = desk.sign_in()
    listener = Listener(client, "arrivals")

    client.cookies.clear()
    with psycopg.connect(database_of(desk)) as connection:
        connection.execute("DELETE FROM access_session")

    assert listener.ended.wait(60)


def test_a_database_that_dies_is_back_within_seconds_and_streams_go_on(desk):
    client = desk.sign_in()
    listener = Listener(client, "arrivals")
    [server] = [
        one
        for one in desk.everybody()
        if one.name() == "postgres" and one.ppid() == desk.process.pid
    ]

    server.kill()

    desk.wait_for("The database ended (SIGKILL); starting it again.", 120)

    def answers() -> bool:
        try:
            return client.get("/").status_code == 200
        except httpx.HTTPError:
            return False

    until(answers, within=120, every=0.05)
    if listener.ended.is_set():  # the page's own reconnection
        listener = Listener(client, "arrivals")
    tell(desk, "arrivals.moved")
    until(lambda: listener.heard("arrivals.moved"), within=60, every=0.05)


def test_a_second_run_in_the_same_folder_is_refused_in_one_sentence(desk):
    second = Desk(desk.var, free_port()).start()

    assert second.ended() == 1
    assert len(second.said) == 1
    assert "Almoner already runs here" in second.said[0]


def test_a_taken_port_is_one_sentence(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        refused = Desk(tmp_path, port).start()

        assert refused.ended() == 1
        assert f"almoner: Port {port} of 127.0.0.1 cannot be used" in refused.said[0]
        assert f"--port {port + 100}" in refused.said[0]
        assert len(refused.said) == 1  # one sentence, and nothing of what was never started


def test_the_simulators_answer_where_the_desk_expects_them(desk):
    addresses = [line.rsplit(" ", 1)[1] for line in desk.said if "Simulated" in line]

    assert addresses
    for address in addresses:
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=5):
            pass


STAGES = [
    "PostgreSQL",
    "Tables",
    "Files for browsers",
    "Demo clinic",
    "Simulated",
    "Almoner is open",
]


def test_the_doctor_finds_everything_well_beside_a_running_demo(desk):
    def ask() -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "almoner", "doctor"],
            env={name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
            | {"ALMONER_VAR": str(desk.var)},
            capture_output=True,
            text=True,
            check=False,
        )

    def amiss(said: str) -> list[str]:
        return [line for line in said.splitlines() if not line.startswith("ok ")]

    # A test before this one may have killed the worker. It is being started again, and until the
    # dead one's last sign is a minute old nothing tells them apart.
    answers = []
    until(
        lambda: answers.append(ask()) or not amiss(answers[-1].stdout),
        within=120,
        shows=lambda: (
            [*amiss(answers[-1].stdout), (desk.var / "log" / "job-worker.log").read_text()[-3000:]]
        ),
    )
    asked = answers[-1]
    lines = asked.stdout.splitlines()
    assert (asked.returncode, asked.stderr) == (0, "")
    for partner in ("clearinghouse", "card processor", "text messages", "e-mail"):
        assert any(line.startswith(f"ok    {partner}: simulated, ") for line in lines), lines


def command_of(process):
    try:
        return process.cmdline()
    except psutil.Error:  # it has ended, or is ending
        return []


def test_killed_at_any_point_it_starts_again(tmp_path):
    """One folder, killed at every stage of its life in turn, then a start like any other."""
    port = free_port()
    for stage in STAGES:
        victim = Desk(tmp_path, port).start()
        victim.reached(stage)
        started = victim.everybody() if victim.process.poll() is None else []
        commands = {one.pid: command_of(one) for one in started}

        victim.process.kill()
        victim.ended()

        _gone, alive = psutil.wait_procs(
            [one for one in started if one.pid != victim.process.pid], 20
        )
        assert not alive, (stage, [commands.get(one.pid) for one in alive])

    survivor = Desk(tmp_path, port).start().opened()
    with psycopg.connect(database_of(survivor)) as connection:
        [count] = connection.execute("SELECT count(*) FROM facility_organisation").fetchone()
    everybody = survivor.everybody()

    assert survivor.stop() == 0
    assert survivor.said[-1] == "Stopped."
    assert count == 1
    assert not psutil.wait_procs(everybody, 5)[1]


def test_stopped_while_it_is_still_starting_it_leaves_nothing_behind(tmp_path):
    early = Desk(tmp_path, free_port()).start()
    early.wait_for("PostgreSQL 18: open")
    everybody = early.everybody()

    early.process.send_signal(signal.SIGTERM)

    assert early.ended() == 0
    assert not psutil.wait_procs(everybody, 5)[1]


def test_a_lock_file_of_a_number_since_given_to_another_is_no_obstacle(tmp_path):
    at = embedded.cluster(tmp_path)
    at.data.mkdir()
    (at.data / "postmaster.pid").write_text(f"{os.getpid()}\n{at.data}\n")

    assert not embedded.running(at)
    assert not (at.data / "postmaster.pid").exists()


def test_a_full_disk_is_one_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(run, "NEEDED", 10**18)

    assert run.run(run.Options(var=tmp_path)) == 1

    said = capsys.readouterr().out
    assert len(said.splitlines()) == 1
    assert "Make room, or set ALMONER_VAR to a folder elsewhere." in said


def test_a_server_too_old_is_named(monkeypatch):
    test_database.template()
    monkeypatch.setattr(database, "OLDEST", 99)

    with pytest.raises(embedded.DatabaseUnavailable, match="is PostgreSQL 18; Almoner needs 99"):
        database.ready(test_database.CLUSTER.url())


def test_an_extension_the_server_lacks_is_named(monkeypatch):
    test_database.template()
    monkeypatch.setattr(database, "EXTENSIONS", ("no_such_extension",))

    with pytest.raises(embedded.DatabaseUnavailable, match="lacks the extension no_such_extension"):
        database.ready(test_database.CLUSTER.url())


def test_a_secret_key_file_is_only_its_owners(desk: Desk):
    assert Path(desk.var / "secret.key").stat().st_mode & 0o077 == 0
