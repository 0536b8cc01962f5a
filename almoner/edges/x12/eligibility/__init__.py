"""Eligibility (005010X279A1): the 270 asks whether a patient is covered, the 271 answers.

- ``write_270(inquiry, envelope)`` and ``read_271(source)`` are the clinic's side;
- ``read_270(source)`` and ``write_271(answer, envelope)`` the payer's, for simulators and tests.
"""

from almoner.edges.x12.eligibility.reader import read_270, read_271
from almoner.edges.x12.eligibility.values import (
    Answer,
    Benefit,
    Delivery,
    Entity,
    Inquiry,
    Member,
    Period,
    Reference,
    Rejection,
)
from almoner.edges.x12.eligibility.writer import write_270, write_271

__all__ = [
    "Answer",
    "Benefit",
    "Delivery",
    "Entity",
    "Inquiry",
    "Member",
    "Period",
    "Reference",
    "Rejection",
    "read_270",
    "read_271",
    "write_270",
    "write_271",
]
