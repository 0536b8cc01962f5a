"""Who in the demo clinic asked to be called about visits, and does not read texts."""

from datetime import datetime, timedelta

from almoner.access.models import Officer
from almoner.patients.models import Phone
from almoner.relations import actions
from almoner.relations.rules.phoning import VOICE
from almoner.scheduling.models import Appointment

SOON = timedelta(hours=67)  # the reminder of three days before is due at once, or within hours
WORDS = {"en": "Please call me, I do not read texts", "es": "Llámeme mejor, no leo mensajes"}


def build(*, now: datetime) -> None:
    """One in each language patients are spoken to, with a visit of which they are reminded next."""
    ana = Officer.objects.get(username="ana")
    for language, words in WORDS.items():
        visits = Appointment.objects.filter(
            status=Appointment.Status.BOOKED, starts_at__gte=now + SOON, patient__language=language
        )
        visit = visits.filter(patient__phones__rank=1).order_by("starts_at", "id").first()
        if visit is None:
            continue  # a small clinic may have nobody who speaks it
        phone = Phone.objects.get(patient=visit.patient_id, rank=1)
        actions.record_consent(
            officer=ana, patient_id=visit.patient_id, channel=VOICE, address=phone.number,
            purpose="care", given=True, words=words, at=now - timedelta(days=30),
        )  # fmt: skip
