"""Text messages, by the HTTP interface Twilio documents and other carriers imitate.

``POST {base}/2010-04-01/Accounts/{account}/Messages.json`` with ``To``, ``From`` and ``Body`` and
basic authentication; 201 with a JSON body whose ``sid`` is the carrier's name for the message.
A text that comes in is a form posted to us with ``MessageSid``, ``From``, ``To`` and ``Body``, and
signed with the same token. What becomes of one that left is posted, signed alike, to the
``StatusCallback`` it was sent with: ``MessageSid``, ``MessageStatus`` and, for one that did not
arrive, ``ErrorCode``. With a text come ``NumMedia`` files, ``MediaUrl0`` and so on: addresses at
the carrier itself, of which only the names of the message and the file are ever used.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from almoner.ground.words import gettext_noop

SIGNATURE = "X-Twilio-Signature"
Fields = Mapping[str, Sequence[str]]


class NotReached(Exception):
    """The carrier was not there: nothing was sent."""


class OutcomeUnknown(Exception):
    """The carrier was reached and did not answer: it may have sent the message."""


class Refused(Exception):
    """The carrier answered that it will not send this; ``code`` is its number for why, or None."""

    def __init__(self, said: str, code: int | None = None) -> None:
        super().__init__(said)
        self.code = code


@dataclass(frozen=True, slots=True)
class Carrier:
    """Where messages go out and who we are there. ``sender`` is E.164."""

    url: str
    account: str
    token: str
    sender: str
    timeout: float = 10.0


def send(carrier: Carrier, *, to: str, body: str, report_to: str = "") -> str:
    """Send one text to an E.164 number; the carrier's name for it.

    What becomes of it is posted to ``report_to``, an address of ours.
    Raises NotReached, OutcomeUnknown or Refused.
    """
    form = {"To": to, "From": carrier.sender, "Body": body}
    return ask(carrier, "Messages", form | ({"StatusCallback": report_to} if report_to else {}))


def ask(carrier: Carrier, what: str, form: Mapping[str, str]) -> str:
    """Ask the carrier for a message or a call (``Messages``, ``Calls``); its name for it.

    Raises NotReached, OutcomeUnknown or Refused.
    """
    try:
        answer = httpx.post(
            f"{carrier.url}/2010-04-01/Accounts/{carrier.account}/{what}.json",
            data=form,
            auth=(carrier.account, carrier.token),
            timeout=carrier.timeout,
        )
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        raise NotReached(str(error)) from error
    except httpx.HTTPError as error:
        raise OutcomeUnknown(str(error)) from error
    return _sid(answer)


class TooLarge(Exception):
    """What the carrier has is larger than it may be; nothing of it was kept."""


_MEDIA = re.compile(r"Messages/[A-Za-z0-9]{1,64}/Media/[A-Za-z0-9]{1,64}")


def media_place(carrier: Carrier, url: str) -> str:
    """Which file of which message this address names; empty unless it is at our carrier."""
    head = f"{carrier.url}/2010-04-01/Accounts/{carrier.account}/"
    rest = url.removeprefix(head)
    return rest if rest != url and _MEDIA.fullmatch(rest) else ""


def fetch(carrier: Carrier, place: str, *, most: int, store: str = "") -> bytes:
    """The bytes of a file that came with a text, by its `media_place`.

    Asked of the carrier alone. When it sends us on, once, and by https to the host ``store`` only,
    without our credentials. Raises NotReached, or TooLarge above ``most`` bytes.
    """
    if not _MEDIA.fullmatch(place):
        raise NotReached(gettext_noop("that is no file of the carrier"))
    url = f"{carrier.url}/2010-04-01/Accounts/{carrier.account}/{place}"
    try:
        with httpx.Client(timeout=carrier.timeout, trust_env=False) as client:
            with client.stream("GET", url, auth=(carrier.account, carrier.token)) as answer:
                if not answer.has_redirect_location:
                    return _bounded(answer, most)
                there = urlsplit(answer.headers["Location"])
            if not store or (there.scheme, there.netloc.lower()) != ("https", store.lower()):
                raise NotReached(gettext_noop("the carrier sends us to an address we do not know"))
            with client.stream("GET", there.geturl()) as answer:
                return _bounded(answer, most)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NotReached(str(error)) from error


def _bounded(answer: httpx.Response, most: int) -> bytes:
    if answer.status_code != httpx.codes.OK:
        raise NotReached(str(answer.status_code))
    kept = bytearray()
    for piece in answer.iter_bytes(64 * 1024):
        kept += piece
        if len(kept) > most:
            raise TooLarge
    return bytes(kept)


def signature(url: str, fields: Fields, token: str) -> str:
    """HMAC-SHA1 of the address and every field after it, name and values in order, in base64.

    The carrier's choice of hash; as a keyed code SHA-1 still holds.
    """
    said = url + "".join(
        name + value for name in sorted(fields) for value in sorted(set(fields[name]))
    )
    mac = hmac.new(token.encode(), said.encode("utf-8", "surrogatepass"), hashlib.sha1)
    return base64.b64encode(mac.digest()).decode()


def genuine(*, url: str, fields: Fields, given: str, token: str) -> bool:
    """Whether the carrier signed what was posted to us. Without a token nothing is genuine."""
    return bool(token) and hmac.compare_digest(
        signature(url, fields, token).encode(), given.encode("utf-8", "surrogatepass")
    )


def _sid(answer: httpx.Response) -> str:
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        raise NotReached(gettext_noop("the carrier asks to be asked later"))
    said = _said(answer)
    if answer.is_client_error:
        raise Refused(said, _code(answer))
    try:
        return str(answer.raise_for_status().json()["sid"])
    except (httpx.HTTPStatusError, ValueError, KeyError) as error:
        raise OutcomeUnknown(said) from error


def _code(answer: httpx.Response) -> int | None:
    try:
        return int(answer.json()["code"])
    except (ValueError, KeyError, TypeError):
        return None


def _said(answer: httpx.Response) -> str:
    """What the carrier says of it: its own words and code where it gives them."""
    try:
        told = answer.json()
        return f"{told['message'][:200]} ({told.get('code', answer.status_code)})"
    except (ValueError, KeyError, TypeError):
        return f"{answer.status_code}: {answer.text[:200]}"
