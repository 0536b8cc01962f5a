"""What is said in a call, told to the pages of those who take part, as server-sent events.

`GET /signals/17/?session=…`: the stream of one place in a visit by video, opened by the cookie of
that place. Each process keeps one connection that listens for the word that something of a visit
changed, while anybody has such a page open; the page is then told how its room stands and what the
others' browsers had to say. As for live screens a lost word costs seconds, and nothing else.
"""

import asyncio
import contextlib
import logging
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar
from urllib.parse import parse_qs

import orjson
import psycopg
from django.db import DatabaseError, close_old_connections
from django.http import parse_cookie

from almoner.config.bridge import Scope, Wire
from almoner.config.live import PLAIN, STREAMING, first
from almoner.ground import clock
from almoner.telehealth import actions, queries
from almoner.telehealth.seat import cookie_of

LOOK_AGAIN = 5.0  # seconds; also how often it is noted that a page is open
RECONNECT = 1.0
MOST_PAGES = 200  # for each process
MOST_OF_ONE = 2  # streams of one place: a new one while the old one's line is not known to be gone
MOST_TOLD = 2_000  # ids of signals one page remembers; older ones are swept long since
THREADS = 2

_PLACE = re.compile(r"/signals/(\d{1,18})/")
_SESSION = re.compile(r"[0-9a-f-]{36}")

Answer = TypeVar("Answer")
log = logging.getLogger(__name__)


class Words:
    """Who waits for a word about which visit; one connection listens for all of this process."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.waiting: dict[int, set[asyncio.Event]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return sum(map(len, self.waiting.values()))

    @contextlib.contextmanager
    def about(self, visit_id: int) -> Iterator[asyncio.Event]:
        """An event that is set whenever something of this visit changed."""
        word = asyncio.Event()
        self.waiting[visit_id].add(word)
        if self._task is None:
            self._task = asyncio.create_task(self._follow())
        try:
            yield word
        finally:
            self.waiting[visit_id].discard(word)
            if not self.waiting[visit_id]:
                del self.waiting[visit_id]
            if not self.waiting and self._task is not None:
                self._task.cancel()
                self._task = None

    async def _follow(self) -> None:
        while True:
            try:
                await self._listen()
            except psycopg.Error as error:
                log.warning("Calls wait for the database: %s", error)
                await asyncio.sleep(RECONNECT)

    async def _listen(self) -> None:
        connection = await psycopg.AsyncConnection.connect(
            self.url, autocommit=True, connect_timeout=5, application_name="almoner calls"
        )
        async with connection:
            await connection.execute(f"LISTEN {actions.CHANNEL}")
            async for notice in connection.notifies():
                for word in self.waiting.get(int(notice.payload), ()):
                    word.set()


@dataclass(slots=True)
class Page:
    """One open page: whose, and what it was told."""

    participant_id: int
    secret: str
    session: str
    visit_id: int = 0
    told: dict[int, None] = field(default_factory=dict)
    chat_after: int = 0
    room: dict[str, Any] = field(default_factory=dict)

    def come(self) -> bool:
        """Whether this browser holds the place; then its page is open from now on."""
        found = queries.seat(self.participant_id, self.secret, at=clock.now())
        if found is None:
            return False
        self.visit_id = found.visit_id
        actions.come(participant_id=self.participant_id, session=self.session, at=clock.now())
        return True

    def look(self, *, stay: bool) -> queries.Heard | str:
        now = clock.now()
        if stay:
            actions.stay(participant_id=self.participant_id, session=self.session, at=now)
        return queries.hear(
            self.participant_id,
            self.secret,
            session=self.session,
            told=self.told,
            chat_after=self.chat_after,
            at=now,
        )

    def go(self) -> None:
        actions.go_away(participant_id=self.participant_id, session=self.session, at=clock.now())

    def text(self, heard: queries.Heard) -> str:
        """What to send of it: the room when it is another than before, then what is new."""
        lines = [_event("room", heard.room)] if heard.room != self.room else []
        lines += [_event("signal", one) for one in heard.signals]
        lines += [_event("chat", one) for one in heard.chat]
        self.room = heard.room
        self.told |= dict.fromkeys(one["id"] for one in heard.signals)
        for old in list(self.told)[:-MOST_TOLD]:
            del self.told[old]
        self.chat_after = max((one["id"] for one in heard.chat), default=self.chat_after)
        return "".join(lines) or ": still here\n\n"


def _event(name: str, facts: object) -> str:
    return f"event: {name}\ndata: {orjson.dumps(facts).decode()}\n\n"


class Calls:
    """The streams of all places in visits by video."""

    def __init__(self, url: str) -> None:
        self.words = Words(url)
        self.open: dict[int, list[asyncio.Future[Any]]] = defaultdict(list)
        self.pool = ThreadPoolExecutor(THREADS, thread_name_prefix="calls")

    async def __call__(self, scope: Scope, wire: Wire) -> None:
        page = _page(scope)
        if scope.method != "GET" or page is None:
            wire.response_bytes(400, PLAIN, b"Not the stream of a call.\n")
        elif len(self.words) >= MOST_PAGES:
            wire.response_bytes(503, [*PLAIN, ("retry-after", "5")], b"Too many calls.\n")
        elif not await self._ask(page.come):
            wire.response_bytes(403, PLAIN, b"This browser holds no such place.\n")
        else:
            await self._stream(page, wire)

    async def _ask(self, question: Callable[[], Answer]) -> Answer:
        """Ask the database in a thread of our own."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.pool, partial(_asked, question))

    def _opened(self, page: Page, gone: "asyncio.Future[Any]") -> None:
        """Count the stream of a place; a newer one too many ends the oldest."""
        mine = self.open[page.participant_id]
        mine.append(gone)
        for oldest in mine[:-MOST_OF_ONE]:
            mine.remove(oldest)
            oldest.cancel()

    def _closed(self, page: Page, gone: "asyncio.Future[Any]") -> bool:
        """Forget a stream; whether it was the place's last, and not ended by a newer one."""
        mine = self.open[page.participant_id]
        if gone in mine:
            mine.remove(gone)
        if not mine:
            del self.open[page.participant_id]
        return not mine

    async def _stream(self, page: Page, wire: Wire) -> None:
        gone = asyncio.ensure_future(wire.client_disconnect())
        self._opened(page, gone)
        transport = wire.response_stream(200, STREAMING)
        try:
            await transport.send_bytes(b"retry: 1000\n\n")
            with self.words.about(page.visit_id) as word:
                stay = False
                while not gone.done():
                    word.clear()
                    heard = await self._ask(partial(page.look, stay=stay))
                    if isinstance(heard, str):
                        await transport.send_bytes(_event("closed", heard).encode())
                        return
                    await transport.send_bytes(page.text(heard).encode())
                    await first(word.wait(), gone, within=LOOK_AGAIN)
                    stay = not word.is_set()
        except (RuntimeError, DatabaseError) as error:  # granian says so when the page has gone
            log.debug("The page of a call ended: %s", error)
        finally:
            last = self._closed(page, gone)
            gone.cancel()
            if last:  # with another one open, this page or a later one of the place is here still
                with contextlib.suppress(DatabaseError):
                    await self._ask(page.go)


def _page(scope: Scope) -> Page | None:
    place = _PLACE.fullmatch(scope.path)
    [session] = parse_qs(scope.query_string).get("session", [""])[:1]
    if not place or not _SESSION.fullmatch(session):
        return None
    number = int(place[1])
    secret = parse_cookie(scope.headers.get("cookie") or "").get(cookie_of(number), "")
    return Page(number, secret, session)


def _asked(question: Callable[[], Answer]) -> Answer:
    close_old_connections()
    try:
        return question()
    finally:
        close_old_connections()
