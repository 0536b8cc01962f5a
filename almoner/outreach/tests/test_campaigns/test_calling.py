"""Whom nobody can write to is called, by one officer, a few times."""

from dataclasses import replace
from datetime import timedelta

import pytest

from almoner.access.tests import make as access
from almoner.ground import outbox
from almoner.ground.models import Outgoing
from almoner.outreach import actions, queries
from almoner.outreach.rules import Called
from almoner.outreach.tests import make
from almoner.outreach.tests.make import DAY, NOW, place
from almoner.outreach.tests.test_campaigns.shared import HOUR, books, called, run
from almoner.patients.tests.details import Phone
from almoner.relations.models import Call, ClosedAddress, Message
from almoner.relations.queries import is_troubled


def test_whose_e_mails_come_back_is_called(mara, who):
    shut = make.due("Shut", phones=(Phone(make.number(), may_text=False),), emails=("S@x.example",))
    item = outbox.put(
        channel="email", key="earlier", payload={"to": "S@x.example"}, about=shut, at=NOW,
        patient_id=shut.pk,
    )  # fmt: skip
    closed = ClosedAddress.objects.create(
        address="s@x.example", why="bounced", outgoing=item, at=NOW
    )
    terms = queries.Terms()

    assert queries.standing([shut.pk], terms, at=NOW)[shut.pk].channel == "call"
    row = make.started(mara)
    actions.send_due(at=NOW)
    assert place(row, shut).state == "calling"
    closed.opened_at, closed.opened_by_id, closed.opened_why = NOW, mara.pk, "Looked"
    closed.save()
    terms = replace(terms, campaign_id=row.pk)
    assert queries.standing([shut.pk], terms, at=NOW)[shut.pk].channel == "email"


def test_whom_nobody_can_write_to_is_called(mara, ana, sent):
    who = make.due(phones=(Phone(make.number(), may_text=False),))
    row = make.started(mara)

    run()

    assert (sent, place(row, who).state) == ([], "calling")
    reading = access.reading(ana, at=NOW)
    assert [line.patient_id for line in queries.to_call(number=1, reading=reading)] == [who.pk]
    called(ana, place(row, who), number=who.phones.get().number)
    assert Call.objects.get().disposition == "no_answer"
    assert queries.waiting(NOW + HOUR) == 0
    assert queries.waiting(NOW + DAY) == 1


def test_a_call_list_ends_with_the_third_call_a_no_or_a_booking(mara, ana):
    unheard, declines, books_ = (
        make.due(name, phones=(Phone(make.number(), may_text=False),)) for name in "ABC"
    )
    row = make.started(mara)
    actions.send_due(at=NOW)

    for day in range(3):
        called(ana, place(row, unheard), at=NOW + day * DAY)
    called(ana, place(row, declines), Called.DECLINED)
    books(books_)

    assert [place(row, each).stopped_why for each in (unheard, declines, books_)] == [
        "unreached", "declined", "booked",
    ]  # fmt: skip
    with pytest.raises(actions.OutreachRefused):
        called(ana, place(row, declines))
    assert Call.objects.filter(patient=declines).count() == 1


def test_two_officers_never_call_one_person(mara, ana):
    bea = access.officer("bea")
    people = [make.due(name, phones=(Phone(make.number(), may_text=False),)) for name in "AB"]
    row = make.started(mara)
    actions.send_due(at=NOW)

    assert actions.take_call(officer=ana, at=NOW)
    assert actions.take_call(officer=bea, at=NOW)
    assert not actions.take_call(officer=mara, at=NOW)

    taken = {place(row, each).taken_by_id: each for each in people}
    assert taken.keys() == {ana.pk, bea.pk}
    with pytest.raises(actions.OutreachRefused):
        called(bea, place(row, taken[ana.pk]))
    actions.give_back(officer=ana, at=NOW)
    assert actions.take_call(officer=mara, at=NOW)
    assert actions.take_call(officer=ana, at=NOW + 31 * timedelta(minutes=1))  # left lying


def test_whom_a_text_does_not_reach_is_called_and_is_nobodys_undelivered_message(mara, who, sent):
    row = make.started(mara)
    run()
    message = Message.objects.get()

    Outgoing.objects.filter(pk=message.outgoing_id).update(state="failed")
    assert actions.go_on_otherwise(message_id=message.pk, at=NOW)
    assert not actions.go_on_otherwise(message_id=message.pk, at=NOW)

    assert place(row, who).state == "calling"
    assert not is_troubled(message.pk)


def test_without_calls_it_ends_there(mara, who, sent):
    row = make.started(mara, channels=("sms", "email"))
    run()

    actions.go_on_otherwise(message_id=Message.objects.get().pk, at=NOW)

    assert place(row, who).stopped_why == "no_way"
