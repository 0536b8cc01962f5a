"""The demo's survey after visits, in the clinic's own words; and who agreed to be asked."""

from datetime import date, datetime, timedelta

from almoner.surveys import actions
from almoner.surveys.models import Questionnaire, Version
from almoner.surveys.rules import Kind, Question, written

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


def build(*, today: date, now: datetime) -> None:
    row = Questionnaire.objects.create(name="After a visit", made_at=now)
    Version.objects.create(questionnaire=row, number=1, body=written(_ASKED), made_at=now)
    actions.publish(officer=None, questionnaire_id=row.pk, edition=1, at=now)
    actions.add_rule(
        officer=None, questionnaire_id=row.pk, at=now, after_minutes=60, share=100, pause_days=90,
        remind_days=3, open_days=14, starts_on=today - timedelta(days=1),
    )  # fmt: skip
