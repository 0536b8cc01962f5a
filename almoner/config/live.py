"""Live screens: what changed, told to every open page within a second, as server-sent events.

Each process keeps one connection that listens for the event log's wake-ups, while anybody watches.
A page learns the kind of a change and the ids of its row, never what the row says: it asks for its
fragment again, through a door, if it shows any of it.
"""

import asyncio
import contextlib
import json
import logging
import re
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol
from urllib.parse import parse_qs

import psycopg
from django.db import DatabaseError

from almoner.config.bridge import Scope, Wire
from almoner.ground.events import CHANNEL

LONGEST_SILENCE = 1.0  # seconds between two looks when no wake-up came
HEARTBEAT = 15.0  # seconds; proxies close what is silent, and we learn who has gone
CHECK_AGAIN = 20.0  # seconds between two questions whether this officer may still watch
RECONNECT = 1.0
GATHER = 0.03  # seconds to let a burst of wake-ups become one look
MOST_WATCHERS = 500  # for each process
MOST_WAITING = 1_000  # changes kept for one slow page; one that missed more starts afresh

STREAMING = [
    ("content-type", "text/event-stream; charset=utf-8"),
    ("cache-control", "no-store"),
    ("x-accel-buffering", "no"),
]
PLAIN = [("content-type", "text/plain; charset=utf-8"), ("cache-control", "no-store")]

# Everything visible that may be new: what stands below the horizon is complete, what stands above
# is shown too, since one long transaction must not hold back everybody's screens.
LOOK = """
    WITH now AS (
        SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon
    )
    SELECT now.horizon, e.id, e.kind, e.about_kind, e.about_id, e.location_id, e.transaction
      FROM now
      LEFT JOIN LATERAL (
          SELECT id, kind, about_kind, about_id, location_id, transaction
            FROM ground_event
           WHERE transaction >= coalesce(%(cursor)s, now.horizon) AND id <> ALL (%(told)s)
           ORDER BY transaction, id
           LIMIT %(most)s
      ) e ON true
"""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Change:
    """One event, as far as a page may know of it."""

    id: int
    name: str
    about: str
    location: int | None
    transaction: int

    @property
    def topic(self) -> str:
        return self.name.split(".", 1)[0]

    def message(self) -> str:
        told = {"name": self.name, "about": self.about, "location": self.location}
        return f"data: {json.dumps(told, separators=(',', ':'))}\n\n"


@dataclass(eq=False, slots=True)
class Watcher:
    """One open page: the topics it follows and what it has not been told yet."""

    topics: frozenset[str]
    waiting: deque[Change] = field(default_factory=deque)
    cursor: int = 0
    missed: bool = False
    awake: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, changes: list[Change], cursor: int) -> None:
        """Take note of changes; more than a page can hold, or a look can find, are missed."""
        mine = [change for change in changes if change.topic in self.topics]
        self.cursor = cursor
        full = len(changes) == MOST_WAITING
        if not mine and not full:
            return
        if full or len(self.waiting) + len(mine) > MOST_WAITING:
            self.waiting.clear()
            self.missed = True
        else:
            self.waiting.extend(mine)
        self.awake.set()

    def take(self) -> str:
        """What to send now. The id comes last, so that a broken batch is sent again whole."""
        text = "event: missed\ndata: {}\n\n" if self.missed else ""
        text += "".join(change.message() for change in self.waiting)
        self.waiting.clear()
        self.missed = False
        self.awake.clear()
        return f"{text}id: {self.cursor}\n\n"


AskAgain = Callable[[], Awaitable[frozenset[str] | None]]


class Permit(Protocol):
    """Which of the wanted topics this session may watch now; None when nobody is signed in."""

    def __call__(self, cookie: str, wanted: frozenset[str]) -> frozenset[str] | None: ...


class Log:
    """The event log's tail, read once for all the watchers of this process."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.watchers: set[Watcher] = set()
        self.cursor: int | None = None
        self._told: dict[int, int] = {}  # above the horizon: event, its transaction
        self._task: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()

    @contextlib.asynccontextmanager
    async def watch(self, topics: frozenset[str], since: int | None) -> AsyncIterator[Watcher]:
        """Follow the log from ``since``, or from now."""
        watcher = Watcher(topics)
        self.watchers.add(watcher)
        if self._task is None:
            self._task = asyncio.create_task(self._follow())
        try:
            async with asyncio.timeout(10):
                await self._ready.wait()
            watcher.cursor = self.cursor or 0
            if since is not None:
                await self._catch_up(watcher, since)
            yield watcher
        finally:
            self.watchers.discard(watcher)
            if not self.watchers:
                self.close()

    def close(self) -> None:
        """Nobody watches: stop looking."""
        if self._task:
            self._task.cancel()
        self._task, self.cursor = None, None
        self._told.clear()
        self._ready.clear()

    async def _follow(self) -> None:
        while True:
            try:
                await self._listen()
            except psycopg.Error as error:
                log.warning("Live screens wait for the database: %s", error)
                await asyncio.sleep(RECONNECT)

    async def _listen(self) -> None:
        async with await self._connect() as connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            while True:
                await self._look(connection)
                self._ready.set()
                async for _ in connection.notifies(timeout=LONGEST_SILENCE, stop_after=1):
                    await asyncio.sleep(GATHER)

    async def _connect(self) -> "psycopg.AsyncConnection[tuple[Any, ...]]":
        return await psycopg.AsyncConnection.connect(
            self.url, autocommit=True, connect_timeout=5, application_name="almoner live"
        )

    async def _look(self, connection: "psycopg.AsyncConnection[tuple[Any, ...]]") -> None:
        horizon, changes = await _changes(connection, self.cursor, list(self._told))
        self._told |= {change.id: change.transaction for change in changes}
        self._told = {id_: at for id_, at in self._told.items() if at >= horizon}
        self.cursor = horizon
        for watcher in self.watchers:
            watcher.tell(changes, horizon)

    async def _catch_up(self, watcher: Watcher, since: int) -> None:
        async with await self._connect() as connection:
            _, changes = await _changes(connection, since, [])
        watcher.tell(changes, watcher.cursor)


async def _changes(
    connection: "psycopg.AsyncConnection[tuple[Any, ...]]", cursor: int | None, told: list[int]
) -> tuple[int, list[Change]]:
    """The horizon, and what stands at or after the cursor and was not told, oldest first."""
    asked = {"cursor": cursor, "told": told, "most": MOST_WAITING}
    rows = await (await connection.execute(LOOK, asked)).fetchall()
    changes = [
        Change(id_, kind, f"{about_kind}:{about_id}", location, transaction)
        for _, id_, kind, about_kind, about_id, location, transaction in rows
        if id_ is not None
    ]
    return rows[0][0], changes


class Live:
    """`GET /live/?topics=scheduling,arrivals`: the stream of one page."""

    def __init__(self, url: str, permit: Permit) -> None:
        self.log = Log(url)
        self.permit = permit
        self.pool = ThreadPoolExecutor(1, thread_name_prefix="permits")

    async def __call__(self, scope: Scope, wire: Wire) -> None:
        asked = parse_qs(scope.query_string)
        wanted = frozenset(re.findall(r"\w+", " ".join(asked.get("topics", []))))
        permit = partial(self._ask, scope.headers.get("cookie") or "", wanted)
        if scope.method != "GET":
            wire.response_bytes(405, [*PLAIN, ("allow", "GET")], b"Only GET.\n")
        elif (topics := await permit()) is None:
            wire.response_bytes(401, PLAIN, b"Sign in first.\n")
        elif not topics:
            wire.response_bytes(403, PLAIN, b"None of these topics is open to you.\n")
        elif len(self.log.watchers) >= MOST_WATCHERS:
            busy = [*PLAIN, ("retry-after", "30")]
            wire.response_bytes(503, busy, b"Too many live pages. The page works without.\n")
        else:
            last = scope.headers.get("last-event-id") or asked.get("since", [""])[0]
            since = int(last) if last.isdecimal() else None
            await self._stream(wire, topics, since, permit)

    async def _ask(self, cookie: str, wanted: frozenset[str]) -> frozenset[str] | None:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.pool, self.permit, cookie, wanted)

    async def _stream(
        self, wire: Wire, topics: frozenset[str], since: int | None, permit: AskAgain
    ) -> None:
        ends = [
            asyncio.ensure_future(wire.client_disconnect()),
            asyncio.ensure_future(_until_refused(topics, permit)),
        ]
        transport = wire.response_stream(200, STREAMING)
        try:
            await transport.send_bytes(b"retry: 2000\n\n")
            async with self.log.watch(topics, since) as watcher:
                await transport.send_bytes(watcher.take().encode())
                while not any(end.done() for end in ends):
                    await first(watcher.awake.wait(), *ends, within=HEARTBEAT)
                    text = watcher.take() if watcher.awake.is_set() else ": still here\n\n"
                    await transport.send_bytes(text.encode())
        except (RuntimeError, TimeoutError) as error:  # granian says so when the page has gone
            log.debug("A live page ended: %s", error)
        finally:
            for end in ends:
                end.cancel()


async def _until_refused(topics: frozenset[str], permit: AskAgain) -> None:
    """Return once the session ended, was locked or lost a topic, or nobody can tell."""
    while True:
        await asyncio.sleep(CHECK_AGAIN)
        try:
            if await permit() != topics:
                return
        except DatabaseError:
            return


async def first(something: Awaitable[Any], *ends: asyncio.Future[Any], within: float) -> None:
    """Wait for any of these, so many seconds at most."""
    waiting = asyncio.ensure_future(something)
    try:
        until = asyncio.FIRST_COMPLETED
        await asyncio.wait([waiting, *ends], timeout=within, return_when=until)
    finally:
        waiting.cancel()
