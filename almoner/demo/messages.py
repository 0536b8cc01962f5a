"""What waits to be answered in the demo clinic: texts of the last hours, and one of yesterday."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef

from almoner.patients.models import Phone
from almoner.relations import actions
from almoner.relations.models import Received
from almoner.scheduling.models import Appointment

HOUR = timedelta(hours=1)
STRANGER = "+16085550188"
_PASSED_OVER = 30
"""Numbers at the front of the list: whoever tries the demo finds those people first."""


class Text(NamedTuple):
    """Written so many hours ago, in a language, from a number of one person or of a family."""

    hours: float
    words: str
    language: str = "en"
    family: bool = False


TEXTS = (
    Text(26, "Do I need a referral for the heart ultrasound?"),
    Text(2, "We have two visits next week, can they be on the same day?", family=True),
    Text(1, "¿Puedo llegar quince minutos más tarde? El autobús está atrasado.", language="es"),
    Text(0.5, "Is there parking for a wheelchair van near the door?"),
)
OF_NOBODY = Text(3, "Hi, this is my new number. Please use this one from now on.")


def build(*, now: datetime) -> None:
    """Kept as they would come in from the carrier; nothing where something was texted already."""
    if Received.objects.filter(channel="sms").exists():
        return
    for number, text in enumerate(TEXTS):
        sender = _sender(text, number)
        if sender:  # a small clinic may have nobody like that
            _came(text, sender, now=now)
    _came(OF_NOBODY, STRANGER, now=now)


def _sender(text: Text, number: int) -> str | None:
    """The number of somebody with a visit to come, or of several at one number."""
    coming = Appointment.objects.filter(
        patient=OuterRef("patient"), status=Appointment.Status.BOOKED
    )
    spoken = Phone.objects.filter(Exists(coming), patient__language__startswith=text.language)
    held = Phone.objects.exclude(use="old").filter(number__in=spoken.values("number"))
    counted = held.values("number").annotate(people=Count("patient", distinct=True))
    chosen = counted.filter(people__gt=1) if text.family else counted.filter(people=1)
    rows = chosen.order_by("number").values_list("number", flat=True)
    place = min(_PASSED_OVER + number, rows.count() - 1)
    return rows[place] if place >= 0 else None


def _came(text: Text, sender: str, *, now: datetime) -> None:
    actions.receive_text(
        carrier_id=f"demo-{text.words}"[:34], sender=sender, body=text.words,
        at=now - text.hours * HOUR,
    )  # fmt: skip
