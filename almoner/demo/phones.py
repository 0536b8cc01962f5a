"""The other end of every call of the demo: a process of its own, with a page of phones.

Run as ``python -m almoner.demo.phones --port 8021``. It places calls by the carrier's HTTP
interface (``almoner.edges.voice``): it reports how far a call is to its ``StatusCallback``, asks
the ``Url`` what to say, reads the TwiML, and posts the keys that are pressed to where that says,
all signed with ``ALMONER_VOICE_TOKEN``. Its last calls are kept in memory and shown.

A number ending in 0007 is busy and one ending in 0004 is not picked up; one ending in 0008 is a
machine. Every other phone rings until somebody picks it up on the page (or lets the machine do so),
and then waits for keys. What a phone is to do next can be told before it rings: ``POST /script``
with ``To``, ``Answer`` (``person``, ``machine``, ``busy``, ``no-answer``) and ``Keys``, one for
each turn: ``1 1`` (``-`` presses nothing, ``hangup`` hangs up). A number ending in 0003 has its
reports sent twice, the last first.
"""

import argparse
import html
import json
import os
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from queue import Empty, Queue
from urllib.parse import parse_qs
from xml.etree.ElementTree import Element, ParseError, fromstring

import httpx

from almoner.edges import sms

_KEPT = 200
_LONGEST_CALL = 120.0  # seconds a phone that was picked up waits for a key
_TURNS = 40
HANG_UP, NOTHING = "hangup", "-"


@dataclass(slots=True)
class Ringing:
    """One call, from the first ring to what it came to."""

    sid: str
    to: str
    words_at: str
    report_to: str
    rings: float
    status: str = "queued"
    heard: list[str] = field(default_factory=list)
    keys: Queue[str] = field(default_factory=Queue)
    picked: Queue[str] = field(default_factory=Queue)

    def shown(self) -> dict[str, object]:
        return {"sid": self.sid, "to": self.to, "status": self.status, "heard": list(self.heard)}


class Exchange:
    """Every phone there is: what each is to do next, and the calls to it, the last first."""

    def __init__(self, token: str) -> None:
        self.calls: deque[Ringing] = deque(maxlen=_KEPT)
        self._scripts: dict[str, deque[tuple[str, list[str]]]] = {}
        self._token = token
        self._numbers = count(1)
        self._lock = threading.Lock()

    def script(self, to: str, answer: str, keys: list[str]) -> None:
        """What a phone does at the next call, the one after it, and so on."""
        with self._lock:
            self._scripts.setdefault(to, deque()).append((answer, keys))

    def place(self, to: str, words_at: str, report_to: str, rings: float) -> Ringing:
        with self._lock:
            sid = f"CA{next(self._numbers):032x}"
            call = Ringing(sid, to, words_at, report_to, rings)
            self.calls.appendleft(call)
        threading.Thread(target=self._ring, args=(call,), daemon=True).start()
        return call

    def call(self, sid: str) -> Ringing | None:
        return next((each for each in list(self.calls) if each.sid == sid), None)

    def _ring(self, call: Ringing) -> None:
        told: list[str] = []
        for status in ("initiated", "ringing"):
            self._report(call, status, told)
        answer, keys = self._does(call)
        if answer not in ("person", "machine"):
            self._report(call, answer, told)
        else:
            self._report(call, "in-progress", told)
            self._talk(call, answer, keys)
            self._report(call, "completed", told)
        if call.to.endswith("0003"):
            for status in reversed(told):
                self._say(call, call.report_to, CallStatus=status)

    def _does(self, call: Ringing) -> tuple[str, list[str] | None]:
        """Who picks it up, and the keys pressed then; None: those that come from the page."""
        with self._lock:
            scripts = self._scripts.get(call.to)
            if scripts:
                return scripts.popleft()
        for ending, answer in (("0007", "busy"), ("0004", "no-answer"), ("0008", "machine")):
            if call.to.endswith(ending):
                return answer, []
        try:
            return call.picked.get(timeout=call.rings), None
        except Empty:
            return "no-answer", []

    def _report(self, call: Ringing, status: str, told: list[str]) -> None:
        told.append(status)
        self._say(call, call.report_to, CallStatus=status)
        call.status = status

    def _talk(self, call: Ringing, answer: str, keys: list[str] | None) -> None:
        """Ask what to say, and press what is told, until one of both hangs up."""
        by = "human" if answer == "person" else "machine_end_beep"
        where, fields = call.words_at, {"CallStatus": "in-progress", "AnsweredBy": by}
        for _turn in range(_TURNS):
            gather = self._listen(call, self._say(call, where, **fields))
            if gather is None:
                return
            pressed = keys.pop(0) if keys else self._pressed(call) if keys is None else HANG_UP
            if pressed == HANG_UP:
                return
            digits = "" if pressed == NOTHING else pressed[: int(gather.get("numDigits", "1"))]
            call.heard.append(f"[{digits}]")
            where, fields = gather.get("action", ""), {
                "CallStatus": "in-progress", "Digits": digits,
            }  # fmt: skip

    def _pressed(self, call: Ringing) -> str:
        try:
            return call.keys.get(timeout=_LONGEST_CALL)
        except Empty:
            return HANG_UP

    def _listen(self, call: Ringing, answer: bytes) -> Element | None:
        """Hear what is said; what it waits for, or None at the end."""
        try:
            response = fromstring(answer)  # noqa: S314 (the clinic's own answer on loopback)
        except ParseError:
            call.heard.append("(an application error has occurred)")
            return None
        for said in response.iter("Say"):
            call.heard.append(f"{said.get('language')}: {said.text}")
        return response.find("Gather")

    def _say(self, call: Ringing, where: str, **fields: str) -> bytes:
        """Post something to the clinic, signed; what it answers, or nothing."""
        form = {"CallSid": call.sid, "AccountSid": "AC1", "To": call.to, **fields}
        mark = sms.signature(where, {name: [each] for name, each in form.items()}, self._token)
        try:
            answer = httpx.post(
                where, data=form, headers={sms.SIGNATURE: mark}, timeout=15, trust_env=False
            )
        except httpx.HTTPError as error:
            call.heard.append(f"(no answer: {error})")
            return b""
        return answer.content if answer.is_success else b""


class Pages(BaseHTTPRequestHandler):
    """The carrier's interface (POST), and the page of phones (GET)."""

    exchange: Exchange

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        form = {name: each[0] for name, each in parse_qs(self.rfile.read(length).decode()).items()}
        if self.path.endswith("/Calls.json"):
            self._place(form)
        elif self.path == "/script":
            self.exchange.script(form["To"], form["Answer"], form.get("Keys", "").split())
            self._send(200, "text/plain", b"")
        else:
            self._by_hand(form)

    def _place(self, form: dict[str, str]) -> None:
        to, words_at = form.get("To", ""), form.get("Url", "")
        if not to or not words_at:
            self._answer(400, {"code": 21205, "message": "To and Url are required"})
        elif to.endswith("0000"):
            self._answer(400, {"code": 21211, "message": "not a number we can reach"})
        else:
            rings = float(form.get("Timeout", "60"))
            call = self.exchange.place(to, words_at, form.get("StatusCallback", ""), rings)
            self._answer(201, {"sid": call.sid, "status": "queued"})

    def _by_hand(self, form: dict[str, str]) -> None:
        """Somebody at the page picks a phone up, or presses a key of it."""
        call = self.exchange.call(form.get("Sid", ""))
        if call and self.path == "/pick-up":
            call.picked.put(form.get("By", "person"))
        elif call and self.path == "/press":
            call.keys.put(form.get("Keys", NOTHING))
        time.sleep(0.5)  # until the page can show what is said then
        self.send_response(303)
        self.send_header("Location", "/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        calls = list(self.exchange.calls)
        if self.path.startswith("/calls.json"):
            self._answer(200, [each.shown() for each in calls])
            return
        rows = "".join(map(_phone, calls)) or "<p>No phone has rung yet.</p>"
        page = (
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>Phones</title>'
            f"<h1>Phones</h1><p><a href='/'>Look again</a></p>{rows}</html>"
        )
        self._send(200, "text/html; charset=utf-8", page.encode())

    def _answer(self, status: int, body: object) -> None:
        self._send(status, "application/json", json.dumps(body).encode())

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing: calls would fill the terminal of `make run`."""


def _phone(call: Ringing) -> str:
    """One phone on the page: what is heard in it, and what can be done with it now."""
    heard = "".join(f"<li>{html.escape(each)}</li>" for each in call.heard)
    return (
        f"<article><h2>{html.escape(call.to)}: {html.escape(call.status)}</h2>"
        f"<ol>{heard}</ol>{_buttons(call)}</article>"
    )


def _buttons(call: Ringing) -> str:
    where = f'<input type="hidden" name="Sid" value="{html.escape(call.sid)}">'
    if call.status == "ringing":
        return (
            f'<form method="post" action="/pick-up">{where}'
            '<button name="By" value="person">Pick it up</button> '
            '<button name="By" value="machine">Let the machine do so</button></form>'
        )
    if call.status != "in-progress":
        return ""
    keys = "".join(f'<button name="Keys" value="{each}">{each}</button> ' for each in "123456789")
    return (
        f'<form method="post" action="/press">{where}{keys}'
        '<button name="Keys" value="hangup">Hang up</button></form>'
        f'<form method="post" action="/press">{where}<label>Several digits '
        '<input name="Keys" inputmode="numeric" required></label> '
        "<button>Press them</button></form>"
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="almoner.demo.phones", description=__doc__)
    parser.add_argument("--port", type=int, default=8021)
    port = parser.parse_args().port
    exchange = Exchange(os.environ.get("ALMONER_VOICE_TOKEN", ""))
    handler = type("BoundPages", (Pages,), {"exchange": exchange})
    ThreadingHTTPServer(("127.0.0.1", port), handler).serve_forever()


if __name__ == "__main__":
    main()
