"""Two workers, or a worker and a patient, at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from almoner.ground.models import Outgoing
from almoner.outreach import actions, queries
from almoner.outreach.models import Enrolment, Step
from almoner.outreach.tests import make
from almoner.outreach.tests.make import NOW, place
from almoner.relations.actions.consenting import one_at_a_time
from almoner.relations.models import Message
from almoner.relations.tests.make import text_in
from almoner.relations.tests.test_grievances_at_once import beside
from almoner.scheduling.tests import make as scheduling

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 12


def at_once(*acts):
    """Do them at the same moment, each with a connection of its own."""
    start = Barrier(len(acts))

    def alone(act):
        start.wait()
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result() for done in [pool.submit(alone, act) for act in acts]]


def test_two_workers_write_to_nobody_twice(mara):
    for each in range(PEOPLE):
        make.due(f"Due {each}")
    make.started(mara)

    at_once(*[lambda: actions.send_due(at=NOW)] * 2)

    assert Step.objects.count() == Message.objects.count() == PEOPLE
    assert Outgoing.objects.filter(channel="sms").count() == PEOPLE
    assert not Enrolment.objects.exclude(steps=1).exists()


def test_two_workers_keep_the_pace_between_them(mara):
    for each in range(PEOPLE):
        make.due(f"Due {each}")
    make.started(mara, pace=5)

    at_once(*[lambda: actions.send_due(at=NOW)] * 2)

    assert Message.objects.count() == 5


def test_a_step_cannot_be_taken_twice_whoever_tries(mara):
    who = make.due()
    row = make.started(mara)
    actions.send_due(at=NOW)
    step = Step.objects.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        Step.objects.create(
            enrolment=place(row, who), number=1, message=step.message, address="x", at=NOW
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.create(
            campaign=row, patient=who, held_out=False, state="waiting", starts_at=NOW
        )


def test_a_booking_while_a_worker_writes_takes_back_what_the_worker_queued(mara):
    who = make.due()
    row = make.started(mara)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert actions.write_to(enrolment_id=place(row, who).pk, at=NOW)
            booking = beside(pool, lambda: scheduling.appointment(patient=who, asked_at=NOW))
        booking.result()

    assert place(row, who).stopped_why == "booked"
    assert Message.objects.get().outgoing.state == "withdrawn"


def test_a_worker_that_waited_for_a_booking_writes_nothing(mara):
    who = make.due()
    row = make.started(mara)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            scheduling.appointment(patient=who, asked_at=NOW)
            writing = beside(
                pool, lambda: actions.write_to(enrolment_id=place(row, who).pk, at=NOW)
            )
        assert writing.result() is False

    assert not Message.objects.exists()


def test_an_answer_and_a_worker_never_wait_for_one_another_in_a_circle(mara):
    who = make.due()
    row = make.started(mara, remind_after_days=3)
    actions.send_due(at=NOW)
    Enrolment.objects.update(next_at=NOW)
    number = who.phones.get().number

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            one_at_a_time(number)
            writing = beside(
                pool, lambda: actions.write_to(enrolment_id=place(row, who).pk, at=NOW)
            )
            text_in("Yes please", sender=number, at=NOW)
        assert writing.result() is False

    assert place(row, who).stopped_why == "replied"
    assert Message.objects.count() == 1


def test_two_managers_start_a_campaign_once(mara):
    make.due()
    draft = make.campaign(mara)

    def start():
        try:
            return actions.start(officer=mara, campaign=draft, at=NOW)
        except actions.OutreachRefused as refused:
            return refused.reason

    done = at_once(start, start)

    assert "state" in done
    assert Enrolment.objects.count() == 1
    assert queries.figures(draft.pk).waiting == 1
