"""Results of the demo's patients, sent by an invented laboratory in the form a real one sends them.

Names, codes and ranges are the laboratory's own inventions; what it sends is taken by the import.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from almoner.access.models import Officer
from almoner.facility.models import Clinician
from almoner.patients.models import Patient
from almoner.records import actions, exchange
from almoner.records.models import Result

LAB = "https://lakeside-laboratory.example"
PATIENTS = 24
MRN = {"coding": [{"code": "MR"}]}
Fhir = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Test:
    """One thing the laboratory measures: its code and name, the unit, and its range."""

    code: str
    name: str
    unit: str
    low: float
    high: float


POTASSIUM = Test("LK-101", "Potassium", "mmol/L", 3.5, 5.1)
SODIUM = Test("LK-102", "Sodium", "mmol/L", 136, 145)
SUGAR = Test("LK-201", "Sugar over three months (HbA1c)", "%", 4.0, 5.6)
FERRITIN = Test("LK-301", "Iron store (ferritin)", "ng/mL", 30, 300)
COURSE = (6.9, 6.4, 6.1, 5.8)
"""Of the sugar, every three months: it comes down."""


def build(*, now: datetime) -> None:
    """Some months of results for the first patients who come soon, and one that is nobody's."""
    people = list(
        Patient.objects.filter(birth_date__lt=now.date() - timedelta(days=18 * 366))
        .filter(appointments__starts_at__gt=now, deceased=False)
        .distinct()
        .order_by("id")[:PATIENTS]
    )
    clinicians = list(Clinician.objects.filter(active=True).order_by("id"))
    for number, person in enumerate(people):
        # The first is who signs in at the demo: half of it is theirs.
        ordered_by = clinicians[number % len(clinicians) if number % 2 else 0]
        for sent in _of(person, number, ordered_by, now=now):
            exchange.import_results(content=sent[0], at=sent[1])
    _nobodys(now=now)
    _review(now=now)


def _of(
    person: Patient, number: int, clinician: Clinician, *, now: datetime
) -> list[tuple[bytes, datetime]]:
    """What is sent of one person, each with the time at which it comes."""
    whose = _subject(person)
    sent = []
    for turn, value in enumerate(COURSE):
        at = now - timedelta(days=91 * (len(COURSE) - 1 - turn) + 2, hours=number)
        lines = [(SUGAR, round(value + number % 3 * 0.2, 1))]
        sent.append((_report(f"{number}-S{turn}", "Sugar", lines, whose, clinician, at=at), at))
    at = now - timedelta(hours=5 + number)
    potassium = 6.4 if number == 0 else round(3.9 + number % 5 * 0.3, 1)
    lines = [(POTASSIUM, potassium), (SODIUM, 139 + number % 6)]
    sent.append((_report(f"{number}-E", "Electrolytes", lines, whose, clinician, at=at), at))
    if number % 4 == 1:  # a correction, which the first version stays beside
        at = now - timedelta(hours=1)
        lines = [(POTASSIUM, round(potassium + 0.4, 1)), (SODIUM, 140)]
        report = _report(
            f"{number}-E", "Electrolytes", lines, whose, clinician, at=at, status="corrected",
        )  # fmt: skip
        sent.append((report, at))
    if number % 4 == 2:  # not final yet: nobody but the clinic sees it
        report = _report(
            f"{number}-F", "Iron", [(FERRITIN, 24)], whose, clinician, at=at, status="preliminary"
        )
        sent.append((report, at))
    return sent


def _subject(person: Patient) -> Fhir:
    return {
        "resourceType": "Patient",
        "id": "p",
        "identifier": [{"type": MRN, "system": settings.MRN_SYSTEM, "value": person.mrn}],
        "name": [{"family": person.family, "given": [person.given]}],
        "birthDate": person.birth_date.isoformat() if person.birth_date else "1900-01-01",
    }


def _report(
    number: str, name: str, lines: Sequence[tuple[Test, float]], whose: Fhir,
    clinician: Clinician, *, at: datetime, status: str = "final",
) -> bytes:  # fmt: skip
    npi = {"system": "http://hl7.org/fhir/sid/us-npi", "value": clinician.npi}
    order = {
        "resourceType": "ServiceRequest", "id": "s", "status": "active", "intent": "order",
        "subject": {"reference": "Patient/p"},
        "requester": {"identifier": npi, "display": str(clinician)},
    }  # fmt: skip
    report = {
        "resourceType": "DiagnosticReport", "id": "r", "status": status,
        "identifier": [{"system": f"{LAB}/reports", "value": number}],
        "basedOn": [{"reference": "ServiceRequest/s"}],
        "code": {"coding": [{"system": f"{LAB}/codes", "code": name.upper(), "display": name}]},
        "subject": {"reference": "Patient/p"},
        "effectiveDateTime": (at - timedelta(hours=4)).isoformat(),
        "issued": at.isoformat(),
        "performer": [{"display": "Lakeside Laboratory"}],
        "result": [{"reference": f"Observation/{one.code}"} for one, _value in lines],
    }  # fmt: skip
    every = [whose, order, *(_measured(*line) for line in lines), report]
    bundle = {"resourceType": "Bundle", "type": "collection",
              "entry": [{"resource": one} for one in every]}  # fmt: skip
    return json.dumps(bundle).encode()


def _measured(test: Test, value: float) -> Fhir:
    flag = "H" if value > test.high else "L" if value < test.low else "N"
    if test is POTASSIUM and value > 6:
        flag = "HH"
    return {
        "resourceType": "Observation", "id": test.code, "status": "final",
        "code": {"coding": [{"system": f"{LAB}/codes", "code": test.code, "display": test.name}]},
        "valueQuantity": {"value": value, "unit": test.unit},
        "interpretation": [{"coding": [{"code": flag}]}],
        "referenceRange": [{"low": {"value": test.low}, "high": {"value": test.high}}],
    }  # fmt: skip


def _nobodys(*, now: datetime) -> None:
    """A report with a number of another house: it waits until somebody says whose it is."""
    somebody = Patient.objects.order_by("-id").first()
    if somebody is None or somebody.birth_date is None:
        return
    whose = _subject(somebody)
    whose["identifier"] = [{"type": MRN, "system": "https://elsewhere.example", "value": "E-77"}]
    clinician = Clinician.objects.order_by("id").first()
    if clinician is not None:
        at = now - timedelta(hours=3)
        content = _report("X-1", "Iron", [(FERRITIN, 44)], whose, clinician, at=at)
        exchange.import_results(content=content, at=at)


def _review(*, now: datetime) -> None:
    """The older ones were looked at, some of them with a word to the patient."""
    for doctor in Officer.objects.filter(clinician__isnull=False).order_by("id"):
        old = now - timedelta(days=30)
        rows = Result.objects.filter(waits_since__lt=old, clinician=doctor.clinician)
        for number, row in enumerate(rows.order_by("id")):
            note = "It comes down. Go on as we said; we look again in three months."
            actions.review_result(
                officer=doctor, result_id=row.pk, version_id=row.shown_id or 0,
                note=note if number % 2 else "", at=row.shown.came_at + timedelta(hours=6)
                if row.shown else now,
            )  # fmt: skip
