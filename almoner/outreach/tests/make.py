"""Segments, campaigns and people who are due, for tests. Now is noon in Chicago on a Sunday."""

from datetime import date, timedelta
from itertools import count

from almoner.billing.models import ChargeSlip
from almoner.billing.tests import make as billing
from almoner.outreach import actions, rules
from almoner.outreach.models import Campaign, Enrolment
from almoner.patients.tests import make as patients
from almoner.scheduling.tests.make import SUNDAY as NOW

DAY = timedelta(days=1)
LONG_AGO = date(2025, 6, 2)
_numbers = count(100)
DIABETICS = {"diagnosis": ["E11"], "not_seen": 6}
__all__ = [
    "DAY", "DIABETICS", "LONG_AGO", "NOW", "campaign", "diagnosed", "due", "number", "place",
    "plan", "seen", "started",
]  # fmt: skip


def number() -> str:
    """A number nobody else has."""
    return f"+1312555{next(_numbers):04d}"


def due(family: str = "Garcia", **facts):
    """A diabetic who was last seen long ago, reached by text."""
    facts = {"phones": (patients.Phone(number()),)} | facts
    who = patients.patient(family=family, **facts)
    diagnosed(who, "E119", day=LONG_AGO)
    return who


def seen(patient, *, day: date = LONG_AGO, **facts):
    """A visit that took place."""
    row = billing.encounter(patient, day=day)
    for name, value in facts.items():
        setattr(row, name, value)
    row.save()
    return row


def diagnosed(patient, *codes: str, day: date = LONG_AGO, state: str = "open"):
    """A visit that was charged for with these codes."""
    visit = seen(patient, day=day)
    return ChargeSlip.objects.create(
        encounter=visit, patient=patient, clinician=visit.clinician, location=visit.location,
        service_date=day, place_of_service="11", diagnoses=list(codes), state=state, saved_at=NOW,
    )  # fmt: skip


def plan(**facts) -> actions.Plan:
    english, spanish = rules.SHIPPED["en"], rules.SHIPPED["es"]
    usual = {
        "name": "Recall", "purpose": "care", "channels": ("sms", "email", "call"),
        "subject_english": english[0], "english": english[1],
        "subject_spanish": spanish[0], "spanish": spanish[1],
        "visit_type_id": None, "window_days": 30, "remind_after_days": None,
        "held_out_percent": 0, "pace": 50, "rest_days": 30,
    }  # fmt: skip
    return actions.Plan(**(usual | facts))


def campaign(officer, *, conditions=None, name="Diabetics", at=NOW, **facts) -> Campaign:
    """A draft for a segment of its own."""
    version = actions.save_segment(
        officer=officer, name=f"{name} {next(_numbers)}", conditions=conditions or DIABETICS, at=at
    )
    return actions.draft_campaign(officer=officer, version=version, plan=plan(**facts), at=at)


def started(officer, *, at=NOW, **facts) -> Campaign:
    return actions.start(officer=officer, campaign=campaign(officer, at=at, **facts), at=at)


def place(row: Campaign, patient) -> Enrolment:
    return Enrolment.objects.get(campaign=row, patient=patient)
