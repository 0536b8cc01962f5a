"""Messages of an account, read as the patients' role; each thread is of whom one acts for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import Http404

from almoner.access.models import Officer
from almoner.facility import queries as facility
from almoner.portal import rules
from almoner.portal.models import Draft
from almoner.portal.queries.acting import as_the_desk
from almoner.relations import rules as talking
from almoner.relations.models import Message, Opened, Received, Thread

THREADS = 15
LINES = 40
_MOST_PAGES = 25
_RECEIVED = ("id", "sender", "body", "at", "wrote", "account_id", "answer_by", "handled_at")
_MESSAGE = ("id", "address", "body", "written_at", "written_by_id")
"""Columns the patients' role may read; see ``migrations/0003``."""


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """One matter: how it stands in words with a tone, and how many messages of ours are unread."""

    id: int
    subject: str
    day: str
    stands: str
    tone: str
    unread: int


def threads(
    patient_id: int, account_id: int, *, language: str, at: datetime, page: int
) -> tuple[list[ThreadLine], bool]:
    """One page, from 1, of the matters, the latest first; whether there are more. Four queries."""
    page = min(page, _MOST_PAGES)
    rows = Thread.objects.filter(patient_id=patient_id).order_by("-last_at", "-id")
    found = list(rows[(page - 1) * THREADS : page * THREADS + 1])
    shown = found[:THREADS]
    addresses = [talking.address_of_thread(row.pk) for row in shown]
    newest, unread = _newest(addresses), _unread(addresses, account_id)
    zone = _zone()
    lines = []
    for row, address in zip(shown, addresses, strict=True):
        count = unread.get(address, 0)
        stands, tone = _stands(row, newest.get(address), count, language=language, zone=zone, at=at)
        day = rules.day_text(row.last_at.astimezone(zone).date(), language)
        lines.append(ThreadLine(row.pk, row.subject, day, stands, tone, count))
    return lines, len(found) > THREADS


def unread_count(patient_id: int, account_id: int) -> int:
    """Messages of ours that this account has not had before it. One query."""
    return _ours(patient_id).exclude(pk__in=_read(account_id)).count()


def _ours(patient_id: int) -> QuerySet[Message]:
    return Message.objects.filter(patient_id=patient_id, channel=talking.CHANNEL)


def _read(account_id: int) -> QuerySet[Opened, int]:
    return Opened.objects.filter(account_id=account_id).values_list("message_id", flat=True)


def _newest(addresses: Sequence[str]) -> dict[str, Received]:
    """What came in last in each thread. One query."""
    rows = Received.objects.filter(channel=talking.CHANNEL, sender__in=addresses)
    rows = rows.order_by("sender", "-id").distinct("sender").only(*_RECEIVED)
    return {row.sender: row for row in rows}


def _unread(addresses: Sequence[str], account_id: int) -> dict[str, int]:
    """How many messages of ours an account has not read, by thread. One query."""
    rows = Message.objects.filter(channel=talking.CHANNEL, address__in=addresses)
    counts: dict[str, int] = {}
    for address in rows.exclude(pk__in=_read(account_id)).values_list("address", flat=True):
        counts[address] = counts.get(address, 0) + 1
    return counts


def _stands(
    thread: Thread,
    row: Received | None,
    unread: int,
    *,
    language: str,
    zone: ZoneInfo,
    at: datetime,
) -> tuple[str, str]:
    words = rules.WORDS[language]
    if unread:
        return words["message_unread"], "good"
    if row is None or row.answer_by is None:
        return "", "plain"
    if row.handled_at:
        answered = thread.last_at > row.at
        return words["message_answered" if answered else "message_seen_to"], "plain"
    if row.answer_by <= at:
        return words["message_late"], "warn"
    return when(row.answer_by, "message_waits", language, zone), "wait"


def when(at: datetime, word: str, language: str, zone: ZoneInfo) -> str:
    """A sentence that names a day and a time, on the clinic's clock."""
    local = at.astimezone(zone)
    return rules.said(
        language, word, day=rules.day_text(local.date(), language),
        time=rules.time_text(local.time(), language),
    )  # fmt: skip


def _zone() -> ZoneInfo:
    return ZoneInfo(facility.organisation().time_zone)


def clinic_zone() -> ZoneInfo:
    """The clock that answers are promised by."""
    return _zone()


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """One message: who wrote it, when, and whether it is ours and was not read before."""

    who: str
    ours: bool
    new: bool
    day: str
    time: str
    words: str


@dataclass(frozen=True, slots=True)
class Matter:
    """A thread as its page shows it, the oldest first; ``earlier`` is the page before, or 0.

    ``about`` is the kind and number of the visit or bill it is about.
    """

    id: int
    subject: str
    lines: list[SpokenLine]
    earlier: int
    stands: str
    tone: str
    about: tuple[str, int] | None


def matter(
    thread_id: int, patient_id: int, account_id: int, *, language: str, at: datetime, page: int
) -> Matter:
    """Raises Http404 when there is no such thread of whom one acts for. Six queries."""
    thread = own_thread(thread_id, patient_id)
    page = min(page, _MOST_PAGES)
    address = talking.address_of_thread(thread.pk)
    theirs = Received.objects.filter(channel=talking.CHANNEL, sender=address).only(*_RECEIVED)
    ours = _ours(patient_id).filter(address=address).only(*_MESSAGE)
    most = page * LINES + 1
    rows: list[Received | Message] = [*theirs.order_by("-id")[:most]]
    newest = next((row for row in rows if isinstance(row, Received)), None)
    rows += ours.order_by("-id")[:most]
    rows.sort(key=_when, reverse=True)
    shown = rows[(page - 1) * LINES : page * LINES]
    read = set(_read(account_id).filter(message__address=address))
    zone = _zone()
    lines = _lines(reversed(shown), account_id, read, language=language, zone=zone)
    unread = sum(line.new for line in lines)
    stands, tone = _stands(thread, newest, unread, language=language, zone=zone, at=at)
    earlier = page + 1 if len(rows) > page * LINES else 0
    about = (thread.about_kind, thread.about_id) if thread.about_id else None
    return Matter(thread.pk, thread.subject, lines, earlier, stands, tone, about)


def own_thread(thread_id: int, patient_id: int) -> Thread:
    """Raises Http404 when it is not of whom one acts for."""
    thread = Thread.objects.filter(pk=thread_id, patient_id=patient_id).first()
    if thread is None:
        raise Http404
    return thread


def _when(row: Received | Message) -> tuple[datetime, int]:
    return (row.at, row.pk) if isinstance(row, Received) else (row.written_at, row.pk)


def _lines(
    rows: Iterable[Received | Message],
    account_id: int,
    read: set[int],
    *,
    language: str,
    zone: ZoneInfo,
) -> list[SpokenLine]:
    rows = list(rows)
    words = rules.WORDS[language]
    names = _officers({row.written_by_id for row in rows if isinstance(row, Message)})
    lines = []
    for row in rows:
        local = _when(row)[0].astimezone(zone)
        if isinstance(row, Message):
            name = names.get(row.written_by_id or 0)
            who = rules.said(language, "message_from", name=name) if name else words["message_us"]
        else:
            who = words["message_you"] if row.account_id == account_id else row.wrote
        ours = isinstance(row, Message)
        lines.append(
            SpokenLine(
                who=who,
                ours=ours,
                new=ours and row.pk not in read,
                day=rules.day_text(local.date(), language),
                time=rules.time_text(local.time(), language),
                words=row.body,
            )
        )
    return lines


def _officers(ids: set[int | None]) -> dict[int, str]:
    """Names of officers are no patient's data. One query."""
    with as_the_desk():
        return dict(Officer.objects.filter(pk__in=filter(None, ids)).values_list("pk", "name"))


def draft(account_id: int, patient_id: int, thread_id: int | None) -> Draft | None:
    """What was typed there and not sent. One query."""
    return Draft.objects.filter(
        account_id=account_id, patient_id=patient_id, thread_id=thread_id
    ).first()


def newest_draft(account_id: int, patient_id: int) -> Draft | None:
    """What was typed last and not sent. One query."""
    rows = Draft.objects.filter(account_id=account_id, patient_id=patient_id)
    return rows.order_by("-saved_at").first()
