"""Writing first: to somebody who asked nothing and of whom nothing has changed."""

from dataclasses import dataclass
from datetime import datetime

from almoner.relations import queries, rules
from almoner.relations.actions import telling
from almoner.relations.models import Message
from almoner.relations.rules.telling import OUTREACH


@dataclass(frozen=True, slots=True)
class Said:
    """Words in a language, and for which purpose they are said (see `rules.PURPOSES`)."""

    language: str
    subject: str
    body: str
    purpose: str


def take_way(*, patient_id: int, channel: str, at: datetime) -> telling.To | None:
    """Where a patient is reached by this channel now, taken until the transaction ends.

    Taken before any row that an answer would change, as what comes in takes it. None when they are
    not reached by it.
    """
    to = telling.reached(queries.reach(patient_id), channel)
    if not to.address:
        return None
    telling.hold(to, at=at)
    return to


def reach_out(to: telling.To, said: Said, *, key: str, at: datetime) -> Message:
    """Put them on their way, once for each key; the caller's transaction.

    It counts against what a number gets in a day and a week. Consent and the hour of day are asked
    about when it leaves, not now. An e-mail that is no care ends with where such are ended.
    """
    body, number = said.body, None
    if to.channel == "email" and said.purpose != rules.CARE:
        number = queries.next_message()
        body = f"{body}\n{telling.no_more_link(number)}"
    words = telling.Words(
        OUTREACH, said.language, said.subject, body, purpose=said.purpose, message_id=number
    )
    return telling.send(to, words, key=key, at=at, unasked=True)
