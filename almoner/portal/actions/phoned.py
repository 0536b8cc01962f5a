"""A visit confirmed by a key in a call of ours."""

from datetime import datetime

from almoner.scheduling import actions as scheduling
from almoner.scheduling.models import Appointment


def confirm_by_phone(appointment_id: int, begins: datetime, at: datetime) -> bool:
    """Whether the visit that was read out, at this time, is confirmed now."""
    row = Appointment.objects.get(pk=appointment_id)
    try:
        scheduling.confirm(appointment=row, at=at, as_told=begins, by_phone=True)
    except scheduling.BookingRefused:
        return False
    return True
