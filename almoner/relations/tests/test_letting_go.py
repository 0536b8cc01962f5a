"""A number gets so many texts of one purpose in a day and a week, whoever sends them at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from almoner.ground import events, outbox
from almoner.ground.constraints import violated
from almoner.ground.models import Event
from almoner.patients.tests import make as patients
from almoner.relations import actions
from almoner.relations.actions.telling import To, Words, send
from almoner.relations.models import Counted
from almoner.relations.rules.limits import DAY_IS_FULL
from almoner.relations.tests.make import CYS, NOON, SECOND, queued, text_in

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def carried(clinic, sent):
    return sent


def leave(item, *, at=NOON):
    wait = outbox.try_delivery(item.pk, at=at)
    item.refresh_from_db()
    return wait


def test_the_second_of_a_day_is_held_and_leaves_the_next_morning(sent):
    first, second = queued(), queued()

    assert leave(first) is None
    wait = leave(second)
    assert (len(sent), second.state, second.attempts) == (1, "waiting", 0)

    assert leave(second, at=NOON + wait) is None
    assert (len(sent), second.state) == (2, "sent")


def test_each_purpose_and_each_number_has_its_own(sent):
    other = "+13125550118"

    for item in (queued(), queued(purpose="billing"), queued(other)):
        leave(item)

    assert len(sent) == 3


def test_the_limits_are_settings(sent, settings):
    settings.TEXT_LIMITS = settings.TEXT_LIMITS | {"care": (2, 2)}

    waits = [leave(item) for item in (queued(), queued(), queued())]

    assert waits[:2] == [None, None]
    assert waits[2] == 7 * DAY


def test_what_the_patient_asked_for_is_neither_counted_nor_held(sent):
    for _time in range(3):
        leave(queued(asked_for=True))
    text_in("HELP")
    leave(queued())

    assert len(sent) == 4
    assert Counted.objects.count() == 1


def test_what_did_not_leave_in_the_end_does_not_count(sent, settings):
    settings.SMS_URL = ""
    leave(refused := queued())
    settings.SMS_URL = "http://127.0.0.1:1"
    Counted.objects.create(outgoing=refused, address=CYS, purpose="care", at=NOON)

    assert refused.state == "failed"
    assert leave(queued()) is None


def test_a_text_that_is_tried_again_takes_one_place(sent):
    item = queued()

    assert actions.let_go(outgoing=item, at=NOON) is None
    assert actions.let_go(outgoing=item, at=NOON + SECOND) is None
    assert [each.at for each in Counted.objects.all()] == [NOON + SECOND]


def test_a_held_message_says_why_and_until_when_once(clinic, sent):
    cy = patients.patient()
    leave(queued(patient=cy))
    message = send(To(cy.pk, "sms", CYS), Words("", "en", "", "Please call"), key="k", at=NOON)

    for at in (NOON, NOON + SECOND):
        outbox.try_delivery(message.outgoing_id, at=at)

    message.refresh_from_db()
    assert (message.held_until - NOON, message.held_why) == (20 * 3600 * SECOND, DAY_IS_FULL)
    [told] = Event.objects.filter(kind="relations.waits")
    assert (told.data["until"], told.data["why"]) == ("11/24/2026 8:00 AM CST", DAY_IS_FULL)


def test_the_confirmation_of_a_visit_is_what_the_patient_asked_for(clinic, sent):
    leave(queued())
    event = events.record(
        "scheduling.booked", at=NOON, by=None, about=clinic, patient_id=patients.patient().pk,
        clinician="Linh Ng, MD", clinician_id=1, location="Lakeside", when="soon",
        local_day="2026-12-01", local_time="14:20", starts_at="2026-12-01T20:20:00+00:00",
    )  # fmt: skip
    [message] = actions.tell_about_visit(event=event, at=NOON)

    assert outbox.try_delivery(message.outgoing_id, at=NOON) is None
    assert len(sent) == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_both_let_one_go():
    items, gate = [queued() for _ in range(6)], Barrier(6)

    def work(item):
        try:
            gate.wait()
            return actions.let_go(outgoing=item, at=NOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        waits = list(threads.map(work, items))

    assert waits.count(None) == 1
    assert Counted.objects.count() == 1


def test_the_database_knows_what_a_text_can_be_for():
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Counted.objects.create(outgoing=queued(), address=CYS, purpose="fun", at=NOON)

    assert violated(refused.value, "counted_purpose_known")
