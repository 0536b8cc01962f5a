"""Whoever asked for confidential contact is reached so alone, by everything that leaves."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from almoner.access.tests import make as access
from almoner.ground import outbox
from almoner.ground.constraints import violated
from almoner.ground.models import Outgoing
from almoner.patients import actions as patients
from almoner.patients.models import ConfidentialContact
from almoner.patients.queries import mail_lines
from almoner.patients.rules.confidential import Ways, allows
from almoner.relations import actions, queries
from almoner.relations.actions.settling import MessageRefused, Refusal
from almoner.relations.exchange import letter_data
from almoner.relations.models import Conversation
from almoner.relations.tests.make import (
    CYS,
    NOON,
    THEIRS,
    complete,
    mail_in,
    queued,
    text_in,
)

NEW, OWN_MAIL = "+13125550144", "cy.own@people.example"
HOME_MAIL = THEIRS


@pytest.fixture(autouse=True)
def house(clinic, sent):
    return sent


def asks(ana, person, **ways):
    return patients.ask_confidential(officer=ana, patient_id=person.pk, ways=Ways(**ways), at=NOON)


def leave(item):
    outbox.try_delivery(item.pk, at=NOON)
    item.refresh_from_db()
    return item


@pytest.mark.parametrize(
    ("ways", "reached"),
    [
        ({"phone": NEW, "may_text": True}, (NEW, True, None)),
        ({"phone": NEW}, (NEW, False, None)),
        ({"email": OWN_MAIL}, (None, False, OWN_MAIL)),
        ({"phone": NEW, "may_text": True, "email": OWN_MAIL}, (NEW, True, OWN_MAIL)),
        ({"address": "PO Box 7\nSpringfield IL 62701"}, (None, False, None)),
        ({}, (None, False, None)),
    ],
)
def test_a_patient_is_reached_in_the_ways_asked_for_and_in_no_other(ana, cy, ways, reached):
    asks(ana, cy, **ways)

    found = queries.reach(cy.pk)
    assert (found.phone, found.may_text, found.email) == reached
    assert mail_lines(cy.pk) == ways.get("address", "").splitlines()
    assert queries.mailable(cy.pk, "billing") == (reached[2] or "")


def test_and_in_every_way_again_once_it_is_ended(ana, cy):
    before, mail = queries.reach(cy.pk), mail_lines(cy.pk)
    row = asks(ana, cy)

    patients.end_confidential(officer=ana, patient_id=cy.pk, asked_id=row.pk, at=NOON)

    assert (queries.reach(cy.pk), mail_lines(cy.pk)) == (before, mail)


def test_who_asks_anew_has_one_request_and_the_database_takes_no_second(ana, cy):
    asks(ana, cy, phone=NEW)
    asks(ana, cy, email=OWN_MAIL)

    assert ConfidentialContact.objects.filter(patient=cy, ended_at=None).count() == 1
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        ConfidentialContact.objects.create(patient=cy, since=NOON)
    assert violated(refused.value, "confidential_contact_one_open")


def test_what_waits_already_is_asked_again_when_it_is_sent(ana, cy, sent):
    waiting = queued(patient=cy)
    mail = outbox.put(
        channel="email", key="m", payload={"to": HOME_MAIL, "subject": "x", "body": "x"},
        about=cy, patient_id=cy.pk, at=NOON,
    )  # fmt: skip
    asks(ana, cy, phone=NEW, may_text=True)

    assert leave(waiting).state == "failed"
    assert leave(waiting).trouble == "The patient asked for confidential contact, in another way"
    assert leave(Outgoing.objects.get(pk=mail.pk)).state == "failed"
    assert leave(queued(NEW, patient=cy)).state == "sent"
    assert [to for to, _body in sent] == [NEW]


def test_a_phone_that_may_be_called_is_not_texted(ana, cy):
    asks(ana, cy, phone=NEW)

    assert leave(queued(NEW, patient=cy)).state == "failed"
    assert actions.tell(
        patient_id=cy.pk, text="message-waits", facts=lambda _: {"link": ""}, step="s", at=NOON
    ) == []  # fmt: skip


def test_an_answer_does_not_go_back_to_where_the_patient_is_not_to_be_reached(ana, cy):
    row = text_in("Is my visit today?")
    actions.recognise(officer=ana, received=row, patient_id=cy.pk, at=NOON)
    asks(ana, cy, email=OWN_MAIL)
    row.refresh_from_db()

    with pytest.raises(MessageRefused) as refused:
        actions.answer(
            officer=ana, received=row, words="Yes", key="k", about=None, up_to=row.pk, at=NOON
        )
    assert refused.value.reason == Refusal.CONFIDENTIAL
    targets = queries.targets(Conversation.objects.get(patient=cy), cy.pk, at=NOON)
    assert [each.channel for each in targets] == ["email"]


def test_a_call_from_either_number_says_so_at_once(ana, cy):
    asks(ana, cy, phone=NEW)
    reading = access.reading(ana, at=NOON)

    for number in (CYS, NEW):
        [caller], _more = queries.callers(number, today=NOON.date(), reading=reading)
        assert caller.only == "Confidential contact: only (312) 555-0144, no texts"


def test_who_writes_from_the_way_asked_for_is_known_by_it(ana, cy):
    asks(ana, cy, phone=NEW, may_text=True, email=OWN_MAIL)

    row = mail_in("It is me", sender=OWN_MAIL)

    assert queries.holders("email", row.sender).get() == cy
    assert queries.holders("sms", NEW).get() == cy


def test_the_letter_of_a_grievance_goes_as_asked_and_by_no_other_way(ana, cy, grievance, clinic):
    complete(ana, grievance)
    letter = actions.draft(officer=ana, case=grievance, kind="answer", at=NOON)

    def addressed():
        return letter_data(letter, clinic, reading=access.reading(ana))["to"][1:]

    assert addressed() == ["12 Main St", "Springfield IL 62701"]
    asks(ana, cy, address="PO Box 7\nSpringfield IL 62701")
    assert addressed() == ["PO Box 7", "Springfield IL 62701"]
    with pytest.raises(actions.CaseRefused):  # they wrote by e-mail, and ask for none now
        actions.mail_letter(officer=ana, letter=letter, at=NOON)
    asks(ana, cy, email=OWN_MAIL)
    assert addressed() == []
    with pytest.raises(actions.CaseRefused) as refused:
        actions.post_letter(officer=ana, letter=letter, certified="7000 1", at=NOON)
    assert refused.value.reason == "confidential"
    assert actions.mail_letter(officer=ana, letter=letter, at=NOON).message.address == OWN_MAIL


WAYS = st.builds(
    Ways,
    phone=st.sampled_from(["", NEW, CYS]),
    may_text=st.booleans(),
    email=st.sampled_from(["", OWN_MAIL, HOME_MAIL]),
    address=st.sampled_from(["", "PO Box 7"]),
)


@given(
    WAYS,
    st.sampled_from(["sms", "voice", "email"]),
    st.sampled_from([NEW, CYS, OWN_MAIL, HOME_MAIL]),
)
def test_nothing_is_allowed_that_was_not_named(ways, channel, address):
    texted = ways.phone if ways.may_text else ""
    named = {"sms": texted, "voice": ways.phone, "email": ways.email}[channel]

    assert allows(ways, channel, address) is (named == address)
    assert allows(None, channel, address)
    assert allows(ways, "portal", "thread:1")
