"""May I, and writing down that somebody looked."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection

from almoner.access.models import Officer
from almoner.access.queries import Reading, Reason, reason_for, reason_for_paper
from almoner.access.rules import Grade, Purpose

_WRITE = """
    INSERT INTO access_event
           (at, officer_id, screen, purpose, patient_ids, reason_kind, reason_id, reason_by_id,
            grade, confirmed_by, note, address)
    VALUES (%(at)s, %(officer)s, %(screen)s, %(purpose)s, %(patient_ids)s::bigint[], %(kind)s,
            %(id)s, %(by)s, %(grade)s, %(confirmed_by)s::text[], %(note)s, %(address)s)
"""


def require(officer: Officer, permission: str) -> None:
    """Raises PermissionDenied unless one of the officer's roles carries the permission."""
    if not officer.may(permission):
        raise PermissionDenied(permission)


# The same officer at the same machine, on the same work list, since the hour began.
_NOTED = """
    SELECT DISTINCT unnest(patient_ids) FROM access_event
     WHERE officer_id = %(officer)s AND at >= date_trunc('hour', %(at)s::timestamptz)
       AND at <= %(at)s AND screen = %(screen)s AND reason_kind = %(queue)s
       AND address IS NOT DISTINCT FROM %(address)s::inet
"""


def record_access(reading: Reading) -> None:
    """Write down whom this response showed and why; must run in the response's transaction.

    One event for each distinct reason: a list whose rows have one reason is one event. A work list
    that brings itself up to date is written down for those whom it had not shown in that hour. A
    paper that names nobody of ours is an event with nobody in it.
    """
    seen = reading.patient_ids
    if reading.live and reading.queue:
        seen = seen - _noted_this_hour(reading)
    by_reason: dict[Reason, list[int]] = defaultdict(list)
    for patient_id in sorted(seen):
        by_reason[reason_for(reading, patient_id)].append(patient_id)
    for paper in reading.strangers:
        by_reason.setdefault(reason_for_paper(reading, paper), [])
    # By SQL: it is part of nearly every page, and takes half the time it takes through the ORM.
    with connection.cursor() as cursor:
        for reason, patient_ids in by_reason.items():
            event: dict[str, Any] = {
                "at": reading.at,
                "officer": reading.officer.pk,
                "screen": reading.screen,
                "purpose": reading.purpose.value,
                "patient_ids": patient_ids,
                "kind": reason.kind,
                "id": reason.id,
                "by": reason.by_id,
                "grade": reason.grade.value,
                # On this screen, or when the work item was made: each once.
                "confirmed_by": list(dict.fromkeys((*reading.confirmed_by, *reason.confirmed_by))),
                "note": reason.note,
                "address": reading.address,
            }
            cursor.execute(_WRITE, event)


OUTSIDE = 0
"""Stands for the officer of a look by somebody who is none: no officer has that number."""


def record_look_from_outside(
    *, who: str, screen: str, patient_id: int, kind: str, item_id: int, address: str | None,
    at: datetime,
) -> None:  # fmt: skip
    """Write down that somebody outside saw what a patient let them see.

    ``who`` is what they call themselves; the log keeps it as the note. The patient made the reason.
    """
    event: dict[str, Any] = {
        "at": at, "officer": OUTSIDE, "screen": screen, "purpose": Purpose.TREATMENT.value,
        "patient_ids": [patient_id], "kind": kind, "id": item_id, "by": None,
        "grade": Grade.A.value, "confirmed_by": ["birth_date"], "note": who, "address": address,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, event)


def _noted_this_hour(reading: Reading) -> set[int]:
    """Whom the log already says this officer saw on this work list since the hour began."""
    facts: dict[str, Any] = {
        "officer": reading.officer.pk,
        "at": reading.at,
        "screen": reading.screen,
        "queue": reading.queue,
        "address": reading.address,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NOTED, facts)
        return {row[0] for row in cursor.fetchall()}
