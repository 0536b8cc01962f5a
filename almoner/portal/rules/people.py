"""Who is told of who may act for a patient, who sees it, and when a parent's right narrows."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from almoner.ground.words import gettext_noop
from almoner.portal.rules.accounts import ADULT, EVERYTHING, OF_A_MINOR, Kind, Terms, may_see

TOLD_BEFORE = timedelta(days=60)
"""How long before a child's age narrows what a parent sees both are told."""
NEWS_LASTS = timedelta(days=30)
"""How long the first page of an account says what has changed of who acts for whom."""

GIVEN_ANEW = gettext_noop("given anew")
"""Why a right ended that goes on under another code: nobody is told that it did."""


class Change(StrEnum):
    """What becomes of a right to act."""

    BEGAN = "began"
    ENDED = "ended"
    NARROWS = "narrows"


@dataclass(frozen=True, slots=True)
class Narrowing:
    """From ``day`` on only the parts ``left`` are seen."""

    day: date
    left: frozenset[str]


def birthday(born: date, years: int) -> date:
    """The day somebody becomes so old, as `age` counts: of 29 February it is 1 March."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def narrows(
    kind: str,
    granted: Collection[str],
    *,
    born: date | None,
    state: str,
    terms: Iterable[Terms],
    on: date,
    within: timedelta = TOLD_BEFORE,
) -> Narrowing | None:
    """The next day within this time on which a parent or guardian sees less than they do ``on``."""
    if kind not in OF_A_MINOR or born is None:
        return None
    there = list(terms)

    def seen(day: date) -> frozenset[str]:
        return may_see(kind, granted, born=born, state=state, terms=there, on=day)

    days = {birthday(born, years) for years in {ADULT, *(one.age for one in there)}}
    days |= {one.starts for one in there}
    for day in sorted(each for each in days if on < each <= on + within):
        if seen(on) - (left := seen(day)):
            return Narrowing(day, left)
    return None


def is_told(
    *,
    born: date | None,
    state: str,
    terms: Iterable[Terms],
    has_way: bool,
    on: date,
) -> bool:
    """Whether a patient is told themself who acts for them.

    Adults are, who has a way of their own (``has_way``: an account, or confidential contact), and
    every child old enough that a parent does not see everything of them (45 CFR 164.502(g)(3)). Of
    a smaller child the other parents and guardians are told instead.
    """
    whole = may_see(Kind.PARENT, EVERYTHING, born=born, state=state, terms=terms, on=on)
    return has_way or whole != EVERYTHING


def sees_people(kind: str, *, told: bool) -> bool:
    """Whether an account sees who acts for a patient that is ``told`` themself, or is not.

    The patient does, and who stands in their place (45 CFR 164.502(g)(1)): a representative, and
    the parents and guardians of a small child.
    """
    if kind in OF_A_MINOR:
        return not told
    return kind in {Kind.SELF, Kind.REPRESENTATIVE}


def may_end(kind: str) -> bool:
    """Whether the patient ends it themself: whom they chose, not whom a law or a court names."""
    return kind == Kind.HELPER
