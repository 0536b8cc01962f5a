"""By whose hand something is done: an officer's at the desk, or the patient's own by a link."""

from dataclasses import dataclass

from almoner.access import actions as access
from almoner.access.models import Officer


@dataclass(frozen=True, slots=True)
class Hand:
    """``officer`` None is the patient; ``session`` is desk or link; ``address`` an IP address."""

    officer: Officer | None
    session: str
    address: str | None

    @property
    def id(self) -> int | None:
        return self.officer.pk if self.officer else None

    def check(self) -> None:
        """Raises PermissionDenied when an officer may not."""
        if self.officer:
            access.require(self.officer, "records.fill")


def at_the_desk(officer: Officer, address: str | None = None) -> Hand:
    return Hand(officer, "desk", address)


def by_link(address: str | None) -> Hand:
    return Hand(None, "link", address)
