"""Whose a message is that waits to be read, and that it waits too long."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.ground import events
from almoner.ground.turns import in_turn
from almoner.relations import queries
from almoner.relations.actions.opening import times
from almoner.relations.actions.settling import MessageRefused, Refusal
from almoner.relations.models import Received
from almoner.relations.queries import unread
from almoner.relations.rules import Desk, Kind

_WORK = {"work": True, "handled_at": None}


def to_be_read(at: datetime) -> dict[str, object]:
    """Whose a text or e-mail is that comes in now, and by when it is answered, or sorted out."""
    answer_by, _warn_at, _due_at = times(Kind.QUESTION, Desk.FRONT, at)
    return {"desk": Desk.FRONT, "answer_by": answer_by}


@transaction.atomic
def take_messages(*, officer: Officer, conversation_id: int, at: datetime) -> int:
    """Make one's own what waits in a conversation; how many. When it is due stays.

    Raises PermissionDenied; MessageRefused when nothing waits there any more.
    """
    access.require(officer, "relations.send")
    return _belongs(conversation_id, officer, officer, at=at)


@transaction.atomic
def give_messages(*, officer: Officer, conversation_id: int, owner: Officer, at: datetime) -> int:
    """Give what waits in a conversation to a colleague who answers messages, too.

    Raises PermissionDenied; MessageRefused when they do not, or nothing waits there any more.
    """
    access.require(officer, "relations.send")
    if not unread.answers(owner):
        raise MessageRefused(Refusal.NO_OWNER)
    return _belongs(conversation_id, owner, officer, at=at)


@transaction.atomic
def put_messages_back(*, officer: Officer, conversation_id: int, at: datetime) -> int:
    """What waits in a conversation is its desk's again, for anybody there; as `take_messages`.

    What waits too long is the lead's.
    """
    access.require(officer, "relations.send")
    return _belongs(conversation_id, None, officer, at=at)


def _belongs(conversation_id: int, owner: Officer | None, officer: Officer, *, at: datetime) -> int:
    rows = Received.objects.select_for_update().filter(conversation=conversation_id, **_WORK)
    found = list(rows.order_by("pk"))
    if not found:
        raise MessageRefused(Refusal.NOT_OPEN)
    changed = []
    for row in found:
        to = owner or (queries.lead_of(row.desk) if row.late_at else None)
        if (to.pk if to else None) != row.owner_id:
            row.owner = to
            row.save(update_fields=["owner"])
            changed.append(row)
    if changed:
        _record(changed[-1], officer, at=at)
    return len(found)


def _record(row: Received, officer: Officer, *, at: datetime) -> None:
    about: dict[str, Any] = {"at": at, "by": officer, "about": row, "patient_id": row.patient_id}
    if row.owner:
        events.record("relations.messages_given", to=row.owner.name, **about)
    else:
        events.record("relations.messages_put_back", **about)


def tell_of_late(*, at: datetime) -> int:
    """Tell of texts and e-mails that wait longer than they may; how many.

    Each once. What nobody has taken is the desk's lead's from here on, and what somebody took who
    answers no messages any more; whoever does, keeps it. What was written in an account becomes a
    case instead (`keep_posted`). Raises an ExceptionGroup of what failed once all have had their
    turn.
    """
    return in_turn(unread.to_tell(at), partial(_late, at=at), named="message")


@transaction.atomic
def _late(received_id: int, *, at: datetime) -> bool:
    row = Received.objects.select_for_update().get(pk=received_id)
    if row.handled_at or row.late_at or row.answer_by is None or row.answer_by > at:
        return False
    has = row.owner if row.owner and unread.answers(row.owner) else None
    row.late_at, row.owner = at, has or queries.lead_of(row.desk)
    row.save(update_fields=["late_at", "owner"])
    events.record(
        "relations.message_late", at=at, by=None, about=row, patient_id=row.patient_id,
        channel=row.channel,
    )  # fmt: skip
    return True
