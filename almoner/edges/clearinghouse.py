"""The clearinghouse over HTTP: one address, to which eligibility questions and claims go.

- ``POST /eligibility`` a 270, answered on the same connection by a 271 (or by a 999 or TA1);
- ``POST /claims`` a file of claims with an ``Idempotency-Key``; the answer is its receipt;
- ``GET /mailbox?after=ID`` what has arrived for us since, ``GET /mailbox/ID`` one file's bytes.

Bodies are raw X12 (``application/edi-x12``). No call is ever tried again from here: whoever asks
knows whether asking twice is harmless.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

import httpx
from django.conf import settings

from almoner.edges.x12.writer import Envelope
from almoner.ground.words import gettext_noop

EDI = "application/edi-x12"
CONNECT_SECONDS = 5.0
BATCH_SECONDS = 60.0
LARGEST_ANSWER = 64 * 1024 * 1024
MOST_FILES = 100


class ClearinghouseError(Exception):
    """The clearinghouse did not do what was asked; the message is for a person."""


class NotReached(ClearinghouseError):
    """Nothing was sent: no address, no connection. Trying again is harmless."""


class TimedOut(ClearinghouseError):
    """It was sent, and no whole answer came: the partner may or may not have acted."""


class Refused(ClearinghouseError):
    """The partner answered, and the answer was no. ``status`` is HTTP's."""

    def __init__(self, status: int, said: str) -> None:
        why = said or gettext_noop("no reason given")
        super().__init__(f"{gettext_noop('The clearinghouse refused')}: {status}: {why}")
        self.status = status
        self.said = said


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file from the mailbox. ``id`` only grows; hand the last one seen to `fetch`."""

    id: str
    name: str
    body: bytes


def ask_eligibility(request: bytes, timeout: float) -> bytes:
    """Send one 270 and wait at most ``timeout`` seconds for the bytes of its answer.

    Raises NotReached, TimedOut or Refused.
    """
    with _client(timeout) as client:
        return _whole(client, "POST", "/eligibility", timeout=timeout, body=request)


def send_claims(file: bytes, key: str) -> str:
    """Send one interchange of claims; the receipt is the clearinghouse's name for it.

    ``key`` makes sending again harmless: the same key with the same bytes gives the first receipt.
    Raises NotReached, TimedOut or Refused.
    """
    with _client(BATCH_SECONDS) as client:
        receipt = _whole(
            client, "POST", "/claims", timeout=BATCH_SECONDS, body=file, key=key
        ).decode("utf-8", errors="replace")
    return receipt.strip()


def fetch(after: str = "") -> list[Delivery]:
    """Files that arrived behind ``after``, oldest first, at most 100 of them; nothing is removed.

    Raises NotReached, TimedOut or Refused.
    """
    with _client(BATCH_SECONDS) as client:
        query = {"after": after}
        listing = _whole(client, "GET", "/mailbox", timeout=BATCH_SECONDS, query=query)
        files = []
        for line in listing.decode("utf-8", errors="replace").splitlines()[:MOST_FILES]:
            file_id, _, name = line.partition("\t")
            body = _whole(client, "GET", f"/mailbox/{file_id}", timeout=BATCH_SECONDS)
            files.append(Delivery(id=file_id, name=name, body=body))
    return files


def envelope(npi: str, *, control: int, at: datetime, wants_ta1: bool = False) -> Envelope:
    """Who sends, who receives and whether it is meant, as every file to the clearinghouse says it.

    An organisation with no id of its own there is known by its NPI. What a demo sends is marked as
    a test (ISA15). ``at`` is a local time.
    """
    return Envelope(
        sender=settings.CLEARINGHOUSE_SENDER or npi,
        receiver=settings.CLEARINGHOUSE_ID,
        control=control,
        sent_at=at,
        usage="T" if settings.DEMO else "P",
        wants_ta1=wants_ta1,
    )


@contextmanager
def _client(timeout: float) -> Iterator[httpx.Client]:
    address = settings.CLEARINGHOUSE_URL
    if not address:
        message = f"{gettext_noop('No clearinghouse is configured')}: ALMONER_CLEARINGHOUSE_URL"
        raise NotReached(message)
    limits = httpx.Timeout(timeout, connect=min(timeout, CONNECT_SECONDS))
    # trust_env off: a proxy of the machine must not come to see what is meant for the partner.
    with httpx.Client(base_url=address, timeout=limits, trust_env=False) as client:
        yield client


def _whole(
    client: httpx.Client,
    method: str,
    path: str,
    *,
    timeout: float,
    body: bytes = b"",
    key: str = "",
    query: dict[str, str] | None = None,
) -> bytes:
    headers = {"Accept": EDI} | ({"Content-Type": EDI} if body else {})
    if key:
        headers["Idempotency-Key"] = key
    give_up_at = monotonic() + timeout
    try:
        with client.stream(
            method, path, content=body or None, params=query, headers=headers
        ) as response:
            answer = _read(response, give_up_at)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol) as error:
        message = f"{gettext_noop('The clearinghouse could not be reached')}: {error}"
        raise NotReached(message) from error
    except (httpx.TimeoutException, TimeoutError) as error:
        message = f"{gettext_noop('The clearinghouse did not answer in time')}: {timeout:.0f} s"
        raise TimedOut(message) from error
    except httpx.HTTPError as error:
        message = f"{gettext_noop('The connection broke before the answer was whole')}: {error}"
        raise TimedOut(message) from error
    if response.is_success:
        return answer
    raise Refused(response.status_code, answer[:500].decode("utf-8", errors="replace").strip())


def _read(response: httpx.Response, give_up_at: float) -> bytes:
    """The body, given up once it is late or larger than any honest answer.

    httpx times each read alone; a partner that drips bytes would hold us for ever.
    """
    received = bytearray()
    for piece in response.iter_bytes():
        received += piece
        if monotonic() > give_up_at:
            raise TimeoutError
        if len(received) > LARGEST_ANSWER:
            raise Refused(response.status_code, gettext_noop("the answer is larger than 64 MB"))
    return bytes(received)
