"""Cases as a list of work: whose, of which desk, and what is due first."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, F, Func, Q, QuerySet

from almoner.access.models import Officer
from almoner.access.queries import Evidence, Reading, WorkItem
from almoner.relations import rules
from almoner.relations.models import Call, Case, CaseThing, Grievance, Letter, Received
from almoner.relations.queries.received import STILL, Person, holders, person
from almoner.relations.queries.skills import abilities, takeable, without_anybody

SIZE = 25
SHOWN = ("mine", "desk", "unassigned", "overdue", "waiting", "snoozed", "closed", "able")
FILTERS: dict[str, tuple[str, ...]] = {
    "show": SHOWN,
    "kind": tuple(rules.Kind),
    "desk": tuple(rules.Desk),
    "skill": rules.SKILLS,
    "order": ("due", "-due", "opened", "-opened"),
}
"""What a list may be narrowed by, and saved as: each name, and the values it takes."""
_AT_ONCE = 500  # cases the clock changes in one minute
_ORDERS = {"due": "due_at", "opened": "opened_at"}


@dataclass(frozen=True, slots=True)
class CaseWork:
    """One line of the list."""

    id: int
    number: str
    kind: str
    subject: str
    patient: Person | None
    desk: str
    skill: str
    owner: str
    taken: bool
    mine: bool
    state: str
    waiting_for: str
    due_at: datetime
    due: str
    snoozed_until: datetime | None


def filters(asked: Mapping[str, str]) -> dict[str, str]:
    """What of an address narrows the list: known names with known values, and nothing else."""
    return {name: asked[name] for name, known in FILTERS.items() if asked.get(name) in known}


def cases(
    *, narrowed: Mapping[str, str], number: int, reading: Reading
) -> tuple[Page[Any], set[int]]:
    """One page of them, and which of it nobody here can take; everybody on it is noted as seen.

    ``narrowed`` comes from `filters`. At most five queries.
    """
    officer, show = reading.officer, narrowed.get("show", "mine")
    rows = visible_to(officer).filter(merged_into=None)
    if show == "able":
        rows = rows.filter(pk__in=takeable(abilities(officer), reading.at).values("pk"))
    else:
        rows = rows.filter(_shown(show, officer, reading.at))
    rows = rows.filter(
        **{name: narrowed[name] for name in ("kind", "desk", "skill") if name in narrowed}
    )
    order = narrowed.get("order", "-opened" if show == "closed" else "due")
    by = _ORDERS[order.lstrip("-")]
    ordered = F(by).desc() if order.startswith("-") else F(by).asc()
    rows = rows.order_by(ordered, "-id" if order.startswith("-") else "id")
    page: Page[Any] = Paginator(rows.select_related("patient", "owner"), SIZE).get_page(number)
    found = list(page.object_list)
    page.object_list = [work(row, officer, at=reading.at) for row in found]
    reading.saw(line.patient.id for line in page.object_list if line.patient)
    if any(line.patient is None for line in page.object_list):
        reading.saw_strangers()
    return page, without_anybody(found, reading.at)


def _shown(show: str, officer: Officer, at: datetime) -> Q:
    work_left, mine = ~Q(state="closed"), Q(owner=officer) | Q(escalated_to=officer)
    awake = Q(snoozed_until=None) | Q(snoozed_until__lte=at)
    return {
        "mine": work_left & mine & awake,
        "desk": work_left & Q(desk__in=list(rules.desks_of(officer.roles))) & awake,
        "unassigned": work_left & Q(taken_at=None),
        "overdue": work_left & Q(due_at__lt=at),
        "waiting": Q(state="waiting"),
        "snoozed": work_left & mine & Q(snoozed_until__gt=at),
        "closed": Q(state="closed"),
    }[show]


def visible_to(officer: Officer) -> QuerySet[Case]:
    """The cases of an officer's desks, and those that are theirs or that they opened."""
    theirs = Q(owner=officer) | Q(opened_by_id=officer.pk) | Q(escalated_to=officer)
    return Case.objects.filter(Q(desk__in=list(rules.desks_of(officer.roles))) | theirs)


def work(row: Case, officer: Officer, *, at: datetime) -> CaseWork:
    return CaseWork(
        id=row.pk,
        number=row.number,
        kind=row.kind,
        subject=row.subject,
        patient=person(row.patient) if row.patient else None,
        desk=row.desk,
        skill=row.skill,
        owner=row.owner.name,
        taken=row.taken_at is not None,
        mine=row.owner_id == officer.pk,
        state=row.state,
        waiting_for=row.waiting_for,
        due_at=row.due_at,
        due=standing(row, at),
        snoozed_until=row.snoozed_until if row.snoozed_until and row.snoozed_until > at else None,
    )


def standing(row: Case, at: datetime) -> str:
    """How its clock stands: closed, waits, overdue, soon or ok; the law's never waits."""
    if row.state == "closed":
        return "closed"
    if row.state == "waiting" and row.kind != rules.Kind.GRIEVANCE:
        return "waits"
    if row.due_at < at:
        return "overdue"
    return "soon" if row.warn_at <= at else "ok"


def cases_of(patient_id: int, *, reading: Reading, limit: int) -> list[CaseWork]:
    """A patient's cases, those still open first; the page has noted who saw it. One query."""
    rows = visible_to(reading.officer).filter(patient_id=patient_id, merged_into=None)
    ordered = rows.order_by(F("closed_at").desc(nulls_first=True), "due_at", "id")
    found = ordered.select_related("patient", "owner")[:limit]
    return [work(row, reading.officer, at=reading.at) for row in found]


def cases_about(things: Collection[tuple[str, int]], officer: Officer) -> dict[Any, list[Case]]:
    """The cases that are about each of these things. One query."""
    rows = CaseThing.objects.filter(
        kind__in={kind for kind, _ in things},
        item_id__in=[each for _, each in things],
        case__in=visible_to(officer),
    )
    found: dict[tuple[str, int], list[Case]] = {}
    for row in rows.select_related("case").order_by("case_id"):
        found.setdefault((row.kind, row.item_id), []).append(row.case)
    return found


def open_count(officer: Officer, at: datetime) -> tuple[int, int]:
    """How many cases are this officer's, and how many of those are overdue. One query each."""
    rows = Case.objects.filter(_shown("mine", officer, at), merged_into=None)
    return rows.count(), rows.filter(due_at__lt=at).count()


def find_cases(typed: str, *, reading: Reading) -> list[CaseWork]:
    """Cases by their number, or by words of their subject; whose they are is noted as seen."""
    number = typed.strip().upper().removeprefix("C-")
    rows = visible_to(reading.officer).filter(merged_into=None)
    if number.isascii() and number.isdecimal() and len(number) <= rules.LONGEST_NUMBER:
        rows = rows.filter(pk=int(number))
    else:
        rows = rows.filter(subject__icontains=typed.strip())
    found = rows.order_by("-id").select_related("patient", "owner")[:8]
    lines = [work(row, reading.officer, at=reading.at) for row in found]
    for line in lines:
        if line.patient:
            reading.saw_about(WorkItem("case", line.id), line.patient.id)
    return lines


def evidence_of_case(item_id: int) -> Evidence | None:
    """What a case proves: somebody must see to whose it is, until it is closed.

    Made by the patient when it came of what they said, else by whoever opened it. While nobody has
    said whose it is, it is a reason for whoever is reached where it came from.
    """
    row = Case.objects.filter(pk=item_id).first()
    if row is None:
        return None
    things = CaseThing.objects.filter(case=row, kind__in=rules.HEARD)
    heard = list(things.values_list("kind", "item_id"))
    ids = frozenset([row.patient_id]) if row.patient_id else _may_be(heard)
    until = row.closed_at + STILL if row.closed_at else None
    return Evidence(ids, None if heard else row.opened_by_id, until=until)


def _may_be(heard: list[tuple[str, int]]) -> frozenset[int]:
    rows = Received.objects.filter(pk__in=[each for kind, each in heard if kind == "received"])
    calls = Call.objects.filter(pk__in=[each for kind, each in heard if kind == "call"])
    addresses = {(row.channel, row.sender) for row in rows}
    addresses |= {("sms", row.number) for row in calls if row.number}
    found = (holders(*each).values_list("pk", flat=True) for each in sorted(addresses))
    return frozenset(each for ids in found for each in ids)


def to_escalate(at: datetime) -> list[int]:
    """The ids of the cases of which the owner is to be warned, or the lead told. One query."""
    soon = Q(warn_at__lte=at, warned_at=None) | Q(due_at__lte=at, escalated_at=None)
    soon |= Q(answer_by__lte=at, answered_at=None, unanswered_at=None, patient__isnull=False) & ~Q(
        kind=rules.Kind.TASK
    )
    clock_runs = Q(state="open") | Q(state="waiting", kind=rules.Kind.GRIEVANCE)
    rows = Case.objects.filter(soon, clock_runs, merged_into=None).order_by("due_at", "id")
    return list(rows.values_list("pk", flat=True)[:_AT_ONCE])


def to_tell(today: date) -> list[int]:
    """The ids of the grievances whose patients must be told today that they are open. One query."""
    told = telling().values("case_id")
    nobody = Func("case_id", function="relations_nobody_to_write_to", output_field=BooleanField())
    rows = Grievance.objects.filter(tell_on__lte=today, case__merged_into=None).exclude(
        Q(case__state="closed") | Q(case__in=told)
    )
    rows = rows.alias(nobody=nobody).filter(nobody=False)
    return list(rows.order_by("tell_on", "case_id").values_list("case_id", flat=True)[:_AT_ONCE])


def telling() -> QuerySet[Letter]:
    """Letters that leave nothing to be told by itself: one says it is open, or the answer left."""
    return Letter.objects.filter(Q(kind=rules.STILL_OPEN) | Q(sent_at__isnull=False))


def waiting_for(patient_id: int) -> list[int]:
    """The ids of the cases of a patient that wait for them. One query."""
    rows = Case.objects.filter(patient_id=patient_id, state="waiting", merged_into=None)
    waits = rows.filter(waiting_for=rules.WaitsFor.PATIENT)
    return list(waits.order_by("pk").values_list("pk", flat=True))


def came_of(received_id: int) -> list[int]:
    """The ids of the cases that are about a message. One query."""
    rows = CaseThing.objects.filter(kind="received", item_id=received_id)
    return list(rows.values_list("case_id", flat=True))
