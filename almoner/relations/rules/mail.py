"""The address an e-mail is answered to, and the words of the answer without what it quotes."""

import hashlib
import hmac
import re
from collections.abc import Iterable

_HEADS = re.compile(
    r"^\s*(On\b.{0,200}\bwrote:|El\b.{0,200}\bescribió:|-{2,}\s*(Original Message|Mensaje original)"
    r"\s*-{2,}|_{10,})\s*$",
    re.IGNORECASE,
)


def without_quote(text: str) -> tuple[str, str]:
    """The words of an e-mail, and what of an earlier one stands under them.

    Cut at the line that heads a quotation, else at the lines marked with ``>`` at the end. An
    e-mail that is nothing but a quotation is left whole.
    """
    lines = text.splitlines()
    cut = next((at for at, line in enumerate(lines) if _HEADS.match(line)), len(lines))
    if cut == len(lines):
        while cut and (not lines[cut - 1].strip() or lines[cut - 1].startswith(">")):
            cut -= 1
    own, tail = "\n".join(lines[:cut]).strip(), "\n".join(lines[cut:]).strip()
    return (own, tail) if own and tail else (text.strip(), "")


_LINKED = re.compile(r"([0-9]{1,18})-([0-9a-f]{24})")
_TOKEN = re.compile(r"\+([0-9]{1,18})-([0-9a-f]{24})@", re.IGNORECASE)


def reply_address(base: str, number: int, secret: str) -> str:
    """Where an answer to an e-mail of ours goes: it names the e-mail, and nobody, and is signed."""
    name, _at, domain = base.partition("@")
    return f"{name}+{number}-{_mark(number, secret)}@{domain}"


def answered(addresses: Iterable[str], secret: str) -> int | None:
    """Which e-mail of ours was answered, by the first address that we signed; None by none."""
    for address in addresses:
        found = _TOKEN.search(address)
        if found and hmac.compare_digest(_mark(int(found[1]), secret), found[2].lower()):
            return int(found[1])
    return None


_THREADED = re.compile(r"<[^<>\s]*\.([0-9]{1,18})-([0-9a-f]{24})@[^<>\s]+>")
_NOT_OF_AN_ID = re.compile(r"[^A-Za-z0-9._-]+")


def message_id(key: str, number: int, secret: str, domain: str) -> str:
    """The name of an e-mail of ours, the same on every try, and signed like its reply address."""
    name = _NOT_OF_AN_ID.sub(".", key)
    return f"<{name}.{number}-{_mark(number, secret, 'thread')}@{domain}>"


def referred_to(references: Iterable[str], secret: str) -> int | None:
    """Which e-mail of ours one answers, by the first name in it that we signed; None by none."""
    for each in references:
        found = _THREADED.fullmatch(each)
        if found and hmac.compare_digest(_mark(int(found[1]), secret, "thread"), found[2]):
            return int(found[1])
    return None


def no_more_token(message_id: int, secret: str) -> str:
    """What a link ends e-mails like one of ours by: it names that, not who got it."""
    return f"{message_id}-{_mark(message_id, secret, 'no-more')}"


def no_more_of(token: str, secret: str) -> int | None:
    """Which e-mail of ours a link is in; None when we did not sign it."""
    found = _LINKED.fullmatch(token)
    if found and hmac.compare_digest(_mark(int(found[1]), secret, "no-more"), found[2]):
        return int(found[1])
    return None


def _mark(number: int, secret: str, what: str = "reply") -> str:
    said = f"{what}-{number}".encode()
    return hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()[:24]
