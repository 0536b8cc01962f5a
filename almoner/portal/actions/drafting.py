"""Keeping what somebody types to us until they send it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from almoner.portal.models import Draft
from almoner.relations import queries as relations

_MOST = 20_000
"""Characters kept of what was typed; what may be sent at once is less."""
_MOST_ABOUT = 40


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form: ``thread_id`` is None for a new matter, ``about`` names a thing."""

    thread_id: int | None
    topic: str
    subject: str
    words: str
    key: str
    about: str = ""


@transaction.atomic
def keep_draft(*, account_id: int, patient_id: int, typed: Typed, at: datetime) -> None:
    """Keep it in place of what was typed there before; nothing is kept of an empty form.

    What was sent meanwhile by its ``key`` is no draft any more, and of another's thread there is
    none.
    """
    sent = relations.was_posted(account_id=account_id, key=typed.key)
    if sent or not relations.is_thread_of(typed.thread_id, patient_id):
        return
    where: dict[str, Any] = {
        "account_id": account_id, "patient_id": patient_id, "thread_id": typed.thread_id,
    }  # fmt: skip
    if not typed.words.strip() and not typed.subject.strip():
        Draft.objects.filter(**where).delete()
        return
    Draft.objects.update_or_create(
        **where,
        defaults={
            "topic": typed.topic[:20],
            "subject": typed.subject[:_MOST],
            "about": typed.about[:_MOST_ABOUT],
            "words": typed.words[:_MOST],
            "key": typed.key,
            "saved_at": at,
        },
    )


def drop_draft(*, account_id: int, patient_id: int, thread_id: int | None) -> None:
    """It was sent."""
    Draft.objects.filter(account_id=account_id, patient_id=patient_id, thread_id=thread_id).delete()
