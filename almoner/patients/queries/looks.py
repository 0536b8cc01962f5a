"""Why a record was opened, when no visit, claim or message led there: what the officer said."""

from datetime import datetime, timedelta

from django.db import connection

from almoner.access.models import Officer
from almoner.access.queries import Evidence, WorkItem

STANDS = timedelta(minutes=30)
"""How long what was said about one patient explains looks at him."""
BORNE_OUT = timedelta(hours=24)
"""How long after it an effect that others can see bears it out."""

RECENT = """
    SELECT id FROM patients_look
     WHERE officer_id = %s AND patient_id = %s AND at > %s AND at <= %s
     ORDER BY at DESC LIMIT 1
"""
SAID = RECENT.replace("SELECT id", "SELECT confirmed_by")
EVIDENCE = """
    SELECT look.patient_id, look.officer_id, EXISTS (
               SELECT FROM ground_event
                WHERE patient_id = look.patient_id AND by_id = look.officer_id
                  AND at BETWEEN look.at AND look.at + make_interval(secs => %s)
                  AND kind NOT LIKE 'patients.%%'),
           look.confirmed_by
      FROM patients_look look WHERE look.id = %s
"""


def recent_look(patient_id: int, officer: Officer, at: datetime) -> WorkItem | None:
    """The officer's own word on why this record is open, given in the last half hour."""
    with connection.cursor() as cursor:
        cursor.execute(RECENT, [officer.pk, patient_id, at - STANDS, at])
        row = cursor.fetchone()
    return WorkItem("look", row[0]) if row else None


def said_of_late(patient_id: int, officer: Officer, at: datetime) -> tuple[str, ...]:
    """By which identifiers the officer made sure of this patient in the last half hour.

    Whatever led to the record then; what was compared at the desk holds on the next page too.
    """
    with connection.cursor() as cursor:
        cursor.execute(SAID, [officer.pk, patient_id, at - STANDS, at])
        row = cursor.fetchone()
    return tuple(row[0]) if row else ()


def look_evidence(item_id: int) -> Evidence | None:
    """What the officer said, borne out when a booking, a payment or a message came of it."""
    return _evidence(EVIDENCE, item_id)


def _evidence(sql: str, row_id: int) -> Evidence | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, [BORNE_OUT.total_seconds(), row_id])
        row = cursor.fetchone()
    if row is None:
        return None
    patient_id, officer_id, borne_out, confirmed_by = row
    return Evidence(frozenset({patient_id}), officer_id, borne_out, tuple(confirmed_by))


REGISTERED = """
    SELECT id FROM ground_event
     WHERE patient_id = %s AND by_id = %s AND kind = 'patients.registered' AND at > %s
     ORDER BY at DESC LIMIT 1
"""
REGISTRATION = """
    SELECT registered.patient_id, registered.by_id, EXISTS (
               SELECT FROM ground_event
                WHERE patient_id = registered.patient_id AND by_id = registered.by_id
                  AND at BETWEEN registered.at AND registered.at + make_interval(secs => %s)
                  AND kind NOT LIKE 'patients.%%'),
           CASE WHEN patient.birth_date IS NULL THEN '{name}' ELSE '{name,birth_date}' END::text[]
      FROM ground_event registered
      JOIN patients_patient patient ON patient.id = registered.patient_id
     WHERE registered.id = %s AND registered.kind = 'patients.registered'
"""


def just_registered(patient_id: int, officer: Officer, at: datetime) -> WorkItem | None:
    """The officer registered this patient in the last half hour."""
    with connection.cursor() as cursor:
        cursor.execute(REGISTERED, [patient_id, officer.pk, at - STANDS])
        row = cursor.fetchone()
    return WorkItem("registration", row[0]) if row else None


def registration_evidence(item_id: int) -> Evidence | None:
    """Who registered whom; borne out like a look, by what came of it.

    What the record was made of is what the person said: nothing else could confirm it yet.
    """
    return _evidence(REGISTRATION, item_id)
