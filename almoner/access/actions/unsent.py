"""What an officer sent when their session was over or their screen locked, until they are back.

It stands in the session, on the server: nobody else who signs in at this screen is shown it, and
it ends with the sign-out.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from almoner.access.models import Officer

_KEPT = "unsent"
LARGEST = 200_000
"""Characters of one form that are kept; what is longer is a file, or nobody typed it."""
LASTS = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Unsent:
    """The fields of a form; ``whole`` when a page answers it, so that it can be sent again."""

    to: str
    fields: tuple[tuple[str, str], ...]
    whole: bool

    @property
    def texts(self) -> list[str]:
        """What somebody typed in their own words, to be copied from."""
        return [value for _, value in self.fields if " " in value.strip()]


def keep_unsent(request: HttpRequest, *, whose: int, at: datetime) -> bool:
    """Keep what this request carries for the officer it came from; files are not kept."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken"
    ]
    typed = Unsent(request.get_full_path(), tuple(fields), "HX-Request" not in request.headers)
    size = sum(len(name) + len(value) for name, value in fields)
    if not 0 < size <= LARGEST or not (typed.whole or typed.texts):
        return False
    request.session[_KEPT] = {"whose": whose, "at": at.isoformat(), **asdict(typed)}
    return True


def unsent_of(session: SessionBase, officer: Officer, *, at: datetime) -> Unsent | None:
    """What is kept for this officer; another one's is forgotten."""
    kept = session.get(_KEPT)
    if not kept:
        return None
    if kept["whose"] != officer.pk or at - datetime.fromisoformat(kept["at"]) > LASTS:
        forget_unsent(session)
        return None
    return Unsent(kept["to"], tuple(map(tuple, kept["fields"])), kept["whole"])


def forget_unsent(session: SessionBase) -> None:
    session.pop(_KEPT, None)
