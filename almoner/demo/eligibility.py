"""What the demo's payers have been asked about the visits of the next days, and what they said.

The same bytes that would have gone over the wire, answered by the demo's own payers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from almoner.coverage.models import EligibilityCheck, ExpectedVisit, Policy
from almoner.coverage.queries import NotAskable, question
from almoner.coverage.rules import HARD_STOP, QUIET, State
from almoner.demo.payer.house import House
from almoner.demo.payer.plans import suffix
from almoner.demo.setup import ZONE
from almoner.edges.x12.eligibility import read_271, write_270
from almoner.edges.x12.writer import Envelope
from almoner.facility.models import Organisation
from almoner.ground.models import Event
from almoner.scheduling.models import Appointment

ANSWERED_AHEAD = timedelta(days=2)
EARLY = time(8, 7)
TOOK = timedelta(seconds=2)
NEVER = {"T0", "S0", "X0", "H0"}  # member ids whose payer does not answer as it should


@dataclass(slots=True)
class Desk:
    """Whoever asks, and whoever answers."""

    organisation: Organisation
    house: House
    controls: Iterator[int]


def build(*, today: date) -> None:
    """Coming visits are expected; those of the next days have been asked about and answered."""
    coming = list(
        Appointment.objects.filter(local_day__gte=today, status="booked")
        .select_related("visit_type")
        .order_by("id")
    )
    ExpectedVisit.objects.bulk_create(
        ExpectedVisit(
            appointment_id=visit.pk,
            patient_id=visit.patient_id,
            service_date=visit.local_day,
            service_type=visit.visit_type.service_type,
            location_id=visit.location_id,
        )
        for visit in coming
    )
    near = [visit for visit in coming if visit.local_day <= today + ANSWERED_AHEAD]
    checks = list(_checks(near, today))
    EligibilityCheck.objects.bulk_create(checks, batch_size=500)
    Event.objects.bulk_create(_told(checks), batch_size=500)


def _checks(visits: Sequence[Appointment], today: date) -> Iterator[EligibilityCheck]:
    policies = {
        policy.patient_id: policy
        for policy in Policy.objects.filter(patient__in=[visit.patient_id for visit in visits])
        .select_related("plan__payer", "patient")
        .order_by("-rank")
    }
    desk = Desk(Organisation.objects.get(), _house(today), _controls(len(visits)))
    asked: set[tuple[int, date]] = set()
    for visit in visits:
        policy = policies.get(visit.patient_id)
        if policy and (policy.pk, visit.local_day) not in asked:
            asked.add((policy.pk, visit.local_day))
            if check := _check(visit, policy, desk):
                yield check


def _house(today: date) -> House:
    """Payers of yesterday: the running ones have numbers of today."""
    yesterday = datetime.combine(today - timedelta(days=1), EARLY, ZoneInfo(ZONE))
    return House(now=lambda: yesterday)


def _controls(count: int) -> Iterator[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval('coverage_interchange') FROM generate_series(1, %s)", [count]
        )
        return iter([int(row[0]) for row in cursor.fetchall()])


def _check(visit: Appointment, policy: Policy, desk: Desk) -> EligibilityCheck | None:
    asked_at = datetime.combine(visit.local_day - timedelta(days=3), EARLY, ZoneInfo(ZONE))
    control = next(desk.controls)
    service_type = visit.visit_type.service_type
    trace = f"{desk.organisation.npi}-{asked_at:%Y}-{control:09d}"
    try:
        inquiry = question(
            policy,
            organisation=desk.organisation,
            service_date=visit.local_day,
            service_type=service_type,
            trace=trace,
        )
    except NotAskable:
        return None
    body = write_270(inquiry, Envelope(desk.organisation.npi, "CLEARINGHOUSE", control, asked_at))
    silent = suffix(policy.member_id) in NEVER
    answer = None if silent else desk.house.eligibility(body)
    rejected = answer is not None and bool(read_271(answer).rejections)
    return EligibilityCheck(
        policy=policy,
        patient_id=policy.patient_id,
        occasion=EligibilityCheck.Occasion.UPCOMING,
        appointment_id=visit.pk,
        service_date=visit.local_day,
        service_type=service_type,
        state=State.SILENT if silent else State.REJECTED if rejected else State.ANSWERED,
        asked_at=asked_at,
        sent_at=asked_at,
        settled_at=asked_at + (HARD_STOP if silent else TOOK),
        quiet=DateTimeTZRange(asked_at, asked_at + QUIET),
        trace=trace,
        inquiry=body,
        answer=answer,
        trouble="The clearinghouse did not answer within 60 s." if silent else "",
    )


def _told(checks: Sequence[EligibilityCheck]) -> Iterator[Event]:
    for check in checks:
        payer = check.policy.plan.payer.name
        for kind, at in (
            ("asked", check.asked_at),
            (str(check.state), check.settled_at or check.asked_at),
        ):
            yield Event(
                kind=f"coverage.{kind}",
                at=at,
                patient_id=check.patient_id,
                about_kind="eligibilitycheck",
                about_id=check.pk,
                data={"payer": payer, "appointment_id": check.appointment_id},
            )
