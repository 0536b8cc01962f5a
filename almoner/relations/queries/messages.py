"""How a patient is reached, what they were told, and what did not arrive."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import Http404

from almoner.access.queries import Evidence, Reading, WorkItem
from almoner.facility.models import Location, Organisation
from almoner.ground.models import Event, Outgoing
from almoner.patients.models import Patient
from almoner.patients.rules.details import readable
from almoner.relations import rules
from almoner.relations.models import Delivery, Message, Paper
from almoner.relations.queries.closed import open_emails
from almoner.relations.queries.consents import line_of, silenced
from almoner.relations.rules.by_post import LETTER, WORK, Stage
from almoner.relations.rules.phoning import VOICE, call_trouble
from almoner.relations.rules.telling import OUTREACH

SIZE = 25


@dataclass(frozen=True, slots=True)
class Reach:
    """How a patient can be told something: the language, a phone that takes texts, an address.

    A number that takes no more texts and an address that is closed are not offered, a landline
    takes no texts, whatever the record says, and of whoever asked for confidential contact nothing
    is offered but what they asked for.
    """

    patient_id: int
    language: str
    phone: str | None
    may_text: bool
    is_landline: bool
    email: str | None


def reach(patient_id: int) -> Reach:
    """Where a message to this patient goes; for sending, so nothing is shown to a reader."""
    language = Patient.objects.values_list("language", flat=True).get(pk=patient_id)
    phone = line_of(patient_id)
    email = open_emails(patient_id).first()
    if phone and silenced(phone.number):
        phone = None
    return Reach(
        patient_id=patient_id,
        language=language,
        phone=phone.number if phone else None,
        may_text=phone.may_text if phone else False,
        is_landline=phone.is_landline if phone else False,
        email=email.address if email else None,
    )


@dataclass(frozen=True, slots=True)
class Sender:
    """What every message says of us."""

    clinic: str
    address: str
    phone: str


def sender(location_id: int | None) -> Sender:
    """Our name, and the address and phone of the location the message is about."""
    clinic = Organisation.objects.get()
    here = Location.objects.filter(pk=location_id).first() if location_id else None
    where = here or clinic
    return Sender(clinic=clinic.name, address=where.address_line, phone=readable(where.phone))


def of_visit(event: Event) -> list[Event]:
    """Every change of the visit that one event of the schedule is about, in order. One query.

    That the patient will come changes nothing of what they were told.
    """
    same = Event.objects.filter(
        about_kind=event.about_kind, about_id=event.about_id, kind__startswith="scheduling."
    )
    return list(same.exclude(kind="scheduling.confirmed").order_by("id"))


def changes(events: Sequence[Event]) -> list[rules.Change]:
    return [
        rules.change(
            id_=event.pk,
            at=event.at,
            kind=event.kind,
            location_id=event.location_id,
            data=event.data,
        )
        for event in events
    ]


def told(events: Sequence[Event]) -> list[Message]:
    """The messages that told of any of these events and were not taken back. One query."""
    about = Message.objects.filter(event__in=events).select_related("outgoing")
    return list(about.exclude(outgoing__state=Outgoing.State.WITHDRAWN).order_by("id"))


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message that did not arrive, or of which nobody knows, and that nobody has seen to.

    ``name`` is empty for one to an address of which nobody knows whose it is. A letter that is to
    be posted, or came back, has an ``owner`` and is due by ``due_at``.
    """

    id: int
    patient_id: int | None
    name: str
    channel: str
    address: str
    subject: str
    state: str
    trouble: str
    written_at: datetime
    owner: str = ""
    due_at: datetime | None = None


def undelivered(*, number: int, reading: Reading) -> Page[Any]:
    """One page of them, the oldest first; the patients on it are noted as seen. Two queries."""
    page: Page[Any] = Paginator(_troubled(), SIZE).get_page(number)
    page.object_list = _lines(page.object_list)
    reading.saw(line.patient_id for line in page.object_list if line.patient_id)
    if not all(line.patient_id for line in page.object_list):
        reading.saw_strangers()
    return page


def undelivered_today(*, most: int, reading: Reading) -> tuple[list[Undelivered], int]:
    """The oldest few, each its own reason to be seen, and how many there are. Two queries."""
    rows = _troubled()
    lines = _lines(rows[:most])
    for line in lines:
        if line.patient_id:
            reading.saw_about(WorkItem("message", line.id), line.patient_id)
        else:
            reading.saw_strangers(WorkItem("message", line.id))
    return lines, rows.count()


def is_troubled(message_id: int) -> bool:
    """Whether a message did not arrive, or nobody knows, and nobody has seen to it."""
    return _troubled().filter(pk=message_id).exclude(paper__state=Stage.QUEUED).exists()


def sent_as(outgoing_id: int) -> Outgoing | None:
    """The text the carrier reports of by the number we gave with it; None when there is none."""
    return Outgoing.objects.filter(pk=outgoing_id, channel="sms").first()


def written_to(outgoing_id: int | None, address: str) -> int | None:
    """Whom we wrote to at this address by that e-mail; None when it went elsewhere, or to nobody.

    An e-mail is forwarded, and answered by whoever got it: that is not the patient's word.
    """
    rows = Message.objects.filter(
        outgoing=outgoing_id, channel="email", address__iexact=address, patient__isnull=False
    )
    return rows.values_list("patient_id", flat=True).first() if outgoing_id else None


def _troubled() -> QuerySet[Message]:
    """What was refused, what the carrier could not deliver, and what nothing is known of.

    A report of the carrier shows that it has taken a text of which we had no answer. Of letters
    what is still to be posted, and what the post brought back.
    """
    refused = Outgoing.objects.filter(
        Q(state=Outgoing.State.FAILED) | Q(state=Outgoing.State.UNKNOWN, delivery=None)
    )
    lost = Delivery.objects.filter(state__in=rules.NOT_ARRIVED)
    either = refused.values("pk").union(lost.values("outgoing_id"), all=True)
    letters = Paper.objects.filter(state__in=WORK).values("message_id")
    work = Message.objects.filter(outgoing__in=either).values("pk").union(letters, all=True)
    rows = Message.objects.filter(pk__in=work, handled_at=None)
    rows = rows.exclude(template__startswith=rules.SURVEY)  # who got none has missed nothing
    rows = rows.exclude(template=OUTREACH)  # the campaign goes on by another way, or ends
    rows = rows.select_related("patient", "outgoing__delivery", "paper__owner").defer("paper__pdf")
    return rows.order_by("written_at", "id")


def _lines(rows: Iterable[Message]) -> list[Undelivered]:
    return [_undelivered(row) for row in rows]


def _undelivered(row: Message) -> Undelivered:
    item, letter = row.outgoing, getattr(row, "paper", None)
    return Undelivered(
        id=row.pk,
        patient_id=row.patient_id,
        name=f"{row.patient.family}, {row.patient.given}" if row.patient else "",
        channel=row.channel,
        address=_address(row),
        subject=title(row),
        state=letter.state if letter else come_to(item) if item else "",
        trouble=letter.why if letter else trouble_of(item) if item else "",
        written_at=row.written_at,
        owner=letter.owner.name if letter and letter.owner else "",
        due_at=letter.due_at if letter else None,
    )


def _address(row: Message) -> str:
    if row.channel == LETTER:
        return ", ".join(row.address.splitlines())
    return readable(row.address) if row.channel in ("sms", VOICE) else row.address


def come_to(item: Outgoing) -> str:
    """How far it has come: by the carrier's last report, or without one by our own doing."""
    known = _delivery(item)
    return known.state if known else item.state


def trouble_of(item: Outgoing) -> str:
    """Why it did not arrive, or what went wrong at the last try; empty when nothing did."""
    known = _delivery(item)
    if known is None:
        return item.trouble
    if known.state not in rules.NOT_ARRIVED:
        return ""
    return why_not(item.channel, known.code, known.status)


def why_not(channel: str, code: int | None, status: str) -> str:
    """Why something of a channel did not arrive, by what its carrier or mail server says."""
    if channel == VOICE:
        return call_trouble(status)
    return rules.trouble(code) if channel == "sms" else rules.mail_trouble(status)


def _delivery(item: Outgoing) -> Delivery | None:
    return getattr(item, "delivery", None)


def next_message() -> int:
    """The number of a message that is still to be written, for words that name it."""
    with connection.cursor() as sql:
        sql.execute("SELECT nextval(pg_get_serial_sequence('relations_message', 'id'))")
        return int(sql.fetchone()[0])


def title(message: Message) -> str:
    """What a message is called in a log and a list: its subject, unless somebody typed it."""
    return message.subject if message.template else rules.TYPED


def message(message_id: int, *, reading: Reading) -> Message:
    """One message, its patient noted as seen. Raises Http404."""
    row = Message.objects.filter(pk=message_id).first()
    if row is None:
        raise Http404
    if row.patient_id:
        reading.saw([row.patient_id])
    return row


def evidence(item_id: int) -> Evidence | None:
    """What a message that did not arrive proves: somebody must see to its patient.

    Made by whose act was to be told; that it failed is the carrier's doing, and seen by everybody.
    That a letter came back is an officer's word, and so no such proof. One that arrived, or was
    seen to, is nobody's work any more.
    """
    row = _troubled().filter(pk=item_id).select_related("event").first()
    if row is None:
        return None
    made_by = row.event.by_id if row.event else row.written_by_id
    return Evidence(
        frozenset(filter(None, [row.patient_id])), made_by, corroborated=row.channel != LETTER
    )
