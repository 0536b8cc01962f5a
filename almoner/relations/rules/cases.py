"""Cases: which kinds there are, whose desk works on them, and what may become of one."""

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Kind(StrEnum):
    QUESTION = "question"
    REQUEST = "request"
    COMPLAINT = "complaint"
    GRIEVANCE = "grievance"
    BILLING = "billing_dispute"
    RECORDS = "records_request"
    CALL_BACK = "call_back"
    TASK = "task"


class Desk(StrEnum):
    """A queue: who works together on one kind of thing."""

    FRONT = "front"
    BILLING = "billing"
    RECORDS = "records"
    RELATIONS = "relations"
    PRIVACY = "privacy"


class WaitsFor(StrEnum):
    """Whom a case waits for; meanwhile the desk's clock stands, the law's does not."""

    PATIENT = "patient"
    PAYER = "payer"
    CLINICIAN = "clinician"
    OUTSIDE = "outside"


class Verb(StrEnum):
    """What was done to a case, as its line says it."""

    OPENED = "opened"
    DECIDED = "decided"
    ATTACHED = "attached"
    NOTED = "noted"
    ASKED = "asked"
    TAKEN = "taken"
    ASSIGNED = "assigned"
    MOVED = "moved"
    DUE = "due"
    SNOOZED = "snoozed"
    WAITS = "waits"
    RESUMED = "resumed"
    ANSWERED = "answered"
    CLASSIFIED = "classified"
    COMPLETED = "completed"
    DRAFTED = "drafted"
    SENT = "sent"
    NO_NOTICE = "no_notice"
    DELIVERED = "delivered"
    WARNED = "warned"
    OVERDUE = "overdue"
    UNANSWERED = "unanswered"
    STRANDED = "stranded"
    CLOSED = "closed"
    REOPENED = "reopened"
    MERGED = "merged"
    TOOK_IN = "took_in"
    TAKEN_OUT = "taken_out"
    SPLIT = "split"


OPENED_AS = tuple(kind for kind in Kind if kind is not Kind.GRIEVANCE)
"""Kinds a case can be opened as: a grievance becomes one by the questions."""
HEARD = ("received", "call")
"""Things that came in: from the first of them the law counts."""
BEHIND = ("appointment", "claim", "statement", "payment", "survey")
"""Things of other duties, known here by their events."""
ABOUT = ("appointment", "statement")
"""Of them what words can be about: a visit, a bill."""
THINGS = (*HEARD, "message", "conversation", *BEHIND)
LONGEST_NUMBER = 18
"""Digits of the longest number that surely is a row's."""


def thing_named(value: str) -> tuple[str, int] | None:
    """What a box or an address names, like ``claim:4``; None for what no case can be about."""
    kind, _colon, number = value.partition(":")
    known = kind in THINGS and number.isascii() and number.isdecimal()
    return (kind, int(number)) if known and len(number) <= LONGEST_NUMBER else None


def about_named(value: str) -> tuple[str, int] | None:
    """The visit or bill it names, like ``statement:4``; None for what is neither."""
    known = thing_named(value)
    return known if known and known[0] in ABOUT else None


SKILLS = ("spanish", "coding", "clinical")

DESK_OF: dict[Kind, Desk] = {
    Kind.QUESTION: Desk.FRONT,
    Kind.REQUEST: Desk.FRONT,
    Kind.COMPLAINT: Desk.RELATIONS,
    Kind.GRIEVANCE: Desk.RELATIONS,
    Kind.BILLING: Desk.BILLING,
    Kind.RECORDS: Desk.RECORDS,
    Kind.CALL_BACK: Desk.FRONT,
    Kind.TASK: Desk.FRONT,
}


def kinds_of(desk: str) -> frozenset[Kind]:
    """The kinds of case that are usually a desk's."""
    return frozenset(kind for kind, its in DESK_OF.items() if its == desk)


_DESKS_OF_ROLE: dict[str, frozenset[Desk]] = {
    "officer": frozenset({Desk.FRONT, Desk.RECORDS, Desk.RELATIONS}),
    "biller": frozenset({Desk.BILLING}),
    "manager": frozenset(Desk),
    "privacy": frozenset({Desk.PRIVACY}),
}


def desks_of(roles: Iterable[str]) -> frozenset[Desk]:
    """The desks whose cases somebody with these roles works on."""
    return frozenset().union(*(_DESKS_OF_ROLE.get(role, frozenset()) for role in roles))


def may_do_without_notice(roles: Iterable[str]) -> bool:
    """Whether somebody with these roles decides that a grievance's notice reaches nobody."""
    return bool({"manager", "privacy"} & set(roles))


def number_of(case_id: int) -> str:
    """What a case is called, to patients too."""
    return f"C-{case_id}"


def whole_of(kinds: Mapping[int, str]) -> int | None:
    """Which of several cases the others become part of: the first grievance, else the first case.

    None of fewer than two: one case is no several.
    """
    grievances = [each for each, kind in kinds.items() if kind == Kind.GRIEVANCE]
    return min(grievances or kinds) if len(kinds) > 1 else None


def may_merge(
    *, kinds: tuple[str, str], patients: tuple[int | None, int | None], roots: tuple[bool, bool]
) -> bool:
    """Whether the first of two cases may become part of the second.

    Both stand for themselves, are of one person (or nobody has said whose), and a grievance goes
    into none but another: the law's clock would be lost in it.
    """
    first, second = kinds
    of_one = None in patients or patients[0] == patients[1]
    return all(roots) and of_one and (first != Kind.GRIEVANCE or second == Kind.GRIEVANCE)
