"""A time that was ticked on a page of openings."""

from datetime import datetime
from typing import NamedTuple

from almoner.ground.typed import row_id


class Chosen(NamedTuple):
    """The opening that was ticked."""

    starts_at: datetime
    clinician_id: int
    location_id: int


def chosen(typed: str) -> Chosen | None:
    """What ``2026-12-01T14:20:00+00:00|7|2`` names; None for anything else."""
    try:
        starts_at, clinician, location = typed.split("|")
        at = datetime.fromisoformat(starts_at)
    except ValueError:
        return None
    who, where = row_id(clinician), row_id(location)
    return Chosen(at, who, where) if at.tzinfo and who and where else None
