"""A whole desk in processes of its own: `almoner run` in an empty folder, as a person starts it."""

import contextlib
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from tests.waiting import until

ROOT = Path(__file__).resolve().parent.parent
LONGEST_START = 300  # seconds; on a busy machine
PASSWORD = "northlight-demo"
BESIDE, LANES = 64, 8  # ports of one desk; desks that workers of one run start at once


def free_port() -> int:
    """One that stays free while a desk is down: from 32768 on, any connection out may take it.

    Those behind it are its partners': two desks that start at once never reach for the same.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % LANES
    while True:
        port = 20_000 + BESIDE * (secrets.randbelow(12_000 // BESIDE // LANES) * LANES + worker)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def environment(var: Path) -> dict[str, str]:
    """A clean one: nothing of the test run's own database or partners."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("ALMONER_") and name != "DATABASE_URL"
    }
    return kept | {"ALMONER_VAR": str(var), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default"}


@dataclass
class Desk:
    """One run of the command; ``said`` grows as it speaks."""

    var: Path
    port: int
    options: tuple[str, ...] = ()
    said: list[str] = field(default_factory=list)
    clients: list[httpx.Client] = field(default_factory=list)

    def start(self) -> "Desk":
        self.process = subprocess.Popen(
            [sys.executable, "-m", "almoner", "run", "--port", str(self.port), *self.options],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            text=True, bufsize=1, cwd=ROOT, env=environment(self.var),
        )  # fmt: skip
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        return self

    def _listen(self) -> None:
        for line in self.process.stdout:
            self.said.append(line.rstrip("\n"))
        self.process.stdout.close()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait_for(self, words: str, seconds: float = LONGEST_START) -> None:
        self.reached(words, seconds)
        assert any(words in line for line in self.said), "\n".join(self.said)

    def reached(self, words: str, seconds: float = LONGEST_START) -> bool:
        """Wait until it says these words, or has ended."""
        return until(
            lambda: any(words in line for line in self.said) or self.process.poll() is not None,
            within=seconds,
            every=0.05,
            shows=lambda: "\n".join(self.said),
        )

    def opened(self) -> "Desk":
        self.wait_for("Almoner is open")
        return self

    def everybody(self) -> list[psutil.Process]:
        """The supervisor and every process it started, of whatever depth."""
        whole = psutil.Process(self.process.pid)
        return [whole, *whole.children(recursive=True)]

    def stop(self) -> int:
        """Ctrl-C; answers the status it ends with."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.ended()

    def ended(self) -> int:
        """Wait until it ends by itself."""
        try:
            code = self.process.wait(60)
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
        self._listener.join(5)
        for client in self.clients:
            client.close()
        return code

    def sign_in(self, username: str = "ana") -> httpx.Client:
        client = signed_in(self.address, username)
        self.clients.append(client)
        return client


def signed_in(address: str, username: str = "ana") -> httpx.Client:
    """A browser, as far as the server can tell, in which one of the demo's officers signed in."""
    client = httpx.Client(base_url=address, follow_redirects=False, timeout=30)
    page = client.get("/accounts/sign-in/").text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page).group(1)
    form = {"csrfmiddlewaretoken": token, "login": username, "password": PASSWORD}
    client.post("/accounts/sign-in/", data=form, headers={"Referer": address})
    assert "sessionid" in client.cookies
    return client
