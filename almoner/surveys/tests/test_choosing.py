"""Who is asked after a visit: once, not too often, only who agreed; and reminded once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from almoner.arrivals import actions as arrivals
from almoner.arrivals.models import Encounter, Movement
from almoner.arrivals.rules import State
from almoner.ground import events
from almoner.ground.models import Event, Outgoing
from almoner.relations import exchange
from almoner.relations.models import Message
from almoner.relations.queries import held_back, undelivered_today
from almoner.relations.tests.make import text_in
from almoner.scheduling.tests import make as scheduling
from almoner.surveys import actions, jobs, reactions
from almoner.surveys.models import Rule, Survey
from almoner.surveys.tests import make
from almoner.surveys.tests.make import DAY, HOUR, OVER

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def chosen(visit, at=OVER):
    return actions.choose(appointment_id=visit.pk, at=at)


def texts():
    return list(Message.objects.filter(template__startswith="survey").order_by("id"))


def test_a_visit_that_is_over_is_asked_about_when_its_rule_says():
    make.rule(after_minutes=90)
    visit = make.visit(make.somebody(language="es"))

    row = chosen(visit)

    assert (row.ask_at, row.way, row.visit_on) == (OVER + 90 * MINUTE, "in_person", make.MONDAY)
    assert [actions.ask(at=row.ask_at + n * MINUTE) for n in (-1, 0, 0)] == [0, 1, 0]
    [text] = texts()
    assert "¿cómo le fue en su cita del lun 2 mar?" in text.body
    assert "https://clinic.example/v/" in text.body
    assert "/survey/" in text.body
    assert (text.language, text.visit_id) == ("es", visit.pk)
    assert text.outgoing.payload["purpose"] == "survey"
    assert text.outgoing.payload["asked_for"] is False


def test_the_event_of_a_visit_that_is_done_chooses_and_another_step_does_not():
    make.rule()
    make.visit()
    steps = Event.objects.filter(kind="arrivals.moved").order_by("id")

    for event in steps:
        reactions.choose(event)

    assert [each.data["state"] for each in steps][-1] == "done"
    assert Survey.objects.count() == 1


def test_one_a_visit_however_often_it_is_chosen_and_the_database_says_so_too():
    make.rule(pause_days=0)
    visit = make.visit()

    assert chosen(visit)
    assert chosen(visit, at=OVER + DAY) is None
    row = Survey.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError, match="survey_once_a_visit"), transaction.atomic():
        row.save()


def test_nobody_is_asked_again_within_the_pause_and_then_is():
    make.rule(pause_days=30)
    person = make.somebody()
    held = [make.MONDAY + timedelta(days=n) for n in (0, 29, 31)]
    visits = [make.visit(person, starts_at=scheduling.at(9, day=day)) for day in held]

    rows = [
        chosen(visit, at=scheduling.at(10, day=day))
        for visit, day in zip(visits, held, strict=True)
    ]

    assert [row is not None for row in rows] == [True, False, True]


def test_a_pause_is_also_kept_by_a_visit_whose_own_rule_has_none():
    kept = make.rule(pause_days=30)
    person = make.somebody()
    first = make.visit(person)
    chosen(first)
    Rule.objects.filter(pk=kept.pk).update(pause_days=0)
    day = make.MONDAY + timedelta(days=7)
    second = make.visit(person, starts_at=scheduling.at(9, day=day))

    assert chosen(second, at=scheduling.at(10, day=day)) is None


@pytest.mark.django_db(transaction=True)
def test_two_visits_of_one_person_that_end_at_one_time_are_asked_about_once():
    make.rule()
    person = make.somebody()
    visits = [
        make.visit(person, starts_at=scheduling.at(hour), at=scheduling.at(12)) for hour in (9, 11)
    ]

    def choose(visit):
        try:
            return chosen(visit, at=scheduling.at(12)) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        won = list(both.map(choose, visits))

    assert sorted(won) == [False, True]


def test_no_rule_a_draft_only_or_a_share_that_is_not_drawn_asks_nobody(monkeypatch):
    visit = make.visit()
    assert chosen(visit) is None

    row = make.rule(share=1)
    monkeypatch.setattr("almoner.surveys.rules.in_sample", lambda *_, **__: False)
    assert chosen(visit) is None

    monkeypatch.undo()
    Rule.objects.filter(pk=row.pk).update(ends_on=date(2026, 2, 1))
    assert chosen(visit) is None
    assert not Survey.objects.exists()


def test_a_child_a_dead_patient_and_who_left_unseen_are_not_asked():
    make.rule()
    child = make.visit(make.somebody())
    child.patient.birth_date = date(2012, 1, 1)
    child.patient.save()
    gone = make.visit(starts_at=scheduling.at(10))
    gone.patient.deceased = True
    gone.patient.save()
    left = make.visit(starts_at=scheduling.at(11), to=State.ROOMED)
    arrivals.move(
        officer=make.access.officer("door"), encounter_id=left.encounter.pk, to=State.LEFT,
        at=scheduling.at(12), reason="Waited too long",
    )  # fmt: skip

    assert [chosen(each) for each in (child, gone, left)] == [None] * 3


def test_a_step_that_is_taken_back_is_not_asked_about():
    make.rule()
    visit = make.visit()
    chosen(visit)
    newest = Movement.objects.order_by("-id")[0]
    arrivals.take_back(
        officer=make.access.officer("undo"), movement_id=newest.pk, at=newest.at + 5 * MINUTE / 60
    )
    assert Encounter.objects.get(appointment=visit).state == State.WITH_CLINICIAN

    assert actions.ask(at=OVER + HOUR) == 0
    assert Survey.objects.get().dropped == "taken_back"


def test_only_who_agreed_is_asked_and_it_is_asked_again_when_it_leaves():
    make.rule()
    silent, agreed = make.somebody(agreed=False), make.somebody()
    chosen(make.visit(silent))
    chosen(make.visit(agreed, starts_at=scheduling.at(10)))

    assert actions.ask(at=OVER + HOUR) == 1

    assert Survey.objects.get(patient=silent).dropped == "no_consent"
    [text] = texts()
    assert held_back(text.outgoing) == ""
    text_in("STOP", sender=text.address, at=OVER + HOUR)
    assert "No texts to this number any more" in held_back(text.outgoing)


def test_who_was_asked_too_long_ago_is_asked_no_more():
    make.rule()
    chosen(make.visit())

    assert actions.ask(at=OVER + HOUR + timedelta(days=3, minutes=1)) == 0
    assert Survey.objects.get().dropped == "too_late"


def left(row):
    Outgoing.objects.filter(pk=row.message.outgoing_id).update(state=Outgoing.State.SENT)


def test_who_has_not_answered_is_reminded_once_and_who_has_is_not():
    make.rule(remind_days=3)
    row, done = make.asked(), make.asked(starts_at=scheduling.at(10))
    left(row)
    left(done)
    actions.finish(appointment_id=done.appointment_id, at=OVER + HOUR)
    due = OVER + HOUR + 3 * DAY

    assert [actions.remind(at=due + n * HOUR) for n in (-1, 0, 1)] == [0, 1, 0]

    row.refresh_from_db()
    assert "the last time we ask" in row.reminder.body
    assert row.reminder.patient_id == row.patient_id


def test_nobody_is_reminded_of_what_never_reached_the_carrier_or_without_a_reminder_in_the_rule():
    make.rule(remind_days=3)
    make.asked()
    assert actions.remind(at=OVER + 4 * DAY) == 0

    Rule.objects.update(remind_days=0)
    second = make.asked(starts_at=scheduling.at(10))
    left(second)
    assert actions.remind(at=OVER + 4 * DAY) == 0


def test_a_survey_that_was_not_sent_is_no_work_of_the_desk(settings):
    make.rule()
    row = make.asked()
    item = row.message.outgoing
    settings.SMS_URL = ""
    with pytest.raises(exchange.outbox.Refused):
        exchange.text(item)
    Outgoing.objects.filter(pk=item.pk).update(state=Outgoing.State.FAILED)

    lines, count = undelivered_today(most=5, reading=None)

    assert (lines, count) == ([], 0)


def test_a_visit_by_video_that_went_on_by_phone_says_so():
    make.rule()
    visit = make.visit()
    Encounter.objects.filter(appointment=visit).update(by_video=True)
    events.record(
        "telehealth.by_phone", at=OVER, by=None, about=visit, patient_id=visit.patient_id,
        visit_id=visit.pk,
    )  # fmt: skip

    assert chosen(visit).way == "phone"


def test_each_minute_asks_reminds_and_opens_what_could_not_be_opened(monkeypatch):
    make.rule(remind_days=3)
    chosen(make.visit())
    for at in (OVER + HOUR, OVER + HOUR + 3 * DAY):
        monkeypatch.setattr("almoner.ground.clock.now", lambda at=at: at)
        jobs.ask(0)
        left(Survey.objects.get())

    assert [each.template for each in texts()] == ["survey", "survey-again"]
    actions.answer(
        appointment_id=Survey.objects.get().appointment_id, key="q1", said="0", at=OVER + 4 * DAY
    )
    make.lead()
    jobs.ask(0)
    assert Survey.objects.get().case
