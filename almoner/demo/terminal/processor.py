"""What the processor knows and does, and how it tells of it."""

import json
import os
import secrets
import threading
import time
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from queue import Queue
from typing import Any

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
