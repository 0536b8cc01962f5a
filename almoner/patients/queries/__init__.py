"""Reads of the patients duty."""

from almoner.patients.queries import wording
from almoner.patients.queries.alike import Alike, alike, alike_patient, candidates
from almoner.patients.queries.finding import Found, FoundLine, find
from almoner.patients.queries.people import Guarantor, Header, guarantor, header, patient
from almoner.patients.queries.registry import (
    Alert,
    Panel,
    Shown,
    alerts_by,
    balance_by,
    next_visits,
    next_visits_by,
    panel,
    panel_named,
    panels,
    today,
    today_panels,
)

__all__ = [
    "Alert",
    "Alike",
    "Found",
    "FoundLine",
    "Guarantor",
    "Header",
    "Panel",
    "Shown",
    "alerts_by",
    "alike",
    "alike_patient",
    "balance_by",
    "candidates",
    "find",
    "guarantor",
    "header",
    "next_visits",
    "next_visits_by",
    "panel",
    "panel_named",
    "panels",
    "patient",
    "today",
    "today_panels",
    "wording",
]
