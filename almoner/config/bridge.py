"""One public port: pages by WSGI in a few threads, live streams on the event loop beside them.

Granian hands each request to `Bridge`. What lies below ``/live/`` stays on the event loop;
everything else is Django's own WSGI handler, run by a thread that keeps its database connection.
A slow client costs no thread: bodies are read, and answers sent, by the event loop.
"""

import asyncio
import io
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO, Any, Protocol
from urllib.parse import unquote_to_bytes

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

LARGEST_BODY = 32 * 1024 * 1024
"""Bytes; an 835 of 10,000 claims is about 10 MB."""
_IN_MEMORY = 1024 * 1024
_TOO_LARGE = b"This is more than 32 MB. Nothing was kept; send it in smaller parts.\n"


class Scope(Protocol):
    """What granian says of a request (RSGI)."""

    proto: str
    http_version: str
    server: str
    client: str
    scheme: str
    method: str
    path: str
    query_string: str
    authority: str | None
    headers: Any


class Transport(Protocol):
    """The open end of a streamed answer."""

    async def send_bytes(self, data: bytes) -> None: ...


class Wire(Protocol):
    """How granian is answered (RSGI)."""

    def __aiter__(self) -> Any: ...
    def __call__(self) -> Awaitable[bytes]: ...
    async def client_disconnect(self) -> None: ...
    def response_empty(self, status: int, headers: Headers) -> None: ...
    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None: ...
    def response_stream(self, status: int, headers: Headers) -> Transport: ...


Stream = Callable[[Scope, Wire], Awaitable[None]]


@dataclass(slots=True)
class Answer:
    """What the application said; ``parts`` is None when ``body`` is all of it."""

    status: int
    headers: Headers
    body: bytes = b""
    parts: Iterator[bytes] | None = None
    close: Callable[[], None] | None = None


class Bridge:
    """The application granian serves: ``pages`` in threads, ``streams`` by first path segment.

    ``proxied``: a proxy of ours ends TLS in front, and says by X-Forwarded-For who is asking.
    """

    def __init__(
        self,
        pages: Application,
        *,
        threads: int,
        streams: dict[str, Stream] | None = None,
        proxied: bool = False,
    ) -> None:
        self.proxied = proxied
        self.pages = pages
        self.streams = streams or {}
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="pages")

    async def __rsgi__(self, scope: Scope, wire: Wire) -> None:
        segment = scope.path.split("/", 2)[1]
        if stream := self.streams.get(segment):
            await stream(scope, wire)
            return
        body = await _body(scope, wire)
        if body is None:
            wire.response_bytes(413, [("content-type", "text/plain")], _TOO_LARGE)
            return
        with body:
            loop = asyncio.get_running_loop()
            answer = await loop.run_in_executor(self.pool, self._ask, self._environ(scope, body))
            if answer.parts is None:
                wire.response_bytes(answer.status, answer.headers, answer.body)
            else:
                await self._send(answer, answer.parts, wire)

    def _environ(self, scope: Scope, body: IO[bytes]) -> Environ:
        asked = environ(scope, body)
        if self.proxied:
            # The last address is the one our own proxy saw; those before it are the client's word.
            asked["REMOTE_ADDR"] = asked.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
            asked["wsgi.url_scheme"] = "https"
        return asked

    def _ask(self, asked: Environ) -> Answer:
        """In a thread: the application's answer, whole unless it streams."""
        said: list[Any] = []

        def start_response(status: str, headers: Headers, _error: object = None) -> None:
            said[:] = [int(status[:3]), headers]

        response = self.pages(asked, start_response)
        close = getattr(response, "close", None)
        if getattr(response, "streaming", False):
            return Answer(said[0], said[1], parts=iter(response), close=close)
        try:
            return Answer(said[0], said[1], b"".join(response))
        finally:
            if close:
                close()

    async def _send(self, answer: Answer, parts: Iterator[bytes], wire: Wire) -> None:
        """Send a streamed answer, each part fetched in a thread; stops when the client has gone."""
        loop = asyncio.get_running_loop()
        try:
            transport = wire.response_stream(answer.status, answer.headers)
            while part := await loop.run_in_executor(self.pool, next, parts, b""):
                await transport.send_bytes(part)
        finally:
            if answer.close:
                await loop.run_in_executor(self.pool, answer.close)


async def _body(scope: Scope, wire: Wire) -> IO[bytes] | None:
    """The request's body, on disk when large; None when it is larger than we take."""
    if scope.method in {"GET", "HEAD"}:
        return io.BytesIO()
    if int(scope.headers.get("content-length") or 0) > LARGEST_BODY:
        return None
    body = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 (the request owns it)
    size = 0
    async for part in wire:
        size += len(part)
        if size > LARGEST_BODY:
            body.close()
            return None
        body.write(part)
    body.seek(0)
    return body


def environ(scope: Scope, body: IO[bytes]) -> Environ:
    """The request as WSGI (PEP 3333) words it."""
    server, _, port = scope.server.rpartition(":")
    made: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope.path).decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if scope.authority:
        made["HTTP_HOST"] = scope.authority
    for name, value in scope.headers.items():
        if "_" in name:  # would be taken for the same header with a dash
            continue
        key = name.upper().replace("-", "_")
        if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            key = f"HTTP_{key}"
        joint = "; " if key == "HTTP_COOKIE" else ","
        made[key] = f"{made[key]}{joint}{value}" if key in made and key != "HTTP_HOST" else value
    return made
