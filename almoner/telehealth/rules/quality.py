"""What a browser says of its devices before the call, and of each connection in it."""

from collections.abc import Mapping
from typing import Any

from almoner.telehealth.rules.room import Phone

TESTED = ("camera", "microphone", "speaker", "network", "relay")
"""What the test before the call looks at."""
RESULTS = ("good", "failed", "skipped")
"""``skipped``: nobody heard it or looked, or there is no relay to try."""
CANDIDATES = ("host", "srflx", "prflx", "relay")
CAUSES = ("", "left", "lost", "failed", "removed", "phone", "gathered")
"""Why a connection ended: its far end left, its line was lost, it never came about, the call went
on through the gateway …"""
_LONGEST_MS = 600_000
_WHOLE = 10_000


def tested(said: Mapping[str, Any]) -> dict[str, str]:
    """What of a test's result can be kept; what was not looked at is ``skipped``."""
    return {name: result if (result := said.get(name)) in RESULTS else "skipped" for name in TESTED}


def trouble(test: Mapping[str, str]) -> list[str]:
    """What the test before the call found not to work."""
    return [name for name in TESTED if test.get(name) == "failed"]


def untried(test: Mapping[str, str]) -> list[str]:
    """What was left out of a test that was begun; a relay is not always there to be tried."""
    return [name for name in TESTED if name != "relay" and test.get(name) == "skipped"]


_WHY = {
    "camera": Phone.CAMERA, "microphone": Phone.SOUND, "speaker": Phone.SOUND,
    "network": Phone.CONNECTION, "relay": Phone.CONNECTION,
}  # fmt: skip


def likely_why(test: Mapping[str, str]) -> Phone:
    """Why a visit goes on by phone when nobody said: what its test found first, else unsaid."""
    found = trouble(test)
    return _WHY[found[0]] if found else Phone.OTHER


def leg(said: Mapping[str, Any]) -> dict[str, Any]:
    """What of a connection's figures can be kept: known words, numbers within their bounds.

    ``first_frame_ms`` from asking for the connection, ``loss`` in hundredths of a percent.
    """
    return {
        "candidate": said["candidate"] if said.get("candidate") in CANDIDATES else "",
        "first_frame_ms": _number(said.get("first_frame_ms"), _LONGEST_MS),
        "loss": _number(said.get("loss"), _WHOLE),
        "cause": said["cause"] if said.get("cause") in CAUSES else "",
    }


def _number(value: object, most: int) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        return None
    return round(value)
