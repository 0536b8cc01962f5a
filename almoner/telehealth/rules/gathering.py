"""When a call leaves the browsers' own connections for the gateway, and what each is known by."""

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from almoner.telehealth.rules.room import MOST_PEOPLE, Role
from almoner.telehealth.rules.signals import sound

MOST_GATHERED = 12
"""In one call through the gateway: each sends once and gets everybody else's."""
KEPT_FREE = (Role.PATIENT, Role.CLINICIAN)
"""Whose places are kept for them, whoever comes first."""
SETTLES = timedelta(seconds=15)
"""A page that does not name a connection of so lately may not know yet that it has it."""
MOST_PASSAGES = MOST_GATHERED * 3
"""Connections of one page with the gateway: of some it does not know yet that they are over."""
_ADDRESS = 4  # its place among the words of a candidate (RFC 8839, 5.1)
_NUMBER_BITS = 52  # every number of the gateway passes through JSON


def most_people(*, with_gateway: bool) -> int:
    """How many one call takes."""
    return MOST_GATHERED if with_gateway else MOST_PEOPLE


def gathers(invited: int) -> bool:
    """Whether so many who were invited make it a call of five or more."""
    return invited + len(KEPT_FREE) > MOST_PEOPLE


@dataclass(frozen=True, slots=True)
class Names:
    """What a visit's room at the gateway is known by: nothing of it says whose visit it is."""

    number: int
    secret: str
    pin: str


def names(secret: str, visit_id: int) -> Names:
    """The room of a visit, always the same one: whoever asks twice makes no second."""
    return Names(
        number=int(_made(secret, f"number:{visit_id}"), 16) >> (256 - _NUMBER_BITS),
        secret=_made(secret, f"secret:{visit_id}"),
        pin=_made(secret, f"pin:{visit_id}")[:32],
    )


def token(secret: str, visit_id: int, participant_id: int, session: str) -> str:
    """By which one page of one person joins."""
    return _made(secret, f"token:{visit_id}:{participant_id}:{session}")


def _made(secret: str, name: str) -> str:
    return hmac.new(secret.encode(), name.encode(), "sha256").hexdigest()


def candidates(bodies: Sequence[object]) -> list[dict[str, Any]] | None:
    """What the gateway is told of a browser's addresses; None when they are not as one makes them.

    A name that nobody but the browser's own network can look up (``….local``) is left out, and the
    empty one says that there are no more.
    """
    told: list[dict[str, Any]] = []
    for body in bodies:
        if not isinstance(body, str) or not sound("candidate", body):
            return None
        said = json.loads(body)
        if not said.get("candidate"):
            told.append({"completed": True})
        elif not _local(said["candidate"]):
            told.append({name: said.get(name) for name in ("candidate", "sdpMid", "sdpMLineIndex")})
    return told


def without_local(sdp: str) -> str:
    """A description without such addresses."""
    lines = sdp.splitlines(keepends=True)
    return "".join(line for line in lines if not (line.startswith("a=candidate:") and _local(line)))


def _local(candidate: str) -> bool:
    words = candidate.split()
    return len(words) > _ADDRESS and words[_ADDRESS].endswith(".local")
