"""Which visits a patient may book without speaking to anybody. No database, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from almoner.patients.rules.details import age

SEEN_WITHIN = timedelta(days=3 * 365 + 1)
"""Whoever was seen since then is established: the three years of the visit codes (CPT)."""


class Not(StrEnum):
    """Why a visit is not booked here; the page then says to call."""

    NOT_HERE = "book_not_here"
    NEW = "book_not_new"
    ESTABLISHED = "book_not_established"
    AGE = "book_not_age"
    ENOUGH = "book_enough"


@dataclass(frozen=True, slots=True)
class Terms:
    """What an administrator said of a kind of visit."""

    whom: str
    age_from: int
    age_until: int | None
    most_open: int


@dataclass(frozen=True, slots=True)
class Asker:
    """What is known of who asks: born when, seen here when last, and open visits of each kind."""

    born: date
    seen_on: date | None
    open_visits: Mapping[int, int]


def refusal(terms: Terms, asker: Asker, *, kind_id: int, on: date) -> Not | None:
    """Why this kind of visit is not for them to book, or None."""
    established = asker.seen_on is not None and on - asker.seen_on <= SEEN_WITHIN
    years = age(asker.born, on=on)
    too_old = terms.age_until is not None and years > terms.age_until
    grounds = {
        Not.NEW: terms.whom == "established" and not established,
        Not.ESTABLISHED: terms.whom == "new" and established,
        Not.AGE: years < terms.age_from or too_old,
        Not.ENOUGH: asker.open_visits.get(kind_id, 0) >= terms.most_open,
    }
    return next((why for why, holds in grounds.items() if holds), None)


def in_time(starts_at: datetime, *, at: datetime, notice_hours: int, ahead_days: int) -> bool:
    """Whether a start is neither too near nor too far ahead to be booked here."""
    return timedelta(hours=notice_hours) <= starts_at - at < timedelta(days=ahead_days)
