"""The processor's interface, the control endpoint, and the device's page."""

import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from almoner.demo.terminal.pages import pay_page, row
from almoner.demo.terminal.processor import DROP, GARBAGE, LATE, SILENT, Problem, Processor

KINDS = {"checkouts": "checkout", "refunds": "refund"}


class Terminal(BaseHTTPRequestHandler):
    """The processor's interface, the control endpoint, and the device's page."""

    processor: Processor
    token: str
    silence: float

    def do_GET(self) -> None:
        if self.path == "/":
            self._send(200, "text/html; charset=utf-8", self._page().encode())
        elif self.path.startswith("/pay/"):
            self._pay_page()
        elif self.path == "/control/state":
            self._answer(200, self.processor.state())
        else:
            self._guarded(self._look_up)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path.startswith("/control/"):
            self._control(body)
        elif self.path.startswith("/pay/"):
            self._pay(parse_qs(body.decode()).get("button", [""])[0])
        else:
            self._guarded(lambda: self._write(body))

    def _guarded(self, act: Any) -> None:
        try:
            self._admit()
            act()
        except Problem as problem:
            self._answer(problem.status, problem.said)

    def _admit(self) -> None:
        out = time.monotonic() < self.processor.outage_until
        if out and self.processor.outage_of in {"", self.command}:
            raise Problem(503, "OUTAGE")
        if self.token and self.headers.get("Authorization") != f"Bearer {self.token}":
            raise Problem(401, "UNAUTHORIZED")

    def _look_up(self) -> None:
        noun, _, key = self.path.strip("/").partition("/by-key/")
        if noun not in KINDS:
            raise Problem(404, "NOT_FOUND")
        self._answer(200, self.processor.found(KINDS[noun], key).said())

    def _write(self, raw: bytes) -> None:
        try:
            body = json.loads(raw)
        except ValueError:
            raise Problem(400, "NOT_JSON") from None
        noun, _, verb = self.path.strip("/").partition("/")
        if noun == "pay-pages" and body.get("return_url"):
            self._place("checkout", body)
            return
        if noun not in KINDS or verb not in {"", "cancel"}:
            raise Problem(404, "NOT_FOUND")
        if verb == "cancel":
            order = self.processor.cancel(KINDS[noun], str(body.get("idempotency_key", "")))
            self._answer(200, order.said())
        else:
            self._place(KINDS[noun], body)

    def _place(self, kind: str, body: dict[str, Any]) -> None:
        amount = body.get("amount")
        scenario = amount % 100 if isinstance(amount, int) else 0
        if scenario == DROP:
            self._hang_up()
            return
        order = self.processor.place(kind, body)
        if scenario == SILENT:
            self._hang_up()
        elif scenario == GARBAGE:
            self._send(200, "application/json", b"<html>gateway</html>")
        else:
            if scenario == LATE:
                time.sleep(self.silence)
            self._answer(200, order.said())

    def _pay_page(self) -> None:
        """Where a customer pays: the only place that would ever see a card's number."""
        try:
            order = self.processor.page(self.path.split("/")[2])
        except Problem:
            self._send(404, "text/html; charset=utf-8", b"<!doctype html><h1>Not found</h1>")
        else:
            self._send(200, "text/html; charset=utf-8", pay_page(order).encode())

    def _pay(self, button: str) -> None:
        try:
            order = self.processor.pay(self.path.split("/")[2], button)
        except Problem as problem:
            self._answer(problem.status, problem.said)
            return
        self.send_response(303)
        self.send_header("Location", order.back)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _hang_up(self) -> None:
        time.sleep(self.silence)
        self.close_connection = True

    def _control(self, raw: bytes) -> None:
        """``press`` (key, button), ``outage`` (seconds, only), ``replay``; JSON or a form."""
        given = self.headers.get("Content-Type", "")
        form = {name: values[0] for name, values in parse_qs(raw.decode()).items()}
        body = json.loads(raw) if "json" in given and raw else form
        try:
            self._do(self.path.removeprefix("/control/"), body)
        except Problem as problem:
            self._answer(problem.status, problem.said)
        except (KeyError, ValueError) as error:
            self._answer(400, {"error": {"code": "CONTROL", "detail": repr(error)}})
        else:
            self._done(form=body is form)

    def _do(self, verb: str, body: dict[str, Any]) -> None:
        if verb == "press":
            self.processor.finish(str(body["key"]), str(body["button"]))
        elif verb == "outage":
            self.processor.outage_of = str(body.get("only", ""))
            self.processor.outage_until = time.monotonic() + float(body["seconds"])
        elif verb == "replay":
            self.processor.notifier.send(*list(self.processor.notifier.sent))
        else:
            raise Problem(404, "NOT_FOUND")

    def _done(self, *, form: bool) -> None:
        if form:
            self.send_response(303)
            self.send_header("Location", "/")
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self._answer(200, self.processor.state())

    def _page(self) -> str:
        rows = "".join(row(order) for order in reversed(self.processor.state()["orders"][-20:]))
        return (
            '<!doctype html><html lang="en"><meta charset="utf-8">'
            '<meta http-equiv="refresh" content="2"><title>Card terminal</title>'
            f"<h1>Card terminal of the demo</h1>{rows or '<p>Waiting for an amount.</p>'}</html>"
        )

    def _answer(self, status: int, body: object) -> None:
        self._send(status, "application/json", json.dumps(body).encode())

    def _send(self, status: int, kind: str, body: bytes) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client had given up waiting

    def log_message(self, *_arguments: object) -> None:
        """Say nothing: the terminal of `make run` is for people."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
