"""May I, and writing down that somebody looked."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from itertools import chain
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
    VALUES {looks}
"""
Look = tuple[Any, ...]
_LOOK = "(%s, %s, %s, %s, %s::bigint[], %s, %s, %s, %s, %s::text[], %s, %s::inet)"


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
    """Write down whom this response showed and why: all of it, by one statement, or nothing.

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
    _write([_look(reading, reason, ids) for reason, ids in by_reason.items()])


def _look(reading: Reading, reason: Reason, patient_ids: list[int]) -> Look:
    # On this screen, or when the work item was made: each once.
    confirmed_by = list(dict.fromkeys((*reading.confirmed_by, *reason.confirmed_by)))
    return (
        reading.at, reading.officer.pk, reading.screen, reading.purpose.value, patient_ids,
        reason.kind, reason.id, reason.by_id, reason.grade.value, confirmed_by, reason.note,
        reading.address,
    )  # fmt: skip


def _write(looks: Sequence[Look]) -> None:
    # By SQL: it is part of nearly every page, and takes half the time it takes through the ORM.
    if looks:
        statement = _WRITE.format(looks=", ".join([_LOOK] * len(looks)))
        with connection.cursor() as cursor:
            cursor.execute(statement, list(chain.from_iterable(looks)))


OUTSIDE = 0
"""Stands for the officer of a look by somebody who is none: no officer has that number."""


def record_look_from_outside(
    *, who: str, screen: str, patient_id: int, kind: str, item_id: int, address: str | None,
    at: datetime,
) -> None:  # fmt: skip
    """Write down that somebody outside saw what a patient let them see.

    ``who`` is what they call themselves; the log keeps it as the note. The patient made the reason.
    """
    _write([(
        at, OUTSIDE, screen, Purpose.TREATMENT.value, [patient_id], kind, item_id, None,
        Grade.A.value, ["birth_date"], who, address,
    )])  # fmt: skip


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
