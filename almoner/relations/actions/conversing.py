"""Finding the conversation that something said belongs to, or beginning it."""

from datetime import datetime

from django.db import connection

from almoner.relations.models import Conversation, Note

_WITH_PERSON = """
    INSERT INTO relations_conversation AS known (patient_id, channel, address, last_at)
    VALUES (%(patient_id)s, '', '', %(at)s)
    ON CONFLICT (patient_id) DO UPDATE SET last_at = greatest(known.last_at, excluded.last_at)
    RETURNING id
"""
_WITH_ADDRESS = """
    INSERT INTO relations_conversation AS known (channel, address, last_at)
    VALUES (%(channel)s, %(address)s, %(at)s)
    ON CONFLICT (channel, address) WHERE patient_id IS NULL
    DO UPDATE SET last_at = greatest(known.last_at, excluded.last_at)
    RETURNING id
"""


def with_person(patient_id: int, *, at: datetime) -> int:
    """The id of the conversation with a patient, in which something is said at this time."""
    return _found(_WITH_PERSON, {"patient_id": patient_id, "at": at})


def with_address(channel: str, address: str, *, at: datetime) -> int:
    """The id of the conversation with an address of which nobody knows whose it is."""
    return _found(_WITH_ADDRESS, {"channel": channel, "address": address, "at": at})


def end_when_empty(conversation_id: int, *, into: int) -> None:
    """Take away the conversation with an address once everything of it is somebody's.

    What colleagues noted beside it goes along ``into`` the conversation where the last of it went.

    Whoever calls it holds the lock of the address, so that nothing comes in meanwhile.
    """
    rows = Conversation.objects.filter(
        pk=conversation_id, patient=None, messages=None, received=None, calls=None
    )
    empty = list(rows.values_list("pk", flat=True))
    Note.objects.filter(conversation__in=empty).update(conversation=into)
    Conversation.objects.filter(pk__in=empty).delete()


def _found(statement: str, facts: dict[str, str | int | datetime]) -> int:
    with connection.cursor() as sql:
        sql.execute(statement, facts)
        return int(sql.fetchone()[0])
