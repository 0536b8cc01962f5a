"""Files that came with e-mails and texts: looked at, kept with the message, and handed on.

What is looked at is only what came; what is kept is of our own making. A file goes to a patient's
documents when it is known that they wrote, in the transaction in which that is known, and never
before.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.edges.papers import LARGEST, NotKept, Screened, Why, screened
from almoner.ground import events
from almoner.patients.actions import Handed, hand_on
from almoner.relations import queries
from almoner.relations.actions.settling import MessageRefused, Refusal
from almoner.relations.models import File, Received
from almoner.relations.rules import files as rules
from almoner.relations.rules.files import Came, FileState

AT_ONCE = 20


class NotFetched(Exception):
    """Where the file lies nobody was reached; it is asked for again."""


Fetch = Callable[[str], bytes]


def keep_files(row: Received, came: Sequence[Came], *, at: datetime) -> None:
    """Keep what came with a message until it was looked at; what cannot be, by name and why."""
    File.objects.bulk_create(_file(row, each, number, at) for number, each in enumerate(came))
    if any(not each.why for each in came):
        events.record("relations.files_came", at=at, by=None, about=row)


def _file(row: Received, came: Came, number: int, at: datetime) -> File:
    why = came.why or (rules.TOO_MANY if number >= rules.MOST_FILES else "")
    if came.raw is not None and len(came.raw) > LARGEST:
        why = rules.TOO_LARGE
    if why:
        return File(received=row, name=came.name, state=FileState.REFUSED, why=why, settled_at=at)
    return File(received=row, name=came.name, raw=came.raw, place=came.place, due_at=at)


def look_at_files(*, fetch: Fetch, at: datetime, received_id: int | None = None) -> None:
    """Look at what is due, of all that came or of one message, each in transactions of its own.

    ``fetch`` gets what the carrier has, and raises NotFetched, or NotKept.
    """
    for file_id in queries.files_due(at, received_id=received_id)[:AT_ONCE]:
        row = _begin(file_id, at=at)
        if row is None:
            continue
        try:
            kept: Screened | str = screened(_bytes(row, fetch))
        except NotFetched:
            kept = rules.NOT_FETCHED
        except NotKept as error:
            kept = error.why.value
        _settle(row, kept, at=at)


@transaction.atomic
def _begin(file_id: int, *, at: datetime) -> File | None:
    """The file, if nobody else looks at it: whoever is stopped by one leaves it for later.

    One that stopped whoever looked at it so many times is not looked at again.
    """
    rows = File.objects.select_for_update(skip_locked=True)
    row = rows.filter(pk=file_id, state=FileState.WAITING, due_at__lte=at).first()
    if row is None:
        return None
    if row.tries >= rules.TRIES:
        _refuse(row, Why.UNREADABLE if row.raw is not None else rules.NOT_FETCHED, at=at)
        return None
    row.tries += 1
    row.due_at = at + rules.STUCK
    row.save(update_fields=["tries", "due_at"])
    return row


def _bytes(row: File, fetch: Fetch) -> bytes:
    return fetch(row.place) if row.raw is None else bytes(row.raw)


@transaction.atomic
def _settle(row: File, kept: Screened | str, *, at: datetime) -> None:
    """What came of looking at it. Whose the message is cannot change meanwhile: it is locked."""
    received = Received.objects.select_for_update().get(pk=row.received_id)
    now = File.objects.select_for_update().get(pk=row.pk)
    if now.state != FileState.WAITING or now.tries != row.tries:
        return  # somebody else looked, or threw it away
    if isinstance(kept, str):
        again = rules.tried_again(now.tries, at)
        if kept not in (rules.NOT_FETCHED, rules.BUSY) or again is None:
            _refuse(now, kept, at=at)
            return
        now.due_at = again
        now.save(update_fields=["due_at"])
        return
    now.state, now.raw, now.place, now.due_at = FileState.KEPT, None, "", None
    now.media, now.content, now.settled_at = kept.media, kept.content, at
    now.save()
    hand_on_kept(received, at=at)


def _refuse(row: File, why: str, *, at: datetime) -> None:
    row.state, row.why, row.settled_at = FileState.REFUSED, why, at
    row.raw, row.place, row.due_at = None, "", None
    row.save()


def hand_on_kept(received: Received, *, at: datetime) -> bool:
    """What is kept with a message of somebody known goes to their documents; whether all did.

    ``received`` is locked. What does not, since too many wait there, stays with the message.
    """
    if received.patient_id is None:
        return False
    rows = File.objects.select_for_update().filter(received=received, state=FileState.KEPT)
    for row in rows.order_by("pk"):
        document_id = hand_on(
            Handed(
                patient_id=received.patient_id,
                channel=received.channel,
                title=row.name,
                media=row.media,
                content=bytes(row.content or b""),
                sent_at=received.at,
                at=at,
            )
        )
        if document_id is None:
            return False
        row.state, row.content, row.document_id = FileState.HANDED_ON, None, document_id
        row.settled_at = at
        row.save()
    return True


@transaction.atomic
def hand_files_on(*, officer: Officer, received: Received, at: datetime) -> None:
    """Put what stayed with a message among the patient's documents.

    Raises PermissionDenied; MessageRefused when nobody knows whose it is, or too many wait there.
    """
    access.require(officer, "relations.send")
    row = Received.objects.select_for_update().get(pk=received.pk)
    if row.patient_id is None:
        raise MessageRefused(Refusal.NOT_THEIRS)
    if not hand_on_kept(row, at=at):
        raise MessageRefused(Refusal.FULL)


@transaction.atomic
def throw_files_away(*, officer: Officer, received: Received, at: datetime) -> None:
    """They are nobody's: nothing of them is kept but their names, and who said so.

    Raises PermissionDenied; MessageRefused when it is known who wrote: then they are in the record.
    """
    access.require(officer, "relations.send")
    row = Received.objects.select_for_update().get(pk=received.pk)
    if row.patient_id is not None:
        raise MessageRefused(Refusal.NOT_OPEN)
    throw_away(row, officer=officer, at=at)


def throw_away(received: Received, *, officer: Officer, at: datetime) -> None:
    """As `throw_files_away`, of a message that is locked."""
    thrown = File.objects.filter(
        received=received, state__in=[FileState.WAITING, FileState.KEPT]
    ).update(
        state=FileState.THROWN_AWAY, raw=None, place="", content=None, due_at=None,
        settled_at=at, decided_by_id=officer.pk,
    )  # fmt: skip
    if thrown:
        events.record("relations.files_thrown_away", at=at, by=officer, about=received)
