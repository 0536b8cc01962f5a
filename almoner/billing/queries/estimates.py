"""Good-faith estimates: what a visit is expected to come to, what was given, what is owed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404

from almoner.access.models import Officer
from almoner.access.queries import Reading
from almoner.billing.models import ChargeSlip, Estimate, EstimateWanted, UsualCharge
from almoner.billing.queries.codes import items_on
from almoner.billing.queries.drafts import local_day, policy_on
from almoner.billing.queries.private import is_kept_from_plan
from almoner.billing.rules import estimates
from almoner.facility import queries as facility
from almoner.scheduling.models import Appointment

DUE = 50
_VERSIONS = 12
_PANEL = 8
_AHEAD = timedelta(days=400)
"""Beyond the last day that can be booked."""


def holidays(since: date) -> Collection[date]:
    """Days from one on that are no business days of ours. One query."""
    return facility.closures(since, since + _AHEAD).keys()


def is_owed_estimate(appointment_id: int) -> bool:
    """Whether the patient pays a visit without a plan. Three queries."""
    rows = Appointment.objects.filter(pk=appointment_id)
    patient_id, day = rows.values_list("patient_id", "local_day").get()
    return estimates.is_owed(
        covered=policy_on(patient_id, day) is not None,
        kept_from_plan=is_kept_from_plan(appointment_id),
    )


def is_told_estimate(appointment_id: int) -> bool:
    """Whether the price without a plan says anything to the patient: they pay it, or have asked."""
    asked = EstimateWanted.objects.filter(appointment_id=appointment_id, why=estimates.Why.ASKED)
    return asked.exists() or is_owed_estimate(appointment_id)


def usual(visit: Appointment) -> list[tuple[str, int]]:
    """What visits of this kind usually come to: codes and units. One query."""
    rows = UsualCharge.objects.filter(visit_type_id=visit.visit_type_id).order_by("id")
    return list(rows.values_list("code", "units"))


def priced(wanted: list[tuple[str, int]], *, day: date) -> tuple[estimates.Line, ...] | None:
    """These services by the charge master of a day; None when one has no price. One query."""
    items = items_on([code for code, _units in wanted], day=day)
    fees = {code: (item.description, item.fee_cents) for code, item in items.items()}
    return estimates.priced(wanted, fees)


def newest_estimate(appointment_id: int) -> Estimate | None:
    """The last version; its paper stays where it is."""
    rows = Estimate.objects.filter(appointment_id=appointment_id).order_by("-version")
    return rows.defer("pdf").first()


def what_it_says(row: Estimate | None) -> estimates.Expected | None:
    if row is None:
        return None
    return estimates.Expected(
        service_date=row.service_date,
        clinician_npi=row.clinician_npi,
        lines=lines_of(row),
        diagnoses=tuple(row.diagnoses),
    )


def lines_of(row: Estimate) -> tuple[estimates.Line, ...]:
    return tuple(estimates.Line(**line) for line in row.lines)


def visits_to_come(patient_id: int, *, at: datetime) -> list[int]:
    """Booked visits whose estimate may change with the patient's cover. One query."""
    rows = Appointment.objects.filter(
        patient_id=patient_id, status=Appointment.Status.BOOKED, starts_at__gt=at
    )
    return list(rows.order_by("starts_at", "id").values_list("id", flat=True))


@dataclass(frozen=True, slots=True)
class DueLine:
    """An estimate that is owed; ``estimate_id`` is the one to be given, if it is written."""

    appointment_id: int
    patient_id: int
    family: str
    given: str
    visit_type: str
    clinician: str
    visit_day: date
    visit_time: time
    due_date: date
    late: bool
    why: str
    estimate_id: int | None


def estimates_due(
    *, number: int, written: bool, today: date, reading: Reading
) -> tuple[Page[Any], int]:
    """One page of what is to be written, or to be given, the soonest due first.

    And how many there are of the others. Three queries.
    """
    rows = EstimateWanted.objects.filter(
        closed_at=None, appointment__status=Appointment.Status.BOOKED
    )
    others = rows.filter(estimate__isnull=written).count()
    rows = rows.filter(estimate__isnull=not written)
    rows = rows.select_related("patient", "appointment__clinician", "appointment__visit_type")
    page: Page[Any] = Paginator(rows.order_by("due_date", "id"), DUE).get_page(number)
    page.object_list = [_due_line(row, today) for row in page.object_list]
    reading.saw(one.patient_id for one in page.object_list)
    return page, others


def estimates_owed(today: date) -> dict[str, int]:
    """How many are to be written, to be given, and how many of these are late. One query."""
    rows = EstimateWanted.objects.filter(
        closed_at=None, appointment__status=Appointment.Status.BOOKED
    )
    counts: dict[str, int] = rows.aggregate(
        write=Count("id", filter=Q(estimate=None)),
        give=Count("id", filter=~Q(estimate=None)),
        late=Count("id", filter=Q(due_date__lt=today)),
    )
    return counts


def _due_line(row: EstimateWanted, today: date) -> DueLine:
    visit = row.appointment
    return DueLine(
        visit.pk, row.patient_id, row.patient.family, row.patient.given, visit.visit_type.name,
        str(visit.clinician), visit.local_day, visit.local_time, row.due_date,
        row.due_date < today, row.why, row.estimate_id,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Version:
    """One version, and who made and gave it; empty when nobody here did."""

    row: Estimate
    made_by: str
    given_by: str


@dataclass(frozen=True, slots=True)
class VisitEstimates:
    """A visit, what was estimated for it, the newest first, and what is still owed.

    ``owed``: the patient pays it without a plan.
    """

    visit: Appointment
    versions: list[Version]
    wanted: EstimateWanted | None
    owed: bool
    usual: list[tuple[str, int]]

    @property
    def newest(self) -> Estimate | None:
        return self.versions[0].row if self.versions else None

    @property
    def to_come(self) -> bool:
        return self.visit.status == Appointment.Status.BOOKED


def visit_estimates(appointment_id: int, *, reading: Reading) -> VisitEstimates:
    """Noted as seen. At most seven queries. Raises Http404."""
    visit = _visits().filter(pk=appointment_id).first()
    if visit is None:
        raise Http404
    reading.saw([visit.patient_id])
    wanted = EstimateWanted.objects.filter(appointment_id=appointment_id, closed_at=None).first()
    return VisitEstimates(
        visit, _versions(appointment_id), wanted, is_owed_estimate(visit.pk), usual(visit)
    )


def _versions(appointment_id: int) -> list[Version]:
    rows = Estimate.objects.filter(appointment_id=appointment_id).order_by("-version").defer("pdf")
    found = list(rows[:_VERSIONS])
    ids = {each for row in found for each in (row.made_by_id, row.given_by_id) if each}
    names: dict[int | None, str] = {}
    names |= Officer.objects.filter(pk__in=ids).values_list("id", "name") if ids else ()
    return [
        Version(row, names.get(row.made_by_id, ""), names.get(row.given_by_id, "")) for row in found
    ]


def _visits() -> QuerySet[Appointment]:
    return Appointment.objects.select_related("patient", "visit_type", "clinician", "location")


def estimate_paper(estimate_id: int, *, reading: Reading) -> Estimate:
    """One version with its paper. Raises Http404."""
    row = Estimate.objects.filter(pk=estimate_id).first()
    if row is None:
        raise Http404
    reading.saw([row.patient_id])
    return row


@dataclass(frozen=True, slots=True)
class PanelLine:
    """A visit to come, what it is estimated to come to, and since when the patient has that."""

    appointment_id: int
    day: date
    clinician: str
    cents: int | None
    given_at: datetime | None
    due_date: date | None


def estimates_panel(patient_id: int, *, at: datetime) -> list[PanelLine]:
    """Visits to come that have an estimate or are owed one; the page has noted who is seen.

    Three queries.
    """
    rows = Appointment.objects.filter(
        patient_id=patient_id, status=Appointment.Status.BOOKED, starts_at__gt=at
    )
    visits = {row.pk: row for row in rows.select_related("clinician").order_by("starts_at", "id")}
    made = Estimate.objects.filter(appointment_id__in=visits).order_by("version").defer("pdf")
    newest = {row.appointment_id: row for row in made}
    open_ = EstimateWanted.objects.filter(appointment_id__in=visits, closed_at=None)
    due = dict(open_.values_list("appointment_id", "due_date"))
    shown = [pk for pk in visits if pk in newest or pk in due][:_PANEL]
    return [
        PanelLine(
            pk, visits[pk].local_day, str(visits[pk].clinician),
            newest[pk].total_cents if pk in newest else None,
            newest[pk].given_at if pk in newest else None, due.get(pk),
        )
        for pk in shown
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Over:
    """So many cents above the newest estimate that was given, which was made on ``day``."""

    cents: int
    day: date


def over_estimates(charged: Iterable[tuple[int, int]]) -> dict[int, Over]:
    """Of visits and what the patient is charged for them: those that may be disputed. One query."""
    sums = dict(charged)
    rows = Estimate.objects.filter(appointment_id__in=sums, given_at__isnull=False)
    given = {
        visit_id: (cents, made_at)
        for visit_id, cents, made_at in rows.order_by("version").values_list(
            "appointment_id", "total_cents", "made_at"
        )
    }
    found = {}
    for visit_id, (cents, made_at) in given.items():
        above = estimates.over(sums[visit_id], cents)
        if above is not None:
            found[visit_id] = Over(above, local_day(made_at))
    return found


def charged_without_plan(visit_ids: list[int]) -> dict[int, int]:
    """Cents that stand charged to the patients themselves for these visits. One query."""
    rows = ChargeSlip.objects.filter(
        encounter__appointment_id__in=visit_ids, policy=None, state=ChargeSlip.State.POSTED
    )
    sums = rows.values("encounter__appointment_id").annotate(cents=Sum("lines__charge_cents"))
    return dict(sums.values_list("encounter__appointment_id", "cents"))
