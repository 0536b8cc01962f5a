"""Running a campaign: who is written to, when, in which words and how often."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from almoner.ground.models import Outgoing
from almoner.outreach import actions, queries
from almoner.outreach.models import Enrolment, Step
from almoner.outreach.rules import held_out
from almoner.outreach.tests import make
from almoner.outreach.tests.make import DAY, NOW, place
from almoner.outreach.tests.test_campaigns.shared import HOUR, breaks_for, deliver, run
from almoner.relations import actions as relations
from almoner.relations.models import Consent, Message


def test_somebody_due_is_written_to_once_in_their_language(mara, who, sent):
    spanish = make.due("Paz", language="es-MX")
    row = make.started(mara)

    run()
    run(NOW + HOUR)

    texts = dict(sent)
    assert len(sent) == 2
    assert texts[who.phones.get().number].startswith("Blue Harbor Clinic: It has been a while")
    assert "Responda ALTO" in texts[spanish.phones.get().number]
    assert place(row, who).state == "reached"
    assert Step.objects.filter(enrolment=place(row, who)).count() == 1


def test_no_more_are_written_to_in_a_day_than_the_pace(mara, sent):
    for each in range(5):
        make.due(f"Due {each}")
    make.started(mara, pace=2)

    counted = []
    for day in range(4):
        run(NOW + day * DAY)
        counted.append(len(sent))

    assert counted == [2, 4, 5, 5]


def test_the_pace_holds_also_after_days_on_which_nothing_ran(mara, sent):
    for each in range(5):
        make.due(f"Due {each}")
    make.started(mara, pace=2)

    run(NOW + 9 * DAY)

    assert len(sent) == 2


def test_whoever_does_not_react_is_reminded_once(mara, who, sent):
    make.started(mara, remind_after_days=10)

    for day in (0, 9, 10, 11, 25):
        run(NOW + day * DAY)

    assert len(sent) == 2


def test_those_held_out_are_never_written_to_and_the_database_sees_to_it(mara, sent):
    people = [make.due(f"Due {each}") for each in range(12)]
    row = make.started(mara, held_out_percent=50)
    out = [each for each in people if place(row, each).held_out]

    run()
    run(NOW + 40 * DAY)

    assert {each.pk for each in out} == {
        each.pk for each in people if held_out(row.pk, each.pk, percent=50)
    }
    assert {to for to, _ in sent}.isdisjoint(each.phones.get().number for each in out)
    for change in ({"steps": 1}, {"state": "waiting"}, {"next_at": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Enrolment.objects.filter(campaign=row, held_out=True).update(**change)


def test_a_word_on_e_mails_holds_however_the_address_is_written(ana):
    who = make.due(phones=(), emails=("Who@People.example",))
    relations.record_consent(
        officer=ana, patient_id=who.pk, channel="email", address="who@people.example",
        purpose="care", given=False, words="No e-mails", at=NOW,
    )  # fmt: skip

    assert queries.standing([who.pk], queries.Terms(), at=NOW)[who.pk].left == "opted_out"


def test_an_e_mail_that_advertises_ends_with_the_link_that_ends_such(mara, ana, settings):
    settings.ADDRESS = "https://desk.example"
    who = make.due(phones=(), emails=("who@people.example",))
    relations.record_consent(
        officer=ana, patient_id=who.pk, channel="email", address="who@people.example",
        purpose="marketing", given=True, words="Yes", at=NOW,
    )  # fmt: skip
    make.started(mara, purpose="marketing")

    actions.send_due(at=NOW)

    message = Message.objects.get()
    assert message.body.splitlines()[-1] == relations.no_more_link(message.pk)
    assert relations.end_mails(message_id=message.pk, by_program=False, at=NOW)


def test_an_e_mail_of_care_has_no_such_link(mara, settings):
    settings.ADDRESS = "https://desk.example"
    make.due(phones=(), emails=("who@people.example",))
    make.started(mara)

    actions.send_due(at=NOW)

    assert Message.objects.get().body.endswith("answer and say so.")


def test_somebody_whose_step_fails_stops_nobody_behind_them(mara, monkeypatch):
    first, second = make.due("First"), make.due("Second")
    row = make.started(mara)
    Enrolment.objects.filter(patient=first).update(next_at=NOW - HOUR)
    breaks_for(first, monkeypatch)
    with pytest.raises(ExceptionGroup, match="enrolment: 1 failed"):
        actions.send_due(at=NOW)

    assert (place(row, first).state, place(row, second).state) == ("waiting", "reached")


def test_who_always_fails_keeps_no_place_of_the_pace_from_those_behind(mara, monkeypatch):
    first, second = make.due("First"), make.due("Second")
    row = make.started(mara, pace=1)
    Enrolment.objects.filter(patient=first).update(next_at=NOW - HOUR)
    Enrolment.objects.filter(patient=second).update(next_at=NOW)
    breaks_for(first, monkeypatch)
    with pytest.raises(ExceptionGroup):
        actions.send_due(at=NOW)
    assert actions.send_due(at=NOW + timedelta(minutes=1)) == 1
    assert place(row, second).state == "reached"

    monkeypatch.undo()
    actions.send_due(at=NOW + DAY)
    assert place(row, first).state == "reached"


def test_consent_taken_back_otherwise_is_seen_before_the_step(mara, who, sent):
    row = make.started(mara, channels=("sms",))
    who.phones.update(may_text=False)

    run()

    assert (sent, place(row, who).stopped_why) == ([], "opted_out")


def test_advertising_is_sent_as_advertising(mara, sent, ana):
    who = make.due()
    number = who.phones.get().number
    Consent.objects.create(
        channel="sms", address=number, purpose="marketing", given=True, how="told",
        evidence="said so", at=NOW, by_id=ana.pk,
    )  # fmt: skip
    make.started(mara, purpose="marketing")
    actions.send_due(at=NOW)
    item = Outgoing.objects.get(channel="sms")
    assert (item.payload["purpose"], item.payload["asked_for"]) == ("marketing", False)

    Consent.objects.create(
        channel="sms", address=number, purpose="marketing", given=False, how="told",
        evidence="no more", at=NOW, by_id=ana.pk,
    )  # fmt: skip
    deliver()

    assert sent == []


def test_at_night_it_waits_for_the_morning(mara, who, sent):
    night = NOW + timedelta(hours=14)  # 2 AM
    make.started(mara, at=night)

    actions.send_due(at=night)
    deliver(night)
    assert sent == []

    deliver(night + timedelta(hours=7))
    assert len(sent) == 1
