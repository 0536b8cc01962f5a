"""The other end of every text and e-mail of the demo: a process of its own, with a page to read.

Run as ``python -m almoner.demo.inbox --port 8020 --smtp-port 8025``. It takes texts by the
carrier's HTTP interface (``almoner.edges.sms``) and mail by SMTP, keeps the last thousand in memory
and shows them. A text to a number ending in 0000 is refused; one to a number ending in 0009 is
taken and never answered, so that the outcome is unknown.
"""

import argparse
import html
import json
import threading
import time
from collections import deque
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default as modern
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from urllib.parse import parse_qs

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

_KEPT = 1000
_SILENCE = 30.0


@dataclass(frozen=True, slots=True)
class Letter:
    """One text or e-mail as it arrived."""

    number: int
    channel: str
    to: str
    subject: str
    body: str


class Mailbox:
    """What has arrived, newest first; safe for several threads."""

    def __init__(self) -> None:
        self._letters: deque[Letter] = deque(maxlen=_KEPT)
        self._numbers = count(1)
        self._lock = threading.Lock()

    def put(self, channel: str, to: str, subject: str, body: str) -> Letter:
        with self._lock:
            letter = Letter(next(self._numbers), channel, to, subject, body)
            self._letters.appendleft(letter)
        return letter

    def letters(self, to: str = "") -> list[Letter]:
        with self._lock:
            return [letter for letter in self._letters if to in letter.to]


class MailReceiver:
    """aiosmtpd's handler: every message is taken."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode()
        message = message_from_bytes(raw, policy=modern)
        part = message.get_body(("plain", "html"))
        text = part.get_content() if part else ""
        for to in envelope.rcpt_tos:
            self.mailbox.put("email", to, str(message["Subject"] or ""), text)
        return "250 taken"


class Pages(BaseHTTPRequestHandler):
    """The carrier's interface (POST) and the page to read what arrived (GET)."""

    mailbox: Mailbox

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        fields = parse_qs(self.rfile.read(length).decode())
        to, body = fields.get("To", [""])[0], fields.get("Body", [""])[0]
        if not self.path.endswith("/Messages.json") or not to or not body:
            self._answer(400, {"code": 21604, "message": "To and Body are required"})
        elif to.endswith("0000"):
            self._answer(400, {"code": 21211, "message": "not a number we can reach"})
        else:
            letter = self.mailbox.put("sms", to, "", body)
            if to.endswith("0009"):
                time.sleep(_SILENCE)
            self._answer(201, {"sid": f"SM{letter.number:032x}", "status": "queued"})

    def do_GET(self) -> None:
        letters = self.mailbox.letters()
        if self.path.startswith("/letters.json"):
            self._answer(200, [vars_of(letter) for letter in letters])
            return
        rows = "".join(
            f"<article><h2>{html.escape(letter.channel)} to {html.escape(letter.to)}</h2>"
            f"<p><b>{html.escape(letter.subject)}</b></p><pre>{html.escape(letter.body)}</pre></article>"
            for letter in letters
        )
        page = (
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>Inbox</title>'
            f"<h1>What has arrived</h1>{rows or '<p>Nothing yet.</p>'}</html>"
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
        """Say nothing: a full inbox would fill the terminal of `make run`."""


def vars_of(letter: Letter) -> dict[str, object]:
    return {name: getattr(letter, name) for name in Letter.__slots__}


def serve(port: int, smtp_port: int) -> None:
    """Receive until the process is ended."""
    mailbox = Mailbox()
    mail = Controller(MailReceiver(mailbox), hostname="127.0.0.1", port=smtp_port)
    mail.start()
    handler = type("BoundPages", (Pages,), {"mailbox": mailbox})
    try:
        ThreadingHTTPServer(("127.0.0.1", port), handler).serve_forever()
    finally:
        mail.stop()


def main() -> None:
    parser = argparse.ArgumentParser(prog="almoner.demo.inbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8020)
    parser.add_argument("--smtp-port", type=int, default=8025)
    arguments = parser.parse_args()
    serve(arguments.port, arguments.smtp_port)


if __name__ == "__main__":
    main()
