"""Answers are kept one by one; the first low one opens a case in the same transaction."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction

from almoner.ground.models import Event, Outgoing
from almoner.relations.models import Case, Consent
from almoner.relations.queries import things_of
from almoner.surveys import actions, queries
from almoner.surveys.models import Answer, Survey
from almoner.surveys.tests import make
from almoner.surveys.tests.make import DAY, HOUR, OVER

pytestmark = pytest.mark.django_db
THEN = OVER + 2 * HOUR


@pytest.fixture
def row():
    make.lead()
    make.rule()
    return make.asked(make.somebody(language="es"))


def say(row, key, said, at=THEN):
    return actions.answer(appointment_id=row.appointment_id, key=key, said=said, at=at)


def finish(row, at=THEN):
    actions.finish(appointment_id=row.appointment_id, at=at)


def test_each_answer_is_kept_at_once_and_another_takes_its_place(row):
    say(row, "q1", "9")
    say(row, "q1", "10")
    say(row, "q3", " Gracias ")

    sheet = queries.sheet(row.appointment_id)
    assert [(each.question.key, each.score, each.words) for each in sheet.given] == [
        ("q1", 10, ""),
        ("q3", None, "Gracias"),
    ]
    assert sheet.open.key == "q2"
    said = Event.objects.filter(kind__startswith="surveys.s", patient_id=row.patient_id)
    assert [each.data.get("score") for each in said.order_by("id")] == [9, 10, None]
    assert "Gracias" not in str([each.data for each in said])


@pytest.mark.parametrize(
    ("key", "said"),
    [("q1", "11"), ("q1", "-1"), ("q1", ""), ("q1", "٣"), ("q2", "0"), ("q2", "6"), ("q9", "1"),
     ("q3", "x" * 4001)],
)  # fmt: skip
def test_what_is_no_answer_to_the_question_is_not_kept(row, key, said):
    with pytest.raises(actions.NotAnAnswer):
        say(row, key, said)

    assert not Answer.objects.exists()


def test_a_low_answer_opens_one_case_that_has_an_owner_a_time_and_the_visit(row):
    say(row, "q1", "6")
    say(row, "q2", "1")

    case = Case.objects.get()
    row.refresh_from_db()
    assert row.case == case
    assert (case.owner.username, case.desk, case.kind) == ("mara", "relations", "complaint")
    assert (case.patient_id, case.skill, case.opened_by_id) == (row.patient_id, "spanish", None)
    assert case.due_at > THEN
    assert things_of([case.pk]) == [("appointment", row.appointment_id), ("survey", row.pk)]


def test_an_answer_above_the_threshold_opens_none(row):
    say(row, "q1", "7")
    say(row, "q2", "3")

    assert not Case.objects.exists()


def test_without_a_lead_the_answer_is_kept_and_the_case_opens_once_there_is_one():
    make.rule()
    row = make.asked()
    say(row, "q1", "0")
    assert Answer.objects.get().score == 0
    assert actions.open_missing(at=THEN) == 0

    make.lead()
    assert [actions.open_missing(at=THEN) for _ in range(2)] == [1, 0]
    assert Survey.objects.get().case == Case.objects.get()


def test_the_case_falls_with_the_answer_when_the_transaction_does(row):
    with transaction.atomic():
        say(row, "q1", "0")
        transaction.set_rollback(True)

    assert not Case.objects.exists()
    assert not Answer.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_low_answers_at_once_open_one_case(row):
    def low(key):
        try:
            say(row, key, "1")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        list(both.map(low, ("q1", "q2")))

    assert Answer.objects.count() == 2
    assert Case.objects.count() == 1


def test_what_is_finished_is_changed_no_more_not_even_by_the_owner_of_the_table(row):
    say(row, "q1", "9")
    finish(row)

    with pytest.raises(actions.NotOpen):
        say(row, "q1", "0")
    with pytest.raises(actions.NotOpen):
        finish(row)
    with pytest.raises(IntegrityError, match="is finished"), transaction.atomic():
        Answer.objects.update(score=0)
    with pytest.raises(IntegrityError, match="is finished"), transaction.atomic():
        Survey.objects.update(finished_at=None)


def test_a_link_that_is_over_keeps_nothing(row):
    for at in (row.closes_at, row.closes_at + DAY):
        with pytest.raises(actions.NotOpen):
            say(row, "q1", "9", at=at)
    assert not queries.answerable(row.appointment_id, at=row.closes_at)


def test_who_wants_no_more_of_them_gets_none_and_what_waits_is_taken_back(row):
    actions.ask_no_more(appointment_id=row.appointment_id, at=THEN)

    row.refresh_from_db()
    newest = Consent.objects.order_by("-id")[0]
    assert (newest.purpose, newest.given, newest.how) == ("survey", False, "page")
    assert row.message.outgoing.state == Outgoing.State.WITHDRAWN
    assert row.dropped == "no_more"


def test_an_answer_is_on_its_scale_whoever_writes_it(row):
    with pytest.raises(IntegrityError, match="survey_answer_on_its_scale"), transaction.atomic():
        Answer.objects.create(survey=row, key="q1", kind="nps", score=11, at=THEN)
