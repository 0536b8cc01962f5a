"""Asking a payer: the question is written whole, then a job sends it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from procrastinate.contrib.django import app

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.coverage import queries
from almoner.coverage.models import EligibilityCheck, Policy
from almoner.coverage.rules import QUIET
from almoner.edges import clearinghouse
from almoner.edges.x12.eligibility import write_270
from almoner.edges.x12.writer import Unwritable
from almoner.facility.models import Organisation
from almoner.ground import events
from almoner.ground.constraints import violated


class AskedJustNow(Exception):
    """The same question is on its way, or went unanswered less than 90 s ago."""


@transaction.atomic
def ask(
    *,
    officer: Officer,
    policy: Policy,
    service_type: str,
    service_date: date,
    asked_at: datetime,
) -> EligibilityCheck:
    """Ask a payer on an officer's demand.

    Raises PermissionDenied, NotAskable or AskedJustNow; then nothing was written or sent.
    """
    require(officer, "coverage.check")
    return _put(
        policy,
        officer=officer,
        occasion=EligibilityCheck.Occasion.DEMAND,
        service_type=service_type,
        service_date=service_date,
        asked_at=asked_at,
        appointment_id=None,
    )


@transaction.atomic
def ask_about_visit(
    *,
    occasion: EligibilityCheck.Occasion,
    appointment_id: int | None,
    patient_id: int,
    service_type: str,
    service_date: date,
    asked_at: datetime,
) -> list[EligibilityCheck]:
    """Ask about every policy in force on the day of a visit, once for each occasion.

    Safe to run twice. A policy that cannot be asked about, or has just been, is passed over. A
    visit that is kept from the plan is not asked about at all.
    """
    if queries.is_not_asked(appointment_id):
        return []
    asked = []
    for policy in queries.in_force(patient_id, on=service_date).select_related("patient"):
        known = EligibilityCheck.objects.filter(
            policy=policy,
            appointment_id=appointment_id,
            occasion=occasion,
            service_date=service_date,
        )
        if known.exists():
            continue
        try:
            asked.append(
                _put(
                    policy,
                    officer=None,
                    occasion=occasion,
                    service_type=service_type,
                    service_date=service_date,
                    asked_at=asked_at,
                    appointment_id=appointment_id,
                )
            )
        except (queries.NotAskable, AskedJustNow):
            continue
    return asked


def _put(
    policy: Policy,
    *,
    officer: Officer | None,
    occasion: EligibilityCheck.Occasion,
    service_type: str,
    service_date: date,
    asked_at: datetime,
    appointment_id: int | None,
) -> EligibilityCheck:
    organisation = Organisation.objects.get()
    control = _next_control()
    trace = f"{organisation.npi}-{asked_at:%Y}-{control:09d}"
    inquiry = queries.question(
        policy,
        organisation=organisation,
        service_date=service_date,
        service_type=service_type,
        trace=trace,
    )
    envelope = clearinghouse.envelope(
        organisation.npi,
        control=control,
        at=asked_at.astimezone(ZoneInfo(organisation.time_zone)),
    )
    try:
        written = write_270(inquiry, envelope)
    except Unwritable as error:  # names are made plain and the member id was looked at before
        raise queries.NotAskable("set_up") from error
    try:
        with transaction.atomic():
            check = EligibilityCheck.objects.create(
                policy=policy,
                patient_id=policy.patient_id,
                occasion=occasion,
                appointment_id=appointment_id,
                service_date=service_date,
                service_type=service_type,
                asked_at=asked_at,
                asked_by_id=officer.pk if officer else None,
                quiet=DateTimeTZRange(asked_at, asked_at + QUIET),
                trace=trace,
                inquiry=written,
            )
    except IntegrityError as error:
        if violated(error, "eligibility_not_repeated_early"):
            raise AskedJustNow from error
        raise
    events.record(
        "coverage.asked",
        at=asked_at,
        by=officer,
        about=check,
        patient_id=policy.patient_id,
        payer=policy.plan.payer.name,
    )
    app.configure_task("coverage.put_question", queue="eligibility").defer(check_id=check.pk)
    return check


def _next_control() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('coverage_interchange')")
        return int(cursor.fetchone()[0])
