"""Processes that belong together: started in order, watched, stopped in reverse.

No child outlives its supervisor. Each is told by the kernel when the supervisor dies (Linux), and
the next start ends whatever a killed one left behind, wherever the kernel does not.
"""

import contextlib
import ctypes
import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import psutil

RESTARTS = 5  # a program that dies more often than this …
WITHIN = 60.0  # … in so many seconds is given up
REST = (
    0.5  # seconds before it is started again; twice as long each time: what it needs may come back
)
_LONGEST_LOG = 10_000_000  # bytes; a longer one is put aside at the next start
_PR_SET_PDEATHSIG = 1


class Refused(Exception):
    """The desk cannot be started, or cannot go on; the message says what to do."""


class Stopped(Exception):
    """Somebody asked for the end while it was still starting."""


@dataclass(frozen=True, slots=True)
class Program:
    """What to run, and how it likes to be stopped: by which signal, and killed after how long."""

    name: str
    command: list[str]
    stop: signal.Signals = signal.SIGTERM
    patience: float = 8.0
    user: str | None = None
    log: Path | None = None


@dataclass(slots=True)
class Child:
    """A program that was started."""

    program: Program
    process: subprocess.Popen[bytes]
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=RESTARTS))


class Lock:
    """One supervisor for each ``var`` folder; also remembers what it started.

    Raises Refused when another one holds the folder.
    """

    def __init__(self, var: Path) -> None:
        self.path = var / "run.lock"
        self._file: IO[str] = self.path.open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = self._read().get("supervisor", "?")
            self._file.close()
            message = f"Almoner already runs here, as process {holder}. Stop that one first."
            raise Refused(message) from None

    def _read(self) -> dict[str, Any]:
        self._file.seek(0)
        try:
            kept: dict[str, Any] = json.loads(self._file.read() or "{}")
        except ValueError:  # killed while writing
            return {}
        return kept

    def remember(self, children: list[Child]) -> None:
        """Write down who runs, for a next start after a kill."""
        born = {}
        for child in children:
            with contextlib.suppress(psutil.NoSuchProcess):
                born[child.process.pid] = psutil.Process(child.process.pid).create_time()
        self._file.seek(0)
        self._file.truncate()
        self._file.write(json.dumps({"supervisor": os.getpid(), "children": born}))
        self._file.flush()

    def release(self) -> None:
        """Let another supervisor have the folder."""
        self._file.close()

    def end_leftovers(self) -> None:
        """End what a killed supervisor left running."""
        left = []
        for pid, born in self._read().get("children", {}).items():
            with contextlib.suppress(psutil.NoSuchProcess):
                process = psutil.Process(int(pid))
                if abs(process.create_time() - born) < 1.0:
                    left += [process, *process.children(recursive=True)]
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                # PostgreSQL rolls back and leaves at SIGINT; others take SIGTERM.
                postgres = process.name() == "postgres"
                process.send_signal(signal.SIGINT if postgres else signal.SIGTERM)
        _gone, stubborn = psutil.wait_procs(left, timeout=10)
        for process in stubborn:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(stubborn, timeout=5)


class Supervisor:
    """Starts programs, watches them, and stops them all in reverse order."""

    def __init__(
        self, *, lock: Lock, logs: Path, say: Callable[[str], None], environment: Mapping[str, str]
    ) -> None:
        self.children: list[Child] = []
        self.environment = dict(environment)
        self.stopping = False
        self._lock, self._logs, self._say = lock, logs, say
        logs.mkdir(parents=True, exist_ok=True)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)

    def _asked_to_stop(self, _number: int, _frame: object) -> None:
        self.stopping = True

    def start(self, program: Program) -> Child:
        """Start a program and keep it."""
        child = Child(program, self._spawn(program))
        self.children.append(child)
        self._lock.remember(self.children)
        return child

    def run(self, name: str, command: list[str]) -> None:
        """Run a step to its end, its words shown; raises Refused when it fails."""
        process = subprocess.Popen(  # noqa: S603 (our own command line)
            command,
            env=self.environment,
            preexec_fn=die_with_parent(),  # noqa: PLW1509 (this process has one thread)
            start_new_session=True,
        )
        step = Child(Program(name, command), process)
        self._lock.remember([*self.children, step])
        try:
            self.wait(lambda: process.poll() is not None)
        except Stopped:
            _end(step)
            raise
        if process.returncode:
            message = f"Stopped, since this did not succeed: {name}."
            raise Refused(message)

    def wait(self, until: Callable[[], bool], *, longest: float = float("inf")) -> bool:
        """Wait, looking ten times a second; False after ``longest`` seconds. May raise Stopped."""
        deadline = time.monotonic() + longest
        while not until():
            if self.stopping:
                raise Stopped
            if time.monotonic() > deadline:
                return False
            time.sleep(0.1)
        return True

    def watch(self) -> None:
        """Keep everything alive until asked to stop; raises Refused when one keeps dying."""
        while not self.stopping:
            time.sleep(0.2)
            for child in self.children:
                if child.process.poll() is not None and not self.stopping:
                    self._again(child)

    def stop(self) -> None:
        """End every child, the last started first."""
        for child in reversed(self.children):
            _end(child)
        self.children.clear()
        self._lock.remember([])

    def _again(self, child: Child) -> None:
        name, log = child.program.name, self._log(child.program)
        clock = time.monotonic()
        if len(child.deaths) == RESTARTS and clock - child.deaths[0] < WITHIN:
            message = f"The {name} ended {RESTARTS + 1} times in a minute. See the end of {log}."
            raise Refused(message)
        child.deaths.append(clock)
        self._say(f"The {name} ended ({_ending(child.process.returncode)}); starting it again.")
        _end(child)  # what it had started itself may still be there
        lately = sum(clock - at < WITHIN for at in child.deaths)
        self._rest(REST * 2 ** (lately - 1))
        child.process = self._spawn(child.program)
        self._lock.remember(self.children)

    def _rest(self, seconds: float) -> None:
        ends = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < ends:
            time.sleep(0.1)

    def _log(self, program: Program) -> Path:
        return program.log or self._logs / f"{program.name.replace(' ', '-')}.log"

    def _spawn(self, program: Program) -> subprocess.Popen[bytes]:
        path = self._log(program)
        if path.exists() and path.stat().st_size > _LONGEST_LOG:
            path.rename(path.with_suffix(".log.1"))
        with path.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 (our own command lines)
                program.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment,
                user=program.user,
                cwd="/" if program.user else None,
                preexec_fn=die_with_parent(program.stop),  # noqa: PLW1509 (one thread)
                start_new_session=True,  # Ctrl-C is for the supervisor alone
            )


def die_with_parent(number: signal.Signals = signal.SIGTERM) -> Callable[[], None] | None:
    """What a new process calls so that the kernel signals it when its parent dies."""
    if sys.platform != "linux":
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def ask() -> None:
        if number is not signal.SIGKILL:
            # Until it becomes the program it is still us: our own handler would swallow the signal.
            signal.signal(number, signal.SIG_DFL)
        prctl(_PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:  # it died before we could ask
            os.kill(os.getpid(), number)

    return ask


def follow_parent() -> None:
    """Have the kernel end this process too, in good order, when the one that started it dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM))


def leave_after_parent(seconds: float) -> None:
    """End this process, in whatever state, so long after the one that started it has died.

    For programs that end in good order when told to, and might wait for ever while they do: a
    worker whose database went at the same moment.
    """
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        time.sleep(seconds)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _end(child: Child) -> None:
    """Signal, wait, then kill the whole group."""
    process, program = child.process, child.program
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(program.stop)
    try:
        process.wait(program.patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _ending(code: int) -> str:
    return f"status {code}" if code >= 0 else signal.Signals(-code).name
