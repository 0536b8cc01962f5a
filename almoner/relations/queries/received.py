"""The texts that came in: what waits for somebody, and who may have written it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet, Window
from django.db.models.functions import RowNumber

from almoner.access.queries import Evidence, Reading
from almoner.patients.models import Patient, Phone
from almoner.patients.rules.details import readable
from almoner.relations import rules
from almoner.relations.models import Consent, Received

SIZE = 25
MOST = 5  # people one number may be
_OPEN = Q(work=True, handled_at=None)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has that phone, by what tells two of one house apart."""

    id: int
    name: str
    born: str
    mrn: str


@dataclass(frozen=True, slots=True)
class TextLine:
    """A text that came in. ``may_be`` is empty once ``patient`` is known, and for what is over."""

    id: int
    number: str
    body: str
    at: datetime
    meaning: str
    open: bool
    suggestion: str
    silenced: bool
    patient: Person | None
    may_be: tuple[Person, ...]
    why: str


def received_open(*, number: int, reading: Reading) -> Page[Any]:
    """One page of those somebody must read, the newest last; whoever it may be is noted as seen."""
    rows = Received.objects.filter(_OPEN).order_by("at", "id")
    return _page(rows, number=number, reading=reading, guess=True)


def received_every(*, number: int, reading: Reading) -> Page[Any]:
    """One page of all of them, the newest first; nobody is guessed at any more."""
    rows = Received.objects.order_by("-at", "-id")
    return _page(rows, number=number, reading=reading, guess=False)


def received_waiting() -> tuple[int, datetime | None]:
    """How many wait for somebody, and since when the oldest does."""
    rows = Received.objects.filter(_OPEN).order_by("at", "id")
    return rows.count(), rows.values_list("at", flat=True).first()


def received(received_id: int, *, reading: Reading) -> Received:
    """One text; whose it is, is noted as seen. Raises Received.DoesNotExist."""
    row = Received.objects.get(pk=received_id)
    if row.patient_id:
        reading.saw([row.patient_id])
    return row


def holders(number: str) -> QuerySet[Patient]:
    """Everybody who is reached at this number."""
    theirs = Phone.objects.filter(number=number).exclude(use="old")
    return Patient.objects.filter(pk__in=theirs.values("patient_id"))


def evidence_of_text(item_id: int) -> Evidence | None:
    """What a text that waits proves: somebody must find out whose it is, and see to them."""
    row = Received.objects.filter(_OPEN, pk=item_id).first()
    if row is None:
        return None
    may_be = (
        [row.patient_id] if row.patient_id else holders(row.sender).values_list("pk", flat=True)
    )
    return Evidence(frozenset(may_be), None)


def _page(rows: QuerySet[Received], *, number: int, reading: Reading, guess: bool) -> Page[Any]:
    page: Page[Any] = Paginator(rows.select_related("patient"), SIZE).get_page(number)
    found = list(page.object_list)
    unknown = {row.sender for row in found if guess and row.patient_id is None}
    may_be, silent = _who(unknown), _silent({row.sender for row in found})
    lines = [_line(row, may_be, silent) for row in found]
    page.object_list = lines
    reading.saw(who.id for line in lines for who in (line.patient, *line.may_be) if who)
    if any(line.patient is None for line in lines):
        reading.saw_strangers()
    return page


def _line(row: Received, may_be: dict[str, list[Person]], silent: set[str]) -> TextLine:
    waits = row.work and row.handled_at is None
    return TextLine(
        id=row.pk,
        number=readable(row.sender),
        body=row.body,
        at=row.at,
        meaning=row.meaning,
        open=waits,
        suggestion=rules.meaning(row.body).suggestion if waits else "",
        silenced=row.sender in silent,
        patient=_person(row.patient) if row.patient else None,
        may_be=() if row.patient_id else tuple(may_be.get(row.sender, ())),
        why=row.handled_why,
    )


def _who(numbers: Iterable[str]) -> dict[str, list[Person]]:
    place = Window(RowNumber(), partition_by="number", order_by="patient_id")
    phones = Phone.objects.filter(number__in=numbers).exclude(use="old")
    rows = phones.select_related("patient").annotate(place=place).filter(place__lte=MOST)
    found: dict[str, list[Person]] = {}
    for row in rows.order_by("number", "patient_id"):
        people = found.setdefault(row.number, [])
        if (who := _person(row.patient)) not in people:
            people.append(who)
    return found


def _person(row: Patient) -> Person:
    born = f"{row.birth_date:%m/%d/%Y}" if row.birth_date else ""
    name = ", ".join(filter(None, (row.family, row.name_used or row.given)))
    return Person(row.pk, name, born, row.mrn)


def _silent(numbers: Iterable[str]) -> set[str]:
    """The numbers among these that take no more texts."""
    said = Consent.objects.filter(channel="sms", purpose="care", address__in=numbers)
    newest = said.order_by("address", "-id").distinct("address")
    return {row.address for row in newest if not row.given}
