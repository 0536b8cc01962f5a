"""The supervisor, with small programs in place of big ones."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from almoner.config import supervise
from almoner.config.supervise import Lock, Program, Refused, Supervisor, die_with_parent

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
DYING = [sys.executable, "-c", "raise SystemExit(3)"]

# A supervisor in a process of its own, which prints the pids of its two children.
KEEPER = """
import sys, time
from pathlib import Path
from almoner.config.supervise import Lock, Program, Supervisor
var = Path(sys.argv[1])
desk = Supervisor(lock=Lock(var), logs=var / "log", say=print, environment={})
for name in ("one", "two"):
    child = desk.start(Program(name, [sys.executable, "-c", "import time; time.sleep(600)"]))
    print(child.process.pid, flush=True)
desk.watch()
desk.stop()
"""


@pytest.fixture
def heard() -> list[str]:
    return []


@pytest.fixture
def lock(tmp_path: Path):
    held = Lock(tmp_path)
    yield held
    held.release()


@pytest.fixture
def desk(lock: Lock, tmp_path: Path, heard: list[str]):
    handlers = {
        number: signal.getsignal(number)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    made = Supervisor(lock=lock, logs=tmp_path / "log", say=heard.append, environment=os.environ)
    yield made
    made.stop()
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture
def keeper(tmp_path: Path):
    process = subprocess.Popen(
        [sys.executable, "-c", KEEPER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    process.children = [psutil.Process(int(process.stdout.readline())) for _ in range(2)]
    yield process
    for child in [*process.children, psutil.Process(process.pid)] if process.poll() is None else []:
        child.kill()
    process.wait()
    process.stdout.close()


def test_no_child_outlives_a_supervisor_that_is_killed(keeper):
    keeper.kill()

    _gone, alive = psutil.wait_procs(keeper.children, timeout=5)
    assert not alive


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_every_child_is_ended_when_asked_to_stop(keeper, number):
    keeper.send_signal(number)

    assert keeper.wait(10) == 0
    assert not any(child.is_running() for child in keeper.children)


def test_what_a_killed_supervisor_left_is_ended_by_the_next(tmp_path, lock):
    left = subprocess.Popen(SLEEPER)
    born = psutil.Process(left.pid).create_time()
    (tmp_path / "run.lock").write_text(f'{{"supervisor": 1, "children": {{"{left.pid}": {born}}}}}')

    lock.end_leftovers()

    assert not psutil.pid_exists(left.pid)
    left.wait()


def test_a_process_that_only_has_the_same_number_is_left_alone(tmp_path, lock):
    other = subprocess.Popen(SLEEPER)
    (tmp_path / "run.lock").write_text(f'{{"children": {{"{other.pid}": 1.0}}}}')

    lock.end_leftovers()

    assert other.poll() is None
    other.kill()
    other.wait()


def test_a_lock_file_cut_short_is_no_obstacle(tmp_path, lock):
    (tmp_path / "run.lock").write_text('{"supervisor": 1, "chil')

    lock.end_leftovers()


def test_a_second_desk_in_the_same_folder_is_refused(keeper, tmp_path):
    with pytest.raises(Refused, match=f"already runs here, as process {keeper.pid}"):
        Lock(tmp_path)


def test_a_child_that_dies_is_started_again_and_said_so(desk, heard):
    child = desk.start(Program("sleeper", SLEEPER))
    first = child.process.pid
    child.process.kill()
    child.process.wait()

    desk._again(child)

    assert child.process.pid != first
    assert child.process.poll() is None
    assert heard == ["The sleeper ended (SIGKILL); starting it again."]


def test_a_child_that_keeps_dying_is_given_up(desk, monkeypatch):
    monkeypatch.setattr(supervise, "REST", 0.01)
    desk.start(Program("mayfly", DYING))

    with pytest.raises(Refused, match="The mayfly ended 6 times in a minute"):
        desk.watch()


def test_children_end_in_the_reverse_of_the_order_they_began(desk, tmp_path):
    says = "import signal, sys, time; signal.signal(15, lambda *_: sys.exit(print(sys.argv[1])));"
    says += "print('ready', file=sys.stderr); time.sleep(600)"
    told = tmp_path / "told"
    for name in ("first", "second"):
        desk.start(Program(name, [sys.executable, "-uc", says, name], log=told))
    desk.wait(lambda: told.read_text().count("ready") == 2, longest=5)

    desk.stop()

    assert told.read_text().split()[-2:] == ["second", "first"]


def test_one_that_will_not_stop_is_killed(desk):
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1); time.sleep(600)"
    child = desk.start(Program("deaf", [sys.executable, "-uc", deaf], patience=0.5))
    time.sleep(0.3)

    began = time.monotonic()
    desk.stop()

    assert time.monotonic() - began < 3
    assert child.process.returncode is not None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child")
def test_a_supervisor_that_dies_before_its_child_is_the_program_takes_the_child_along(desk):
    asked = die_with_parent()

    def dies_then() -> None:
        asked()
        os.kill(os.getpid(), signal.SIGTERM)  # as the kernel does; the handler is still the desk's

    child = subprocess.Popen(SLEEPER, preexec_fn=dies_then)  # noqa: PLW1509 (what is tried happens there)
    try:
        assert child.wait(20) == -signal.SIGTERM
    finally:
        child.kill()
