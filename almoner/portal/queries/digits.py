"""The six digits of an app (TOTP, RFC 6238)."""

import base64
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from almoner.portal.rules.accounts import STEP

_DIGITS = 6


def _totp(secret: bytes) -> TOTP:
    # SHA-1 is what apps that read a QR code know; HMAC does not rest on its collisions.
    return TOTP(secret, _DIGITS, SHA1(), STEP)  # noqa: S303 (as said above)


def step_of(secret: bytes, typed: str, *, after: int, at: datetime) -> int | None:
    """The half minute whose digits were typed, one early or late allowed; None when wrong.

    None too when it is not ``after`` the one used last: digits are good once.
    """
    said = "".join(typed.split()).encode()
    now = int(at.timestamp()) // STEP
    for step in (now, now - 1, now + 1):
        try:
            _totp(secret).verify(said, step * STEP)
        except InvalidToken:
            continue
        return step if step > after else None
    return None


def app_address(secret: bytes, *, account: str, clinic: str) -> str:
    """What the app reads from a QR code, as an address."""
    return _totp(secret).get_provisioning_uri(account, clinic)


def readable_secret(secret: bytes) -> str:
    """The secret as it is typed into an app that has no camera (base 32)."""
    return base64.b32encode(secret).decode().rstrip("=")
