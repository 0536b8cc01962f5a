"""The patient's own page of a survey: behind link and birth date, an answer at a time."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client

from almoner.facility.tests import make as facility
from almoner.ground import clock
from almoner.portal import actions, queries
from almoner.portal.queries import acting_for, token_of
from almoner.relations.models import Consent
from almoner.surveys import actions as surveys
from almoner.surveys.models import Answer, Survey
from almoner.surveys.tests import make
from almoner.surveys.tests.make import BORN, DAY, OVER

pytestmark = pytest.mark.django_db
NEXT_DAY = OVER + DAY


@pytest.fixture(autouse=True)
def clinic(db, settings, monkeypatch):
    facility.organisation()
    settings.ADDRESS = "https://clinic.example"
    monkeypatch.setattr(clock, "now", lambda: NEXT_DAY)
    make.lead()
    make.rule()


def path(row, rest=""):
    return f"/v/{token_of(row.appointment_id)}/survey/{rest}"


def says(row, born=BORN, *, client=None):
    client = client or Client()
    client.post(path(row), {"month": born.month, "day": born.day, "year": born.year})
    return client


def text_of(answer):
    return answer.content.decode()


def test_the_link_asks_for_the_birth_date_in_the_language_we_wrote_in_a_day_after_the_visit():
    row = make.asked(make.somebody(language="es"))
    client = Client()

    first = client.get(path(row))
    assert "¿Cuándo nació usted?" in text_of(first)
    assert "contestar por usted" in text_of(first).replace("\n", " ")
    assert client.get(path(row, "sheet/")).status_code == 302
    wrong = client.post(path(row), {"month": 1, "day": 1, "year": 1990})
    assert wrong.status_code == 422
    right = client.post(path(row), {"month": 4, "day": 27, "year": 1984})
    assert right["Location"] == path(row, "sheet/")
    assert "¿Nos recomendaría?" in text_of(client.get(path(row, "sheet/")))


def test_an_answer_at_a_time_is_kept_changed_and_thanked_for():
    row = make.asked()
    phone = says(row)

    phone.post(path(row, "sheet/"), {"key": "q1", "said": "3"})
    assert Answer.objects.get().score == 3
    assert "Content?" in text_of(phone.get(path(row, "sheet/")))
    bad = phone.post(path(row, "sheet/"), {"key": "q2", "said": "9"})
    assert bad.status_code == 422
    assert "Choose one of the numbers." in text_of(bad)
    phone.post(path(row, "sheet/"), {"key": "q2", "said": "4"})
    changing = text_of(phone.get(path(row, "sheet/"), {"q": "q1"}))
    assert 'value="3" aria-pressed="true"' in changing
    phone.post(path(row, "sheet/"), {"key": "q1", "said": "8"})
    done = phone.post(path(row, "sheet/"), {"key": "q3", "said": "Fine"}, follow=True)

    assert "Thank you." in text_of(done)
    assert Survey.objects.get().finished_at == NEXT_DAY
    again = phone.post(path(row, "sheet/"), {"key": "q1", "said": "0"})
    assert "You have answered this survey already." in text_of(again)
    assert Answer.objects.get(key="q1").score == 8


def test_a_survey_whose_last_question_is_a_number_is_ended_by_a_button():
    row = make.asked()
    phone = says(row)
    phone.post(path(row, "sheet/"), {"key": "q3", "said": ""})
    phone.post(path(row, "sheet/"), {"key": "q1", "said": "9"})
    phone.post(path(row, "sheet/"), {"key": "q2", "said": "5"})
    assert "That is all" in text_of(phone.get(path(row, "sheet/")))
    assert Survey.objects.get().finished_at is None

    assert "Thank you." in text_of(phone.post(path(row, "finish/"), follow=True))
    assert Survey.objects.get().finished_at


def test_a_link_that_is_over_or_leads_nowhere_says_a_plain_sentence(monkeypatch):
    row = make.asked()
    phone = says(row)
    monkeypatch.setattr(clock, "now", lambda: row.closes_at)

    for address in (path(row), path(row, "sheet/"), "/v/no-such-token/survey/"):
        answer = phone.get(address)
        assert answer.status_code == 404
        assert "This survey is closed." in text_of(answer)


def test_the_link_opens_the_survey_and_no_more_the_page_of_the_visit():
    row = make.asked()
    phone = says(row)

    assert phone.get(path(row, "sheet/")).status_code == 200
    assert phone.get(f"/v/{token_of(row.appointment_id)}/visit/").status_code == 404


def test_a_visit_that_nobody_is_asked_about_has_no_survey_by_its_link():
    booked = make.visit()
    actions.link_for(booked.pk, "en", OVER)

    assert queries.found_for_survey(token_of(booked.pk), at=NEXT_DAY) is None


def test_who_wants_no_more_is_not_asked_again():
    row = make.asked()

    page = says(row).post(path(row, "no-more/"))

    assert "We do not ask you by text again" in text_of(page)
    assert Consent.objects.order_by("-id")[0].given is False


def test_as_the_patients_role_nobody_elses_survey_can_be_read():
    mine, theirs = make.asked(), make.asked(starts_at=make.scheduling.at(11))
    for row in (mine, theirs):
        surveys.answer(appointment_id=row.appointment_id, key="q3", said="Mine", at=NEXT_DAY)

    with acting_for([mine.patient_id]), connection.cursor() as sql:
        sql.execute("SELECT appointment_id FROM surveys_survey")
        assert sql.fetchall() == [(mine.appointment_id,)]
        sql.execute("SELECT survey_id FROM surveys_answer")
        assert sql.fetchall() == [(mine.pk,)]


def test_a_phone_that_said_another_links_birth_date_is_asked_again():
    mine, theirs = make.asked(), make.asked(starts_at=make.scheduling.at(11))
    phone = says(mine)

    for rest in ("sheet/", "finish/", "no-more/"):
        for method in (phone.get, phone.post):
            answer = method(path(theirs, rest), {"key": "q1", "said": "0"})
            assert answer.status_code == 302
            assert answer["Location"].startswith(path(theirs))
    assert not Answer.objects.exists()


def test_the_patient_agrees_to_it_while_checking_in(monkeypatch):
    person = make.somebody(agreed=False)
    day = date(2026, 3, 4)
    booked = make.scheduling.appointment(
        patient=person, starts_at=make.scheduling.at(9, day=day), asked_at=make.SUNDAY
    )
    now = make.scheduling.at(9, day=day) - timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: now)
    actions.link_for(booked.pk, "en", now)
    start = f"/v/{token_of(booked.pk)}/"
    phone = Client()
    phone.post(start, {"month": BORN.month, "day": BORN.day, "year": BORN.year})
    assert "May we ask you by text after the visit" in text_of(phone.get(f"{start}check-in/"))

    phone.post(f"{start}may-ask/")

    row = Consent.objects.get()
    assert (row.purpose, row.given, row.how, row.patient_id) == ("survey", True, "page", person.pk)
    page = text_of(phone.get(f"{start}check-in/"))
    assert "We may ask you by text after a visit" in page
