"""What coverage does when a visit is booked, moved, cancelled or begins."""

from datetime import date

from almoner.coverage import actions
from almoner.coverage.queries import Occasion
from almoner.ground import clock, events
from almoner.ground.models import Event


@events.follows("scheduling.booked", "scheduling.moved")
def ask_at_booking(event: Event) -> None:
    """Remember the visit and ask about its day."""
    if event.patient_id is None or event.about_id is None:
        return
    day = _day(event)
    service_type = event.data.get("service_type") or "98"
    actions.expect_visit(
        appointment_id=event.about_id,
        patient_id=event.patient_id,
        service_date=day,
        service_type=service_type,
        location_id=event.location_id,
    )
    actions.ask_about_visit(
        occasion=Occasion.BOOKING,
        appointment_id=event.about_id,
        patient_id=event.patient_id,
        service_type=service_type,
        service_date=day,
        asked_at=clock.now(),
    )


@events.follows("scheduling.cancelled", "scheduling.no_show")
def forget_visit(event: Event) -> None:
    if event.about_id is not None:
        actions.forget_visit(appointment_id=event.about_id)


@events.follows("scheduling.undone")
def follow_undo(event: Event) -> None:
    """A change taken back: a visit that stands again is expected again, else forgotten."""
    if event.data.get("undone") == "scheduling.booked":
        forget_visit(event)
    else:
        ask_at_booking(event)


@events.follows("arrivals.arrived")
def ask_at_arrival(event: Event) -> None:
    """Ask once more on the day itself, unless the payer has answered today already."""
    if event.patient_id is not None:
        actions.ask_on_arrival(
            patient_id=event.patient_id,
            appointment_id=event.data.get("visit_id"),
            asked_at=clock.now(),
        )


def _day(event: Event) -> date:
    return date.fromisoformat(event.data["local_day"])
