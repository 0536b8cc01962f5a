"""Reads of visits by video."""

from almoner.telehealth.queries.handing import Paying, left_to_pay, paying
from almoner.telehealth.queries.record import Record, consent_text, record, tests
from almoner.telehealth.queries.seats import (
    Heard,
    digest_of,
    hear,
    invitation,
    name_of,
    patient_name,
    people,
    seat,
    waiting,
)
from almoner.telehealth.queries.visits import Line, board, line, of, spoken

__all__ = [
    "Heard",
    "Line",
    "Paying",
    "Record",
    "board",
    "consent_text",
    "digest_of",
    "hear",
    "invitation",
    "left_to_pay",
    "line",
    "name_of",
    "of",
    "patient_name",
    "paying",
    "people",
    "record",
    "seat",
    "spoken",
    "tests",
    "waiting",
]
