"""What browsers may say to one another through us: little, of two kinds, and not too often."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

KINDS = {"description": 32 * 1024, "candidate": 2 * 1024}
"""Each kind of signal, and how many characters it may have."""
_KEYS: Mapping[str, Mapping[str, type]] = {
    "description": {"type": str, "sdp": str},
    "candidate": {"candidate": str, "sdpMid": str, "sdpMLineIndex": int, "usernameFragment": str},
}
_TYPES = ("offer", "answer", "pranswer", "rollback")
MOST_AT_ONCE = 40
"""Signals of one request."""
MOST, IN = 400, timedelta(seconds=10)
"""Signals of one participant in that time: a call of four begins with about a hundred."""
KEPT = timedelta(minutes=2)
"""A signal older than the grace is for nobody."""
LONGEST_WORDS = 2_000
"""Characters of one line of the chat."""


def sound(kind: str, body: str) -> bool:
    """Whether this is a signal as a browser makes it, and no larger than one."""
    if kind not in KINDS or len(body) > KINDS[kind]:
        return False
    try:
        said = json.loads(body)
    except ValueError:
        return False
    if not isinstance(said, dict) or not _fits(said, _KEYS[kind]):
        return False
    return kind != "description" or said.get("type") in _TYPES


def _fits(said: Mapping[str, Any], keys: Mapping[str, type]) -> bool:
    return set(said) <= set(keys) and all(
        value is None or (isinstance(value, keys[key]) and not isinstance(value, bool))
        for key, value in said.items()
    )


CREDENTIALS_LAST = timedelta(minutes=10)


def credentials(secret: str, *, who: int, at: datetime) -> tuple[str, str]:
    """Name and password for the relay, good for ten minutes.

    As coturn's ``use-auth-secret`` checks them: the name is the end of the time and who asks, the
    password its HMAC-SHA1 by the shared secret.
    """
    name = f"{int((at + CREDENTIALS_LAST).timestamp())}:{who}"
    told = hmac.new(secret.encode(), name.encode(), hashlib.sha1)
    return name, base64.b64encode(told.digest()).decode()
