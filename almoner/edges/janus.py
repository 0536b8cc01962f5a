"""Janus, the gateway that passes pictures and sound on in a call of many, by its REST interface.

Its video room (plugin `janus.plugin.videoroom`) is asked by us and never by a browser. Every
connection has a session of its own there with one handle in it, so what one waits for is never
taken away by another. A session of which nothing is heard for a minute ends by itself, and the
connection with it. Each request carries the shared secret, a GET in its address: the way there is
loopback or TLS. Sources: the project's own documents, "RESTful, WebSockets … API" and "VideoRoom".
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from secrets import token_hex
from typing import Any

import httpx

_PLUGIN = "janus.plugin.videoroom"
_NO_SECRET, _NO_SESSION, _NO_HANDLE, _NO_PLUGIN = 403, 458, 459, 460
_NO_ROOM, _ROOM_EXISTS, _NO_FEED, _KEY_MISSING, _UNAUTHORISED = 426, 427, 428, 429, 433
_EVENTS_AT_ONCE = 20
_KEPT_OPEN = 20.0  # seconds
BITRATE = 512_000
"""Bits a second of one picture: eleven others' are then within a household's line."""
CODECS = "vp8,h264"
"""What each browser can both make and show."""


class NotReached(Exception):
    """The gateway was not there, or said nothing in time, or without what one needs (named)."""


class Refused(Exception):
    """The gateway answered that it will not; ``code`` is its number for why."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(f"{said} ({code})")
        self.code = code


class Unauthorised(Refused):
    """The secret or the key for making rooms is not the gateway's."""


class Lost(Refused):
    """It does not know this connection any more."""


class NoRoom(Refused):
    """It does not know this room: none was made, or it was started anew since."""


class NoFeed(Refused):
    """Nobody in the room sends under this number any more."""


_KINDS: Mapping[int, type[Refused]] = {
    _NO_SECRET: Unauthorised,
    _UNAUTHORISED: Unauthorised,
    _KEY_MISSING: Unauthorised,
    _NO_SESSION: Lost,
    _NO_HANDLE: Lost,
    _NO_ROOM: NoRoom,
    _NO_FEED: NoFeed,
}


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where it listens, the secret it shares with us, and its key for making rooms, if it has one.

    ``timeout`` is in seconds, for one thing that is asked, with all that belongs to it.
    """

    url: str
    secret: str
    admin_key: str = ""
    timeout: float = 5.0


@dataclass(frozen=True, slots=True)
class Room:
    """A room at the gateway; ``secret`` changes or ends it, whoever joins must know its ``pin``."""

    number: int
    secret: str
    pin: str


@dataclass(frozen=True, slots=True)
class Line:
    """One connection as the gateway knows it."""

    session: int
    handle: int


@dataclass(frozen=True, slots=True)
class Sent:
    """Somebody sends: under which number, and what the gateway answered to their browser."""

    line: Line
    feed: int
    answer: str


@cache
def _client() -> httpx.Client:
    """One for the process: making one reads all certificates, which takes longer than a call."""
    return httpx.Client(limits=httpx.Limits(keepalive_expiry=_KEPT_OPEN))


class _Asking:
    """One thing asked of the gateway, in as many requests as it takes, by one deadline."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway, self.client = gateway, _client()
        self.ends = time.monotonic() + gateway.timeout

    def post(self, path: str, said: Mapping[str, Any]) -> dict[str, Any]:
        secret = {"apisecret": self.gateway.secret, "transaction": token_hex(8)}
        answer: dict[str, Any] = self._answered("POST", path, json={**said, **secret})
        return answer

    def message(self, line: Line, body: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        """What the plugin says to a request, at once or as an event later."""
        said = {"janus": "message", "body": body, **more}
        path = f"/{line.session}/{line.handle}"
        answer = self.post(path, said)
        if answer.get("janus") == "ack":
            answer = self._event(line, answer.get("transaction"))
        data = _of(_of(answer, "plugindata"), "data")
        if "error_code" in data:
            raise _refused(data["error_code"], data.get("error"))
        return answer

    def _event(self, line: Line, transaction: object) -> dict[str, Any]:
        """Wait for what follows our request; what the gateway tells besides is left aside."""
        where = {"apisecret": self.gateway.secret, "maxev": str(_EVENTS_AT_ONCE)}
        while True:
            told = self._answered("GET", f"/{line.session}", params=where)
            for event in told if isinstance(told, list) else [told]:
                if event.get("transaction") == transaction and event.get("janus") != "ack":
                    _raise_if_refused(event)
                    return dict(event)

    def _answered(self, method: str, path: str, **more: Any) -> Any:
        left = self.ends - time.monotonic()
        if left <= 0:
            raise NotReached("time")
        try:
            answer = self.client.request(method, self.gateway.url + path, timeout=left, **more)
            said = answer.raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            # Not as httpx says it: the address of a GET holds the secret.
            raise NotReached(type(error).__name__) from None
        if not isinstance(said, dict | list):
            raise NotReached("object")
        if isinstance(said, dict):
            _raise_if_refused(said)
        return said

    def open(self) -> Line:
        """A session with one handle of the video room."""
        session = _number(_of(self.post("", {"janus": "create"}), "data"), "id")
        line = Line(session, 0)
        try:
            attached = self.post(f"/{session}", {"janus": "attach", "plugin": _PLUGIN})
            return Line(session, _number(_of(attached, "data"), "id"))
        except (NotReached, Refused):
            self.close(line)
            raise

    def close(self, line: Line) -> None:
        with suppress(NotReached, Refused):
            self.post(f"/{line.session}", {"janus": "destroy"})


def _of(said: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = said.get(name)
    if not isinstance(found, dict):
        raise NotReached(name)
    return found


def _number(said: Mapping[str, Any], name: str) -> int:
    found = said.get(name)
    if type(found) is not int:
        raise NotReached(name)
    return found


def _raise_if_refused(said: Mapping[str, Any]) -> None:
    if said.get("janus") == "error":
        error = _of(said, "error")
        raise _refused(error.get("code"), error.get("reason"))


def _refused(code: object, said: object) -> Refused:
    number = code if isinstance(code, int) else 0
    return _KINDS.get(number, Refused)(number, str(said)[:200])


@contextmanager
def _opened(gateway: Gateway) -> Iterator[tuple[_Asking, Line]]:
    """A session that stays, when nothing goes wrong while it is asked."""
    asking = _Asking(gateway)
    line = asking.open()
    try:
        yield asking, line
    except (NotReached, Refused):
        asking.close(line)
        raise


def _manage(gateway: Gateway, body: Mapping[str, Any], *, but: int = 0) -> None:
    """Ask for something about a room that is answered at once; refused with ``but``: as if done."""
    with _opened(gateway) as (asking, line):
        try:
            asking.message(line, body)
        except Refused as refused:
            if refused.code != but:
                raise
        asking.close(line)


def open_room(gateway: Gateway, room: Room, *, most: int) -> None:
    """Make the room, for so many who send, unless it is there. Nothing in it is ever recorded.

    Raises NotReached or Refused.
    """
    body = {
        "request": "create", "room": room.number, "secret": room.secret, "pin": room.pin,
        "permanent": False, "is_private": True, "publishers": most, "bitrate": BITRATE,
        "videocodec": CODECS, "audiocodec": "opus", "record": False, "lock_record": True,
        "allowed": [token_hex(16)],  # nobody has this one: with none, everybody may join
    }  # fmt: skip
    key = {"admin_key": gateway.admin_key} if gateway.admin_key else {}
    _manage(gateway, body | key, but=_ROOM_EXISTS)


def close_room(gateway: Gateway, room: Room) -> None:
    """End the room: whoever is in it sends and gets nothing more. Raises NotReached or Refused."""
    body = {"request": "destroy", "room": room.number, "secret": room.secret}
    _manage(gateway, body, but=_NO_ROOM)


def forbid(gateway: Gateway, room: Room, token: str) -> None:
    """Let nobody send by this token any more. Raises NotReached or Refused."""
    body = {"request": "allowed", "room": room.number, "secret": room.secret}
    _manage(gateway, body | {"action": "remove", "allowed": [token]}, but=_NO_ROOM)


def send(gateway: Gateway, room: Room, *, token: str, offer: str) -> Sent:
    """Have somebody join by a token of theirs and send what their browser offers.

    Raises NotReached, NoRoom or Refused.
    """
    allowing = {"request": "allowed", "room": room.number, "secret": room.secret}
    body = {"request": "joinandconfigure", "ptype": "publisher", "room": room.number}
    shown = {"pin": room.pin, "token": token}
    with _opened(gateway) as (asking, line):
        asking.message(line, allowing | {"action": "add", "allowed": [token]})
        said = asking.message(line, body | shown, jsep={"type": "offer", "sdp": offer})
        feed = _number(_of(_of(said, "plugindata"), "data"), "id")
        return Sent(line, feed, _sdp(said))


def get(gateway: Gateway, room: Room, *, feed: int) -> tuple[Line, str]:
    """Have somebody get what another sends: the connection, and what it offers to their browser.

    Raises NotReached, NoFeed or Refused.
    """
    body = {"request": "join", "ptype": "subscriber", "room": room.number}
    with _opened(gateway) as (asking, line):
        said = asking.message(line, body | {"pin": room.pin, "streams": [{"feed": feed}]})
        return line, _sdp(said)


def _sdp(said: Mapping[str, Any]) -> str:
    return str(_of(said, "jsep").get("sdp", ""))


def answer(gateway: Gateway, line: Line, sdp: str) -> None:
    """What their browser answered: from here on they get it. Raises NotReached, Lost or Refused."""
    said = {"type": "answer", "sdp": sdp}
    _Asking(gateway).message(line, {"request": "start"}, jsep=said)


def trickle(gateway: Gateway, line: Line, candidates: Sequence[Mapping[str, Any]]) -> None:
    """Addresses at which a browser may be reached. Raises NotReached, Lost or Refused."""
    said = {"janus": "trickle", "candidates": list(candidates)}
    _Asking(gateway).post(f"/{line.session}/{line.handle}", said)


def stay(gateway: Gateway, lines: Sequence[Line]) -> list[Line]:
    """Keep connections from ending by themselves; those that are gone. Raises NotReached."""
    asking, lost = _Asking(gateway), []
    for line in lines:
        try:
            asking.post(f"/{line.session}", {"janus": "keepalive"})
        except Lost:
            lost.append(line)
    return lost


def close(gateway: Gateway, lines: Sequence[Line]) -> None:
    """End connections, those that are there still. Raises NotReached or Unauthorised."""
    asking = _Asking(gateway)
    for line in lines:
        with suppress(Lost):
            asking.post(f"/{line.session}", {"janus": "destroy"})


def works(gateway: Gateway) -> None:
    """Look whether a call of many could be held: a room is made and ended at once.

    Raises NotReached, Unauthorised, or Refused, with code 460 when there is no video room there.
    """
    room = Room(int(token_hex(6), 16), token_hex(16), token_hex(8))
    open_room(gateway, room, most=1)
    close_room(gateway, room)


NO_PLUGIN = _NO_PLUGIN
OF_THE_KEY = (_KEY_MISSING, _UNAUTHORISED)
"""Refused for the key for making rooms, and not for the secret."""
