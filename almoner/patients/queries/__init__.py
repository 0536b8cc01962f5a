"""Reads of the patients duty."""

from almoner.patients.queries.people import Guarantor, Header, guarantor, header, patient
from almoner.patients.queries.registry import (
    Alert,
    Panel,
    Shown,
    alerts_by,
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
    "Guarantor",
    "Header",
    "Panel",
    "Shown",
    "alerts_by",
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
]
