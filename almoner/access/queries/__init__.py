"""Reads of the access duty, and what a reader carries with him: who he is, what he saw, why."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol, TypeVar

from django.db import connection

from almoner.access.models import Officer
from almoner.access.rules import Grade, Purpose, grade
from almoner.ground.statements import one_line
from almoner.ground.typed import row_id

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class WorkItem:
    """What led the reader to the data: ``appointment:17``, ``claim:4``, ``call:9``."""

    kind: str
    id: int

    @classmethod
    def parse(cls, text: str) -> "WorkItem | None":
        kind, _, number = text.partition(":")
        item_id = row_id(number)
        return cls(kind, item_id) if kind and item_id is not None else None

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a work item proves: whom it is about, who made it (None: the patient or a partner).

    ``confirmed_by`` names the identifiers by which the person was known when it was made. After
    ``until`` the work it stood for is over: it is no reason any more, and whoever looks is asked
    for one.
    """

    patient_ids: frozenset[int]
    made_by_id: int | None
    corroborated: bool = False
    confirmed_by: tuple[str, ...] = ()
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody looked, and how good the evidence is."""

    kind: str
    id: int | None
    by_id: int | None
    grade: Grade
    note: str = ""
    confirmed_by: tuple[str, ...] = ()


@dataclass(slots=True)
class Reading:
    """One reader's look through one screen. Queries tell it whose data they hand out.

    ``queue`` names the work list a screen is, when the list itself is the reason to look; a list of
    what is nobody's work any more (``queue_is_over``) asks for the reader's own word. ``live``
    says that nobody asked for it just now: it brought itself up to date. ``searched`` names the
    identifiers the reader searched by: what a search shows has one reason, the reader's own wish,
    whoever turns up. ``confirmed_by`` names those compared on this screen. ``opens`` says that it
    is the record itself: then it is also asked by what the patient was known to a colleague.
    """

    officer: Officer
    screen: str
    purpose: Purpose
    at: datetime
    work_item: WorkItem | None = None
    queue: str = ""
    live: bool = False
    queue_is_over: bool = False
    searched: str = ""
    said: str = ""
    confirmed_by: tuple[str, ...] = ()
    opens: bool = False
    address: str | None = None
    patient_ids: set[int] = field(default_factory=set)
    reasons: dict[int, Reason] = field(default_factory=dict)
    beside: dict[int, int] = field(default_factory=dict)
    about: dict[int, WorkItem] = field(default_factory=dict)
    strangers: set[WorkItem | None] = field(default_factory=set)
    answers: dict[tuple[str, int], Any] = field(default_factory=dict)

    def once(self, question: tuple[str, int], ask: Callable[[], Answer]) -> Answer:
        """What ``ask`` answers, asked once for one page: its parts cannot disagree.

        ``question`` names the query and the row it is about.
        """
        if question not in self.answers:
            self.answers[question] = ask()
        answer: Answer = self.answers[question]
        return answer

    def is_of(self, patient_id: int) -> bool:
        """Whether the screen is about this patient alone, and about others for their sake."""
        return not self.patient_ids - self.beside.keys() - {patient_id}

    def saw(self, patient_ids: Iterable[int]) -> None:
        self.patient_ids.update(patient_ids)

    def saw_about(self, item: WorkItem, patient_id: int) -> None:
        """Somebody was shown for a work item of their own, whatever else the screen is for."""
        self.patient_ids.add(patient_id)
        self.about[patient_id] = item

    def saw_strangers(self, paper: WorkItem | None = None) -> None:
        """A paper named people who may be no patients of ours, so nobody can be written down.

        That it was read is written down all the same: for the paper, or for the list it stood on.
        """
        self.strangers.add(paper)

    def saw_beside(self, patient_id: int, others: Iterable[int]) -> None:
        """A record names others, like the household: they were seen for the record's reason."""
        for other in others:
            self.patient_ids.add(other)
            if other != patient_id and patient_id not in self.beside:  # never in a circle
                self.beside.setdefault(other, patient_id)


class Resolver(Protocol):
    """Finds what a work item proves; None when there is no such item."""

    def __call__(self, item_id: int) -> Evidence | None: ...


_resolvers: dict[str, Resolver] = {}
_paths: dict[str, str] = {}
_known: list[str] = []
_known_here: list[str] = []


def explains(kind: str, resolver: Resolver) -> None:
    """Work items of this kind are reasons; said once by their duty, from its ``apps.py``."""
    _resolvers[kind] = resolver


def path(kind: str, sql: str) -> None:
    """A way to find the work item that explains a look when the link carried none.

    Written by people, never mined from the log. ``sql`` selects the ``id`` of the one item of this
    kind, given ``patient``, the ``officer`` with their ``location`` and ``clinician``, and ``at``.
    All paths are one query, its answers taken in the order in which the paths were registered.
    """
    _paths[kind] = sql


def known_by(sql: str, *, to_all: bool = False) -> None:
    """A way to find by which identifiers this reader knows a patient whom a work item led to.

    Or, ``to_all``, by which the patient is known to everybody here: asked where a record is opened.
    ``sql`` selects one ``text[]`` at most, given ``patient``, the ``officer`` and ``at``.
    """
    ways = _known_here if to_all else _known
    if sql not in ways:
        ways.append(sql)


def known_sql(*, opens: bool) -> str:
    """What these ways find, the first that finds any, as one expression; else an empty array."""
    ways = [*_known, *_known_here] if opens else _known
    found = [f"nullif(({way}), array[]::text[])" for way in ways]
    return f"coalesce({', '.join([*found, 'array[]::text[]'])})"


def reason_for(reading: Reading, patient_id: int) -> Reason:
    """The best reason this reader has to see this patient now; looked for once in a reading.

    The first that explains the look is taken; the reader's own word only when there is no other.
    """
    if patient_id not in reading.reasons:
        reading.reasons[patient_id] = _reason(reading, patient_id)
    return reading.reasons[patient_id]


def _reason(reading: Reading, patient_id: int) -> Reason:
    if reading.queue and patient_id not in reading.about:
        if reading.queue_is_over:
            return Reason(reading.queue, None, reading.officer.pk, Grade.D, reading.said)
        return Reason(reading.queue, None, None, Grade.B)
    if patient_id in reading.beside:
        return reason_for(reading, reading.beside[patient_id])
    own_word = Reason("said", None, reading.officer.pk, Grade.D, reading.said)
    if reading.searched:
        return replace(own_word, kind="search", note=reading.searched)
    return _led_by_work(reading, patient_id) or own_word


def _led_by_work(reading: Reading, patient_id: int) -> Reason | None:
    """The first work item that explains the look, else the first of the reader's own making."""
    own: Reason | None = None
    confirmed_by: tuple[str, ...] = ()  # by any item on the way, whoever made it
    for item in _candidates(reading, patient_id):
        reason = _proven(item, reading, patient_id)
        confirmed_by = (reason and reason.confirmed_by) or confirmed_by
        own = own or reason
        if reason and reason.grade != Grade.D:
            own = reason
            break
    if own is None:
        return None
    return replace(own, confirmed_by=confirmed_by or _known_by(reading, patient_id))


def _known_by(reading: Reading, patient_id: int) -> tuple[str, ...]:
    """The identifiers compared just before on another screen, or by a colleague.

    Found now only for who is to open the record; for others when the look is written down.
    """
    if not (reading.opens and reading.is_of(patient_id)):
        return ()
    facts: dict[str, Any] = {"patient": patient_id, "officer": reading.officer.pk, "at": reading.at}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {known_sql(opens=True)}", facts)
        return tuple(cursor.fetchone()[0])


def reason_for_paper(reading: Reading, paper: WorkItem | None) -> Reason:
    """Why this reader was shown strangers: the paper that names them, or the list it stands on."""
    resolver = _resolvers.get(paper.kind) if paper else None
    evidence = resolver(paper.id) if paper and resolver else None
    if paper is None or evidence is None:
        return Reason(reading.queue or "said", None, None, Grade.B if reading.queue else Grade.D)
    judged = grade(
        reader_id=reading.officer.pk,
        made_by_id=evidence.made_by_id,
        corroborated=evidence.corroborated,
    )
    return Reason(paper.kind, paper.id, evidence.made_by_id, judged)


def _proven(item: WorkItem, reading: Reading, patient_id: int) -> Reason | None:
    """The reason this item is; None when there is no such item, or it is over or of another."""
    resolver = _resolvers.get(item.kind)
    evidence = resolver(item.id) if resolver else None
    if evidence is None or patient_id not in evidence.patient_ids:
        return None
    if evidence.until and reading.at > evidence.until:
        return None
    judged = grade(
        reader_id=reading.officer.pk,
        made_by_id=evidence.made_by_id,
        corroborated=evidence.corroborated,
    )
    return Reason(
        item.kind, item.id, evidence.made_by_id, judged, reading.said, evidence.confirmed_by
    )


def _candidates(reading: Reading, patient_id: int) -> Iterable[WorkItem]:
    if patient_id in reading.about:
        yield reading.about[patient_id]
    if reading.work_item:
        yield reading.work_item
    yield from _led_by_paths(reading, patient_id)


_WAY = "(SELECT {order} AS way, '{kind}' AS kind, id FROM ({sql}) AS found)"


def _led_by_paths(reading: Reading, patient_id: int) -> list[WorkItem]:
    ways = [
        _WAY.format(order=order, kind=kind, sql=sql)
        for order, (kind, sql) in enumerate(_paths.items())
    ]
    officer = reading.officer
    facts = {
        "patient": patient_id,
        "officer": officer.pk,
        "location": officer.location_id,
        "clinician": officer.clinician_id,
        "at": reading.at,
    }
    with connection.cursor() as cursor:
        cursor.execute(one_line(f"{' UNION ALL '.join(ways)} ORDER BY way"), facts)
        return [WorkItem(kind, item_id) for _way, kind, item_id in cursor.fetchall()]
