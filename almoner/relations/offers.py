"""What this duty offers to the pages below it: the newest of the timeline on a patient's page."""

from typing import Any

from almoner.access.queries import Reading
from almoner.patients.queries import panel
from almoner.relations import exchange, queries

CHANNELS = (exchange.text, exchange.mail)  # named here, so that the outbox can deliver by them
_NEWEST = 8


def newest(patient_id: int, reading: Reading) -> dict[str, Any]:
    lines, _ = queries.timeline(patient_id, reading=reading, limit=_NEWEST)
    return {"lines": lines}


panel("timeline", 80, "relations.view", "relations/_newest.html", newest)
