"""A few forms that patients of the demo filled by their link, some days ago or just now."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from almoner.demo.setup import ZONE
from almoner.ground.language import language_for
from almoner.patients.models import Patient
from almoner.records import actions, queries
from almoner.records.models import Form
from almoner.scheduling.models import Appointment

SIGNED = 6
Said = Sequence[str]
REGISTRATION: Mapping[str, Said] = {
    "email": ["new.address@people.example"],
    "help": ["quiet"],
    "medicines": ["Lisinopril 10 mg", "Vitamin D"],
}
WEEK: Mapping[str, Said] = {
    "kettle": ["most"], "window": ["every"], "keys": ["some"], "stairs": ["every"],
    "trouble": ["some"],
}  # fmt: skip


def build(*, now: datetime) -> None:
    """Signed through the actions, so that their papers are sealed like everybody's."""
    coming = (
        Patient.objects.filter(
            appointments__status=Appointment.Status.BOOKED,
            appointments__starts_at__gt=now,
            phones__rank=1,
            birth_date__lt=now.date() - timedelta(days=18 * 366),
        )
        .distinct()
        .order_by("id")[:SIGNED]
    )
    for number, person in enumerate(coming):
        phone = person.phones.get(rank=1).number
        told = {"phone": [phone], "language": [language_for(person.language)]}
        _sign(person, "registration", {**REGISTRATION, **told}, at=now - timedelta(days=number))
        _sign(person, "northlight_week", WEEK, at=now - timedelta(days=number))


def _sign(person: Patient, code: str, typed: Mapping[str, Said], *, at: datetime) -> None:
    hand, language = actions.by_link("203.0.113.20"), language_for(person.language)
    row = actions.begin(
        hand=hand,
        patient_id=person.pk,
        form_id=Form.objects.get(code=code).pk,
        language=language,
        at=at,
    )
    actions.answer(hand=hand, filling_id=row.pk, typed=typed, at=at)
    said = actions.Signing(name=f"{person.given} {person.family}", agrees=True)
    actions.sign(
        hand=hand,
        filling_id=row.pk,
        signing=said,
        seen=queries.answers(row.pk),
        language=language,
        zone=ZONE,
        at=at,
    )
