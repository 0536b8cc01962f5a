"""Claims as lists show them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from almoner.access.queries import Reading
from almoner.billing.models import Claim
from almoner.billing.rules import claims
from almoner.billing.rules.claims import State
from almoner.coverage.models import Payer
from almoner.patients import queries as patients

PAGE = 50
GROUPS: dict[str, frozenset[State]] = {
    "mend": frozenset({State.HELD, State.REJECTED, State.UNPROCESSABLE}),
    "ready": frozenset({State.READY, State.DRAFT}),
    "waiting": claims.AWAITED | {State.QUEUED},
    "denied": frozenset({State.DENIED, State.PARTLY_PAID}),
    "done": frozenset({State.PAID, State.CLOSED, State.CORRECTED, State.VOID}),
}
"""Names of the filter, and the states each lets through."""

ORDERS = {
    "file_by": ("file_by", "pk"),
    "-file_by": ("-file_by", "-pk"),
    "service_date": ("service_date", "pk"),
    "-service_date": ("-service_date", "-pk"),
    "total": ("total_cents", "pk"),
    "-total": ("-total_cents", "-pk"),
    "patient": ("patient__sort_name", "pk"),
    "-patient": ("-patient__sort_name", "-pk"),
}


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One claim in a list. ``days_left`` until it must have been filed; cents.

    ``left`` is what earlier payers left to it, None for the first; ``changed`` since when one of
    them no longer says so.
    """

    id: int
    number: str
    patient_id: int
    family: str
    given: str
    payer: str
    service_date: date
    total_cents: int
    state: str
    desk: str
    file_by: date
    frequency: str
    rank: int
    left: int | None
    changed: datetime | None
    days_left: int = 0

    @property
    def waits(self) -> bool:
        """Whether a later payer has not answered yet for what it was left."""
        return bool(self.left) and self.state in claims.AWAITED | claims.UNSENT | {State.QUEUED}


_COLUMNS = (
    "pk", "number", "patient_id", "patient__family", "patient__given", "payer__name",
    "service_date", "total_cents", "state", "desk", "file_by", "frequency",
    "rank", "left_cents", "earlier_changed_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """Which claims a list shows; what is not on a list of ours lets everything through."""

    group: str = ""
    payer_id: int | None = None
    number: str = ""
    order: str = "file_by"
    patient_id: int | None = None


def claim_page(asked: Asked, *, number: int, today: date, reading: Reading) -> Page[Any]:
    """One page of claims. Two queries."""
    rows = _asked(asked).order_by(*ORDERS.get(asked.order, ORDERS["file_by"]))
    page = Paginator(rows.values_list(*_COLUMNS), PAGE).get_page(number)
    page.object_list = [_line(row, today) for row in page.object_list]
    reading.saw(line.patient_id for line in page.object_list)
    return page


def _asked(asked: Asked) -> QuerySet[Claim]:
    rows = Claim.objects.all()
    if asked.group in GROUPS:
        wanted = Q(state__in=GROUPS[asked.group])
        if asked.group == "mend":
            wanted |= Q(earlier_changed_at__isnull=False)
        rows = rows.filter(wanted)
    if asked.payer_id:
        rows = rows.filter(payer_id=asked.payer_id)
    if asked.patient_id:
        rows = rows.filter(patient_id=asked.patient_id)
    if asked.number:
        rows = rows.filter(Q(number__istartswith=asked.number.strip()) | _named(asked.number))
    return rows


def _named(typed: str) -> Q:
    return Q(patient__sort_name__istartswith=typed.strip()) | Q(
        patient__family__istartswith=typed.strip()
    )


def _line(row: Sequence[Any], today: date) -> ClaimLine:
    line = ClaimLine(*row)
    return replace(line, days_left=(line.file_by - today).days)


def ready_ids(most: int = 500) -> list[int]:
    """Claims that may leave now, the most urgent first."""
    rows = Claim.objects.filter(state=State.READY).order_by("file_by", "pk")
    return list(rows.values_list("pk", flat=True)[:most])


def counts() -> dict[str, int]:
    """How many claims stand in each group; what is done is not counted. One query."""
    total = dict.fromkeys(GROUPS, 0)
    rows = Claim.objects.exclude(state__in=GROUPS["done"], earlier_changed_at__isnull=True)
    counted = rows.values_list("state").annotate(Count("pk"), Count("earlier_changed_at"))
    for state, count, changed in counted.order_by():
        for group, states in GROUPS.items():
            total[group] += count if state in states and group != "done" else 0
        total["mend"] += changed if state not in GROUPS["mend"] else 0
    return total


def payers() -> list[tuple[int, str]]:
    return list(Payer.objects.order_by("name").values_list("pk", "name"))


def find_claims(typed: str, *, reading: Reading, most: int = 8) -> list[ClaimLine]:
    """Claims by the beginning of their number, ours or the payer's; else by whose they are.

    One query, and those of the search for patients when no number begins so.
    """
    word = typed.strip()
    found: list[ClaimLine] = []
    if len(word) >= 4:  # noqa: PLR2004 (fewer find everything)
        numbered = Q(number__istartswith=word) | Q(payer_claim_number__istartswith=word)
        found = _newest(Claim.objects.filter(numbered), most)
        if found and not reading.searched:
            reading.searched = "claim number"
    if not found and (whose := patients_named(word, reading=reading)):
        found = _newest(Claim.objects.filter(patient_id__in=whose), most)
    reading.saw(line.patient_id for line in found)
    return found


def patients_named(typed: str, *, reading: Reading) -> list[int]:
    """Ids of the patients that fit what was typed; none for who may not search them."""
    if not reading.officer.may("patients.find"):
        return []
    return [line.id for line in patients.find(typed, reading=reading).lines]


def _newest(rows: QuerySet[Claim], most: int) -> list[ClaimLine]:
    return [_line(row, date.min) for row in rows.order_by("-pk").values_list(*_COLUMNS)[:most]]


def claims_of(patient_id: int, *, reading: Reading, today: date, limit: int = 8) -> list[ClaimLine]:
    """A patient's claims, the latest visit first. One query."""
    reading.saw([patient_id])
    rows = Claim.objects.filter(patient_id=patient_id).order_by("-service_date", "-pk")
    return [_line(row, today) for row in rows.values_list(*_COLUMNS)[:limit]]


def claims_count(patient_id: int) -> int:
    """How many claims a patient has. One query."""
    return Claim.objects.filter(patient_id=patient_id).count()


def claim_numbered(number: str) -> int | None:
    """The claim with this number of ours, exactly."""
    return Claim.objects.filter(number=number).values_list("pk", flat=True).first()
