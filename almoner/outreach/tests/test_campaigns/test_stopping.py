"""What ends a campaign for somebody, in the transaction of what ended it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import transaction

from almoner.access.tests import make as access
from almoner.outreach import actions
from almoner.outreach.tests import make
from almoner.outreach.tests.make import DAY, NOW, place
from almoner.outreach.tests.test_campaigns.shared import HOUR, books, deliver, run
from almoner.patients import actions as patient_actions
from almoner.patients.queries import record
from almoner.patients.tests.details import Phone
from almoner.relations import actions as relations
from almoner.relations.models import Message
from almoner.relations.rules import Topic
from almoner.relations.tests import make as talk
from almoner.scheduling import actions as scheduling_actions
from almoner.scheduling.tests import make as scheduling


def test_a_booking_stops_it_in_its_own_transaction_and_takes_back_what_waits(mara, who, sent):
    row = make.started(mara)
    actions.send_due(at=NOW)

    visit = books(who)

    here = place(row, who)
    assert (here.state, here.stopped_why, here.booked_id) == ("stopped", "booked", visit.pk)
    assert Message.objects.get(patient=who).outgoing.state == "withdrawn"
    deliver()
    assert sent == []


def test_a_booking_that_does_not_stand_stops_nothing(mara, who):
    row = make.started(mara)

    with transaction.atomic():
        books(who)
        transaction.set_rollback(True)

    assert place(row, who).state == "waiting"


def test_a_booking_of_another_kind_does_not_stop_a_campaign_for_one(mara, who):
    wanted, other = scheduling.facility.visit_type("Check-up"), scheduling.facility.visit_type("X")
    row = make.started(mara, visit_type_id=wanted.pk)

    books(who, visit_type=other)
    assert place(row, who).state == "waiting"

    books(who, visit_type=wanted, starts_at=scheduling.at(11))
    assert place(row, who).stopped_why == "booked"


def test_a_booking_taken_back_lets_it_go_on(mara, ana, who, sent):
    row = make.started(mara)
    visit = books(who)

    scheduling_actions.undo(officer=ana, appointment=visit, at=NOW + HOUR + timedelta(seconds=5))
    assert place(row, who).state == "waiting"

    run(NOW + 2 * HOUR)
    assert len(sent) == 1


@pytest.mark.parametrize(
    ("words", "why"), [("STOP", "opted_out"), ("Can I come on Friday?", "replied")]
)
def test_an_answer_stops_it_in_its_own_transaction(mara, who, sent, words, why):
    row = make.started(mara, remind_after_days=3)
    run()

    talk.text_in(words, sender=who.phones.get().number, at=NOW + HOUR)

    assert place(row, who).stopped_why == why
    run(NOW + 5 * DAY)
    assert [body for _to, body in sent if "It has been a while" in body] == [sent[0][1]]


@pytest.mark.parametrize("words", ["HELP", "START"])
def test_a_word_that_is_answered_by_itself_does_not_stop_it(mara, who, sent, words):
    row = make.started(mara, remind_after_days=3)
    run()

    talk.text_in(words, sender=who.phones.get().number, at=NOW + HOUR)

    assert place(row, who).state == "reached"


def test_an_answer_from_a_familys_number_stops_it_for_all_it_was_written_to(mara, sent):
    shared = make.number()
    one, other = (make.due(name, phones=(Phone(shared),)) for name in ("One", "Other"))
    row = make.started(mara)
    run()

    talk.text_in("We will call you", sender=shared, at=NOW + HOUR)

    assert {place(row, each).stopped_why for each in (one, other)} == {"replied"}


def test_words_from_another_of_their_addresses_stop_it_once_somebody_says_whose_they_are(mara, ana):
    who = make.due(phones=(Phone(make.number(), may_text=False),), emails=("w@people.example",))
    row = make.started(mara, remind_after_days=3)
    actions.send_due(at=NOW)

    came = talk.text_in("I got your e-mail", sender=who.phones.get().number, at=NOW + HOUR)
    assert place(row, who).state == "reached"
    relations.recognise(officer=ana, received=came, patient_id=who.pk, at=NOW + HOUR)

    assert place(row, who).stopped_why == "replied"


def test_an_answered_e_mail_stops_it(mara, sent):
    who = make.due(phones=(), emails=("Who@people.example",))
    row = make.started(mara, remind_after_days=3)
    actions.send_due(at=NOW)
    assert Message.objects.get().channel == "email"

    talk.mail_in("Please call me", sender="who@people.example", at=NOW + HOUR)

    assert place(row, who).stopped_why == "replied"


def test_an_answer_written_in_the_account_stops_it(mara, who, sent):
    row = make.started(mara, remind_after_days=3)
    run()

    writer = relations.Writer(patient_id=who.pk, account_id=1, name="Cy Garcia")
    relations.open_thread(
        writer=writer, topic=Topic.VISIT, subject="Your text", words="I come on Friday", key="1",
        at=NOW + HOUR,
    )  # fmt: skip

    assert place(row, who).stopped_why == "replied"
    run(NOW + 5 * DAY)
    assert len(sent) == 1


def test_a_machines_e_mail_stops_nothing(mara):
    who = make.due(phones=(), emails=("who@people.example",))
    row = make.started(mara, remind_after_days=3)
    actions.send_due(at=NOW)

    relations.receive_mail(
        sender="who@people.example", message_id="<1@x>", subject="Away", body="I am away",
        files=(), by_machine=True, answers=None, at=NOW + HOUR,
    )  # fmt: skip

    assert place(row, who).state == "reached"


def test_a_case_and_a_death_stop_it(mara, ana, who):
    dies = make.due("Dies")
    row = make.started(mara)

    talk.case(ana, patient_id=who.pk, at=NOW)
    kept = record(dies.pk, reading=access.reading(ana, at=NOW))
    dead = replace(kept.details, deceased=True, deceased_date=date(2026, 2, 28))
    patient_actions.change(
        officer=ana, patient_id=dies.pk, details=dead, version=kept.version, at=NOW
    )

    assert place(row, who).stopped_why == "case"
    assert place(row, dies).stopped_why == "deceased"
