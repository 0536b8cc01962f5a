"""May I, and writing down that somebody looked."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection

from almoner.access.models import Officer
from almoner.access.queries import Reading, Reason, known_sql, reason_for, reason_for_paper
from almoner.access.rules import Grade, Purpose

_WRITE = """
    INSERT INTO access_event
           (at, officer_id, screen, purpose, address, patient_ids, reason_kind, reason_id,
            reason_by_id, grade, note, confirmed_by)
    VALUES {looks}
"""
_LOOK = (
    "(%(at)s, %(officer)s, %(screen)s, %(purpose)s, %(address)s::inet,"
    " %(patients{0})s::bigint[], %(kind{0})s, %(id{0})s, %(by{0})s, %(grade{0})s, %(note{0})s,"
    " %(confirmed{0})s::text[]{known})"
)
# What was compared just before on another screen holds too.
_KNOWN = (
    " || array(SELECT one FROM unnest({known}) one WHERE one <> ALL (%(confirmed{0})s::text[]))"
)


@dataclass(frozen=True, slots=True)
class Look:
    """One event: who was seen for one reason.

    ``alone`` is whom the screen is about, when by what the reader knows them is still to be found.
    """

    patient_ids: list[int]
    reason: Reason
    confirmed_by: list[str]
    alone: int | None = None


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
    looks = [_look(reading, reason, ids) for reason, ids in by_reason.items()]
    _write(
        looks,
        at=reading.at,
        officer=reading.officer.pk,
        screen=reading.screen,
        purpose=reading.purpose,
        address=reading.address,
    )


def _look(reading: Reading, reason: Reason, patient_ids: list[int]) -> Look:
    # On this screen, or when the work item was made: each once.
    confirmed_by = list(dict.fromkeys((*reading.confirmed_by, *reason.confirmed_by)))
    by_item = reason.id is not None and reason.grade != Grade.D and not reason.confirmed_by
    alone = None
    if by_item and not reading.opens:
        alone = next((each for each in patient_ids if reading.is_of(each)), None)
    return Look(patient_ids, reason, confirmed_by, alone)


def _write(looks: Sequence[Look], *, purpose: Purpose, **common: Any) -> None:
    # By SQL: it is part of nearly every page, and takes half the time it takes through the ORM.
    if not looks:
        return
    values, facts = [], {**common, "purpose": purpose.value}
    for number, look in enumerate(looks):
        known = ""
        if look.alone is not None:
            known = _KNOWN.format(number, known=known_sql(opens=False))
            facts["patient"] = look.alone
        values.append(_LOOK.format(number, known=known))
        facts |= {
            f"patients{number}": look.patient_ids,
            f"kind{number}": look.reason.kind,
            f"id{number}": look.reason.id,
            f"by{number}": look.reason.by_id,
            f"grade{number}": look.reason.grade.value,
            f"note{number}": look.reason.note,
            f"confirmed{number}": look.confirmed_by,
        }
    with connection.cursor() as cursor:
        cursor.execute(_WRITE.format(looks=", ".join(values)), facts)


OUTSIDE = 0
"""Stands for the officer of a look by somebody who is none: no officer has that number."""


def record_look_from_outside(
    *, who: str, screen: str, patient_id: int, kind: str, item_id: int, address: str | None,
    at: datetime,
) -> None:  # fmt: skip
    """Write down that somebody outside saw what a patient let them see.

    ``who`` is what they call themselves; the log keeps it as the note. The patient made the reason.
    """
    reason = Reason(kind, item_id, None, Grade.A, who)
    _write(
        [Look([patient_id], reason, ["birth_date"])],
        at=at,
        officer=OUTSIDE,
        screen=screen,
        purpose=Purpose.TREATMENT,
        address=address,
    )


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
