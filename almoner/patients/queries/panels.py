"""The patients duty's own panels on the patient's page."""

from collections.abc import Mapping
from typing import Any

from almoner.access.queries import Reading
from almoner.patients.queries import wording
from almoner.patients.queries.alike import alike_patient
from almoner.patients.queries.confidential import CONFIDENTIAL, confidential_alerts
from almoner.patients.queries.pairs import (
    SAME_PERSON,
    count_waiting,
    decisions,
    same_person_alerts,
)
from almoner.patients.queries.record import record
from almoner.patients.queries.registry import alerts_by, panel, today
from almoner.patients.rules.details import readable


def own_panels() -> None:
    panel("details", 10, "patients.view", "patients/_details.html", details)
    panel("duplicates", 85, "patients.edit", "patients/_duplicates.html", duplicates, lazy=True)
    alerts_by(CONFIDENTIAL, confidential_alerts)
    alerts_by(SAME_PERSON, same_person_alerts)
    today("duplicates", 50, "patients.edit", "patients/_waiting.html", waiting_pairs)


def details(patient_id: int, reading: Reading) -> Mapping[str, Any]:
    kept = record(patient_id, reading=reading)
    return {
        "record": kept,
        "kept": kept.details,
        "may_edit": reading.officer.may("patients.edit"),
        "language": wording.language(kept.details.language),
        "phones": [
            (
                readable(phone.number),
                phone,
                phone.number in kept.proven,
                wording.whose(phone.whose, phone.whose_name),
            )
            for phone in kept.details.phones
        ],
        "emails": [
            (
                email.address,
                email.address.lower() in kept.proven,
                wording.whose(email.whose, email.whose_name),
            )
            for email in kept.details.emails
        ],
        "contacts": [
            (contact, readable(contact.phone) if contact.phone else "")
            for contact in kept.details.contacts
        ],
    }


def duplicates(patient_id: int, reading: Reading) -> Mapping[str, Any]:
    return {
        "alike": alike_patient(patient_id, reading=reading),
        "decisions": decisions(patient_id, reading=reading),
    }


def waiting_pairs(_reading: Reading) -> Mapping[str, Any]:
    return {"count": count_waiting()}
