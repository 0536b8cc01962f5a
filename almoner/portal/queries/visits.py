"""The visit behind a link, read as the patients' role: what may not be shown cannot be read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db.models import QuerySet
from django.http import Http404

from almoner.portal import rules
from almoner.scheduling.models import Appointment
from almoner.scheduling.queries import openings
from almoner.scheduling.queries.openings import Opening, Search
from almoner.telehealth.rules.room import is_open

MOST = 24
"""Times on one page: what one looks through on a phone."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What the patient may see. Neither the reason nor the kind of visit: a phone is passed on."""

    status: str
    confirmed: bool
    day: str
    time: str
    clinician: str
    location: str
    address: str
    phone: str
    by_video: bool
    room_is_open: bool
    may_confirm: bool
    may_change: bool
    date: str
    stands: str
    starts_at: datetime


_SHOWN = (
    "id", "status", "confirmed_at", "starts_at", "ends_at", "local_day", "local_time",
    "visit_type__by_video", "clinician__given", "clinician__family", "clinician__credentials",
    "location__name", "location__phone", "location__address_line", "location__city",
)  # fmt: skip
"""Columns the patients' role may read, or the database refuses; see ``migrations/0003``."""


def shown() -> QuerySet[Appointment]:
    """The visits of whom we act for, with the columns the patients' role may read."""
    return Appointment.objects.select_related("clinician", "location", "visit_type").only(*_SHOWN)


def appointment(appointment_id: int) -> Appointment:
    """The row itself, for an action on it. Raises Http404 when it is nobody's we act for."""
    row = shown().filter(pk=appointment_id).first()
    if row is None:
        raise Http404
    return row


def visit(appointment_id: int, *, language: str, at: datetime) -> Visit:
    """One query. Raises Http404 when it is not a visit of whom we act for."""
    return told(appointment(appointment_id), language=language, at=at)


def told(row: Appointment, *, language: str, at: datetime) -> Visit:
    """What is said of a visit, in the patient's language."""
    booked = row.status == Appointment.Status.BOOKED
    return Visit(
        status=row.status,
        confirmed=row.confirmed_at is not None,
        day=rules.day_text(row.local_day, language),
        time=rules.time_text(row.local_time, language),
        clinician=str(row.clinician),
        location=row.location.name,
        address=f"{row.location.address_line}, {row.location.city}",
        phone=row.location.phone,
        by_video=row.visit_type.by_video,
        room_is_open=row.visit_type.by_video
        and row.status in ("booked", "arrived")
        and is_open(starts_at=row.starts_at, ends_at=row.ends_at, at=at),
        may_confirm=rules.may_confirm(booked=booked, starts_at=row.starts_at, at=at),
        may_change=rules.may_change(booked=booked, starts_at=row.starts_at, at=at),
        date=rules.date_text(row.local_day, language),
        stands=rules.WORDS[language][f"status_{row.status}"],
        starts_at=row.starts_at,
    )


@dataclass(frozen=True, slots=True)
class Day:
    """Openings of one day; ``at`` of each is its time in words."""

    date: date
    text: str
    openings: Sequence[tuple[str, Opening]]


def search(row: Appointment, *, with_anybody: bool, earliest: date | None) -> Search:
    """What another time for a visit may be: the same kind, by the same clinician or anybody."""
    same = frozenset[int]() if with_anybody else frozenset({row.clinician.pk})
    return Search(visit_type_id=row.visit_type_id, clinician_ids=same, earliest=earliest)


def times(asked: Search, *, language: str, at: datetime) -> tuple[list[Day], date | None]:
    """Openings by day, and the day from which there are more. As the desk: it counts free time.

    None so near that it could not be changed again here.
    """
    asked = replace(asked, not_before=at + rules.CHANGE_UNTIL)
    return by_day(openings.find(asked, at=at, limit=MOST + 1), language)


def by_day(there: Sequence[Opening], language: str) -> tuple[list[Day], date | None]:
    """The first `MOST` openings by day, and the day from which there are more."""
    days = [
        Day(
            date=day,
            text=rules.day_text(day, language),
            openings=[(rules.time_text(each.local_time, language), each) for each in those],
        )
        for day, those in groupby(there[:MOST], key=lambda each: each.local_day)
    ]
    more = days[-1].date + timedelta(days=1) if len(there) > MOST else None
    return days, more
