"""Surveys for tests: a published one, its rule, and a visit that is over."""

from datetime import date, timedelta
from itertools import count

from almoner.access.tests import make as access
from almoner.arrivals import actions as arrivals
from almoner.arrivals.rules import State
from almoner.arrivals.tests import make as visits
from almoner.facility.tests import make as facility
from almoner.patients.tests.make import Phone
from almoner.patients.tests.make import patient as a_patient
from almoner.relations import actions as relations
from almoner.relations.models import DeskLead
from almoner.scheduling.tests import make as scheduling
from almoner.surveys import actions
from almoner.surveys.models import Questionnaire, Rule, Survey, Version
from almoner.surveys.rules import Kind, Question, written

ASKED = (
    Question("q1", Kind.NPS, {"en": "Send a friend?", "es": "¿Nos recomendaría?"}, 6),
    Question("q2", Kind.CSAT, {"en": "Content?", "es": "¿Contenta?"}, 2),
    Question("q3", Kind.WORDS, {"en": "What else?", "es": "¿Qué más?"}),
)
BORN = date(1984, 4, 27)
MONDAY, SUNDAY = scheduling.MONDAY, scheduling.SUNDAY
OVER = scheduling.at(10)
"""When the visit of Monday at nine is over."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_numbers = count(10)


def version(*questions: Question, name: str = "After a visit") -> Version:
    """A published survey with these questions."""
    row = Questionnaire.objects.create(name=name, made_at=SUNDAY)
    Version.objects.create(
        questionnaire=row, number=1, body=written(questions or ASKED), made_at=SUNDAY
    )
    actions.publish(officer=None, questionnaire_id=row.pk, edition=1, at=SUNDAY)
    return Version.objects.get(questionnaire=row)


def rule(*, of: Version | None = None, **facts) -> Rule:
    """After every visit, an hour after it, everybody."""
    told = {
        "after_minutes": 60, "share": 100, "pause_days": 90, "remind_days": 3, "open_days": 14,
        "starts_on": date(2026, 1, 1),
    }  # fmt: skip
    of = of or version()
    return actions.add_rule(
        officer=None, questionnaire_id=of.questionnaire_id, at=SUNDAY, **told | facts
    )


def somebody(*, agreed: bool = True, language: str = "en", **facts):
    """Somebody with a phone that takes texts, who agreed to be asked after visits."""
    number = f"+160855501{next(_numbers)}"
    phones = (Phone(number=number, use="mobile", may_text=True),)
    row = a_patient(birth_date=BORN, phones=phones, language=language, **facts)
    if agreed:
        relations.agree_to_surveys_own(patient_id=row.pk, given=True, at=SUNDAY)
    return row


def lead(username: str = "mara"):
    """Patient relations have a lead, whose new cases are."""
    officer = access.officer(username, roles=("manager",))
    DeskLead.objects.create(desk="relations", officer=officer)
    return officer


def visit(
    patient=None, *, starts_at=None, to: State = State.DONE, at=None, by_themselves=False, **facts
):
    """A visit that was held, step by step, and its appointment.

    ``by_themselves``: the patient said that they had come, at the kiosk or by link.
    """
    starts_at = starts_at or scheduling.at(9)
    booked = scheduling.appointment(
        patient=patient or somebody(), starts_at=starts_at, asked_at=SUNDAY, **facts
    )
    if by_themselves:
        arrivals.arrive_own(appointment_id=booked.pk, at=starts_at - HOUR / 6)
    here = visits.encounter(appointment=booked)
    officer, at = access.officer(f"mover{here.pk}"), at or starts_at + HOUR
    room = facility.room(here.location)
    for state in (State.ROOMED, State.WITH_CLINICIAN, State.DONE):
        arrivals.move(
            officer=officer, encounter_id=here.pk, to=state, at=at,
            room_id=room.pk if state == State.ROOMED else None,
        )  # fmt: skip
        if state == to:
            break
    return booked


def asked(patient=None, *, at=OVER, **facts) -> Survey:
    """Somebody who was asked after their visit."""
    booked = visit(patient, **facts)
    actions.choose(appointment_id=booked.pk, at=at)
    assert actions.ask(at=at + HOUR) == 1
    return Survey.objects.get(appointment=booked)
