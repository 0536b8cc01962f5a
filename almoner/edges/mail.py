"""E-mail that comes in: the whole message as it was received (RFC 5322), posted to us and signed.

Whatever takes mail for the clinic's domain, a mail server's pipe or a service's route, posts each
message's bytes with `SIGNATURE`: ``t=<seconds>,v1=<hex>``, the HMAC-SHA256 of the time, the address
posted to and the bytes, one after the other with a full stop between.
"""

import hashlib
import hmac
import mimetypes
import re
from collections.abc import Collection
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.utils import getaddresses, parseaddr
from html.parser import HTMLParser

from almoner.edges.papers import LARGEST as LARGEST_FILE
from almoner.edges.papers import Why, plain_name

SIGNATURE = "X-Almoner-Signature"
WINDOW = 300  # seconds a signature is good for
LARGEST = 25_000_000  # bytes of a message: a file of 15 MB is a third longer on its way
_LONGEST, _LONGEST_SUBJECT, _MOST, _LONGEST_NAME = 100_000, 200, 20, 120
_BROKEN = (ValueError, IndexError, AttributeError, TypeError, KeyError, LookupError)
"""What the parser of the standard library raises on hostile headers and parts."""
_SIGNED = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})")
_SORTS = {"image": "picture", "message": "message", "text": "text"}
_NAMED = re.compile(r"<[^<>\s]{3,250}>")
_ADDRESS = re.compile(r"[^\s@<>\"\x00-\x1f]{1,64}@[^\s@<>\"\x00-\x1f]{1,190}")


@dataclass(frozen=True, slots=True)
class Attached:
    """A part of a message that is not its words, under its sender's name for it.

    ``why`` says of what is larger than any file that is taken, or is a message itself, that it was
    not read.
    """

    name: str
    content: bytes = b""
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """One message: who sent it, to which addresses, in which words.

    ``more`` are attached beyond the ones that are named. ``by_machine``: nobody wrote it, as an
    answer of somebody absent. ``references`` are the names of what it answers, the last first.
    """

    message_id: str
    sender: str
    to: tuple[str, ...]
    subject: str
    text: str
    attached: tuple[Attached, ...] = ()
    more: int = 0
    by_machine: bool = False
    references: tuple[str, ...] = ()


def signature(url: str, body: bytes, secret: str, *, at: int) -> str:
    """What signs these bytes, posted to this address at this time (seconds since 1970)."""
    said = f"{at}.{url}.".encode() + body
    return f"t={at},v1={hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()}"


def genuine(*, url: str, body: bytes, given: str, secret: str, now: float) -> bool:
    """Whether it was signed, a few minutes ago at most. Without a secret nothing is genuine."""
    found = _SIGNED.fullmatch(given)
    if not secret or found is None or abs(now - int(found[1])) > WINDOW:
        return False
    return hmac.compare_digest(signature(url, body, secret, at=int(found[1])), given)


def read(raw: bytes) -> Mail | None:
    """The message in these bytes; None when nobody could be answered, or nobody could read it."""
    try:
        return _read(raw)
    except RecursionError:  # parts in parts, thousands deep: no program writes that
        return None


def _read(raw: bytes) -> Mail | None:
    message = BytesParser(EmailMessage, policy=policy.default).parsebytes(raw)
    sender = parseaddr(_header(message, "From"))[1].lower()
    if not _ADDRESS.fullmatch(sender):
        return None
    report = message.get_content_type() == "multipart/report"
    parts = _attached(message, but={"message", "text"} if report else frozenset())
    automatic = _header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    return Mail(
        message_id=_header(message, "Message-ID")[:_LONGEST_SUBJECT]
        or hashlib.sha256(raw).hexdigest(),
        sender=sender,
        to=tuple(_addresses(message)),
        subject=_header(message, "Subject")[:_LONGEST_SUBJECT],
        text=_text(message)[:_LONGEST],
        attached=tuple(_file(part, at) for at, part in enumerate(parts[:_MOST], 1)),
        more=max(0, len(parts) - _MOST),
        by_machine=automatic not in {"", "no"} and not report,
        references=_references(message),
    )


def _header(message: EmailMessage, name: str) -> str:
    """A header on one line and without what no text has; empty when it is missing or broken."""
    try:
        value = str(message.get(name, ""))
    except _BROKEN:
        return ""
    return " ".join(_kept(value).split())


def _references(message: EmailMessage) -> tuple[str, ...]:
    """RFC 5322, 3.6.4: what it answers, then what that answered, and so on."""
    answered = _NAMED.findall(_header(message, "In-Reply-To"))
    before = _NAMED.findall(_header(message, "References"))
    return tuple((answered + before[::-1])[:_MOST])


def _addresses(message: EmailMessage) -> list[str]:
    headers = [_header(message, name) for name in ("Delivered-To", "X-Original-To", "To", "Cc")]
    return [found for _name, found in getaddresses(headers) if _ADDRESS.fullmatch(found)]


def _text(message: EmailMessage) -> str:
    part = message.get_body(("plain", "html"))
    if part is None:
        return ""
    pieces = [_words(each) for each in (part, *_after(message, part))]
    return "\n\n".join(each for each in pieces if each)


def _after(message: EmailMessage, first: MIMEPart) -> list[MIMEPart]:
    """The words that stand below a picture in the midst of them, as telephones write them."""
    if message.get_content_type() != "multipart/mixed" or not message.is_multipart():
        return []
    return [
        part
        for part in message.iter_parts()
        if part is not first and part.get_content_type() == "text/plain" and not _is_file(part)
    ]


def _words(part: MIMEPart) -> str:
    octets = _octets(part)
    try:
        text = octets.decode(part.get_content_charset("utf-8"), "replace")
    except (LookupError, ValueError):  # no such set of characters, or no name of one
        text = octets.decode("utf-8", "replace")
    text = _kept(text.replace("\r\n", "\n"))
    return _kept(_Words.of(text)) if part.get_content_type() == "text/html" else text.strip()


def _kept(text: str) -> str:
    """Without what the database keeps in no text: NUL, and halves of a character."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _attached(message: EmailMessage, *, but: Collection[str]) -> list[MIMEPart]:
    """Every part that is neither words to read nor only holds others; a forwarded message is.

    Of a report the sorts ``but`` which it says itself.
    """
    return [
        part for part in message.walk() if _is_file(part) and part.get_content_maintype() not in but
    ]


def _is_file(part: MIMEPart) -> bool:
    kind = part.get_content_type()
    if kind.startswith("multipart/"):
        return False
    if kind in {"text/plain", "text/html"}:
        return bool(_filename(part)) or _disposition(part) == "attachment"
    return True


def _disposition(part: MIMEPart) -> str:
    try:
        return part.get_content_disposition() or ""
    except _BROKEN:
        return ""


def _filename(part: MIMEPart) -> str:
    try:
        return plain_name(_kept(part.get_filename("")), _LONGEST_NAME)
    except _BROKEN:
        return ""


def _file(part: MIMEPart, at: int) -> Attached:
    kind = part.get_content_type()
    ending = mimetypes.guess_extension(kind) or ""
    name = _filename(part) or f"{_SORTS.get(kind.partition('/')[0], 'file')}-{at}{ending}"
    if part.is_multipart():  # a message in this one: its own files are found beside it
        return Attached(name, why=Why.NO_FILE)
    content = _octets(part)
    too_large = len(content) > LARGEST_FILE
    return Attached(name, why=Why.TOO_LARGE) if too_large else Attached(name, content)


def _octets(part: MIMEPart) -> bytes:
    try:
        raw = part.get_payload(decode=True)
    except _BROKEN:
        return b""
    return raw if isinstance(raw, bytes) else b""


class _Words(HTMLParser):
    """What a reader of a page sees, line by line."""

    _BREAKS = frozenset({"p", "div", "br", "li", "tr", "blockquote", "h1", "h2", "h3"})
    _UNSEEN = frozenset({"script", "style", "title"})  # not "head": its end may be left out

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.unseen = 0

    @classmethod
    def of(cls, page: str) -> str:
        reader = cls()
        reader.feed(page)
        reader.close()
        lines = ("".join(reader.pieces)).splitlines()
        return re.sub(
            r"\n{3,}", "\n\n", "\n".join(" ".join(each.split()) for each in lines)
        ).strip()

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self.unseen += tag in self._UNSEEN
        if tag in self._BREAKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.unseen = max(0, self.unseen - (tag in self._UNSEEN))

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.pieces.append(data)
