"""A load client: a bounded number of connections, each with one request at a time, over loopback.

A process of its own, so that its work is not the server's: ``python -m bench.client < spec.json``.
It speaks as little HTTP as it must: prepared request bytes out, status and length in.
"""

import json
import selectors
import socket
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Load:
    """What one run did; latencies in milliseconds. Anything but 2xx and 3xx is ``failed``."""

    seconds: float
    latencies: list[float]
    statuses: dict[str, int]

    @property
    def rate(self) -> float:
        return self.good / self.seconds

    @property
    def good(self) -> int:
        return sum(count for status, count in self.statuses.items() if status[0] in "23")


@dataclass(slots=True)
class _Connection:
    socket: socket.socket
    sent_at: float = 0.0
    head: bytes = b""
    left: int = -1  # bytes of the body still to come; -1: the head is not complete
    status: str = ""
    done: list[float] = field(default_factory=list)


def load(
    port: int,
    requests: list[bytes],
    *,
    connections: int = 16,
    seconds: float = 5.0,
    once: bool = False,
) -> Load:
    """Send these requests, in turns over all connections, again from the first until time is up.

    With ``once``, each is sent once, however long it takes.
    """
    spec = {
        "port": port,
        "requests": [request.decode("latin-1") for request in requests],
        "connections": connections,
        "seconds": seconds,
        "once": once,
    }
    ran = subprocess.run(
        [sys.executable, "-m", "bench.client"],
        input=json.dumps(spec), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return Load(**json.loads(ran.stdout))


def request(method: str, path: str, *, headers: dict[str, str], body: str = "") -> bytes:
    """One request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode("latin-1")


def _run(port: int, requests: list[bytes], connections: int, seconds: float, *, once: bool) -> Load:
    selector = selectors.DefaultSelector()
    statuses: Counter[str] = Counter()
    latencies: list[float] = []
    coming = 0
    began = time.perf_counter()
    for _ in range(connections):
        made = socket.create_connection(("127.0.0.1", port))
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        one = _Connection(made)
        selector.register(made, selectors.EVENT_READ, one)
        coming = _send(one, requests, coming)
    open_ones = connections
    while open_ones:
        for key, _ in selector.select(timeout=30):
            one = key.data
            if not _receive(one):
                continue
            now = time.perf_counter()
            latencies.append((now - one.sent_at) * 1000)
            statuses[one.status] += 1
            if coming >= len(requests) if once else now - began > seconds:
                selector.unregister(one.socket)
                one.socket.close()
                open_ones -= 1
            else:
                coming = _send(one, requests, coming)
    return Load(time.perf_counter() - began, latencies, dict(statuses))


def _send(one: _Connection, requests: list[bytes], coming: int) -> int:
    one.head, one.left = b"", -1
    one.sent_at = time.perf_counter()
    one.socket.sendall(requests[coming % len(requests)])
    return coming + 1


def _receive(one: _Connection) -> bool:
    """Take what has come; True when the answer is complete."""
    part = one.socket.recv(262_144)
    if not part:
        raise ConnectionError("the server closed the connection")
    if one.left >= 0:
        one.left -= len(part)
        return one.left <= 0
    one.head += part
    end = one.head.find(b"\r\n\r\n")
    if end < 0:
        return False
    one.status = one.head[9:12].decode()
    lower = one.head[:end].lower()
    at = lower.find(b"content-length:")
    length = int(lower[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
    one.left = length - (len(one.head) - end - 4)
    return one.left <= 0


if __name__ == "__main__":
    spec = json.load(sys.stdin)
    found = _run(
        spec["port"],
        [text.encode("latin-1") for text in spec["requests"]],
        spec["connections"],
        spec["seconds"],
        once=spec["once"],
    )
    json.dump(
        {"seconds": found.seconds, "latencies": found.latencies, "statuses": found.statuses},
        sys.stdout,
    )
