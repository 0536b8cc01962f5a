"""Conversations: which there are, what was said in one, and where an answer would go."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Min, Q, QuerySet, Value, When

from almoner.access.models import Officer
from almoner.access.queries import Evidence, Reading, WorkItem
from almoner.ground.models import Event
from almoner.patients import queries as patients
from almoner.patients.rules.confidential import allows
from almoner.patients.rules.details import readable
from almoner.relations import rules
from almoner.relations.models import Conversation, Message, Received
from almoner.relations.queries.consents import counted_at, silenced, zones_of
from almoner.relations.queries.messages import reach
from almoner.relations.queries.posting import subjects_of
from almoner.relations.queries.received import Person, person
from almoner.relations.rules.by_post import LETTER
from almoner.relations.rules.phoning import VOICE

SIZE = 25
PREVIEW = 120
SHOWS = ("waiting", "mine", "unknown", "all")
CHANNELS = ("sms", "email", "portal", "letter")
_ADDRESSES = 3  # that wrote, offered to be answered beside those that wait
_VISITS = 6
_OPEN = Q(work=True, handled_at=None)


@dataclass(frozen=True, slots=True)
class ConversationLine:
    """One conversation of the list. ``waiting`` counts what somebody must read, since when.

    ``words`` are of what came in last, or ``ours`` where nothing ever did.
    ``due_at`` is when the first of it is due, ``desk`` whose it is, and ``owner`` who has it there.
    """

    id: int
    patient: Person | None
    address: str
    last_at: datetime
    waiting: int
    since: datetime | None
    channel: str
    words: str
    ours: bool
    item_id: int | None
    due_at: datetime | None
    late: bool
    desk: str
    owner: str


def conversations(*, show: str, channel: str, number: int, reading: Reading) -> Page[Any]:
    """One page of them: those that wait, what is due first; else the newest first. Six queries.

    ``show`` is one of `SHOWS`, ``mine`` those that wait and that the reader has taken;
    ``channel`` is one of `CHANNELS` or empty for each. Everybody on the page is noted as seen.
    """
    page: Page[Any] = Paginator(_chosen(show, channel, reading.officer), SIZE).get_page(number)
    ids = list(page.object_list)
    found = Conversation.objects.select_related("patient").in_bulk(ids)
    newest, waiting = _newest(ids), _waiting(ids)
    ours = _ours([each for each in ids if each not in newest])
    page.object_list = [
        _line(found[each], newest.get(each), ours.get(each, ""), waiting.get(each), at=reading.at)
        for each in ids
    ]
    reading.saw(line.patient.id for line in page.object_list if line.patient)
    if any(line.patient is None for line in page.object_list):
        reading.saw_strangers()
    return page


def _chosen(show: str, channel: str, officer: Officer) -> QuerySet[Any]:
    """The ids of the conversations to show, in order."""
    heard = Received.objects.filter(channel=channel) if channel else Received.objects.all()
    if show in ("waiting", "mine"):
        heard = heard.filter(_OPEN, owner=officer) if show == "mine" else heard.filter(_OPEN)
        begun = heard.values("conversation_id").annotate(due_at=Min("answer_by"))
        return begun.order_by("due_at", "conversation_id").values_list("conversation_id", flat=True)
    rows = Conversation.objects.all()
    if show == "unknown":
        rows = rows.filter(patient=None)
    if channel:
        rows = rows.filter(pk__in=heard.values("conversation_id"))
    return rows.order_by("-last_at", "-id").values_list("pk", flat=True)


def _newest(ids: Sequence[int]) -> dict[int, Received]:
    """What came in last in each: first what waits, of that what is due first. One query."""
    rows = Received.objects.filter(conversation_id__in=ids).annotate(
        rank=Case(When(_OPEN, then=Value(0)), default=Value(1)),
        due_at=Case(When(_OPEN, then="answer_by"), default=None),
    )
    rows = rows.order_by("conversation_id", "rank", "due_at", "-id").distinct("conversation_id")
    return {row.conversation_id: row for row in rows.select_related("owner")}


def _ours(ids: Sequence[int]) -> dict[int, str]:
    """The words that we wrote last in each. One query, none for none."""
    rows = Message.objects.filter(conversation_id__in=ids).order_by("conversation_id", "-id")
    newest = rows.distinct("conversation_id").values_list("conversation_id", "body")
    return dict(newest)


def _waiting(ids: Sequence[int]) -> dict[int, tuple[int, datetime]]:
    """How many wait in each, and since when. One query."""
    rows = Received.objects.filter(_OPEN, conversation_id__in=ids).values("conversation_id")
    counted = rows.annotate(count=Count("id"), since=Min("at"))
    return {row["conversation_id"]: (row["count"], row["since"]) for row in counted}


def _line(
    row: Conversation,
    last: Received | None,
    ours: str,
    waiting: tuple[int, datetime] | None,
    *,
    at: datetime,
) -> ConversationLine:
    count, since = waiting or (0, None)
    due = last if last and count else None
    return ConversationLine(
        id=row.pk,
        patient=person(row.patient) if row.patient else None,
        address=shown(row.channel, row.address),
        last_at=row.last_at,
        waiting=count,
        since=since,
        channel=last.channel if last else "",
        words=(last.body if last else ours)[:PREVIEW],
        ours=last is None,
        item_id=due.pk if due else None,
        due_at=due.answer_by if due else None,
        late=bool(due and due.answer_by and due.answer_by < at),
        desk=due.desk if due else "",
        owner=due.owner.name if due and due.owner else "",
    )


def shown(channel: str, address: str) -> str:
    """A number or e-mail address as people write it."""
    if channel == LETTER:
        return ", ".join(address.splitlines())
    return readable(address) if channel in ("sms", VOICE) else address


def address_of(conversation: Conversation | None) -> str:
    """The number or e-mail address of a conversation with one; empty for a person's."""
    return shown(conversation.channel, conversation.address) if conversation else ""


def unknown(conversation_id: int, *, reading: Reading) -> Conversation:
    """A conversation with an address of nobody known, noted as read. Raises DoesNotExist."""
    row = Conversation.objects.get(pk=conversation_id, patient=None)
    reading.saw_strangers(WorkItem("conversation", row.pk))
    return row


def conversation_by(conversation_id: int, *, reading: Reading) -> Conversation | None:
    """A conversation with anybody; whose it is, is noted as seen. One query."""
    row = Conversation.objects.filter(pk=conversation_id).first()
    if row and row.patient_id:
        reading.saw([row.patient_id])
    elif row:
        reading.saw_strangers(WorkItem("conversation", row.pk))
    return row


def evidence_of_conversation(item_id: int) -> Evidence | None:
    """A conversation with an address is read by whoever answers it; it is no reason to see anybody.

    Whoever may have written is a reason of each thing that waits.
    """
    known = Conversation.objects.filter(pk=item_id, patient=None).exists()
    return Evidence(frozenset(), None) if known else None


def with_patient(patient_id: int) -> Conversation | None:
    """The conversation with a patient, if anything was said yet; the page has noted who saw it."""
    return Conversation.objects.filter(patient_id=patient_id).first()


@dataclass(frozen=True, slots=True)
class Target:
    """Where words can go, and what is to be known before: by ``value`` the form names it.

    ``address`` of a thread in the account is what it is about.

    ``answers`` is what came in last from there; what comes in meanwhile changes no ``value``.
    ``stopped``: that number takes no more texts. ``until`` and ``why``: it would wait, what for.
    """

    value: str
    channel: str
    address: str
    answers: Received | None
    stopped: bool
    until: datetime | None
    why: str


def targets(
    conversation: Conversation | None, patient_id: int | None, *, at: datetime
) -> list[Target]:
    """Where words can go: first who wrote, the last first, then where they are reached.

    Of whoever asked for confidential contact only what they asked for.
    """
    zones = zones_of(patient_id, None)
    asked = patients.ways(patient_id) if patient_id else None
    found = [
        _target(f"{row.channel} {row.sender}", row.channel, row.sender, zones, answers=row, at=at)
        for row in _wrote(conversation)
        if allows(asked, row.channel, row.sender)
    ]
    about = subjects_of(each.address for each in found if each.channel == rules.CHANNEL)
    found = [replace(each, address=about.get(each.address, each.address)) for each in found]
    taken = {(each.channel, each.address) for each in found}
    for channel, address in _reached(patient_id):
        if (channel, shown(channel, address)) not in taken:
            found.append(_target(channel, channel, address, zones, answers=None, at=at))
    return found


def _wrote(conversation: Conversation | None) -> list[Received]:
    if conversation is None:
        return []
    rows = Received.objects.filter(conversation=conversation).exclude(channel=LETTER)
    newest = rows.order_by("channel", "sender", "-id").distinct("channel", "sender")
    latest = sorted(newest, key=lambda row: row.at, reverse=True)
    return [
        row
        for place, row in enumerate(latest)
        if place < _ADDRESSES or (row.work and row.handled_at is None)
    ]


def _reached(patient_id: int | None) -> list[tuple[str, str]]:
    if patient_id is None:
        return []
    here = reach(patient_id)
    lines = "\n".join(patients.mail_lines(patient_id))
    texted = here.phone if here.may_text else None
    ways = [("sms", texted), ("email", here.email), (LETTER, lines)]
    return [(channel, address) for channel, address in ways if address]


def _target(
    value: str,
    channel: str,
    address: str,
    zones: tuple[str, ...],
    *,
    answers: Received | None,
    at: datetime,
) -> Target:
    wait = None
    if channel == "sms":
        asked_for = answers is not None and at - answers.at <= rules.ASKED_FOR
        wait = rules.held(
            at,
            () if asked_for else counted_at(address, rules.CARE, at=at),
            zones,
            limit=settings.TEXT_LIMITS[rules.CARE],
            hours=settings.TEXT_HOURS,
        )
    return Target(
        value=value,
        channel=channel,
        address=shown(channel, address),
        answers=answers,
        stopped=channel == "sms" and silenced(address) is not None,
        until=wait.until if wait else None,
        why=wait.why if wait else "",
    )


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit that words may be about, as its last change names it."""

    id: int
    text: str


def visits(patient_id: int, *, at: datetime) -> list[Visit]:
    """The visits words with a patient may be about: those to come and the last, nearest first."""
    rows = Event.objects.filter(patient_id=patient_id, about_kind="appointment")
    newest = rows.filter(kind__startswith="scheduling.").order_by("about_id", "-id")
    known = [each for each in newest.distinct("about_id") if "starts_at" in each.data]
    known.sort(key=lambda each: abs(datetime.fromisoformat(each.data["starts_at"]) - at))
    return [Visit(each.about_id or 0, visit_text(each)) for each in known[:_VISITS]]


def visits_named(ids: Iterable[int]) -> dict[int, str]:
    """What each of these visits is called, by its last change. One query."""
    rows = Event.objects.filter(
        about_kind="appointment", about_id__in=ids, kind__startswith="scheduling."
    )
    newest = rows.order_by("about_id", "-id").distinct("about_id")
    return {each.about_id or 0: visit_text(each) for each in newest}


def visit_text(event: Event) -> str:
    """When and with whom, as the desk says it."""
    return ", ".join(filter(None, (event.data.get("when"), event.data.get("clinician"))))


def told_of(message: Message) -> str:
    """The visit that a confirmation tells of; empty for words of another kind."""
    return visit_text(message.event) if message.event else ""
