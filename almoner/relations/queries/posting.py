"""Messages in accounts: by when they are answered, and which of them nobody has seen to."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from almoner.relations import rules
from almoner.relations.models import Case, CaseThing, Message, Opened, Received, Thread
from almoner.relations.queries.desks import levels, week
from almoner.relations.rules import Topic

_MOST = 200
"""Cases made in one go: what is left is made a minute later."""


def answered_by(at: datetime) -> dict[Topic, datetime]:
    """By when a message written now is answered first, by the hours of its desk. Four queries."""
    day = at.date()
    hours, known = week(day), levels()
    found = {}
    for topic in Topic:
        kind, desk = rules.BELONGS_TO[topic]
        level = rules.level(known, kind=kind, desk=desk, day=day)
        found[topic] = rules.after(hours, at, level.first_answer)
    return found


def to_answer(at: datetime) -> list[int]:
    """Messages in accounts that wait longer than was promised and of which there is no case."""
    about = CaseThing.objects.filter(kind="received").values("item_id")
    rows = Received.objects.filter(
        channel=rules.CHANNEL, work=True, handled_at=None, answer_by__lte=at
    ).exclude(pk__in=about)
    return list(rows.order_by("answer_by", "id").values_list("pk", flat=True)[:_MOST])


def not_read(at: datetime) -> list[int]:
    """The first message of ours in each thread that lay unread too long; one case for a thread."""
    unread = Message.objects.filter(
        channel=rules.CHANNEL, opened=None, written_at__lte=at - rules.UNREAD, handled_at=None
    )
    about = CaseThing.objects.filter(kind="message").values("item_id")
    known = Message.objects.filter(channel=rules.CHANNEL, opened=None, pk__in=about)
    rows = unread.exclude(pk__in=about).exclude(address__in=known.values("address"))
    first = rows.order_by("address", "id").distinct("address")
    return list(first.values_list("pk", flat=True)[:_MOST])


def open_cases_about(kind: str, ids: Any) -> list[int]:
    """Cases that are open and stand for themselves about any of these things, the oldest first."""
    about = CaseThing.objects.filter(kind=kind, item_id__in=ids).values("case_id")
    rows = Case.objects.filter(pk__in=about, merged_into=None).exclude(state="closed")
    return list(rows.order_by("pk").values_list("pk", flat=True))


def subjects_of(addresses: Iterable[str]) -> dict[str, str]:
    """What each thread at these addresses is about. One query, none without any."""
    ids = [rules.thread_at(each) for each in addresses]
    rows = Thread.objects.filter(pk__in=ids).values_list("pk", "subject") if ids else ()
    return {rules.address_of_thread(pk): subject for pk, subject in rows}


def read_by(messages: Sequence[Message]) -> dict[int, list[tuple[str, datetime]]]:
    """Who has read each of these in the account, and when. One query, none without any."""
    found: dict[int, list[tuple[str, datetime]]] = {each.pk: [] for each in messages}
    rows = Opened.objects.filter(message__in=found).order_by("at", "id") if found else ()
    for row in rows:
        found[row.message_id].append((row.name, row.at))
    return found


def was_posted(*, account_id: int, key: str) -> bool:
    """Whether something was sent from an account with this key."""
    return Received.objects.filter(carrier_id=rules.carrier_id(account_id, key)).exists()


def is_thread_of(thread_id: int | None, patient_id: int) -> bool:
    """Whether a thread is the patient's; a new one, None, is anybody's."""
    return thread_id is None or Thread.objects.filter(pk=thread_id, patient_id=patient_id).exists()
