"""What was said to patients, and everything that happened to one."""

from almoner.relations.queries.messages import (
    TROUBLED,
    Reach,
    Sender,
    Undelivered,
    changes,
    evidence,
    message,
    of_visit,
    reach,
    sender,
    told,
    undelivered,
    undelivered_today,
)
from almoner.relations.queries.timeline import KINDS, PAGE, Happening, readable, timeline

__all__ = [
    "KINDS",
    "PAGE",
    "TROUBLED",
    "Happening",
    "Reach",
    "Sender",
    "Undelivered",
    "changes",
    "evidence",
    "message",
    "of_visit",
    "reach",
    "readable",
    "sender",
    "timeline",
    "told",
    "undelivered",
    "undelivered_today",
]
