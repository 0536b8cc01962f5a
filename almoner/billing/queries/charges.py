"""A visit's charges as the charge page shows them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404

from almoner.access.queries import Reading
from almoner.arrivals.models import Encounter
from almoner.billing.models import ChargeLine, ChargeSlip, Claim
from almoner.billing.queries.codes import DiagnosisLine, diagnoses, release_on
from almoner.billing.queries.drafts import policy_of_visit
from almoner.billing.queries.estimates import Over, over_estimates
from almoner.billing.queries.onward import Waiting, waiting_for


@dataclass(frozen=True, slots=True)
class VisitCharges:
    """One visit, what is charged for it so far, and who will owe it.

    ``release`` names the diagnosis codes in use, ``stale`` says they are older than the day of
    service; without a release ``release`` is empty. ``payer`` is empty when the patient pays; then
    ``over`` says by how much too far above the estimate it is.
    """

    encounter: Encounter
    slip: ChargeSlip | None
    lines: list[ChargeLine]
    known: dict[str, DiagnosisLine]
    claim: Claim | None
    payer: str
    release: str
    stale: bool
    waits: list[Waiting]
    over: Over | None

    @property
    def version(self) -> int:
        return self.slip.version if self.slip else 0

    @property
    def posted(self) -> bool:
        return self.slip is not None and self.slip.state == ChargeSlip.State.POSTED

    @property
    def total_cents(self) -> int:
        return sum(line.charge_cents for line in self.lines)


def visit_charges(encounter_id: int, *, reading: Reading) -> VisitCharges:
    """What is charged for a visit. Raises Http404."""
    visit = (
        Encounter.objects.select_related(
            "patient", "clinician", "location", "appointment__visit_type"
        )
        .filter(pk=encounter_id)
        .first()
    )
    if visit is None:
        raise Http404
    reading.saw([visit.patient_id])
    slip = visit.charge_slips.exclude(state=ChargeSlip.State.REVERSED).first()
    lines = list(slip.lines.order_by("number")) if slip else []
    release = release_on(visit.service_date)
    policy = policy_of_visit(visit)
    return VisitCharges(
        encounter=visit,
        slip=slip,
        lines=lines,
        known=diagnoses(slip.diagnoses, release_id=release.id) if slip and release else {},
        claim=slip.claims.filter(rank=1).order_by("-pk").first() if slip else None,
        payer=policy.plan.payer.name if policy else "",
        release=release.name if release else "",
        stale=release is not None and release.stale,
        waits=waiting_for(slip.pk) if slip else [],
        over=_over(visit, slip, lines),
    )


def _over(visit: Encounter, slip: ChargeSlip | None, lines: list[ChargeLine]) -> Over | None:
    if slip is None or slip.policy_id is not None:
        return None
    charged = sum(line.charge_cents for line in lines)
    return over_estimates([(visit.appointment_id, charged)]).get(visit.appointment_id)


@dataclass(frozen=True, slots=True)
class Uncharged:
    """A visit that was seen and has no posted charges yet."""

    encounter_id: int
    patient_id: int
    family: str
    given: str
    clinician: str
    service_date: date
    begun: bool


UNCHARGED = 50


def uncharged(*, number: int, reading: Reading, clinician_id: int | None) -> Page[Any]:
    """One page of visits with the clinician done and no posted charges, the oldest first.

    A clinician sees his own, a biller everybody's. Three queries, however many visits there are.
    """
    rows = (
        Encounter.objects.filter(state__in=["done", "left"])
        .exclude(charge_slips__state="posted")
        .select_related("patient", "clinician")
        .prefetch_related("charge_slips")
        .order_by("service_date", "pk")
    )
    if clinician_id:
        rows = rows.filter(clinician_id=clinician_id)
    page: Page[Any] = Paginator(rows, UNCHARGED).get_page(number)
    page.object_list = [
        Uncharged(
            row.pk, row.patient_id, row.patient.family, row.patient.given, str(row.clinician),
            row.service_date, bool(row.charge_slips.all()),
        )
        for row in page.object_list
    ]  # fmt: skip
    reading.saw(one.patient_id for one in page.object_list)
    return page
