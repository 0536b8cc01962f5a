"""Every message that waits has a desk or a person, and a time by the hours of the desks."""

from datetime import time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from almoner.access.queries import Reading
from almoner.access.rules import Purpose
from almoner.access.tests import make as access
from almoner.ground import clock
from almoner.ground.constraints import violated
from almoner.ground.models import Event
from almoner.patients.tests import make as patients
from almoner.relations import actions, queries
from almoner.relations.models import DeskHours, DeskLead, Received
from almoner.relations.queries import unread
from almoner.relations.rules import Desk
from almoner.relations.rules.files import Came
from almoner.relations.tests.make import CYS, NOON, SECOND, mail_in, photo, text_in

HOUR = timedelta(hours=1)
DUE = 5 * HOUR  # four of work: nobody is there from noon to one
OTHER = "+16085550188"


@pytest.fixture(autouse=True)
def carried(clinic, sent):
    return sent


@pytest.fixture
def bea(db):
    return access.officer("bea")


def again(row):
    return Received.objects.select_related("owner").get(pk=row.pk)


def events_of(kind):
    return Event.objects.filter(kind=kind).order_by("id")


def listed(officer, show="waiting", at=NOON, channel=""):
    reading = Reading(officer, "conversations", Purpose.OPERATIONS, at, queue="texts received")
    page = queries.conversations(show=show, channel=channel, number=1, reading=reading)
    return page.object_list


# --- Whose it is, and until when.


def test_what_comes_in_is_the_front_desks_and_due_by_the_hours_of_the_desks():
    """Noon of a Monday: an hour of work is left today, three are tomorrow's."""
    DeskHours.objects.all().delete()
    for weekday in range(1, 6):
        DeskHours.objects.create(weekday=weekday, starts=time(8), ends=time(13))
    text = text_in("is there parking?")
    mail = mail_in("Is there parking?", sender="nobody@elsewhere.example")

    for row in (text, mail):
        assert (row.desk, row.owner_id) == (Desk.FRONT, None)
        assert row.answer_by == NOON + timedelta(days=1) - HOUR


def test_what_is_obeyed_by_itself_is_nobodys_work_and_has_no_time():
    row = text_in("STOP")

    assert (row.work, row.desk, row.answer_by) == (False, "", None)


def test_a_word_that_is_obeyed_with_a_photo_is_somebodys_work():
    row = text_in("STOP", files=[photo_came()])

    assert (row.desk, row.answer_by) == (Desk.FRONT, NOON + DUE)


def photo_came():
    return Came("a.png", photo())


@pytest.mark.parametrize("without", [{"desk": ""}, {"answer_by": None}, {"desk": "nowhere"}])
def test_the_database_lets_nothing_wait_without_a_desk_and_a_time(without):
    row = text_in("is there parking?")

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Received.objects.filter(pk=row.pk).update(**without)

    assert violated(refused.value, "received_waits_with_a_desk_and_a_time")


# --- Taken, given, and given back.


def test_who_takes_what_waits_has_all_of_it_in_that_conversation(ana):
    first, second = text_in("hello"), text_in("are you there?", at=NOON + SECOND)
    elsewhere = text_in("hello", sender=OTHER)

    count = actions.take_messages(officer=ana, conversation_id=first.conversation_id, at=NOON)

    assert count == 2
    assert (again(first).owner, again(second).owner) == (ana, ana)
    assert again(elsewhere).owner is None
    assert [each.data for each in events_of("relations.messages_given")] == [{"to": ana.name}]


def test_what_waits_too_long_is_the_leads_when_it_is_put_back(ana, bea):
    DeskLead.objects.create(desk=Desk.FRONT, officer=bea)
    row = text_in("hello")
    actions.take_messages(officer=ana, conversation_id=row.conversation_id, at=NOON)
    actions.tell_of_late(at=NOON + DUE)
    assert again(row).owner == ana

    actions.put_messages_back(officer=ana, conversation_id=row.conversation_id, at=NOON + DUE)

    assert again(row).owner == bea


def test_what_somebody_took_who_has_left_is_the_leads_when_it_is_late(ana, bea):
    DeskLead.objects.create(desk=Desk.FRONT, officer=bea)
    row = text_in("hello")
    actions.take_messages(officer=ana, conversation_id=row.conversation_id, at=NOON)
    ana.left_at = NOON
    ana.save()

    actions.tell_of_late(at=NOON + DUE)

    assert again(row).owner == bea


def test_what_is_given_back_is_the_desks_again(ana, bea):
    row = text_in("hello")
    where = row.conversation_id
    actions.give_messages(officer=ana, conversation_id=where, owner=bea, at=NOON)
    assert again(row).owner == bea

    actions.put_messages_back(officer=bea, conversation_id=where, at=NOON)

    assert again(row).owner is None
    assert again(row).answer_by == row.answer_by


def test_nothing_is_given_to_somebody_who_does_not_answer_messages(ana):
    row = text_in("hello")
    bill = access.officer("bill", roles=["biller"])

    with pytest.raises(actions.MessageRefused) as refused:
        actions.give_messages(officer=ana, conversation_id=row.conversation_id, owner=bill, at=NOON)

    assert refused.value.reason == "no_owner"
    assert again(row).owner is None
    with pytest.raises(PermissionDenied):
        actions.take_messages(officer=bill, conversation_id=row.conversation_id, at=NOON)


def test_what_was_seen_to_meanwhile_is_taken_by_nobody(ana, bea):
    row = text_in("hello")
    actions.see_to_text(officer=bea, received=row, why="called", at=NOON)

    with pytest.raises(actions.MessageRefused):
        actions.take_messages(officer=ana, conversation_id=row.conversation_id, at=NOON)


def test_whose_it_is_and_when_it_is_due_go_along_when_it_is_known_who_wrote(ana):
    cy = patients.patient()
    row = text_in("hello")
    actions.take_messages(officer=ana, conversation_id=row.conversation_id, at=NOON)

    actions.recognise(officer=ana, received=row, patient_id=cy.pk, at=NOON + HOUR)

    assert (again(row).owner, again(row).answer_by) == (ana, NOON + DUE)


# --- Too late.


def test_what_nobody_took_in_time_becomes_the_leads_and_is_told_once(ana, bea):
    DeskLead.objects.create(desk=Desk.FRONT, officer=bea)
    row = text_in("is there parking?")

    assert actions.tell_of_late(at=NOON + DUE - SECOND) == 0
    assert actions.tell_of_late(at=NOON + DUE) == 1
    assert actions.tell_of_late(at=NOON + 2 * DUE) == 0
    assert (again(row).owner, again(row).late_at) == (bea, NOON + DUE)
    assert [each.data for each in events_of("relations.message_late")] == [{"channel": "sms"}]


def test_whoever_took_it_keeps_what_is_late(ana, bea):
    DeskLead.objects.create(desk=Desk.FRONT, officer=bea)
    row = mail_in("Parking?", sender="nobody@elsewhere.example")
    actions.take_messages(officer=ana, conversation_id=row.conversation_id, at=NOON)

    actions.tell_of_late(at=NOON + DUE)

    assert again(row).owner == ana


def test_what_was_seen_to_is_never_late(ana):
    row = text_in("hello")
    actions.see_to_text(officer=ana, received=row, why="called", at=NOON)

    assert actions.tell_of_late(at=NOON + DUE) == 0


# --- The list.


def test_what_is_due_first_stands_first_though_it_came_later(ana):
    first = text_in("hello")
    second = text_in("quick", sender=OTHER, at=NOON + SECOND)
    Received.objects.filter(pk=second.pk).update(answer_by=NOON + HOUR)

    lines = listed(ana, at=NOON + 2 * HOUR)

    assert [each.id for each in lines] == [second.conversation_id, first.conversation_id]
    assert [each.late for each in lines] == [True, False]
    assert [each.due_at for each in lines] == [NOON + HOUR, NOON + DUE]
    assert {(each.desk, each.owner) for each in lines} == {(Desk.FRONT, "")}


def test_mine_is_what_i_took(ana, bea):
    row = text_in("hello")
    text_in("hello", sender=OTHER)
    actions.take_messages(officer=ana, conversation_id=row.conversation_id, at=NOON)

    assert [each.owner for each in listed(ana, "mine")] == [ana.name]
    assert listed(bea, "mine") == []
    assert unread.waiting(ana, NOON + DUE + SECOND) == unread.Unread(2, NOON + DUE, 2, 1)


def test_the_list_asks_as_many_questions_for_many_as_for_one(ana, django_assert_num_queries):
    for number in range(12):
        row = text_in("hello", sender=f"+160855502{number:02d}")
        actions.take_messages(officer=ana, conversation_id=row.conversation_id, at=NOON)

    with django_assert_num_queries(5):
        listed(ana)


def test_by_its_page_a_message_is_taken_and_the_list_says_whose_it_is(client, ana, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON + DUE + SECOND)
    client.force_login(ana)
    row = text_in("hello", sender=CYS)
    page = client.get(reverse("conversation_from", args=[row.conversation_id]))
    assert "Take what waits" in page.content.decode()

    where = reverse("messages_belong", args=[row.conversation_id])
    answer = client.post(where, {"act": "take"}, headers={"HX-Request": "true"})

    assert answer.headers["HX-Refresh"] == "true"
    listed_page = client.get(reverse("conversations")).content.decode()
    assert ana.name in listed_page
    assert "Late" in listed_page
    assert client.post(where, {"act": "burn"}).status_code == 404
    given = client.post(where, {"act": "give", "owner": ana.pk}, headers={"HX-Request": "true"})
    assert given.headers["HX-Refresh"] == "true"
    first = client.get("/").content.decode()
    assert "1 late" in first
    assert "1 of yours" in first
