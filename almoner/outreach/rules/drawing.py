"""Who is held out, and on which day each is written to. No clock, and no dice.

Drawn by a hash of campaign and patient: the same draw whenever and wherever it is made, which
nobody at the desk can choose, and which anybody can make again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

_SHARES = 10_000


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's place in a campaign: held out or not, and the day from its start, from 0.

    Those held out have a day, too: from it on their bookings are counted, like the others'.
    """

    patient_id: int
    held_out: bool
    day: int


def held_out(campaign_id: int, patient_id: int, *, percent: int) -> bool:
    """Whether this patient is never written to by this campaign, so that it can be compared."""
    return _drawn("held out", campaign_id, patient_id) % _SHARES < percent * _SHARES // 100


def draw(campaign_id: int, patient_ids: Iterable[int], *, percent: int, pace: int) -> list[Place]:
    """Everybody's place, in the order they are written to: at most ``pace`` people a day.

    The order is drawn as well, so that no day is of one family name or one age.
    """
    order = sorted(patient_ids, key=lambda one: (_drawn("order", campaign_id, one), one))
    places, written_to = [], 0
    for patient_id in order:
        out = held_out(campaign_id, patient_id, percent=percent)
        places.append(Place(patient_id, out, written_to // pace))
        written_to += not out
    return places


def _drawn(what: str, campaign_id: int, patient_id: int) -> int:
    digest = sha256(f"{what} {campaign_id} {patient_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big")
