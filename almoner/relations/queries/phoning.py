"""Calls of ours: whether somebody may be called, what a call is about, and how it went."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from almoner.ground.models import Event, Outgoing
from almoner.patients.models import Patient, ReachedPhone
from almoner.relations.models import Message, Spoken, TextVersion
from almoner.relations.queries.consents import may_call, newest
from almoner.relations.queries.messages import Reach, of_visit
from almoner.relations.rules import CARE
from almoner.relations.rules.phoning import VOICE


@dataclass(frozen=True, slots=True)
class ByPhone:
    """The number a patient is called at: whether they asked for calls, and whether it may be."""

    number: str
    asked: bool
    may: bool


def by_phone(reach: Reach) -> ByPhone:
    """How a patient can be called; their first phone, as for texts."""
    phones = ReachedPhone.objects.filter(patient_id=reach.patient_id).order_by("rank")
    number = phones.values_list("number", flat=True).first() or ""
    if not number:
        return ByPhone("", asked=False, may=False)
    said = newest(number, CARE, channel=VOICE)
    return ByPhone(number, said is not None and said.given, may_call(number, CARE))


def placed_as(outgoing_id: int) -> Outgoing | None:
    """The call the carrier speaks of, by the number we gave with it; None when there is none."""
    return Outgoing.objects.filter(pk=outgoing_id, channel=VOICE).first()


def said_by(item: Outgoing) -> Message:
    """The message that a call says, whichever try it is."""
    return Message.objects.select_related("event", "wording", "patient").get(pk=item.about_id or 0)


def born(patient_id: int) -> date | None:
    return Patient.objects.values_list("birth_date", flat=True).get(pk=patient_id)


def called_as(patient_id: int) -> str:
    """The one name that is said to whoever answers."""
    row = Patient.objects.only("name_used", "given").get(pk=patient_id)
    return row.name_used or row.given


def parts(message: Message) -> dict[str, TextVersion]:
    """The wordings that may be said around a message, by the code of their text. One query."""
    return {row.text: row for row in TextVersion.objects.filter(pk__in=message.parts)}


def is_confirmed(message: Message) -> bool:
    """Whether the patient has said that they will come since the change the message tells of."""
    event = message.event
    if event is None:
        return True
    said = Event.objects.filter(
        about_kind=event.about_kind, about_id=event.about_id, kind="scheduling.confirmed"
    )
    return said.filter(pk__gt=of_visit(event)[-1].pk).exists()


@dataclass(frozen=True, slots=True)
class Rung:
    """One try of a call as pages show it."""

    tries: int
    at: datetime
    course: tuple[str, ...]
    came: str
    status: str


def rung(messages: Iterable[Message]) -> Mapping[int, tuple[Rung, ...]]:
    """The calls that said these messages, by message, the first first. One query, or none."""
    ids = [row.pk for row in messages if row.channel == VOICE]
    found: dict[int, list[Rung]] = {}
    rows = Spoken.objects.filter(message__in=ids).order_by("id") if ids else []
    for row in rows:
        line = Rung(row.tries, row.at, tuple(row.course), row.came, row.status)
        found.setdefault(row.message_id, []).append(line)
    return {message: tuple(lines) for message, lines in found.items()}
