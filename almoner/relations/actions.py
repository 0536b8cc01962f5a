"""Saying things to patients."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction

from almoner.ground import events, outbox
from almoner.ground.language import language_for
from almoner.ground.models import Event
from almoner.relations import queries, rules
from almoner.relations.models import Message


@transaction.atomic
def tell_about_visit(*, template: str, event: Event, at: datetime) -> list[Message]:
    """Tell the patient what became of a visit, once for each event however often this runs.

    ``event.data`` carries the wall clock of the promise (``local_day``, ``local_time``), the
    clinician and the location. Says nothing to somebody without a phone that takes texts or an
    e-mail address: the desk has told them aloud, and the timeline shows that nothing was sent.
    """
    if event.patient_id is None:
        return []
    reach = queries.reach(event.patient_id)
    language = language_for(reach.language)
    facts = _facts(event.data, queries.sender(event.location_id), language)
    channels = rules.channels_for(
        may_text=reach.may_text, has_phone=bool(reach.phone), has_email=bool(reach.email)
    )
    words = Words(template, language, *rules.written(template, language, facts))
    return [_send(reach, channel, words, key=f"event-{event.pk}", at=at) for channel in channels]


@dataclass(frozen=True, slots=True)
class Words:
    """A text as it is sent, and where its wording comes from."""

    template: str
    language: str
    subject: str
    body: str


def _facts(data: Mapping[str, str], sender: queries.Sender, language: str) -> dict[str, str]:
    return {
        "clinic": sender.clinic,
        "address": sender.address,
        "phone": sender.phone,
        "clinician": data["clinician"],
        "location": data["location"],
        "day": rules.day_text(date.fromisoformat(data["local_day"]), language),
        "time": rules.time_text(time.fromisoformat(data["local_time"]), language),
    }


def _send(reach: queries.Reach, channel: str, words: Words, *, key: str, at: datetime) -> Message:
    address = (reach.phone if channel == "sms" else reach.email) or ""
    already = Message.objects.filter(outgoing__channel=channel, outgoing__key=key).first()
    if already:
        return already
    message = Message.objects.create(
        patient_id=reach.patient_id,
        channel=channel,
        address=address,
        language=words.language,
        template=words.template,
        subject=words.subject,
        body=words.body,
        written_at=at,
    )
    message.outgoing = outbox.put(
        channel=channel,
        key=key,
        payload={"to": address, "subject": words.subject, "body": words.body},
        about=message,
        patient_id=reach.patient_id,
        at=at,
    )
    message.save(update_fields=["outgoing"])
    events.record(
        "relations.sent",
        at=at,
        by=None,
        about=message,
        patient_id=reach.patient_id,
        channel="text" if channel == "sms" else "e-mail",
        subject=words.subject,
    )
    return message
