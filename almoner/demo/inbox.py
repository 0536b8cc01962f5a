"""The other end of every text and e-mail of the demo: a process of its own, with a page to read.

Run as ``python -m almoner.demo.inbox --port 8020 --smtp-port 8025``. It takes texts by the
carrier's HTTP interface (``almoner.edges.sms``) and mail by SMTP, keeps the last thousand in memory
and shows them. A text to a number ending in 0000 is refused; one to a number ending in 0009 is
taken and never answered, so that the outcome is unknown.

What becomes of a text is reported to the ``StatusCallback`` it came with, signed: queued, sent and
delivered. A number ending in 0003 gets its reports twice and in the wrong order; one ending in
0005 or 0006 cannot be reached (30005, 30006); one ending in 0010 has opted out (21610).

Its page answers as the patient too: from a number that was texted, by the carrier's signed call to
``ALMONER_SMS_WEBHOOK_URL`` with ``ALMONER_SMS_TOKEN``; to an e-mail, which goes to its reply
address; and writes from any address, as whatever takes the clinic's mail hands it on: the whole
message, posted to ``ALMONER_EMAIL_WEBHOOK_URL`` and signed with ``ALMONER_EMAIL_WEBHOOK_SECRET``.
A file can go along with each. What goes with a text stays here, at the carrier's address for it,
until the clinic fetches it with its account and ``ALMONER_SMS_TOKEN``.

An e-mail to ``gone@`` anywhere, or ``gone+1@``, comes back (5.1.1), twice; one to ``full@`` since
the box is full (5.2.2); one to ``angry@`` is reported as unwanted; ``nobody@`` is refused at once.
"""

import argparse
import html
import json
import os
import threading
import time
from collections import deque
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode
from uuid import uuid4

import httpx
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from almoner.demo.enclosed import Enclosed, Store, posted
from almoner.demo.returns import named, reports_on
from almoner.edges import mail, sms

_KEPT = 1000
_SILENCE = 30.0
_WHEN = "that day"
_FILE = '<label>File <input name="File" type="file"></label> '
_NEW_MAIL = (
    '<form method="post" action="/write" enctype="multipart/form-data">'
    "<h2>Write to the clinic</h2><p>"
    '<label>Your address <input name="From" type="email" required></label> '
    '<label>Subject <input name="Subject"></label> '
    '<label>Message <textarea name="Body" required></textarea></label> '
    f"{_FILE}<button>Write</button></p></form>"
)


@dataclass(frozen=True, slots=True)
class Letter:
    """One text or e-mail as it arrived."""

    number: int
    channel: str
    to: str
    subject: str
    body: str
    reply_to: str = ""


class Mailbox:
    """What has arrived, newest first; safe for several threads."""

    def __init__(self) -> None:
        self._letters: deque[Letter] = deque(maxlen=_KEPT)
        self._numbers = count(1)
        self._lock = threading.Lock()

    def put(self, channel: str, to: str, subject: str, body: str, reply_to: str = "") -> Letter:
        with self._lock:
            letter = Letter(next(self._numbers), channel, to, subject, body, reply_to)
            self._letters.appendleft(letter)
        return letter

    def letters(self, to: str = "") -> list[Letter]:
        with self._lock:
            return [letter for letter in self._letters if to in letter.to]

    def mailed(self) -> list[Letter]:
        """The e-mails that can be answered, the last first."""
        return [each for each in self.letters() if each.channel == "email" and each.reply_to]

    def texted(self) -> list[str]:
        """The numbers that got a text, the last first."""
        return list(dict.fromkeys(each.to for each in self.letters() if each.channel == "sms"))


@dataclass(frozen=True, slots=True)
class Clinic:
    """Where the clinic hears what comes in, and what both sides sign with: texts, and e-mails."""

    url: str
    token: str
    mail_url: str = ""
    mail_secret: str = ""
    store: Store | None = None

    def hear_mail(self, letter: Letter, body: str, file: Enclosed | None = None) -> str:
        """Hand it the patient's answer to an e-mail; what went wrong, or nothing."""
        if not self.mail_url:
            return "The clinic has no address for e-mails (ALMONER_EMAIL_WEBHOOK_URL)."
        answer = EmailMessage()
        answer["From"], answer["To"] = letter.to, letter.reply_to
        answer["Subject"] = f"Re: {letter.subject}"
        answer["Message-ID"] = f"<{uuid4().hex}@people.example>"
        quoted = "\n".join(f"> {line}" for line in letter.body.splitlines())
        answer.set_content(f"{body}\n\nOn {_WHEN}, the clinic wrote:\n{quoted}\n")
        return self._mailed(answer, file)

    def hear_new_mail(
        self, sender: str, subject: str, body: str, file: Enclosed | None = None
    ) -> str:
        """Hand it an e-mail that answers none, from any address; what went wrong, or nothing."""
        if not self.mail_url:
            return "The clinic has no address for e-mails (ALMONER_EMAIL_WEBHOOK_URL)."
        new = EmailMessage()
        new["From"], new["To"], new["Subject"] = sender, "desk@clinic.example", subject
        new["Message-ID"] = f"<{uuid4().hex}@people.example>"
        new.set_content(body)
        return self._mailed(new, file)

    def report(self, sender: str, to: str, raw: bytes) -> None:
        """Send back what mail servers say of an e-mail, to the address it came from."""
        for each in reports_on(sender, to, raw):
            self._handed_on(each)

    def _mailed(self, message: EmailMessage, file: Enclosed | None) -> str:
        if file:
            file.with_mail(message)
        return self._handed_on(message.as_bytes())

    def _handed_on(self, raw: bytes) -> str:
        mark = mail.signature(self.mail_url, raw, self.mail_secret, at=int(time.time()))
        headers = {mail.SIGNATURE: mark, "Content-Type": "message/rfc822"}
        return _posted(self.mail_url, content=raw, headers=headers)

    def learn(self, where: str, sid: str, to: str) -> None:
        """Report what becomes of a text, as fast as the clinic takes it."""
        for status, code in reports_for(to):
            fields = {"MessageSid": sid, "MessageStatus": status, "To": to}
            self._call(where, fields | ({"ErrorCode": code} if code else {}))

    def hear(self, sender: str, body: str, file: Enclosed | None = None) -> str:
        """Hand it a text as the carrier does; what went wrong, or nothing."""
        if not self.url:
            return "The clinic has no address for texts (ALMONER_SMS_WEBHOOK_URL)."
        number = uuid4().hex
        fields = {
            "MessageSid": f"SM{number}",
            "AccountSid": "AC1",
            "From": sender,
            "To": os.environ.get("ALMONER_SMS_SENDER") or "+16085550100",
            "Body": body,
            "NumMedia": "0",
        }
        if file and self.store:
            fields |= {
                "NumMedia": "1",
                "MediaUrl0": self.store.put(file, f"MM{number}"),
                "MediaContentType0": file.media,
            }
        return self._call(self.url, fields)

    def _call(self, where: str, fields: dict[str, str]) -> str:
        mark = sms.signature(where, {name: [each] for name, each in fields.items()}, self.token)
        return _posted(where, data=fields, headers={sms.SIGNATURE: mark})


def _posted(where: str, **what: Any) -> str:
    """What went wrong when this was posted to the clinic; empty when nothing did."""
    try:
        answer = httpx.post(where, timeout=10, trust_env=False, **what)
    except httpx.HTTPError as error:
        return f"The clinic does not answer: {error}"
    return "" if answer.is_success else f"The clinic answered {answer.status_code}."


def reports_for(to: str) -> list[tuple[str, str]]:
    """Each report of a text to this number, in the order it is sent, with its code."""
    if to.endswith("0003"):
        ends = [("delivered", ""), ("sent", ""), ("queued", "")]
        return ends + ends
    if to.endswith(("0005", "0006")):
        return [("queued", ""), ("sent", ""), ("undelivered", f"3{to[-4:]}")]
    return [("queued", ""), ("sent", ""), ("delivered", "")]


class MailReceiver:
    """aiosmtpd's handler: every message is taken."""

    def __init__(self, mailbox: Mailbox, clinic: Clinic) -> None:
        self.mailbox, self.clinic = mailbox, clinic

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, _server: SMTP, _session: Session, envelope: Envelope, to: str, _options: list[str]
    ) -> str:
        if named(to) == "nobody":
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode()
        message = message_from_bytes(raw, policy=modern)
        part = message.get_body(("plain", "html"))
        text = part.get_content() if part else ""
        for to in envelope.rcpt_tos:
            subject, reply_to = str(message["Subject"] or ""), str(message["Reply-To"] or "")
            self.mailbox.put("email", to, subject, text, reply_to)
            if self.clinic.mail_url and envelope.mail_from:
                told = (envelope.mail_from, to, raw)
                threading.Thread(target=self.clinic.report, args=told, daemon=True).start()
        return "250 taken"


class Pages(BaseHTTPRequestHandler):
    """The carrier's interface (POST) and the page to read what arrived (GET)."""

    mailbox: Mailbox
    clinic: Clinic
    _FORMS: ClassVar[dict[str, tuple[str, tuple[str, ...]]]] = {
        "/answer": ("_as_patient", ("From", "Body")),
        "/answer-mail": ("_by_mail", ("Letter", "Body")),
        "/write": ("_new_mail", ("From", "Subject", "Body")),
    }

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        fields, file = posted(self.headers.get("Content-Type", ""), self.rfile.read(length))
        if self.path in self._FORMS:
            name, wanted = self._FORMS[self.path]
            getattr(self, name)(*(fields.get(each, "") for each in wanted), file)
            return
        to, body = fields.get("To", ""), fields.get("Body", "")
        if not self.path.endswith("/Messages.json") or not to or not body:
            self._answer(400, {"code": 21604, "message": "To and Body are required"})
        elif to.endswith("0000"):
            self._answer(400, {"code": 21211, "message": "not a number we can reach"})
        elif to.endswith("0010"):
            self._answer(400, {"code": 21610, "message": "the recipient has opted out"})
        else:
            letter = self.mailbox.put("sms", to, "", body)
            if to.endswith("0009"):
                time.sleep(_SILENCE)
            sid = f"SM{letter.number:032x}"
            self._answer(201, {"sid": sid, "status": "queued"})
            if where := fields.get("StatusCallback", ""):
                threading.Thread(target=self.clinic.learn, args=(where, sid, to)).start()

    def _as_patient(self, sender: str, body: str, file: Enclosed | None) -> None:
        if not body or sender not in self.mailbox.texted():
            trouble = "Only a number that was texted can answer, and with some words."
        else:
            trouble = self.clinic.hear(sender, body, file)
        self._answered(sender, body, trouble)

    def _by_mail(self, number: str, body: str, file: Enclosed | None) -> None:
        letter = next((each for each in self.mailbox.mailed() if str(each.number) == number), None)
        if not body or letter is None:
            self._answered("", body, "Only an e-mail that is here can be answered, with words.")
        else:
            self._answered(letter.to, body, self.clinic.hear_mail(letter, body, file))

    def _new_mail(self, sender: str, subject: str, body: str, file: Enclosed | None) -> None:
        if "@" not in sender or "\n" in sender + subject or not body:
            self._answered("", body, "An e-mail comes from an address, and has words.")
        else:
            trouble = self.clinic.hear_new_mail(sender, subject, body, file)
            self._answered(sender, body, trouble)

    def _answered(self, sender: str, body: str, trouble: str) -> None:
        if not trouble:
            self.mailbox.put("answer", "the clinic", f"from {sender}", body)
        self.send_response(303)
        self.send_header("Location", f"/?{urlencode({'trouble': trouble})}" if trouble else "/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        if "/Media/" in self.path and self.clinic.store:
            status, file = self.clinic.store.get(self.path, self.headers.get("Authorization", ""))
            media, content = (file.media, file.content) if file else ("text/plain", b"")
            self._send(status, media, content)
            return
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
            f"<h1>What has arrived</h1>{self._form()}{rows or '<p>Nothing yet.</p>'}</html>"
        )
        self._send(200, "text/html; charset=utf-8", page.encode())

    def _form(self) -> str:
        """The patient's phone: which one, and the words."""
        trouble = parse_qs(self.path.partition("?")[2]).get("trouble", [""])[0]
        told = f'<p role="alert">{html.escape(trouble)}</p>' if trouble else ""
        numbers = "".join(f"<option>{html.escape(each)}</option>" for each in self.mailbox.texted())
        return told + self._mail_form() + (self._text_form(numbers) if numbers else "")

    def _mail_form(self) -> str:
        letters = "".join(
            f'<option value="{each.number}">{html.escape(f"{each.to}: {each.subject}")}</option>'
            for each in self.mailbox.mailed()
        )
        if not letters:
            return _NEW_MAIL
        return (
            f'{_NEW_MAIL}<form method="post" action="/answer-mail" enctype="multipart/form-data">'
            "<h2>Answer an e-mail as the patient</h2><p>"
            f'<label>E-mail <select name="Letter">{letters}</select></label> '
            '<label>Answer <textarea name="Body" required></textarea></label> '
            f"{_FILE}<button>Send it</button></p></form>"
        )

    def _text_form(self, numbers: str) -> str:
        return (
            '<form method="post" action="/answer" enctype="multipart/form-data">'
            "<h2>Answer as the patient</h2><p>"
            f'<label>From <select name="From">{numbers}</select></label> '
            '<label>Words <input name="Body" required maxlength="1600" placeholder="STOP"></label> '
            f"{_FILE}<button>Send</button></p></form>"
        )

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
    clinic = Clinic(
        os.environ.get("ALMONER_SMS_WEBHOOK_URL", ""),
        os.environ.get("ALMONER_SMS_TOKEN", ""),
        os.environ.get("ALMONER_EMAIL_WEBHOOK_URL", ""),
        os.environ.get("ALMONER_EMAIL_WEBHOOK_SECRET", ""),
        Store(
            f"http://127.0.0.1:{port}",
            os.environ.get("ALMONER_SMS_ACCOUNT", ""),
            os.environ.get("ALMONER_SMS_TOKEN", ""),
        ),
    )
    receiver = Controller(MailReceiver(mailbox, clinic), hostname="127.0.0.1", port=smtp_port)
    receiver.start()
    handler = type("BoundPages", (Pages,), {"mailbox": mailbox, "clinic": clinic})
    try:
        ThreadingHTTPServer(("127.0.0.1", port), handler).serve_forever()
    finally:
        receiver.stop()


def main() -> None:
    parser = argparse.ArgumentParser(prog="almoner.demo.inbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8020)
    parser.add_argument("--smtp-port", type=int, default=8025)
    arguments = parser.parse_args()
    serve(arguments.port, arguments.smtp_port)


if __name__ == "__main__":
    main()
