"""Who it may be that calls from a number, and what is open with each."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count

from almoner.access.models import Officer
from almoner.access.queries import Evidence, Reading
from almoner.ground.models import Event
from almoner.ledger import queries as ledger
from almoner.patients import queries as patients
from almoner.patients.rules.opening import enough
from almoner.relations.models import Call, Received
from almoner.relations.queries.cases import CaseWork, visible_to, work
from almoner.relations.queries.conversations import visit_text
from almoner.relations.queries.received import MOST, Person, holders, person, standing_by, whose_is

_A_DAY = timedelta(days=1)
_OVER = ("scheduling.cancelled", "scheduling.no_show")


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who is reached at the number that calls.

    ``sure``: the officer has compared two identifiers with them in the last half hour. Until then
    only how many things are open is told, and ``identifiers`` are what is to be compared.
    ``only`` are the ways they asked to be reached in alone. ``through`` is who has the number when
    it is not theirs: whoever is called in an emergency, a guardian, or who pays. ``whose`` says of
    one that stands in the record whose it is there, when it is not the patient's own.
    """

    who: Person
    sure: bool
    identifiers: tuple[patients.Identifier, ...]
    visits: tuple[str, ...]
    due: int
    cases: tuple[CaseWork, ...]
    to_read: int
    only: str
    through: str = ""
    whose: str = ""


def callers(number: str, *, today: date, reading: Reading) -> tuple[list[Caller], int]:
    """Everybody it may be, by name; a number of a family is several people's. Noted as seen.

    Whoever is reached there themselves comes first, then those whom somebody with that number
    stands by. Answers also how many more there are. Eleven queries, and two for each of them.
    """
    every = holders("sms", number).order_by("family", "given", "id")
    rows = list(every[:MOST])
    ids = [row.pk for row in rows]
    through = {}
    for each in standing_by(number)[:MOST]:
        if each.patient_id not in ids and len(rows) < MOST:
            through[each.patient_id] = (
                f"{each.name} ({each.relation})" if each.relation else each.name
            )
            ids.append(each.patient_id)
            rows.append(each.patient)
    more = max(0, every.count() - MOST)
    reading.saw(ids)
    visits, cases, unread = _visits(ids, today), _cases(ids, reading), _to_read(ids)
    only, whose = patients.only_of(ids), whose_is(number)
    owed = ledger.balances_of(ids) if reading.officer.may("ledger.view") and ids else {}
    found = []
    for row in rows:
        sure = is_sure(row.pk, reading.officer, reading.at)
        found.append(
            Caller(
                who=person(row),
                sure=sure,
                identifiers=() if sure else _to_compare(row.pk, reading),
                visits=tuple(visits.get(row.pk, ())),
                due=owed[row.pk].due if row.pk in owed else 0,
                cases=tuple(cases.get(row.pk, ())),
                to_read=unread.get(row.pk, 0),
                only=only.get(row.pk, ""),
                through=through.get(row.pk, ""),
                whose=whose.get(row.pk, ""),
            )
        )
    return found, more


def is_sure(patient_id: int, officer: Officer, at: datetime) -> bool:
    """Whether this officer compared two identifiers of this patient in the last half hour."""
    return enough(patients.said_of_late(patient_id, officer, at))


def _to_compare(patient_id: int, reading: Reading) -> tuple[patients.Identifier, ...]:
    """What the caller is asked for: not the phone, which may be a family's, or anybody's."""
    kept = patients.record(patient_id, reading=reading)
    return tuple(patients.identifiers(kept, ("phone",)))


def _visits(ids: Collection[int], today: date) -> dict[int, list[str]]:
    """The visits of today that stand, by patient. One query."""
    rows = Event.objects.filter(patient_id__in=ids, about_kind="appointment")
    newest = rows.filter(kind__startswith="scheduling.").order_by("about_id", "-id")
    found: dict[int, list[str]] = {}
    for each in newest.distinct("about_id"):
        if each.data.get("local_day") == today.isoformat() and each.kind not in _OVER:
            found.setdefault(each.patient_id or 0, []).append(visit_text(each))
    return found


def _cases(ids: Collection[int], reading: Reading) -> dict[int, list[CaseWork]]:
    rows = visible_to(reading.officer).filter(patient_id__in=ids, merged_into=None)
    rows = rows.exclude(state="closed").select_related("patient", "owner")
    found: dict[int, list[CaseWork]] = {}
    for row in rows.order_by("due_at", "id"):
        line = work(row, reading.officer, at=reading.at)
        found.setdefault(row.patient_id or 0, []).append(line)
    return found


def _to_read(ids: Collection[int]) -> Counter[int]:
    rows = Received.objects.filter(patient_id__in=ids, work=True, handled_at=None)
    counted = rows.values("patient_id").annotate(count=Count("id"))
    return Counter({row["patient_id"]: row["count"] for row in counted})


def evidence_of_call(item_id: int) -> Evidence | None:
    """What a call proves for a day: whoever had it wrote down whom it was with."""
    row = Call.objects.filter(pk=item_id).first()
    if row is None:
        return None
    ids = frozenset([row.patient_id]) if row.patient_id else frozenset[int]()
    return Evidence(ids, row.by_id, until=row.at + _A_DAY)
