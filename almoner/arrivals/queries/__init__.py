"""Reads of the front desk."""

from almoner.arrivals.queries.board import Board, Card, Column, Mark, board, locations, marks
from almoner.arrivals.queries.checklist import Checklist, Line, checklist
from almoner.arrivals.queries.rooms import free_rooms
from almoner.arrivals.queries.today import Today, today
from almoner.arrivals.queries.walking_in import Way, sudden_types, ways_in

__all__ = [
    "Board",
    "Card",
    "Checklist",
    "Column",
    "Line",
    "Mark",
    "Today",
    "Way",
    "board",
    "checklist",
    "free_rooms",
    "locations",
    "marks",
    "sudden_types",
    "today",
    "ways_in",
]
