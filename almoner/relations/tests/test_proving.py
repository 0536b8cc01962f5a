"""Whose a phone or an address is: a code goes there, and whoever holds it reads it back."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as some

from almoner.access.tests import make as access
from almoner.ground import clock
from almoner.ground.models import Event
from almoner.patients.models import Email, Phone, ProvenAddress
from almoner.patients.tests import make as patients
from almoner.relations import actions, queries
from almoner.relations.actions import MessageRefused, Refusal
from almoner.relations.models import AddressCode, Message
from almoner.relations.rules import proving
from almoner.relations.tests.make import CYS, NOON, landline

OTHERS = "+13125550199"


@pytest.fixture(autouse=True)
def at_noon(clinic, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)


@pytest.fixture
def ana(client):
    officer = access.officer("ana")
    client.force_login(officer)
    return officer


@pytest.fixture
def cy(db):
    patient = patients.patient(family="Example", given="Cy")
    Phone.objects.filter(patient=patient).delete()
    Phone.objects.create(patient=patient, number=CYS)
    return patient


def send(officer, patient, *, address=CYS, channel="sms", at=NOON):
    return actions.send_code(
        officer=officer, patient_id=patient.pk, channel=channel, address=address, at=at
    )


def hear(officer, patient, typed, *, address=CYS, channel="sms", at=NOON):
    return actions.hear_code(
        officer=officer, patient_id=patient.pk, channel=channel, address=address, typed=typed,
        at=at,
    )  # fmt: skip


def sent_code():
    """The code as it stands in the newest message."""
    return re.search(r"\d{3} \d{3}", Message.objects.latest("id").body).group()


def other_than(code):
    return f"{(int(proving.as_typed(code)) + 1) % 10**6:06}"


def test_the_right_code_shows_whose_the_phone_is(ana, cy):
    send(ana, cy)

    assert hear(ana, cy, sent_code())

    row = ProvenAddress.objects.get()
    assert (row.patient_id, row.channel, row.address, row.how) == (cy.pk, "sms", CYS, "read back")
    said = Event.objects.get(kind="patients.address_proven")
    assert (said.patient_id, said.by_id) == (cy.pk, ana.pk)


def test_a_code_is_good_once(ana, cy):
    send(ana, cy)
    code = sent_code()
    hear(ana, cy, code)

    with pytest.raises(MessageRefused) as refused:
        hear(ana, cy, code)

    assert refused.value.reason is Refusal.CODE_OVER


def test_five_wrong_ones_end_it(ana, cy):
    send(ana, cy)
    code = sent_code()

    tried = [hear(ana, cy, other_than(code)) for _try in range(proving.TRIES)]

    assert not any(tried)
    with pytest.raises(MessageRefused):
        hear(ana, cy, code)
    assert not ProvenAddress.objects.exists()


def test_it_is_good_for_a_quarter_of_an_hour(ana, cy):
    send(ana, cy)
    code = sent_code()

    with pytest.raises(MessageRefused):
        hear(ana, cy, code, at=NOON + proving.LASTS)

    assert hear(ana, cy, code, at=NOON + proving.LASTS - timedelta(seconds=1))


def test_of_two_codes_the_newer_is_good(ana, cy):
    send(ana, cy)
    older = sent_code()
    send(ana, cy)
    newer = sent_code()

    assert older == newer or not hear(ana, cy, older)
    assert hear(ana, cy, newer)


def test_a_fourth_within_a_day_is_not_sent(ana, cy):
    for _each in range(proving.MOST):
        send(ana, cy)

    with pytest.raises(MessageRefused) as refused:
        send(ana, cy)

    assert refused.value.reason is Refusal.OFTEN
    assert AddressCode.objects.filter(used_at=None).count() == 1
    send(ana, cy, at=NOON + proving.DAY)


@pytest.mark.parametrize("channel", ["sms", "email"])
def test_an_address_that_is_not_theirs_gets_none(ana, cy, channel):
    with pytest.raises(MessageRefused) as refused:
        send(ana, cy, address=OTHERS if channel == "sms" else "who@people.example", channel=channel)

    assert refused.value.reason is Refusal.NOT_THEIRS
    assert not Message.objects.exists()


def test_a_landline_gets_none(ana, cy):
    landline()

    with pytest.raises(MessageRefused) as refused:
        send(ana, cy)

    assert refused.value.reason is Refusal.SILENCED


def test_who_may_not_write_to_patients_sends_and_hears_none(cy):
    nobody = access.officer("mo", roles=("privacy",))

    with pytest.raises(PermissionDenied):
        send(nobody, cy)
    with pytest.raises(PermissionDenied):
        hear(nobody, cy, "123456")


def test_an_e_mail_address_too(ana, cy):
    Email.objects.create(patient=cy, address="Cy@people.example")
    send(ana, cy, address="cy@people.example", channel="email")

    assert hear(ana, cy, sent_code(), address="cy@people.example", channel="email")


def test_nobody_at_the_desk_reads_the_code_in_the_conversation(ana, cy, client):
    send(ana, cy)

    page = client.get(reverse("conversation_with", args=[cy.pk])).content.decode()

    assert proving.HIDDEN in page
    assert sent_code() not in page


def test_the_page_sends_hears_and_shows_it(ana, cy, client):
    where = {"where": f"sms:{CYS}"}
    may = reverse("may_be_sent", args=[cy.pk])

    asked = client.post(reverse("send_code", args=[cy.pk]), where, follow=True)
    wrong = client.post(
        reverse("hear_code", args=[cy.pk]), {**where, "code": other_than(sent_code())}
    )
    right = client.post(
        reverse("hear_code", args=[cy.pk]), {**where, "code": sent_code()}, follow=True
    )

    assert "as they read it back" in asked.content.decode()
    assert wrong.status_code == 422
    assert "That is not the code" in wrong.content.decode()
    assert "Shown to be theirs" in right.content.decode()
    assert "A code that was sent there was read back" in client.get(may).content.decode()
    opened = {"said": "phone", "confirmed_by": ["birth_date", "phone"]}
    record = client.post(reverse("open_patient", args=[cy.pk]), opened, follow=True)
    assert "shown to be theirs" in record.content.decode()


def test_where_a_landline_is_the_page_says_that_no_texts_go(ana, cy):
    landline()

    [text, _calls] = queries.places(cy.pk, at=NOON)

    assert text.no_code
    assert not any(each.may for each in text.purposes)


@given(number=some.integers(0, 10**proving.DIGITS - 1), between=some.sampled_from(["", " ", "-"]))
def test_a_code_is_read_aloud_and_typed_as_it_pleases(number, between):
    read = proving.as_read(number)

    assert proving.as_typed(read.replace(" ", between)) == f"{number:06}"


@given(number=some.integers(0, 10**proving.DIGITS - 1))
def test_a_text_shows_no_code_to_others(number):
    code = proving.as_read(number)
    body = proving.TO_READ_BACK.shipped["en"][1].format(
        clinic="We", phone="312 555 0100", code=code
    )

    hidden = proving.without_code(proving.TO_READ_BACK.code, body)

    assert code not in hidden
    assert proving.without_code("reminder", body) == body
