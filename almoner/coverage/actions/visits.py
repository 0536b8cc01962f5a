"""Visits that are coming, as far as coverage needs to know of them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from almoner.coverage import queries
from almoner.coverage.actions.asking import ask_about_visit
from almoner.coverage.models import EligibilityCheck, ExpectedVisit
from almoner.coverage.rules import State, upcoming_day
from almoner.facility.models import Organisation
from almoner.ground.turns import in_turn

Occasion = EligibilityCheck.Occasion
FRESH = timedelta(hours=24)


@transaction.atomic
def expect_visit(
    *,
    appointment_id: int,
    patient_id: int,
    service_date: date,
    service_type: str,
    location_id: int | None,
) -> ExpectedVisit:
    """Remember a visit, or that it has moved to another day."""
    visit, _ = ExpectedVisit.objects.update_or_create(
        appointment_id=appointment_id,
        defaults={
            "patient_id": patient_id,
            "service_date": service_date,
            "service_type": service_type,
            "location_id": location_id,
        },
    )
    return visit


def forget_visit(*, appointment_id: int) -> None:
    """A cancelled visit is not asked about again."""
    ExpectedVisit.objects.filter(appointment_id=appointment_id).delete()


def ask_ahead(*, today: date, at: datetime) -> int:
    """Ask about the visits of the next three days that were not asked about so yet.

    Returns how many questions were written. Visits of the past are forgotten. Each visit is a
    transaction of its own: one that fails keeps nobody else's payer from being asked, and all that
    failed are raised together at the end.
    """
    ExpectedVisit.objects.filter(service_date__lt=today).delete()
    due = queries.to_ask_ahead(until=upcoming_day(today), fresh_since=at - FRESH)
    return in_turn(due, lambda visit: len(_ask(visit, Occasion.UPCOMING, at)), named="visit")


def ask_on_arrival(
    *, patient_id: int, appointment_id: int | None, asked_at: datetime
) -> list[EligibilityCheck]:
    """Ask on the day of the visit, unless an answer came that day already: it holds for the day."""
    zone = ZoneInfo(Organisation.objects.get().time_zone)
    today = asked_at.astimezone(zone).date()
    midnight = datetime.combine(today, datetime.min.time(), zone)
    answered = EligibilityCheck.objects.filter(
        patient_id=patient_id,
        service_date=today,
        asked_at__gte=midnight,
        state__in=[State.ASKED, State.ANSWERED],
    )
    if answered.exists():
        return []
    visit = ExpectedVisit.objects.filter(patient_id=patient_id, service_date=today)
    if appointment_id is not None:
        visit = visit.filter(appointment_id=appointment_id)
    found = visit.order_by("id").first()
    return ask_about_visit(
        occasion=Occasion.ARRIVAL,
        appointment_id=found.appointment_id if found else appointment_id,
        patient_id=patient_id,
        service_type=found.service_type if found else "98",
        service_date=today,
        asked_at=asked_at,
    )


def _ask(visit: ExpectedVisit, occasion: Occasion, at: datetime) -> list[EligibilityCheck]:
    return ask_about_visit(
        occasion=occasion,
        appointment_id=visit.appointment_id,
        patient_id=visit.patient_id,
        service_type=visit.service_type,
        service_date=visit.service_date,
        asked_at=at,
    )
