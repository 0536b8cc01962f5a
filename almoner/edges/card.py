"""The card processor and its terminal over HTTP; `docs/card-terminal.md` is the whole protocol.

Every write carries an idempotency key of at most 45 characters, kept by us before the first try:
the same key with the same body gives the first answer, with another body an error. Nothing is ever
tried again from here. Whoever asked and got OutcomeUnknown looks the key up before asking anew.
A card number never passes through this module: the terminal reads the card, we name the amount.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import httpx
from django.conf import settings

from almoner.ground.words import gettext_noop

LONGEST_KEY = 45
CONNECT_SECONDS = 3.0
SIGNATURE = "X-Card-Signature"


class CardError(Exception):
    """The processor did not do what was asked; the message is for a person."""


class NotReached(CardError):
    """Nothing was sent: no address, or no connection. Nothing was charged."""


class OutcomeUnknown(CardError):
    """It was sent and no whole answer came: the processor may or may not have acted."""


class Refused(CardError):
    """The processor answered, and the answer was no. ``code`` is its word for why."""

    def __init__(self, code: str, said: str) -> None:
        said = said or gettext_noop("no reason given")
        super().__init__(f"{gettext_noop('The card processor refused')}: {code}: {said}")
        self.code = code


class Status(StrEnum):
    """What became of a checkout or a refund. The last four never change again."""

    PENDING = "PENDING"  # waits for the terminal
    IN_PROGRESS = "IN_PROGRESS"  # the customer is at the terminal
    COMPLETED = "COMPLETED"
    DECLINED = "DECLINED"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"


FINAL = frozenset({Status.COMPLETED, Status.DECLINED, Status.CANCELLED, Status.FAILED})


@dataclass(frozen=True, slots=True)
class Answer:
    """What the processor knows of one key: a checkout, or a refund. ``cents`` are US cents.

    ``page_url`` is the processor's own page where the customer pays, while that is what it is for.
    """

    id: str
    key: str
    status: Status
    cents: int
    payment_id: str = ""
    brand: str = ""
    last_four: str = ""
    trouble: str = ""
    page_url: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A webhook: the same ``event_id`` may come twice, and notices may come in any order."""

    event_id: str
    kind: str
    answer: Answer


def charge(*, key: str, cents: int, reference: str, device: str) -> Answer:
    """Ask the terminal ``device`` to take a card for ``cents``; answers at once, mostly PENDING.

    Raises NotReached, OutcomeUnknown or Refused.
    """
    body = {"idempotency_key": key, "amount": cents, "currency": "USD"}
    return _one(_call("POST", "/checkouts", body | {"reference": reference, "device": device}))


def open_page(*, key: str, cents: int, reference: str, back: str, seconds: int) -> Answer:
    """Ask for a page of the processor's own on which the customer pays ``cents`` by card.

    From it the customer is sent ``back``; what became of it is never learned from there. After so
    many seconds the page is closed by the processor, and the key is CANCELLED.
    Raises NotReached, OutcomeUnknown or Refused.
    """
    body = {"idempotency_key": key, "amount": cents, "currency": "USD", "reference": reference}
    return _one(_call("POST", "/pay-pages", body | {"return_url": back, "expires_in": seconds}))


def look_up(key: str) -> Answer | None:
    """What became of the checkout of this key; None when the processor never heard of it.

    Raises NotReached, OutcomeUnknown or Refused.
    """
    return _found(f"/checkouts/by-key/{key}")


def cancel(key: str) -> Answer:
    """Cancel the checkout of this key, whether or not it ever arrived.

    The answer says what it is now: too late for one that is COMPLETED. A key the processor never
    heard of becomes CANCELLED for good, so that a delayed request with it charges nobody.
    Raises NotReached, OutcomeUnknown or Refused.
    """
    return _one(_call("POST", "/checkouts/cancel", {"idempotency_key": key}))


def refund(*, key: str, payment_id: str, cents: int, reason: str) -> Answer:
    """Give back part or all of a completed payment to the card it came from.

    Raises NotReached, OutcomeUnknown or Refused.
    """
    body = {"idempotency_key": key, "payment_id": payment_id, "amount": cents, "currency": "USD"}
    return _one(_call("POST", "/refunds", body | {"reason": reason}))


def look_up_refund(key: str) -> Answer | None:
    """What became of the refund of this key; None when the processor never heard of it."""
    return _found(f"/refunds/by-key/{key}")


def cancel_refund(key: str) -> Answer:
    """Make sure the refund of this key does not happen, unless it has already."""
    return _one(_call("POST", "/refunds/cancel", {"idempotency_key": key}))


def signature(url: str, body: bytes, secret: str) -> str:
    """HMAC-SHA256 of the notification address followed by the raw body, in base64."""
    mac = hmac.new(secret.encode(), url.encode() + body, hashlib.sha256)
    return base64.b64encode(mac.digest()).decode()


def genuine(*, url: str, body: bytes, given: str, secret: str) -> bool:
    """Whether the processor signed this webhook. Without a secret nothing is genuine."""
    return bool(secret) and hmac.compare_digest(
        signature(url, body, secret).encode(), given.encode("utf-8", "surrogatepass")
    )


def read_notice(body: bytes) -> Notice:
    """The webhook's content. Raises Refused when it is not one."""
    try:
        said = json.loads(body)
        event_id, kind = str(said["event_id"]), str(said["type"])
        return Notice(event_id=event_id, kind=kind, answer=_answer(said["data"]))
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("MALFORMED", f"not a notice: {error!r}") from error


def _found(path: str) -> Answer | None:
    try:
        return _one(_call("GET", path))
    except Refused as refused:
        if refused.code == "NOT_FOUND":
            return None
        raise


@contextmanager
def _client() -> Iterator[httpx.Client]:
    address = settings.CARD_PROCESSOR_URL
    if not address:
        message = f"{gettext_noop('No card processor is configured')}: ALMONER_CARD_PROCESSOR_URL"
        raise NotReached(message)
    timeout = httpx.Timeout(settings.CARD_ANSWER_SECONDS, connect=CONNECT_SECONDS)
    headers = {"Authorization": f"Bearer {settings.CARD_PROCESSOR_TOKEN}"}
    # trust_env off: a proxy of the machine must not come to see what is meant for the processor.
    with httpx.Client(
        base_url=address, timeout=timeout, headers=headers, trust_env=False
    ) as client:
        yield client


def _call(method: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
    if body and len(body["idempotency_key"]) > LONGEST_KEY:
        raise Refused("KEY_TOO_LONG", f"a key has at most {LONGEST_KEY} characters")
    try:
        with _client() as client:
            return client.request(method, path, json=body)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol) as error:
        message = f"{gettext_noop('The card processor could not be reached')}: {error}"
        raise NotReached(message) from error
    except httpx.TimeoutException as error:
        message = gettext_noop("The card processor did not answer in time.")
        raise OutcomeUnknown(message) from error
    except httpx.HTTPError as error:
        message = f"{gettext_noop('The connection broke before the answer was whole')}: {error}"
        raise OutcomeUnknown(message) from error


def _one(response: httpx.Response) -> Answer:
    try:
        said = response.json()
        if response.is_success:
            return _answer(said)
        error = said["error"]
        code, detail = str(error["code"]), str(error.get("detail", ""))
    except (ValueError, KeyError, TypeError, AttributeError) as broken:
        unread = gettext_noop("The card processor answered what cannot be read")
        message = f"{unread}: {response.status_code}"
        raise OutcomeUnknown(message) from broken
    if response.is_server_error:
        raise OutcomeUnknown(detail or code)
    raise Refused(code, detail)


def _answer(said: dict[str, Any]) -> Answer:
    card = said.get("card") or {}
    return Answer(
        id=str(said["id"]),
        key=str(said["idempotency_key"]),
        status=Status(said["status"]),
        cents=int(said["amount"]),
        payment_id=str(said.get("payment_id") or ""),
        brand=str(card.get("brand", "")),
        last_four=str(card.get("last_4", ""))[-4:],
        trouble=str(said.get("trouble") or ""),
        page_url=_page_url(str(said.get("url") or "")),
    )


def _page_url(given: str) -> str:
    """An address to send a customer to; anything but a web page is none."""
    return given if given.startswith(("https://", "http://")) else ""
