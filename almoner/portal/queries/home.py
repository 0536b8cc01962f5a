"""What an account's pages show of the one it acts for, read as the patients' role."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.http import Http404

from almoner.billing.models import Statement
from almoner.facility import queries as facility
from almoner.portal import rules
from almoner.portal.models import Entrance, Passkey, RecoveryCode
from almoner.portal.queries.visits import Visit, shown, told
from almoner.scheduling.models import Appointment

PAGE = 25
"""Lines of one page: what one looks through on a phone."""


def coming(patient_id: int, *, language: str, at: datetime) -> list[tuple[int, Visit]]:
    """The visits to come and those of today, the next first: appointment id and what to show."""
    rows = shown().filter(patient_id=patient_id, ends_at__gte=at - rules.AFTER)
    rows = rows.exclude(status=Appointment.Status.CANCELLED).order_by("starts_at", "id")
    return [(row.pk, told(row, language=language, at=at)) for row in rows[:PAGE]]


def been(
    patient_id: int, *, language: str, at: datetime, page: int
) -> tuple[list[tuple[int, Visit]], bool]:
    """One page, from 1, of the visits that are over, the latest first; whether there are more."""
    rows = shown().filter(patient_id=patient_id, ends_at__lt=at - rules.AFTER)
    rows = rows.order_by("-starts_at", "-id")[(page - 1) * PAGE : page * PAGE + 1]
    lines = [(row.pk, told(row, language=language, at=at)) for row in rows]
    return lines[:PAGE], len(lines) > PAGE


@dataclass(frozen=True, slots=True)
class Bill:
    """A statement: what was owed on its day, in cents; ``of`` and ``stands`` say which and how.

    ``due`` is the last day to pay it in time.
    """

    number: str
    cents: int
    of: str
    stands: str
    state: str
    due: date


def bills(patient_id: int, *, language: str) -> list[Bill]:
    """The newest statements to somebody who pays, the newest first."""
    rows = Statement.objects.filter(guarantor_id=patient_id).order_by("-issued_at", "-id")
    fields = ("number", "cents", "issued_date", "due_date", "state")
    found = []
    for number, cents, issued, due, state in rows.values_list(*fields)[:PAGE]:
        stands = rules.WORDS[language][f"bill_{state}"]
        if state == Statement.State.SENT:
            due_text = rules.date_text(due, language)
            stands = f"{stands}, {rules.said(language, 'bill_due', due=due_text)}"
        of = rules.said(language, "bill_of", day=rules.date_text(issued, language))
        found.append(Bill(number, cents, of, stands, state, due))
    return found


def bill_letter(number: str) -> bytes:
    """The statement as it was sent. Raises Http404 when it is not of whom we act for."""
    pdf = Statement.objects.filter(number=number).values_list("pdf", flat=True).first()
    if pdf is None:
        raise Http404
    return bytes(pdf)


@dataclass(frozen=True, slots=True)
class LookedAt:
    """That somebody of the clinic opened the record: when, who, what of it, and why."""

    day: str
    time: str
    who: str
    roles: Sequence[str]
    what: str
    why: str
    times: int


LOOKS = """
    SELECT id, at, officer, roles, screen, reason_kind FROM portal_look
     WHERE patient_id = %s AND (%s::bigint IS NULL OR id < %s) ORDER BY id DESC LIMIT %s
"""
_MOST = 200
_ASKING = timedelta(minutes=10)
"""How long it may take to say why: what was shown meanwhile was shown for that."""


def looks(
    patient_id: int, *, language: str, after: int | None
) -> tuple[list[LookedAt], int | None]:
    """Who opened the record, the latest first, and where the next page begins. One query.

    The looks of one hour by one person at one thing for one reason are one line. Who says why they
    open a record is first shown whom to ask it of: that is part of what they then said.
    """
    zone = ZoneInfo(facility.organisation().time_zone)
    with connection.cursor() as cursor:
        cursor.execute(LOOKS, [patient_id, after, after, _MOST + 1])
        rows = cursor.fetchall()
    lines: dict[tuple[object, ...], LookedAt] = {}
    said: dict[str, datetime] = {}
    for _id, at, who, roles, screen, kind in rows[:_MOST]:
        if kind == "look":
            said[who] = at
        asking = kind == "said" and who in said and said[who] - at < _ASKING
        why = "look" if asking else kind
        local = at.astimezone(zone)
        what = screen.partition(".")[0]
        same = (local.date(), local.hour, who, what, why)
        times = lines[same].times + 1 if same in lines else 1
        first = lines[same].time if same in lines else rules.time_text(local.time(), language)
        lines[same] = LookedAt(
            rules.day_text(local.date(), language), first, who, roles, what, why, times
        )
    return list(lines.values()), rows[_MOST - 1][0] if len(rows) > _MOST else None


def own_way(way: Entrance | None) -> Entrance:
    """The browser that is in. Raises Http404 without one."""
    if way is None:
        raise Http404
    return way


def codes_left(account_id: int) -> int:
    """As the desk: how many recovery codes of an account are not used. One query."""
    return RecoveryCode.objects.filter(account_id=account_id, used_at=None).count()


def passkeys(account_id: int) -> list[Passkey]:
    """As the desk: an account's own ways in are no patient's data."""
    return list(Passkey.objects.filter(account_id=account_id).order_by("pk")[:PAGE])
