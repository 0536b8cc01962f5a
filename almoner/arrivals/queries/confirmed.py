"""By what a patient who is here, or was today, is known."""

from datetime import datetime, timedelta

from django.db import connection

from almoner.access.models import Officer

HOLDS = timedelta(hours=24)
"""How long what was compared at check-in stands for whoever works on that visit."""

CONFIRMED = """
    SELECT confirmed_by FROM arrivals_encounter
     WHERE patient_id = %s AND arrived_at > %s AND arrived_at <= %s
       AND cardinality(confirmed_by) > 0
     ORDER BY arrived_at DESC LIMIT 1
"""


def confirmed_today(patient_id: int, _officer: Officer, at: datetime) -> tuple[str, ...]:
    """The identifiers compared when the patient was checked in in the last day, by whomever."""
    with connection.cursor() as cursor:
        cursor.execute(CONFIRMED, [patient_id, at - HOLDS, at])
        row = cursor.fetchone()
    return tuple(row[0]) if row else ()
