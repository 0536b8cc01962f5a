"""What an officer sent when their session was over or their screen locked, until they are back.

It stands in the session, on the server, and ends with the sign-out, or when somebody else signs in
at this screen.
"""

from collections.abc import Mapping
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
    """What is kept for this officer."""
    kept = session.get(_KEPT)
    if not kept or kept["whose"] != officer.pk or _is_over(kept, at):
        return None
    return Unsent(kept["to"], tuple(map(tuple, kept["fields"])), kept["whole"])


def forget_unsent_of_others(session: SessionBase, officer: Officer) -> None:
    """Somebody signed in: what is kept for another is nothing that may wait in their session."""
    kept = session.get(_KEPT)
    if kept and kept["whose"] != officer.pk:
        forget_unsent(session)


def forget_old_unsent(session: SessionBase, *, at: datetime) -> None:
    """Somebody works on: what was too long ago to be sent again is kept no longer."""
    if (kept := session.get(_KEPT)) and _is_over(kept, at):
        forget_unsent(session)


def _is_over(kept: Mapping[str, str], at: datetime) -> bool:
    return at - datetime.fromisoformat(kept["at"]) > LASTS


def forget_unsent(session: SessionBase) -> None:
    session.pop(_KEPT, None)
