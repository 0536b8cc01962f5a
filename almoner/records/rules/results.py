"""Results as they come: what becomes of a report that is sent, sent again, or corrected.

No database, no clock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256

FINAL = frozenset({"final", "amended", "corrected", "appended"})
WITHDRAWN = frozenset({"cancelled", "entered-in-error"})
CRITICAL = frozenset({"AA", "HH", "LL"})
ABNORMAL = frozenset({"A", "H", "L", "HU", "LU", ">", "<"})
"""Codes of FHIR's interpretations; whatever else a laboratory says is shown and raises nothing."""
LONGEST_NOTE = 4_000


class Source(StrEnum):
    """How a result came."""

    FHIR = "fhir"
    PAPER = "paper"


SOURCES = tuple(Source)


class Flag:
    """How pressing the laboratory's own flags make a version."""

    NONE, ABNORMAL, CRITICAL = 0, 1, 2


def flag_of(codes: Iterable[str]) -> int:
    there = {code.upper() for code in codes}
    if there & CRITICAL:
        return Flag.CRITICAL
    return Flag.ABNORMAL if there & ABNORMAL else Flag.NONE


class Verdict(StrEnum):
    """What becomes of a report with an identifier that is known."""

    SAME = "same"
    NEW = "new"
    OLDER = "older"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Sent:
    """A version, as far as it decides what becomes of the next: ``final`` is shown to patients."""

    digest: bytes
    issued: datetime
    status: str
    final: bool = False


def verdict(known: Sequence[Sent], sent: Sent) -> Verdict:
    """The same again is nothing new; nothing older or preliminary replaces what is final.

    What was made known at the same instant and says something else is a version of its own: it came
    later.
    """
    if any(one.digest == sent.digest for one in known):
        return Verdict.SAME
    if known and sent.issued < max(one.issued for one in known):
        return Verdict.OLDER
    if any(one.final for one in known) and sent.status not in FINAL | WITHDRAWN:
        return Verdict.BACK
    return Verdict.NEW


def is_final(known: Sequence[Sent], status: str) -> bool:
    """Whether a patient sees this version: a final one, or that one they saw was taken back."""
    return status in FINAL or (status in WITHDRAWN and any(one.final for one in known))


@dataclass(frozen=True, slots=True)
class Value:
    """One line of a version as it is kept; see `models.ResultValue`."""

    code: str
    system: str
    name: str
    value: str
    number: float | None
    unit: str
    low: str
    high: str
    range: str
    flags: tuple[tuple[str, str], ...]
    note: str
    final: bool


@dataclass(frozen=True, slots=True)
class Incoming:
    """A report as it came: its identifier, what it says, and whose it says it is.

    ``mrn`` is the record number of ours that it names, empty when it names none of ours.
    ``requester`` is an NPI.
    """

    system: str
    number: str
    status: str
    code: str
    code_system: str
    name: str
    issued: datetime
    on: date
    conclusion: str
    performer: str
    requester: str
    ordered_by: str
    mrn: str
    said_name: str
    said_born: date | None
    values: tuple[Value, ...]


def digest_of(sent: Incoming) -> bytes:
    """SHA-256 of all that a report says of what was found, and of nothing it says of the person."""
    said = replace(sent, mrn="", said_name="", said_born=None)
    return sha256(repr(astuple(said)).encode()).digest()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one report of a file."""

    place: str
    says: tuple[str, ...] = ()


@dataclass(slots=True)
class Report:
    """What became of every report in a file, each in the file's order.

    ``waiting`` were kept and are nobody's yet; ``already`` said nothing new.
    """

    kept: list[Outcome] = field(default_factory=list)
    waiting: list[Outcome] = field(default_factory=list)
    already: list[Outcome] = field(default_factory=list)
    refused: list[Outcome] = field(default_factory=list)
