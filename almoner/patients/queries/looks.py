"""Why a record was opened, when no visit, claim or message led there: what the officer said."""

from datetime import datetime, timedelta

from django.db import connection

from almoner.access.models import Officer
from almoner.access.queries import Evidence

BORNE_OUT = timedelta(hours=24)
"""How long after it an effect that others can see bears it out."""

# The officer's own word on why this record is open: for half an hour it explains looks at him.
LOOKED = """
    SELECT id FROM patients_look
     WHERE officer_id = %(officer)s AND patient_id = %(patient)s
       AND at > %(at)s::timestamptz - interval '30 minutes' AND at <= %(at)s
     ORDER BY at DESC LIMIT 1
"""
SAID = LOOKED.replace("SELECT id", "SELECT confirmed_by")
EVIDENCE = """
    SELECT look.patient_id, look.officer_id, EXISTS (
               SELECT FROM ground_event
                WHERE patient_id = look.patient_id AND by_id = look.officer_id
                  AND at BETWEEN look.at AND look.at + make_interval(secs => %s)
                  AND kind NOT LIKE 'patients.%%'),
           look.confirmed_by
      FROM patients_look look WHERE look.id = %s
"""


def said_of_late(patient_id: int, officer: Officer, at: datetime) -> tuple[str, ...]:
    """By which identifiers the officer made sure of this patient in the last half hour.

    Whatever led to the record then; what was compared at the desk holds on the next page too.
    """
    with connection.cursor() as cursor:
        cursor.execute(SAID, {"officer": officer.pk, "patient": patient_id, "at": at})
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
     WHERE patient_id = %(patient)s AND by_id = %(officer)s AND kind = 'patients.registered'
       AND at > %(at)s::timestamptz - interval '30 minutes'
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


def registration_evidence(item_id: int) -> Evidence | None:
    """Who registered whom; borne out like a look, by what came of it.

    What the record was made of is what the person said: nothing else could confirm it yet.
    """
    return _evidence(REGISTRATION, item_id)
