"""Answering patients as a database role that sees the rows of the people it acts for, and no more.

An endpoint that forgets its filter shows nothing of anybody else: PostgreSQL leaves those rows out
(``migrations/0003``). The settings end with the transaction.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from django.db import DatabaseError, connection

_BECOME = "SET LOCAL ROLE almoner_patient"
_AGAIN = "RESET ROLE"
_PEOPLE = "SELECT set_config('almoner.people', %s, true), set_config('almoner.own', %s, true)"


@contextmanager
def acting_for(patient_ids: Iterable[int], *, own: bool = False) -> Iterator[None]:
    """Within a transaction: read as these people may, and as nobody else.

    ``own``: it is the patient who reads, and not somebody who acts for them, of whom visits are
    kept that the patient asked to be private (``migrations/0002``).
    """
    with connection.cursor() as cursor:
        people = "{" + ",".join(map(str, patient_ids)) + "}"
        cursor.execute(_PEOPLE, [people, "yes" if own else ""])
        cursor.execute(_BECOME)
    try:
        yield
    finally:
        _say(_AGAIN)
        _say(_PEOPLE, "{}", "")


_SHARED = "SELECT set_config('almoner.shared_of', %s, true), set_config('almoner.shared', %s, true)"


@contextmanager
def shown_to_guest(patient_id: int, kinds: Iterable[str]) -> Iterator[None]:
    """Within a transaction: read of one person what was shared of them, and nothing else.

    Nobody is acted for, so that every table but those of shared kinds shows nothing, also those
    that are opened to patients later.
    """
    with acting_for([]):
        _say(_SHARED, str(patient_id), "{" + ",".join(sorted(kinds)) + "}")
        try:
            yield
        finally:
            _say(_SHARED, "", "")


@contextmanager
def as_the_desk() -> Iterator[None]:
    """Inside `acting_for`: carry out an action on rows that the patient was shown.

    An action writes events, holds and messages, which no patient may read or write by themselves.
    """
    _say(_AGAIN)
    try:
        yield
    finally:
        _say(_BECOME)


def _say(statement: str, *values: str) -> None:
    # When the transaction is lost, the role is lost with it, and what went wrong is on its way up.
    with suppress(DatabaseError), connection.cursor() as cursor:
        cursor.execute(statement, values or None)
