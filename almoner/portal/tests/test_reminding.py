"""Each step before a visit reminds once for each time that was promised."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from almoner.arrivals.models import EarlyCheckIn
from almoner.facility.tests import make as facility
from almoner.ground.models import Event, Outgoing
from almoner.patients.tests.make import Phone
from almoner.patients.tests.make import patient as a_patient
from almoner.portal import actions
from almoner.portal.models import Reminder
from almoner.portal.tests.make import BORN, NOW
from almoner.records.tests import make as forms
from almoner.relations import actions as relations
from almoner.relations.models import Message
from almoner.scheduling import actions as scheduling
from almoner.scheduling.queries.openings import Search
from almoner.scheduling.tests import make

pytestmark = pytest.mark.django_db
STEPS = (72, 24)
DAYS = 3
PHONES = (Phone(number="+16085550142", use="mobile", may_text=True),)
TUESDAY = make.MONDAY + timedelta(days=8)  # nine days after it is booked


@pytest.fixture(autouse=True)
def clinic(db, settings):
    facility.organisation()
    settings.ADDRESS = "https://clinic.example"


def booked(**facts):
    person = a_patient(birth_date=BORN, phones=PHONES, **facts)
    return make.appointment(patient=person, starts_at=make.at(9, day=TUESDAY), asked_at=NOW)


def reminded(at, *, steps=STEPS):
    return actions.remind(steps=steps, days=DAYS, at=at)


def texts():
    return list(Message.objects.filter(template="reminder").order_by("id"))


def test_each_step_reminds_once_however_often_it_is_asked():
    visit = booked()
    hours = timedelta(hours=1)

    due = [reminded(visit.starts_at - n * hours) for n in (80, 72, 72, 70, 25, 24, 23, 2)]

    assert due == [0, 1, 0, 0, 0, 1, 0, 0]
    first, second = texts()
    assert "we expect you Tue, Mar 10 at 9:00 AM" in first.body
    assert "Check in or change it: https://clinic.example/v/" in first.body
    assert first.outgoing.key != second.outgoing.key
    assert first.outgoing.payload["asked_for"] is False


def test_a_step_the_worker_slept_through_is_taken_late_or_not_at_all():
    visit = booked()

    assert reminded(visit.starts_at - timedelta(hours=18, minutes=1)) == 1
    assert reminded(visit.starts_at - timedelta(hours=66)) == 0


def test_who_has_just_been_told_is_not_reminded():
    visit = booked()
    at = visit.starts_at - timedelta(hours=24)
    row = scheduling.move_own(
        appointment=visit, clinician=visit.clinician, location=visit.location,
        starts_at=visit.starts_at + timedelta(minutes=20), asked_at=at - timedelta(hours=1),
        search=Search(visit.visit_type_id),
    )  # fmt: skip

    assert reminded(row.starts_at - timedelta(hours=24)) == 0


def test_a_visit_that_was_moved_is_reminded_of_at_its_new_time():
    visit = booked()
    at = visit.starts_at - timedelta(hours=72)
    assert reminded(at) == 1
    make.days(since=TUESDAY, length=14)
    row = scheduling.move_own(
        appointment=visit, clinician=visit.clinician, location=visit.location,
        starts_at=visit.starts_at + timedelta(days=7), asked_at=at,
        search=Search(visit.visit_type_id),
    )  # fmt: skip

    assert reminded(row.starts_at - timedelta(hours=72)) == 1
    assert "Mar 17" in texts()[-1].body


@pytest.mark.parametrize(
    ("days", "prepared", "confirmed", "words"),
    [
        (3, False, False, "Check in or change it: https://"),
        (3, False, True, "Check in or change it: https://"),
        (3, True, True, "To change it: https://"),
        (2, False, True, "To change it: https://"),
        (2, False, False, "Confirm or change it: https://"),
    ],
)
def test_the_text_says_what_the_link_is_for_now(days, prepared, confirmed, words):
    visit = booked()
    at = visit.starts_at - timedelta(hours=72)
    if confirmed:
        scheduling.confirm(appointment=visit, at=NOW)
    if prepared:
        EarlyCheckIn.objects.create(
            appointment=visit, patient=visit.patient, begun_at=NOW, finished_at=NOW
        )

    actions.remind(steps=STEPS, days=days, at=at)

    assert words in texts()[-1].body


def test_who_said_everything_and_has_forms_to_sign_is_reminded_of_check_in():
    forms.ship()
    visit = booked()
    EarlyCheckIn.objects.create(
        appointment=visit, patient=visit.patient, begun_at=NOW, finished_at=NOW
    )

    reminded(visit.starts_at - timedelta(hours=72))

    assert "Check in or change it: https://" in texts()[-1].body


def test_what_has_not_left_is_taken_back_when_the_visit_is_cancelled():
    visit = booked()
    at = visit.starts_at - timedelta(hours=72)
    reminded(at)
    [text] = texts()
    scheduling.cancel_own(appointment=visit, at=at)
    relations.tell_about_visit(event=Event.objects.latest("id"), at=at)

    assert Outgoing.objects.get(pk=text.outgoing_id).state == "withdrawn"
    assert reminded(visit.starts_at - timedelta(hours=24)) == 0


@pytest.mark.parametrize(
    "phones", [(), (Phone(number="+16085550142", use="home", may_text=False),)]
)
def test_who_cannot_be_reached_by_text_or_mail_is_passed_over_once(phones):
    person = a_patient(birth_date=BORN, phones=phones)
    visit = make.appointment(patient=person, starts_at=make.at(9, day=TUESDAY), asked_at=NOW)

    assert reminded(visit.starts_at - timedelta(hours=24)) == 0
    assert Reminder.objects.count() == 1


def test_one_that_fails_does_not_silence_those_behind_it(monkeypatch):
    first, second = booked(), booked()
    say = relations.remind_of_visit

    def fails_once(*, event, **facts):
        if event.about_id == first.pk:
            raise LookupError
        return say(event=event, **facts)

    monkeypatch.setattr(relations, "remind_of_visit", fails_once)
    at = first.starts_at - timedelta(hours=24)
    with pytest.raises(ExceptionGroup):
        reminded(at)
    assert [text.patient_id for text in texts()] == [second.patient_id]

    monkeypatch.undo()
    assert reminded(at) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_remind_once():
    visit = booked()
    at = visit.starts_at - timedelta(hours=24)

    def work(_number):
        try:
            return reminded(at)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(work, range(6))) == 1
    assert len(texts()) == 1
