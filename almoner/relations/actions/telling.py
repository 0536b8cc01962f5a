"""Telling patients what became of their visits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction

from almoner.access.models import Officer
from almoner.ground import events, outbox
from almoner.ground.language import language_for
from almoner.ground.models import Event
from almoner.relations import queries, rules
from almoner.relations.actions import conversing
from almoner.relations.actions.consenting import one_at_a_time
from almoner.relations.models import Message, Received

AGAIN = "again-"
"""How the key of a message begins that is sent once more."""

Way = Callable[[int, str, datetime], str]
_ways: list[Way] = []


def changed_at(way: Way) -> None:
    """Register where patients change a visit by themselves.

    Called with the appointment, the patient's language and the time; answers an address for a text,
    or nothing.
    """
    _ways.append(way)


@transaction.atomic
def tell_about_visit(*, event: Event, at: datetime) -> list[Message]:
    """Tell the patient what has become of a visit, once, however often this runs.

    Run some time after each change, when it cannot be taken back any more. The last change speaks
    for all before it: what was booked, moved and moved again in one go is one message, and what
    was taken back is none. A message about the visit that has not left yet is overtaken and does
    not leave. ``event.data`` carries the wall clock of the promise (``local_day``,
    ``local_time``), the clinician and the location.

    Says nothing to somebody without a phone that takes texts or an e-mail address: the desk has
    told them aloud, and the timeline shows that nothing was sent.
    """
    every = queries.of_visit(event)
    if event.patient_id is None or every[-1].pk != event.pk:
        return []
    before = queries.told(every)
    said = rules.news(queries.changes(every), told={each.event_id or 0 for each in before})
    if said is None:
        return []
    facts = next(each for each in every if each.pk == said.facts_of)
    _overtake(before, at=at)
    return _tell(event, facts, said.template, at=at)


@transaction.atomic
def remind_of_visit(
    *, event: Event, key: str, confirmed: bool, check_in: bool, at: datetime
) -> list[Message]:
    """Remind the patient of a visit as it stands since ``event``, its last change.

    ``check_in``: the link that is sent along leads to what can be prepared now.

    When the visit changes before this has left, it does not leave (`tell_about_visit`). Nobody
    asked for it: it counts against what a number is texted a day and a week.
    """
    reach, words = _words(event, event, "reminder", confirmed=confirmed, check_in=check_in, at=at)
    return [
        send(reached(reach, channel), words, key=key, event=event, unasked=True, at=at)
        for channel in channels(reach)
    ]


def _tell(event: Event, about: Event, template: str, *, at: datetime) -> list[Message]:
    reach, words = _words(event, about, template, at=at)
    return [
        send(reached(reach, channel), words, key=f"event-{event.pk}", event=event, at=at)
        for channel in channels(reach)
    ]


def _words(
    event: Event,
    about: Event,
    template: str,
    *,
    at: datetime,
    confirmed: bool = False,
    check_in: bool = False,
) -> tuple[queries.Reach, "Words"]:
    assert event.patient_id is not None  # noqa: S101 (every event of the schedule is about one)
    reach = queries.reach(event.patient_id)
    language = language_for(reach.language)
    facts = _facts(about.data, queries.sender(about.location_id), language)
    link = "" if template == "cancelled" else _link(event, language, at)
    facts["change"] = rules.change_text(
        language, phone=facts["phone"], link=link, confirmed=confirmed, check_in=check_in
    )
    return reach, Words(template, language, *rules.written(template, language, facts))


def _link(event: Event, language: str, at: datetime) -> str:
    assert event.about_id is not None  # noqa: S101 (every event of the schedule is about a visit)
    return next(filter(None, (way(event.about_id, language, at) for way in _ways)), "")


def _overtake(before: list[Message], *, at: datetime) -> None:
    """Take back what has not left yet: what it says of the visit is not true any more."""
    waiting = {each.outgoing_id: each for each in before if each.outgoing_id}
    for outgoing_id in outbox.withdraw(list(waiting), at=at):
        message = waiting[outgoing_id]
        events.record(
            "relations.withdrawn",
            at=at,
            by=None,
            about=message,
            patient_id=message.patient_id,
            subject=queries.title(message),
        )


def channels(reach: queries.Reach) -> tuple[str, ...]:
    return rules.channels_for(
        may_text=reach.may_text, has_phone=bool(reach.phone), has_email=bool(reach.email)
    )


@dataclass(frozen=True, slots=True)
class Words:
    """A text as it is sent, and where its wording comes from."""

    template: str
    language: str
    subject: str
    body: str


def _facts(data: Mapping[str, Any], sender: queries.Sender, language: str) -> dict[str, str]:
    return {
        "clinic": sender.clinic,
        "phone": sender.phone,
        "clinician": data["clinician"],
        "where": rules.where_text(
            language,
            location=data["location"],
            address=sender.address,
            by_video=bool(data.get("by_video")),
        ),
        "day": rules.day_text(date.fromisoformat(data["local_day"]), language),
        "time": rules.time_text(time.fromisoformat(data["local_time"]), language),
    }


@dataclass(frozen=True, slots=True)
class To:
    """Whom words go to, and where; ``answers`` is what came in from there, when they answer it."""

    patient_id: int | None
    channel: str
    address: str
    answers: Received | None = None


def reached(reach: queries.Reach, channel: str) -> To:
    """Where a patient is reached by this channel now."""
    address = reach.phone if channel == "sms" else reach.email
    return To(reach.patient_id, channel, address or "")


def hold(to: To, *, at: datetime) -> None:
    """Take an address and its conversation, before any case: what comes in takes them so, too."""
    one_at_a_time(to.address)
    _conversation(to, at=at)


def send(
    to: To,
    words: Words,
    *,
    key: str,
    at: datetime,
    event: Event | None = None,
    officer: Officer | None = None,
    visit_id: int | None = None,
    unasked: bool = False,
    purpose: str = rules.CARE,
) -> Message:
    """Put words on their way, once for each key; whether they arrive is not known yet.

    ``unasked``: they tell of no change that was just made, and answer nothing.
    """
    already = Message.objects.filter(outgoing__channel=to.channel, outgoing__key=key).first()
    if already:
        return already
    message = Message.objects.create(
        conversation_id=_conversation(to, at=at),
        patient_id=to.patient_id,
        answers=to.answers,
        visit_id=visit_id,
        channel=to.channel,
        address=to.address,
        language=words.language,
        template=words.template,
        subject=words.subject,
        body=words.body,
        written_at=at,
        written_by_id=officer.pk if officer else None,
        event=event,
    )
    message.outgoing = outbox.put(
        channel=to.channel,
        key=key,
        payload={
            "to": to.address,
            "subject": words.subject,
            "body": words.body,
            "typed": not words.template,
            "purpose": purpose,
            "asked_for": (event is not None and not unasked) or _answered_in_time(to, at=at),
        },
        about=message,
        patient_id=to.patient_id,
        at=at,
    )
    message.save(update_fields=["outgoing"])
    again = officer is not None and key.startswith(AGAIN)
    events.record(
        "relations.requeued" if again else "relations.queued",
        at=at,
        by=officer,
        about=message,
        patient_id=to.patient_id,
        channel=to.channel,
        subject=queries.title(message),
    )
    return message


def _conversation(to: To, *, at: datetime) -> int:
    """Where the words belong: with the person, or with the address while nobody knows whose."""
    if to.patient_id:
        return conversing.with_person(to.patient_id, at=at)
    return conversing.with_address(to.channel, to.address, at=at)


def _answered_in_time(to: To, *, at: datetime) -> bool:
    """An answer to their own words is what they asked for, as is the news of a visit they made."""
    return to.answers is not None and at - to.answers.at <= rules.ASKED_FOR
