"""Who may get in, for how long, and what they may see of whom."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from almoner.patients.rules.details import age

INVITATION_LASTS = timedelta(days=14)
IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=12)
"""From getting in to having to get in again, however busy."""
WAY_IN_LASTS = timedelta(minutes=30)
"""How long somebody may take from the code to the first sign-in."""
TRIES = 5
CLOSED_FOR = timedelta(minutes=15)
STEP = 30
"""Seconds one set of six digits is good for (RFC 6238); the one before and after are taken too."""

_READ_OUT = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # no I, L, O, 0, 1


class Kind(StrEnum):
    """As whom an account acts."""

    SELF = "self"
    PARENT = "parent"
    GUARDIAN = "guardian"
    REPRESENTATIVE = "representative"  # of an adult: by power of attorney or a court
    HELPER = "helper"  # somebody the patient chose


OF_A_MINOR = frozenset({Kind.PARENT, Kind.GUARDIAN})


class Part(StrEnum):
    """What can be seen and done for a patient; granted one by one."""

    VISITS = "visits"
    FORMS = "forms"  # check in ahead, fill and sign, for the patient
    DOCUMENTS = "documents"  # read those in the record
    BILLS = "bills"
    MESSAGES = "messages"  # read and write them
    RESULTS = "results"  # what laboratories and others found
    LOOKS = "looks"  # who opened the record


EVERYTHING = frozenset(Part)


def code_of(pick: Callable[[str], str]) -> str:
    """A code to be read out or typed: ten characters, 49 bits, none mistaken for another.

    ``pick`` takes one character of a string at random.
    """
    letters = "".join(pick(_READ_OUT) for _ in range(10))
    return f"{letters[:5]}-{letters[5:]}"


def normal(typed: str) -> str:
    """A code as it was typed, without what people add to it."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


@dataclass(frozen=True, slots=True)
class Terms:
    """What parents and guardians may see from an ``age`` on; see `models.MinorTerms`."""

    state: str
    age: int
    parts: frozenset[str]
    starts: date


ADULT = 18
"""Without terms of their own: from here on a parent sees nothing (45 CFR 164.502(g)(3))."""


def may_see(
    kind: str,
    granted: Collection[str],
    *,
    born: date | None,
    state: str,
    terms: Iterable[Terms],
    on: date,
) -> frozenset[str]:
    """The parts an account may see of a patient on a day.

    Of oneself everything, whatever parts there were when it was given. Else what was granted, and
    for a parent or guardian no more than the age leaves. Of a child whose
    birth date nobody knows they see nothing: nobody could say that it is still a child.
    """
    if kind == Kind.SELF:
        return EVERYTHING
    parts = frozenset(granted) & EVERYTHING
    if kind not in OF_A_MINOR:
        return parts
    if born is None:
        return frozenset()
    years = age(born, on=on)
    there = [one for one in terms if one.starts <= on]
    mine = [one for one in there if one.state == state] or [one for one in there if not one.state]
    reached = [one for one in mine if one.age <= years]
    if not reached:
        return parts if years < ADULT else frozenset()
    return parts & max(reached, key=lambda one: (one.age, one.starts)).parts


def is_open(*, until: date | None, since: date, ended_at: datetime | None, on: date) -> bool:
    """Whether a right to act holds on a day; its last day counts."""
    return ended_at is None and since <= on and (until is None or on <= until)


def is_over(*, in_at: datetime | None, made_at: datetime, seen_at: datetime, at: datetime) -> bool:
    """Whether a browser has to get in again."""
    if in_at is None:
        return at >= made_at + WAY_IN_LASTS
    return at >= seen_at + IDLE or at >= in_at + ABSOLUTE


RECOVERY_CODES = 8
FRESH = timedelta(minutes=5)
"""How long a proof holds by which ways in may be changed."""


def is_fresh(proved_at: datetime | None, *, at: datetime) -> bool:
    """Whether somebody has just shown again who they are."""
    return proved_at is not None and at < proved_at + FRESH


class Invited(StrEnum):
    """Why a code does not let anybody in; GOOD when it does."""

    GOOD = "good"
    UNKNOWN = "code_unknown"
    USED = "code_used"
    LATE = "code_late"
    WRONG = "code_wrong_born"
    SPENT = "code_spent"


def invited(
    *,
    used: bool,
    withdrawn: bool,
    expires_at: datetime,
    tries: int,
    fits: bool,
    at: datetime,
) -> Invited:
    """Whether a code lets somebody in with the birth date they said (``fits``).

    What is no use any more says so whatever birth date was said: nobody learns whether it fits.
    """
    if used:
        return Invited.USED
    if withdrawn or at >= expires_at:
        return Invited.LATE
    if tries >= TRIES:
        return Invited.SPENT
    return Invited.GOOD if fits else Invited.WRONG


def failed(tries: int, *, at: datetime) -> tuple[int, datetime | None]:
    """One more wrong try: how many there were in a row, and until when it is closed."""
    return (tries + 1, None) if tries + 1 < TRIES else (0, at + CLOSED_FOR)
