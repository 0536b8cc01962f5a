"""The demo's card processor, its terminal and the customer, as a process of its own.

Run as ``python -m almoner.demo.terminal --port 8010``. It speaks `docs/card-terminal.md`; the last
two digits of an amount choose what goes wrong. The page at ``/`` shows the device. Everything is
in memory: a fresh process knows nothing. It knows nothing of the product either.
"""

import argparse
import json
import os
import secrets
import threading
import time
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from queue import Queue
from typing import Any
from urllib.parse import parse_qs

import httpx

from almoner.edges.card import FINAL, LONGEST_KEY, SIGNATURE, Status, signature

DECLINE, WALK_AWAY, SILENT, DROP, LATE, TWICE, SHUFFLED, NO_NOTICE, BUTTON, GARBAGE = range(1, 11)
WORDS = {
    "approve": (Status.COMPLETED, ""),
    "decline": (Status.DECLINED, "insufficient funds"),
    "cancel": (Status.CANCELLED, "the customer cancelled"),
    "withdraw": (Status.CANCELLED, "cancelled at the desk"),
    "expire": (Status.CANCELLED, "the page was open for too long"),
}


@dataclass(slots=True)
class Order:
    """One checkout or refund, by its key. ``body`` is empty for a key that was only cancelled."""

    kind: str
    number: int
    key: str
    amount: int
    body: str
    payment_id: str = ""
    status: Status = Status.PENDING
    trouble: str = ""
    page: str = ""  # the token of its own page, where the customer pays on one
    url: str = ""
    back: str = ""
    until: float = 0.0

    @property
    def scenario(self) -> int:
        return self.amount % 100

    def said(self) -> dict[str, Any]:
        taken = self.status == Status.COMPLETED and self.kind == "checkout"
        return {
            "id": f"{self.kind}-{self.number}",
            "idempotency_key": self.key,
            "status": self.status.value,
            "amount": self.amount,
            "payment_id": self.payment_id or (f"pay-{self.number}" if taken else ""),
            "card": {"brand": "VISA", "last_4": f"{self.number % 10_000:04d}"} if taken else None,
            "trouble": self.trouble,
            "url": "" if self.status in FINAL else self.url,
        }


class Problem(Exception):
    """A refusal as the protocol says it."""

    def __init__(self, status: int, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.status = status
        self.said = {"error": {"code": code, "detail": detail}}


@dataclass(slots=True)
class Notifier:
    """Sends webhooks one after another, each tried three times."""

    url: str
    secret: str
    queue: "Queue[bytes]" = field(default_factory=Queue)
    numbers: "count[int]" = field(default_factory=lambda: count(1))
    sent: list[bytes] = field(default_factory=list)

    def tell(self, order: Order) -> bytes:
        event = {
            "event_id": f"evt-{os.getpid()}-{next(self.numbers)}",
            "type": f"{order.kind}.updated",
            "data": order.said(),
        }
        return json.dumps(event).encode()

    def send(self, *bodies: bytes) -> None:
        for body in bodies:
            self.sent.append(body)
            self.queue.put(body)

    def run(self) -> None:
        with httpx.Client(timeout=5, trust_env=False) as client:
            while True:
                body = self.queue.get()
                for _ in range(3):
                    if self._delivered(client, body):
                        break
                    time.sleep(0.5)

    def _delivered(self, client: httpx.Client, body: bytes) -> bool:
        if not self.url:
            return True
        headers = {SIGNATURE: signature(self.url, body, self.secret)}
        try:
            return client.post(self.url, content=body, headers=headers).is_success
        except httpx.HTTPError:
            return False


class Processor:
    """What the processor knows and does; safe for several threads."""

    def __init__(self, notifier: Notifier, delay: float, address: str) -> None:
        self.notifier = notifier
        self.address = address
        self.delay = delay
        self.orders: dict[str, Order] = {}
        self.charges = 0
        self.outage_until = 0.0
        self.outage_of = ""  # the method that is not answered; empty: none is
        self._numbers = count(1001)
        self._lock = threading.Lock()

    def place(self, kind: str, body: dict[str, Any]) -> Order:
        """Take an order once; the same key again is the same order."""
        key, amount = str(body.get("idempotency_key", "")), body.get("amount")
        if not 0 < len(key) <= LONGEST_KEY:
            raise Problem(400, "KEY_LENGTH", f"a key has 1 to {LONGEST_KEY} characters")
        if not isinstance(amount, int) or amount <= 0 or body.get("currency") != "USD":
            raise Problem(400, "AMOUNT", "a positive number of US cents")
        text = sha256(json.dumps([kind, body], sort_keys=True).encode()).hexdigest()
        with self._lock:
            if known := self.orders.get(key):
                if known.body not in {"", text}:
                    raise Problem(409, "IDEMPOTENCY_KEY_REUSED", "the key came with another body")
                return known
            if kind == "refund":
                self._check_refund(str(body.get("payment_id", "")), amount)
            order = Order(kind, next(self._numbers), key, amount, text)
            order.payment_id = str(body.get("payment_id", ""))
            if back := str(body.get("return_url", "")):
                order.page, order.back = secrets.token_urlsafe(16), back
                order.url = f"{self.address}/pay/{order.page}/"
                order.until = time.monotonic() + float(body.get("expires_in", 1800))
            self.orders[key] = order
        if not order.page:
            self._begin(order)
        return order

    def _check_refund(self, payment_id: str, amount: int) -> None:
        paid = {each.said()["payment_id"]: each for each in self._of("checkout")}
        if payment_id not in paid:
            raise Problem(400, "NO_SUCH_PAYMENT")
        back = sum(
            each.amount
            for each in self._of("refund")
            if each.payment_id == payment_id
            and each.status in {Status.COMPLETED, Status.PENDING, Status.IN_PROGRESS}
        )
        if back + amount > paid[payment_id].amount:
            raise Problem(400, "REFUND_TOO_HIGH", "more than is left of the payment")

    def _of(self, kind: str) -> list[Order]:
        return [order for order in self.orders.values() if order.kind == kind]

    def _begin(self, order: Order) -> None:
        if order.scenario in {SILENT, LATE, GARBAGE}:
            self.finish(order.key, "approve")
        elif order.scenario != BUTTON:
            threading.Timer(self.delay / 2, self._customer_comes, [order.key]).start()

    def _customer_comes(self, key: str) -> None:
        with self._lock:
            order = self.orders[key]
            if order.status in FINAL:
                return
            order.status = Status.IN_PROGRESS
            first = self.notifier.tell(order)
        if order.scenario not in {SHUFFLED, NO_NOTICE}:
            self.notifier.send(*[first] * (2 if order.scenario == TWICE else 1))
        word = {DECLINE: "decline", WALK_AWAY: "cancel"}.get(order.scenario, "approve")
        late = first if order.scenario == SHUFFLED else None
        threading.Timer(self.delay / 2, self.finish, [key, word, late]).start()

    def finish(self, key: str, word: str, late_notice: bytes | None = None) -> Order:
        """The customer approves, is declined or cancels; a final state stays as it is."""
        with self._lock:
            order = self.orders.get(key)
            if order is None:
                raise Problem(404, "NOT_FOUND")
            if order.status in FINAL:
                return order
            order.status, order.trouble = WORDS[word]
            self.charges += order.kind == "checkout" and order.status == Status.COMPLETED
            notice = self.notifier.tell(order)
        if order.scenario not in {SILENT, NO_NOTICE}:
            self.notifier.send(*[notice] * (2 if order.scenario == TWICE else 1))
        if late_notice:
            self.notifier.send(late_notice)
        return order

    def cancel(self, kind: str, key: str) -> Order:
        """Cancel by key; a key never heard of is cancelled for good."""
        if not 0 < len(key) <= LONGEST_KEY:
            raise Problem(400, "KEY_LENGTH")
        with self._lock:
            if key not in self.orders:
                self.orders[key] = Order(kind, next(self._numbers), key, 0, "")
        return self.finish(key, "withdraw")

    def found(self, kind: str, key: str) -> Order:
        with self._lock:
            order = self.orders.get(key)
        if order is None or order.kind != kind:
            raise Problem(404, "NOT_FOUND")
        return self._still_open(order)

    def page(self, token: str) -> Order:
        """The order whose customer pays on this page."""
        with self._lock:
            there = [order for order in self.orders.values() if token and order.page == token]
        if not there:
            raise Problem(404, "NOT_FOUND")
        return self._still_open(there[0])

    def _still_open(self, order: Order) -> Order:
        """A page that was open for too long is closed, and its order cancelled."""
        late = order.page and order.status not in FINAL and time.monotonic() > order.until
        return self.finish(order.key, "expire") if late else order

    def pay(self, token: str, button: str) -> Order:
        """The customer pressed a button of the page."""
        order = self.page(token)
        word = "decline" if button == "approve" and order.scenario == DECLINE else button
        if word not in WORDS:
            raise Problem(400, "BUTTON")
        return self.finish(order.key, word)

    def state(self) -> dict[str, Any]:
        with self._lock:
            orders = [order.said() | {"kind": order.kind} for order in self.orders.values()]
        return {"orders": orders, "charges": self.charges, "notices": len(self.notifier.sent)}


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
            self._send(200, "text/html; charset=utf-8", _pay_page(order).encode())

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
        rows = "".join(_row(order) for order in reversed(self.processor.state()["orders"][-20:]))
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


def _pay_page(order: Order) -> str:
    amount = f"${order.amount / 100:.2f}"
    buttons = (
        f'<p><button name="button" value="approve">Pay {amount} with the demo card</button></p>'
        '<p><button name="button" value="cancel">Go back without paying</button></p>'
    )
    closed = f'<p>This page is closed. <a href="{escape(order.back)}">Go back</a></p>'
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<title>Pay by card</title><main><h1>Demo card processor</h1>"
        f'<form method="post">{closed if order.status in FINAL else buttons}</form></main></html>'
    )


def _row(order: dict[str, Any]) -> str:
    key = escape(order["idempotency_key"])
    buttons = "".join(
        f'<button name="button" value="{word}">{word.capitalize()}</button> '
        for word in ("approve", "decline", "cancel")
    )
    form = (
        f'<form method="post" action="/control/press"><input type="hidden" name="key" '
        f'value="{key}">{buttons}</form>'
    )
    amount = f"${order['amount'] / 100:.2f}"
    waiting = order["status"] in {Status.PENDING, Status.IN_PROGRESS}
    return (
        f"<article><h2>{escape(order['kind'])} {amount}: {escape(order['status'])}</h2>"
        f"<p>{key} {escape(order['trouble'])}</p>{form if waiting else ''}</article>"
    )


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def main() -> None:
    parser = argparse.ArgumentParser(prog="almoner.demo.terminal", description=__doc__)
    parser.add_argument("--port", type=int, default=8010)
    parser.add_argument("--delay", type=float, default=1.0, help="seconds a customer takes")
    parser.add_argument("--silence", type=float, default=30.0, help="seconds of not answering")
    arguments = parser.parse_args()
    notifier = Notifier(
        os.environ.get("ALMONER_CARD_WEBHOOK_URL", ""),
        os.environ.get("ALMONER_CARD_WEBHOOK_SECRET", ""),
    )
    threading.Thread(target=notifier.run, daemon=True).start()
    bound = {
        "processor": Processor(notifier, arguments.delay, f"http://127.0.0.1:{arguments.port}"),
        "token": os.environ.get("ALMONER_CARD_PROCESSOR_TOKEN", ""),
        "silence": arguments.silence,
    }
    Server(("127.0.0.1", arguments.port), type("Bound", (Terminal,), bound)).serve_forever()


if __name__ == "__main__":
    main()
