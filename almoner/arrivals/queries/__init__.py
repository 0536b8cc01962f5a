"""Reads of the front desk."""

from almoner.arrivals.queries.ahead import (
    Ahead,
    details_said,
    fingerprint,
    kept,
    left,
    open_items,
    photo,
    policy_value,
    told,
)
from almoner.arrivals.queries.asking import asking_at, asks_at
from almoner.arrivals.queries.board import Board, Card, Column, Mark, board, locations, marks
from almoner.arrivals.queries.checklist import Checklist, Line, checklist, due
from almoner.arrivals.queries.confirmed import CONFIRMED
from almoner.arrivals.queries.known import known, known_at_the_desk
from almoner.arrivals.queries.rooms import free_rooms
from almoner.arrivals.queries.today import Today, today
from almoner.arrivals.queries.walking_in import Way, sudden_types, ways_in

__all__ = [
    "CONFIRMED",
    "Ahead",
    "Board",
    "Card",
    "Checklist",
    "Column",
    "Line",
    "Mark",
    "Today",
    "Way",
    "asking_at",
    "asks_at",
    "board",
    "checklist",
    "details_said",
    "due",
    "fingerprint",
    "free_rooms",
    "kept",
    "known",
    "known_at_the_desk",
    "left",
    "locations",
    "marks",
    "open_items",
    "photo",
    "policy_value",
    "sudden_types",
    "today",
    "told",
    "ways_in",
]
