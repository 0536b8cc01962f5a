"""The demo's survey after visits, in the clinic's own words; and who agreed to be asked."""

import random
from datetime import date, datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Exists, OuterRef

from almoner.arrivals.models import Encounter
from almoner.ground.language import language_for
from almoner.ground.models import Outgoing
from almoner.patients.models import Phone
from almoner.relations import actions as relations
from almoner.relations.rules import day_text
from almoner.surveys import actions
from almoner.surveys.models import Questionnaire, Rule, Survey, Version
from almoner.surveys.rules import ASKS, Kind, Question, written

_ASKED = (
    Question(
        "q1", Kind.NPS,
        {"en": "Would you send a friend to us?", "es": "¿Le diría a una amiga que venga con"
         " nosotros?"},
        6,
    ),
    Question(
        "q2", Kind.CSAT,
        {"en": "How content are you with this visit?", "es": "¿Qué tan contento quedó con esta"
         " cita?"},
        2,
    ),
    Question(
        "q3", Kind.WORDS,
        {"en": "What should we do better?", "es": "¿Qué debemos hacer mejor?"},
    ),
)  # fmt: skip


_ANSWERING = 90  # visits of the last weeks that were asked about
_SAID = (
    ("I waited forty minutes and nobody told me why.", "Esperé mucho y nadie me explicó."),
    ("The room was cold.", "Hacía frío en el consultorio."),
    ("All good, thank you.", "Todo bien, gracias."),
    ("She took the time to explain.", "Me explicó todo con calma."),
)


def build(*, today: date, now: datetime) -> None:
    """The survey, and that it is sent after every visit from yesterday on."""
    row = Questionnaire.objects.create(name="After a visit", made_at=now)
    Version.objects.create(questionnaire=row, number=1, body=written(_ASKED), made_at=now)
    actions.publish(officer=None, questionnaire_id=row.pk, edition=1, at=now)
    actions.add_rule(
        officer=None, questionnaire_id=row.pk, at=now, after_minutes=60, share=100, pause_days=90,
        remind_days=3, open_days=14, starts_on=today - timedelta(days=1),
    )  # fmt: skip


def answer(*, seed: int, today: date) -> None:
    """What patients of the last weeks answered, none of it low: that would be a case by now."""
    dice, rule = random.Random(seed), Rule.objects.first()
    if rule is None or Survey.objects.exists():
        return  # a clinic of its own asks nobody; and what was begun is whole
    version = Version.objects.get()
    for visit in _seen(today):
        asked_at = visit.arrived_at + timedelta(hours=3)
        row = _asked(visit, rule, version, asked_at)
        if row and dice.random() < 0.4:
            _answers(row, dice, at=asked_at + timedelta(hours=dice.randint(1, 30)))


def _seen(today: date) -> list[Encounter]:
    """Visits of grown people with a phone that takes texts, one of each, the newest first."""
    phones = Phone.objects.filter(patient=OuterRef("patient"), rank=1, may_text=True)
    rows = (
        Encounter.objects.filter(
            Exists(phones), state="left", left_early="", patient__deceased=False,
            service_date__lt=today - timedelta(days=2),
            patient__birth_date__lt=date(2000, 1, 1),
        )
        .select_related("appointment", "patient")
        .order_by("-service_date", "-id")[: _ANSWERING * 2]
    )  # fmt: skip
    return list({row.patient_id: row for row in rows}.values())[:_ANSWERING]


def _asked(visit: Encounter, rule: Rule, version: Version, at: datetime) -> Survey | None:
    """The text that asked, as it would have been, already with the carrier."""
    if not relations.agree_to_surveys_own(patient_id=visit.patient_id, given=True, at=at):
        return None
    language = language_for(visit.patient.language)
    message = relations.ask(
        patient_id=visit.patient_id,
        visit_id=visit.appointment_id,
        text=ASKS,
        facts=lambda language: {"day": day_text(visit.service_date, language), "link": "…"},
        step=f"{ASKS.code}-{visit.appointment_id}",
        at=at,
    )
    if message is None:
        return None
    Outgoing.objects.filter(message=message).update(state="sent", settled_at=at)
    return Survey.objects.create(
        appointment=visit.appointment, patient=visit.patient, version=version, rule=rule,
        clinician_id=visit.clinician_id, location_id=visit.location_id,
        visit_type_id=visit.appointment.visit_type_id,
        way="video" if visit.by_video else "in_person", visit_on=visit.service_date,
        peace=DateTimeTZRange(at, at + timedelta(days=90)), chosen_at=at, ask_at=at,
        language=language, message=message, closes_at=at + timedelta(days=14),
    )  # fmt: skip


def _answers(row: Survey, dice: random.Random, *, at: datetime) -> None:
    score = dice.choices(range(7, 11), (2, 3, 5, 6))[0]
    for key, said in (("q1", score), ("q2", min(5, score - 4))):
        actions.answer(appointment_id=row.appointment_id, key=key, said=str(said), at=at)
    if dice.random() < 0.5:
        words = dice.choice(_SAID)[row.language == "es"]
        actions.answer(appointment_id=row.appointment_id, key="q3", said=words, at=at)
    actions.finish(appointment_id=row.appointment_id, at=at)
