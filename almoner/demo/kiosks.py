"""The kiosk beside the front door: it waits for a device, whose code the page Kiosks makes."""

from datetime import datetime

from almoner.access.models import Officer
from almoner.facility.models import Location
from almoner.portal import actions


def build(*, now: datetime) -> None:
    actions.new_kiosk(
        officer=Officer.objects.get(username="mara"),
        name="Front door",
        location=Location.objects.earliest("id"),
        wait_en="the chairs by the window",
        wait_es="las sillas junto a la ventana",
        at=now,
    )
