"""Answers that name no claim of ours: the work list, and the claims each may mean."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce
from django.http import Http404

from almoner.access.queries import Reading, WorkItem
from almoner.billing.models import ChargeLine, Claim, RemittedClaim, RemittedLine
from almoner.billing.rules.claims import AWAITED
from almoner.billing.rules.likeness import Likeness, Told, likeness

PAGE = 50
WAITING = (RemittedClaim.State.UNMATCHED, RemittedClaim.State.PARKED)
"""Answers whose money waits for a person to say whose it is."""
DONE = (RemittedClaim.State.POSTED, RemittedClaim.State.APPLIED)
"""Answers whose money is a claim's."""

_COMPARED, _SHOWN = 200, 9  # as many as there are digits to press


@dataclass(frozen=True, slots=True)
class Unmatched:
    """One answer in the work list, in the file's own words. Cents."""

    id: int
    remittance_id: int
    payer: str
    trace_number: str
    number: str
    family: str
    given: str
    service_date: date | None
    charge_cents: int
    paid_cents: int
    why: str
    read_at: datetime
    state: str


def unmatched_page(*, number: int, reading: Reading) -> Page[Any]:
    """Answers that wait for a person, the oldest first.

    They name people, of whom it is not known yet who they are. Two queries.
    """
    rows = (
        RemittedClaim.objects.filter(state__in=WAITING)
        .order_by("id")
        .values_list(
            "id", "remittance_id", "remittance__payer_name", "remittance__trace_number", "number",
            "patient_family", "patient_given", "service_date", "charge_cents", "paid_cents",
            "matched_by", "remittance__read_at", "state",
        )
    )  # fmt: skip
    page: Page[Any] = Paginator(rows, PAGE).get_page(number)
    page.object_list = [Unmatched(*row) for row in page.object_list]
    if page.object_list:
        reading.saw_strangers()
    return page


def unmatched_count() -> tuple[int, int]:
    """How many answers wait for a person, and the cents they pay. One query."""
    rows = RemittedClaim.objects.filter(state__in=WAITING)
    told = rows.aggregate(count=Count("pk"), cents=Coalesce(Sum("paid_cents"), 0))
    return told["count"], int(told["cents"])


def unmatched(remitted_id: int, *, reading: Reading) -> RemittedClaim:
    """One answered claim that waits for a person. Raises Http404."""
    row = RemittedClaim.objects.select_related("remittance", "claim").filter(pk=remitted_id).first()
    if row is None:
        raise Http404
    if row.claim:
        reading.saw([row.claim.patient_id])
    else:
        reading.saw_strangers(WorkItem("remittance", row.remittance_id))
    return row


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person looks for; every part that is given narrows. ``cents`` is the charge."""

    patient: str = ""
    number: str = ""
    cents: int | None = None
    day: date | None = None

    @property
    def anything(self) -> bool:
        return bool(self.patient or self.number or self.cents is not None or self.day)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A claim an answer may mean, and how like it is."""

    claim: Claim
    likeness: Likeness


def candidates(row: RemittedClaim, wanted: Wanted, *, reading: Reading) -> list[Candidate]:
    """Claims an answer may mean, the likest first: those looked for, else those that share a mark.

    At most as many as there are digit keys. Four queries.
    """
    told = _told_by(row)
    which = _looked_for(wanted) if wanted.anything else _sharing(row)
    claims = list(
        Claim.objects.filter(which)
        .select_related("patient", "payer", "policy")
        .defer("patient__keys", "patient__likeness")
        .order_by("-pk")[:_COMPARED]
    )
    work = _procedures(claims)
    found = [
        Candidate(claim, likeness(told, _told_of(claim, work.get(claim.slip_id, frozenset()))))
        for claim in claims
    ]
    found.sort(key=lambda one: (-one.likeness.percent, -one.claim.pk))
    shown = found[:_SHOWN]
    reading.saw({one.claim.patient_id for one in shown})
    return shown


def _looked_for(wanted: Wanted) -> Q:
    found = Q()
    for word in wanted.patient.replace(",", " ").split():
        found &= (
            Q(patient__family__istartswith=word)
            | Q(patient__given__istartswith=word)
            | Q(patient__mrn__iexact=word)
            | Q(policy__member_id__iexact=word)
        )
    if wanted.number:
        found &= Q(number__istartswith=wanted.number) | Q(
            payer_claim_number__istartswith=wanted.number
        )
    if wanted.cents is not None:
        found &= Q(total_cents=wanted.cents)
    if wanted.day:
        found &= Q(service_date=wanted.day)
    return found


def _sharing(row: RemittedClaim) -> Q:
    """Same member, same person, or same day and charge; or a number that may be ours."""
    found = Q(service_date=row.service_date, total_cents=abs(row.charge_cents))
    if row.number:
        found |= Q(number__iexact=row.number.strip())
    if row.payer_claim_number:
        found |= Q(payer_claim_number=row.payer_claim_number)
    if row.member_id:
        found |= Q(policy__member_id__iexact=row.member_id)
    if row.patient_family:
        found |= Q(
            patient__family__iexact=row.patient_family, patient__given__iexact=row.patient_given
        )
    return found


def _procedures(claims: Iterable[Claim]) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    rows = ChargeLine.objects.filter(slip_id__in={claim.slip_id for claim in claims})
    for slip_id, procedure in rows.values_list("slip_id", "procedure"):
        found.setdefault(slip_id, set()).add(procedure)
    return {slip_id: frozenset(codes) for slip_id, codes in found.items()}


def _told_by(row: RemittedClaim) -> Told:
    lines = RemittedLine.objects.filter(claim=row).values_list("procedure", flat=True)
    return Told(
        number=row.number,
        payer_number=row.payer_claim_number,
        member_id=row.member_id,
        family=row.patient_family,
        given=row.patient_given,
        day=row.service_date,
        charge_cents=row.charge_cents,
        procedures=frozenset(lines),
        payer_id=row.remittance.payer_id,
    )


def _told_of(claim: Claim, procedures: frozenset[str]) -> Told:
    return Told(
        number=claim.number,
        payer_number=claim.payer_claim_number,
        member_id=claim.policy.member_id,
        family=claim.patient.family,
        given=claim.patient.given,
        day=claim.service_date,
        charge_cents=claim.total_cents,
        procedures=procedures,
        payer_id=claim.payer_id,
        awaited=claim.state in AWAITED,
    )
