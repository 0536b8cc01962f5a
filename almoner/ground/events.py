"""The event log: every action that changes something records one event in the same transaction.

Live screens, the patient's timeline, follow-up jobs and managers' figures are all read from it.
A duty that wants to react to another's event says so in its own ``reactions.py``::

    @events.follows("scheduling.booked")
    def check_eligibility(event: Event) -> None: ...

Each reaction runs as a job of its own, at least once, so it must be safe to run twice. One that
must not act on what is taken back a moment later says how long it waits: ``after=``.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db import connection, transaction

from almoner.ground import models

CHANNEL = "almoner_events"


class Row(Protocol):
    """Any saved model instance."""

    pk: Any


class Actor(Protocol):
    """Whoever did it: an officer, or nothing when a partner or the clock did."""

    pk: Any


Reaction = Callable[[models.Event], None]
_followers: dict[str, list[tuple[Reaction, timedelta]]] = defaultdict(list)


def follows(*kinds: str, after: timedelta = timedelta()) -> Callable[[Reaction], Reaction]:
    """Run the decorated function as a job after each event of these kinds, not before ``after``."""

    def register(reaction: Reaction) -> Reaction:
        for kind in kinds:
            _followers[kind].append((reaction, after))
        return reaction

    return register


def name_of(reaction: Reaction) -> str:
    return f"{reaction.__module__}.{reaction.__qualname__}"


def reaction_named(kind: str, name: str) -> Reaction:
    """The registered reaction; KeyError when no such reaction follows that kind any more."""
    for reaction, _after in _followers[kind]:
        if name_of(reaction) == name:
            return reaction
    raise KeyError(name)


def record(
    kind: str,
    *,
    at: datetime,
    by: Actor | None,
    about: Row,
    patient_id: int | None = None,
    location_id: int | None = None,
    **data: Any,
) -> models.Event:
    """Write down that ``kind`` happened to ``about``, in the action's own transaction.

    Followers are queued in the same transaction, listeners are woken after it commits. Of what is
    done ``by_patient``, the name of whoever acts for them is kept too (`acting_for_patient`).
    """
    if data.get("by_patient") and (name := _acts_for_patient.get()):
        data["acted_by"] = name
    event = models.Event(
        kind=kind,
        at=at,
        by_id=by.pk if by else None,
        about_kind=type(about).__name__.lower(),
        about_id=about.pk,
        patient_id=patient_id,
        location_id=location_id,
        data=data,
    )
    _write(event, _followers.get(kind, []))
    if not _held_back.get():
        transaction.on_commit(_wake_listeners)
    return event


_acts_for_patient: ContextVar[str] = ContextVar("acts_for_patient", default="")


@contextmanager
def acting_for_patient(name: str) -> Iterator[None]:
    """Somebody of this name does what is done now, for the patient; empty: the patient does."""
    before = _acts_for_patient.set(name)
    try:
        yield
    finally:
        _acts_for_patient.reset(before)


# One statement, since every action ends with it: the event, and the jobs of those who follow it by
# the function that procrastinate itself defers with.
WRITE = """
    WITH event AS (
        INSERT INTO ground_event
               (kind, at, by_id, about_kind, about_id, patient_id, location_id, data)
        VALUES (%(kind)s, %(at)s, %(by)s, %(about_kind)s, %(about)s, %(patient)s, %(location)s,
                %(data)s::jsonb)
        RETURNING id, transaction
    )
    SELECT event.id, event.transaction{queued} FROM event
"""
QUEUED = """, (
        SELECT procrastinate_defer_jobs_v1(array_agg(
                   ('reactions', 'ground.react', 0, NULL, NULL,
                    jsonb_build_object('event_id', event.id, 'reaction', follower.name),
                    CASE WHEN follower.seconds > 0
                         THEN now() + make_interval(secs => follower.seconds) END
                   )::procrastinate_job_to_defer_v1))
          FROM unnest(%(followers)s::text[], %(seconds)s::float[]) AS follower (name, seconds))"""
ALONE, FOLLOWED = WRITE.format(queued=""), WRITE.format(queued=QUEUED)


def _write(event: models.Event, following: list[tuple[Reaction, timedelta]]) -> None:
    facts: dict[str, Any] = {
        "kind": event.kind,
        "at": event.at,
        "by": event.by_id,
        "about_kind": event.about_kind,
        "about": event.about_id,
        "patient": event.patient_id,
        "location": event.location_id,
        "data": json.dumps(event.data),
    }
    if following:
        facts["followers"] = [name_of(reaction) for reaction, _after in following]
        facts["seconds"] = [after.total_seconds() for _reaction, after in following]
    with connection.cursor() as cursor:
        cursor.execute(FOLLOWED if following else ALONE, facts)
        event.pk, event.transaction, *_jobs = cursor.fetchone()
    event._state.adding = False


_held_back: ContextVar[bool] = ContextVar("held_back", default=False)


@contextmanager
def waking_once() -> Iterator[None]:
    """Wake listeners once at the end instead of after every commit, for thousands of small ones.

    Nothing is lost by it: events are found by their transactions, and listeners look each second.
    """
    before = _held_back.set(True)
    try:
        yield
    finally:
        _held_back.reset(before)
        _wake_listeners()


def _wake_listeners() -> None:
    # A transaction of its own, after the commit: NOTIFY inside it would hold a global lock while
    # the commit is flushed, and so let one booking at a time through. Losing a wake-up is harmless:
    # listeners also look by themselves each second.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('synchronous_commit', 'off', true), pg_notify(%s, '')", [CHANNEL]
        )


@dataclass(frozen=True, slots=True)
class Change:
    """An event as live screens need it."""

    id: int
    kind: str
    about_kind: str
    about_id: int | None
    patient_id: int | None
    location_id: int | None


def horizon() -> int:
    """A cursor that stands after every change already visible; give it to `since`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


SINCE = """
    SELECT id, kind, about_kind, about_id, patient_id, location_id
      FROM ground_event
     WHERE transaction >= %(cursor)s AND transaction < %(horizon)s
     ORDER BY transaction, id
"""


def since(cursor: int) -> tuple[int, list[Change]]:
    """Changes committed after ``cursor``, and the cursor to ask with next time.

    Ids are given out before transactions commit, so "id greater than the last" would miss a slow
    writer. The cursor is a transaction number: every event below the oldest transaction still
    running has been seen, every later one has not.
    """
    until = horizon()
    with connection.cursor() as sql:
        sql.execute(SINCE, {"cursor": cursor, "horizon": until})
        return max(cursor, until), [Change(*row) for row in sql.fetchall()]
