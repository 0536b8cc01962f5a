"""Files that came with what a patient said go to whoever keeps documents.

The duty that hears patients and the one that keeps their documents do not know one another.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Handed:
    """A file of a patient that was screened: ``media`` and ``content`` are of our own making.

    ``channel`` is how it came: email, sms or letter. ``title`` is the sender's own name for it.
    """

    patient_id: int
    channel: str
    title: str
    media: str
    content: bytes
    sent_at: datetime
    at: datetime


Taker = Callable[[Handed], int | None]
_takers: list[Taker] = []


def papers_taken_by(taker: Taker) -> None:
    """Register who keeps documents: it gives the number of what it kept, None when it is full."""
    _takers[:] = [taker]


def hand_on(handed: Handed) -> int | None:
    """Have it kept among the patient's documents, in the caller's transaction; its number there.

    None: nobody keeps it, and it stays where it is.
    """
    return _takers[0](handed) if _takers else None
