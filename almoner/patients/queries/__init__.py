"""Reads of the patients duty."""

from almoner.patients.queries import wording
from almoner.patients.queries.alike import Alike, alike, alike_patient, candidates
from almoner.patients.queries.finding import Found, FoundLine, find
from almoner.patients.queries.history import ChangeLine, history, last_changed_by
from almoner.patients.queries.homemates import Homemate, homemates, homemates_of
from almoner.patients.queries.looks import (
    LOOKED,
    REGISTERED,
    look_evidence,
    registration_evidence,
    said_of_late,
)
from almoner.patients.queries.pairs import (
    PairLine,
    Waiting,
    count_waiting,
    decision_evidence,
    pair,
    pair_evidence,
    waiting,
)
from almoner.patients.queries.panels import own_panels
from almoner.patients.queries.people import Guarantor, Header, guarantor, header, patient
from almoner.patients.queries.record import (
    Identifier,
    Reach,
    Record,
    identifiers,
    kept,
    photo,
    reach,
    record,
)
from almoner.patients.queries.registry import (
    Alert,
    Panel,
    Shown,
    alerts_by,
    balance_by,
    next_visit_by,
    panel,
    panel_named,
    panels,
    today,
    today_panels,
)

__all__ = [
    "LOOKED",
    "REGISTERED",
    "Alert",
    "Alike",
    "ChangeLine",
    "Found",
    "FoundLine",
    "Guarantor",
    "Header",
    "Homemate",
    "Identifier",
    "PairLine",
    "Panel",
    "Reach",
    "Record",
    "Shown",
    "Waiting",
    "alerts_by",
    "alike",
    "alike_patient",
    "balance_by",
    "candidates",
    "count_waiting",
    "decision_evidence",
    "find",
    "guarantor",
    "header",
    "history",
    "homemates",
    "homemates_of",
    "identifiers",
    "kept",
    "last_changed_by",
    "look_evidence",
    "next_visit_by",
    "own_panels",
    "pair",
    "pair_evidence",
    "panel",
    "panel_named",
    "panels",
    "patient",
    "photo",
    "reach",
    "record",
    "registration_evidence",
    "said_of_late",
    "today",
    "today_panels",
    "waiting",
    "wording",
]
