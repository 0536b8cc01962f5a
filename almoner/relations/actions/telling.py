"""Telling patients what became of their visits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from almoner.access.models import Officer
from almoner.ground import events, outbox
from almoner.ground.language import PATIENTS_READ, language_for
from almoner.ground.models import Event
from almoner.relations import queries, rules
from almoner.relations.actions import conversing
from almoner.relations.actions.consenting import one_at_a_time
from almoner.relations.actions.wording import Chosen, choose
from almoner.relations.models import Message, Received, TextVersion
from almoner.relations.rules.days import full_day
from almoner.relations.rules.phoning import VOICE, phone_aloud, remind_by
from almoner.relations.rules.spoken import AROUND, CALL_REMINDER

AGAIN = "again-"
"""How the key of a message begins that is sent once more."""

Way = Callable[[int, str, datetime], str]
Facts = Callable[[str], Mapping[str, str]]
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
    overtake(before, at=at)
    return _tell(event, facts, said.template, at=at)


@transaction.atomic
def remind_of_visit(
    *, event: Event, key: str, confirmed: bool, check_in: bool, at: datetime
) -> list[Message]:
    """Remind the patient of a visit as it stands since ``event``, its last change.

    ``check_in``: the link that is sent along leads to what can be prepared now.

    When the visit changes before this has left, it does not leave (`tell_about_visit`). Nobody
    asked for it: it counts against what a number is texted and called a day and a week. Who asked
    to be called is, and who has only a landline; in a call nothing is said that a link would show.
    """
    assert event.patient_id is not None  # noqa: S101 (every event of the schedule is about one)
    reach = queries.reach(event.patient_id)
    here = queries.by_phone(reach)
    ways = remind_by(
        asked_for_calls=here.asked,
        may_text=bool(reach.phone and reach.may_text),
        has_email=bool(reach.email),
        may_call=here.may and _is_spoken(reach.language),
    )
    if ways == (VOICE,):
        to = To(reach.patient_id, VOICE, here.number)
        said = _aloud(reach, event, at=at)
        return [send(to, said, key=key, event=event, unasked=True, at=at)]
    reach, words = _words(event, event, "reminder", confirmed=confirmed, check_in=check_in, at=at)
    return [
        send(reached(reach, channel), words, key=key, event=event, unasked=True, at=at)
        for channel in ways
    ]


@transaction.atomic
def tell(
    *,
    patient_id: int,
    text: str,
    facts: Facts,
    step: str,
    at: datetime,
    by: tuple[str, ...] = (),
    to: str = "",
    language: str = "",
    visit_id: int | None = None,
    location_id: int | None = None,
    officer: Officer | None = None,
    asked_for: bool = False,
) -> list[Message]:
    """Send a patient a text that a duty registered, once for each ``step``; what was queued.

    ``facts`` answers what it names, in the language it is asked for; our name and phone are known.
    ``by`` are the channels to use, when they are reached by them; else as they are told of a visit.
    ``to`` is an address of theirs to use instead of the first.
    ``language`` is that of whoever they hand it on to. It counts as unasked for, unless
    ``asked_for`` says that the patient waits for it.
    """
    reach = queries.reach(patient_id)
    chosen = choose([text], language or reach.language, at=at)
    us = queries.sender(location_id)
    known = {"clinic": us.clinic, "phone": us.phone, "address": us.address}
    said = {**known, **facts(chosen.language)}
    ways = (reached(reach, each) for each in by or channels(reach))
    addressed = (replace(each, address=to) if to else each for each in ways)
    return [
        send(
            to,
            _ended_there(text, chosen, said, by_text=to.channel == "sms"),
            key=step,
            at=at,
            officer=officer,
            visit_id=visit_id,
            unasked=True,
            asked_for=asked_for,
        )
        for to in addressed
        if to.address
    ]


def _ended_there(text: str, chosen: Chosen, facts: Mapping[str, str], *, by_text: bool) -> "Words":
    """The words, which name where such are ended: by a text, or by the e-mail's own link."""
    if by_text:
        return worded(text, chosen, {**facts, rules.OPT_OUT: rules.REPLY_STOP[chosen.language]})
    number = queries.next_message()
    link = no_more_link(number)
    words = worded(text, chosen, {**facts, rules.OPT_OUT: link}, apart="\n\n")
    return replace(words, message_id=number)


def no_more_link(message_id: int) -> str:
    """Where e-mails like one of ours are ended; empty while patients reach us at no address."""
    if not settings.ADDRESS:
        return ""
    token = rules.no_more_token(message_id, settings.SECRET_KEY)
    return settings.ADDRESS.rstrip("/") + reverse("no_more_mails", args=[token])


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
    ended = template == "cancelled"
    link = "" if ended else _link(event, language_for(reach.language), at)
    ending = rules.ending(link=bool(link), confirmed=confirmed, check_in=check_in)
    chosen = choose([template] if ended else [template, ending], reach.language, at=at)
    facts = facts_of_visit(about.data, queries.sender(about.location_id), chosen.language)
    if not ended:
        facts["change"] = rules.fill(chosen.versions[1].body, {**facts, "link": link})
    return reach, worded(template, chosen, facts)


def _link(event: Event, language: str, at: datetime) -> str:
    assert event.about_id is not None  # noqa: S101 (every event of the schedule is about a visit)
    return next(filter(None, (way(event.about_id, language, at) for way in _ways)), "")


def overtake(before: list[Message], *, at: datetime) -> None:
    """Take back what has not left yet: what it says is not true any more."""
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
    """A text as it is sent, and which reviewed wordings it is made of; none when it was typed."""

    template: str
    language: str
    subject: str
    body: str
    wording: TextVersion | None = None
    parts: tuple[int, ...] = ()
    purpose: str = rules.CARE
    message_id: int | None = None

    def key(self, step: str) -> str:
        """The key it leaves by: what it is sent for, and in which version of its words."""
        if self.wording is None:
            return step
        return f"{step} {self.wording.text} {self.wording.language}{self.wording.number}"


def worded(template: str, chosen: Chosen, facts: Mapping[str, str], *, apart: str = " ") -> Words:
    """A text in the wordings that hold, with its facts."""
    return Words(
        template,
        chosen.language,
        rules.fill(chosen.versions[0].subject, facts),
        chosen.body(facts, apart=apart),
        chosen.versions[0],
        tuple(chosen.parts),
        queries.text_kind(template).purpose,
    )


def _is_spoken(language: str) -> bool:
    """Whether a machine of ours speaks it; without a preference they are spoken to in English."""
    return not language or language.partition("-")[0].lower() in PATIENTS_READ


def _aloud(reach: queries.Reach, event: Event, *, at: datetime) -> Words:
    """A reminder as it is said in a call, and the reviewed wordings of all that may be said in it.

    It is in English when one of them is not reviewed in the patient's language.
    """
    chosen = choose([CALL_REMINDER.code, *(each.code for each in AROUND)], reach.language, at=at)
    message, language = chosen.versions[0], chosen.language
    facts = facts_of_visit(event.data, queries.sender(event.location_id), language)
    day = full_day(date.fromisoformat(event.data["local_day"]), language)
    body = rules.fill(message.body, {**facts, "day": day, "phone": phone_aloud(facts["phone"])})
    parts = tuple(each.pk for each in chosen.versions[1:])
    return Words(CALL_REMINDER.code, language, CALL_REMINDER.name, body, message, parts)


def facts_of_visit(
    data: Mapping[str, Any], sender: queries.Sender, language: str
) -> dict[str, str]:
    """What a text may name of a visit, or of a place for one, out of an event of the schedule."""
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
    """Where a patient is reached by this channel now; nowhere by text at a landline."""
    texted = None if reach.is_landline else reach.phone
    address = texted if channel == "sms" else reach.email
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
    statement_id: int | None = None,
    unasked: bool = False,
    asked_for: bool = False,
) -> Message:
    """Put words on their way, once for each key, whichever version of them holds by then.

    Whether they arrive is not known yet. ``unasked``: they tell of no change that was just made,
    and answer nothing. ``asked_for``: they are what the patient waits for, though they answer
    nothing that came in by this channel.
    """
    message, first = Message.objects.get_or_create(
        channel=to.channel,
        step=key,
        defaults={
            "conversation_id": _conversation(to, at=at),
            "patient_id": to.patient_id,
            "answers": to.answers,
            "visit_id": visit_id,
            "statement_id": statement_id,
            "address": to.address,
            "language": words.language,
            "template": words.template,
            "wording": words.wording,
            "parts": list(words.parts),
            "subject": words.subject,
            "body": words.body,
            "written_at": at,
            "written_by_id": officer.pk if officer else None,
            "event": event,
            **({"id": words.message_id} if words.message_id else {}),
        },
    )
    if not first:
        return message
    message.outgoing = outbox.put(
        channel=to.channel,
        key=words.key(key),
        payload={
            "to": to.address,
            "subject": words.subject,
            "body": words.body,
            "typed": not words.template,
            "purpose": words.purpose,
            "asked_for": asked_for
            or (event is not None and not unasked)
            or _answered_in_time(to, at=at),
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
