"""Which identifiers make sure that a record is the caller's."""

from collections.abc import Iterable

IDENTIFIERS = ("name", "birth_date", "phone", "address", "member_id", "mrn", "photo_id")
NEEDED = 2


class TwoNeeded(Exception):
    """Fewer than two identifiers were given: a name alone never opens a record."""


def enough(given: Iterable[str]) -> bool:
    """Two different identifiers, as the Joint Commission asks (NPSG.01.01.01)."""
    return len(set(given) & set(IDENTIFIERS)) >= NEEDED
