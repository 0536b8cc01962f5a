"""What visits usually come to, and the estimates of who pays without a plan.

What was due before today is written and given; what is due from today on waits for somebody. Safe
to run again: what was estimated is passed over.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from almoner.access.models import Officer
from almoner.billing import actions
from almoner.billing.models import Estimate, EstimateWanted, UsualCharge
from almoner.billing.rules.estimates import How
from almoner.coverage.models import Policy
from almoner.demo.setup import ZONE
from almoner.facility.models import VisitType
from almoner.scheduling.models import Appointment

USUAL = {
    "new-patient": ("ZZ110", "ZZ202"), "follow-up": ("ZZ102",), "physical": ("ZZ120", "ZZ201"),
    "urgent": ("ZZ101",), "well-child": ("ZZ130",), "vaccine": ("ZZ210",),
    "cardiology-new": ("ZZ150", "ZZ220"), "echo": ("ZZ230",), "therapy": ("ZZ140",),
    "video": ("ZZ101",),
}  # fmt: skip
WRITTEN = (("ZZ101", 1), ("ZZ220", 1))
"""Of the kinds that have no usual charges, so that there is something to write."""


def build(*, now: datetime) -> None:
    today = now.astimezone(ZoneInfo(ZONE)).date()
    _usual_charges()
    for visit in _paid_without_a_plan(now):
        actions.see_to_estimate(appointment_id=visit.pk, since=visit.booked_at, at=visit.booked_at)
    _done_in_time(today)


def _usual_charges() -> None:
    kinds = VisitType.objects.in_bulk(list(USUAL), field_name="code")
    UsualCharge.objects.bulk_create(
        (
            UsualCharge(visit_type=kinds[kind], code=code)
            for kind, codes in USUAL.items()
            for code in codes
        ),
        ignore_conflicts=True,
    )


def _paid_without_a_plan(now: datetime) -> Iterator[Appointment]:
    visits = Appointment.objects.filter(status=Appointment.Status.BOOKED, starts_at__gt=now)
    covered = Policy.objects.filter(retired_at=None).values("patient_id")
    seen = Estimate.objects.values("appointment_id")
    visits = visits.exclude(patient_id__in=covered).exclude(pk__in=seen)
    yield from visits.order_by("booked_at", "pk")


def _done_in_time(today: date) -> None:
    ana, ben = (Officer.objects.get(username=name) for name in ("ana", "ben"))
    late = EstimateWanted.objects.filter(closed_at=None, due_date__lt=today)
    for wanted in late.order_by("due_date", "pk"):
        at = datetime.combine(wanted.due_date, time(16), ZoneInfo(ZONE))
        estimate_id = (
            wanted.estimate_id
            or actions.write_estimate(
                officer=ben, appointment_id=wanted.appointment_id, lines=WRITTEN, at=at
            ).pk
        )
        actions.give_estimate(officer=ana, estimate_id=estimate_id, how=How.PAPER, at=at)
