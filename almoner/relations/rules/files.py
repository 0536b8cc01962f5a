"""Files that come with e-mails and texts: what becomes of one, and when it is tried again.

No database, no clock.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from almoner.ground.words import gettext_noop

MOST_FILES = 10
"""Of one e-mail or text; what is more is said by name and not kept."""
LONGEST_NAME = 120
_PAUSES = tuple(timedelta(minutes=each) for each in (1, 5, 15, 60, 240))
TRIES = len(_PAUSES) + 1
STUCK = timedelta(minutes=10)
"""So long after it was begun to be looked at, a file whose reader went away is begun again."""


class FileState(StrEnum):
    """What became of a file.

    ``waiting`` to be fetched or looked at, ``kept`` with the message, ``handed_on`` to the
    patient's documents, ``refused``, or ``thrown_away`` by somebody who said it is nobody's.
    """

    WAITING = "waiting"
    KEPT = "kept"
    HANDED_ON = "handed_on"
    REFUSED = "refused"
    THROWN_AWAY = "thrown_away"


NOT_FETCHED, ELSEWHERE, TOO_MANY, BUSY = "not_fetched", "elsewhere", "too_many", "busy"
TOO_LARGE = "too_large"
WHY = {
    "empty": gettext_noop("It was empty."),
    "no_file": gettext_noop(
        "It is neither a picture (JPEG, PNG or WebP) nor a PDF that we can read."
    ),
    TOO_LARGE: gettext_noop("It is larger than 15 MB."),
    "too_many_pages": gettext_noop("It has more than 100 pages."),
    "locked": gettext_noop("It is locked by a password."),
    "acts": gettext_noop("It carries a program or other files."),
    "unreadable": gettext_noop("It cannot be read."),
    BUSY: gettext_noop("It could not be looked at in five hours."),
    NOT_FETCHED: gettext_noop("The carrier did not hand it over in five hours."),
    ELSEWHERE: gettext_noop("It lies at an address that is not our carrier's."),
    TOO_MANY: gettext_noop("Too many came at once, and ten are kept."),
}
"""Why a file was not kept, in a sentence after its name."""


@dataclass(frozen=True, slots=True)
class Came:
    """A file as it came: its bytes, or where the carrier has it, or ``why`` it is not kept."""

    name: str
    raw: bytes | None = None
    place: str = ""
    why: str = ""


def tried_again(tries: int, at: datetime) -> datetime | None:
    """When a file that could not be fetched or looked at so many times is tried next; None: not."""
    return at + _PAUSES[tries - 1] if 1 <= tries <= len(_PAUSES) else None
