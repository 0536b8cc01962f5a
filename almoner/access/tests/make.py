"""Officers for tests. Ana is at the front desk; Bea at another clinic; Dot is a stranger."""

from datetime import UTC, datetime

from almoner.access import actions
from almoner.access.models import Officer
from almoner.access.queries import Reading
from almoner.access.rules import Purpose
from almoner.facility.models import Location

JOINED = datetime(2026, 1, 5, 14, tzinfo=UTC)
PASSWORD = "correct horse battery"


def officer(
    username: str = "ana",
    *,
    roles: tuple[str, ...] = ("officer",),
    location: Location | None = None,
) -> Officer:
    return actions.add_officer(
        username=username,
        name=username.capitalize(),
        password=PASSWORD,
        roles=roles,
        location=location,
        at=JOINED,
    )


def reading(reader: Officer, *, at: datetime = JOINED, **facts) -> Reading:
    """A look as a door would open it."""
    return Reading(
        officer=reader,
        screen=facts.pop("screen", "test"),
        purpose=facts.pop("purpose", Purpose.OPERATIONS),
        at=at,
        **facts,
    )
