"""E-mails that come in: threaded by the address we signed, kept once, and answered."""

import re
from email.message import EmailMessage
from uuid import uuid4

import pytest
from django.core import mail as outbound
from django.urls import reverse

from almoner.access.tests import make as access
from almoner.edges import mail
from almoner.ground import clock, outbox
from almoner.ground.models import Event
from almoner.patients.models import Email
from almoner.patients.tests import make as patients
from almoner.relations import actions
from almoner.relations.models import Conversation, File, Message, Received
from almoner.relations.reactions import look_at as react
from almoner.relations.tests.make import NOON, photo

URL, SECRET = "https://desk.example/messages/mail/", "a secret"
CYS = "Cy@people.example"


@pytest.fixture(autouse=True)
def ours(clinic, settings, monkeypatch):
    settings.EMAIL_WEBHOOK_URL, settings.EMAIL_WEBHOOK_SECRET = URL, SECRET
    settings.EMAIL_REPLY, settings.EMAIL_HOST = "reply@clinic.example", "127.0.0.1"
    monkeypatch.setattr(clock, "now", lambda: NOON)


@pytest.fixture
def ana(client):
    officer = access.officer("ana")
    client.force_login(officer)
    return officer


@pytest.fixture
def cy():
    patient = patients.patient()
    Email.objects.create(patient=patient, address=CYS)
    return patient


@pytest.fixture
def written(ana, cy):
    """An e-mail an officer wrote to Cy, as it left."""
    message = actions.write(
        officer=ana, patient_id=cy.pk, channel="email", words="Please bring the form",
        key=uuid4().hex, about=None, at=NOON,
    )  # fmt: skip
    outbox.try_delivery(message.outgoing_id, at=NOON)
    [left] = outbound.outbox
    return left


def hand_on(
    client, *, to, sender=CYS, text="I will", mark=None, message_id=None, late=0, **headers
):
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = sender, to, "Re: Northlight"
    letter["Message-ID"] = message_id or f"<{uuid4().hex}@people.example>"
    for name, value in headers.items():
        letter[name.replace("_", "-")] = value
    letter.set_content(text)
    raw = letter.as_bytes()
    given = (
        mail.signature(URL, raw, SECRET, at=int(NOON.timestamp()) - late) if mark is None else mark
    )
    return client.post(
        "/messages/mail/", raw, content_type="message/rfc822", headers={mail.SIGNATURE: given}
    ).status_code


def test_an_e_mail_leaves_with_a_signed_address_that_names_nobody(written, cy):
    [reply_to] = written.reply_to

    assert reply_to.startswith("reply+")
    assert reply_to.endswith("@clinic.example")
    assert "Auto-Submitted" not in written.extra_headers
    assert len(reply_to.partition("@")[0]) <= 64


def test_without_an_address_for_mail_no_answer_is_asked_for(ana, cy, settings):
    settings.EMAIL_WEBHOOK_URL = ""
    message = actions.write(officer=ana, patient_id=cy.pk, channel="email", words="x",
                            key=uuid4().hex, about=None, at=NOON)  # fmt: skip
    outbox.try_delivery(message.outgoing_id, at=NOON)

    assert outbound.outbox[0].reply_to == []


def test_an_answer_to_the_signed_address_is_part_of_that_conversation(client, written, cy, ana):
    text = "I will.\n\nOn that day, the clinic wrote:\n> Please bring the form"
    assert hand_on(client, to=written.reply_to[0], text=text) == 200

    [row] = Received.objects.all()
    where = reverse("conversation_with", args=[cy.pk])
    page = client.get(where, {"for": f"received:{row.pk}"}).content.decode()
    assert (row.patient_id, row.conversation.patient_id) == (cy.pk, cy.pk)
    assert (row.body, row.work) == (text, True)
    assert '<p class="talk-words">I will.</p>' in page
    assert "What they quoted" in page
    assert Event.objects.latest("id").patient_id == cy.pk


@pytest.mark.parametrize("change", [
    lambda address: address.replace("-", "-0", 1)[:-1] + "x",
    lambda address: address.replace("reply+", "reply+9"),
    lambda _address: "reply@clinic.example",
    lambda _address: "reply+1-000000000000000000000000@clinic.example",
])  # fmt: skip
def test_a_wrong_or_missing_mark_leaves_it_with_nobody(client, written, change):
    assert hand_on(client, to=change(written.reply_to[0])) == 200

    [row] = Received.objects.all()
    assert (row.patient_id, row.conversation.address) == (None, "cy@people.example")
    assert Event.objects.latest("id").patient_id is None


def test_who_answers_from_elsewhere_is_nobody_until_somebody_says(client, written):
    hand_on(client, to=written.reply_to[0], sender="neighbour@people.example")

    assert Received.objects.get().patient_id is None


def test_an_answer_that_lost_the_signed_address_is_known_by_what_it_answers(client, written, cy):
    name = written.extra_headers["Message-ID"]
    hand_on(client, to="desk@clinic.example", In_Reply_To=name)
    hand_on(client, to="desk@clinic.example", References=f"<first@elsewhere.example> {name}")

    assert list(Received.objects.values_list("patient_id", flat=True)) == [cy.pk, cy.pk]


def test_what_it_answers_says_nothing_when_another_address_wrote(client, written):
    name = written.extra_headers["Message-ID"]
    hand_on(client, to="desk@clinic.example", sender="neighbour@people.example", In_Reply_To=name)

    assert Received.objects.get().patient_id is None


def test_the_name_of_an_e_mail_cannot_be_guessed(client, written):
    name = written.extra_headers["Message-ID"]
    mark = re.search(r"-([0-9a-f]{24})@", name)[1]
    reply_mark = written.reply_to[0].partition("-")[2].partition("@")[0]
    for forged in (name.replace(mark, "0" * 24), name.replace(mark, reply_mark),
                   name.replace(f"-{mark}", "")):  # fmt: skip
        hand_on(client, to="desk@clinic.example", In_Reply_To=forged)

    assert set(Received.objects.values_list("patient_id", flat=True)) == {None}


def test_what_is_attached_to_an_answer_waits_with_the_patients_documents(client, written, cy):
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Message-ID"] = CYS, written.reply_to[0], "<7@p.example>"
    letter.set_content("My card")
    letter.add_attachment(photo(), maintype="image", subtype="png", filename="card.png")
    raw = letter.as_bytes() + b"\n" * 3_000_000  # larger than a form may be
    mark = mail.signature(URL, raw, SECRET, at=int(NOON.timestamp()))
    answer = client.post(
        "/messages/mail/", raw, content_type="message/rfc822", headers={mail.SIGNATURE: mark}
    )
    assert answer.status_code == 200

    react(Event.objects.get(kind="relations.files_came"))

    [file] = File.objects.all()
    assert (file.received.patient_id, file.name, file.state) == (cy.pk, "card.png", "handed_on")


@pytest.mark.parametrize("mark", ["", "t=1,v1=00", "forged"])
def test_what_was_not_signed_is_refused_and_nothing_is_written(client, mark):
    assert hand_on(client, to="reply@clinic.example", mark=mark) == 403
    assert not Conversation.objects.exists()


def test_a_replay_is_refused_when_late_and_changes_nothing_when_soon(client, written, monkeypatch):
    facts = {"to": written.reply_to[0], "message_id": "<1@people.example>"}
    assert [hand_on(client, **facts), hand_on(client, **facts)] == [200, 200]
    assert Received.objects.count() == 1

    assert hand_on(client, to="x@c.example", late=299) == 200
    assert hand_on(client, to="x@c.example", late=301) == 403


def test_what_is_too_large_is_told_to_its_sender(client):
    answer = client.post(
        "/messages/mail/", b"x" * (mail.LARGEST + 1), content_type="message/rfc822"
    )

    assert answer.status_code == 413


def test_a_signed_mail_that_nobody_could_be_answered_by_is_refused(client):
    assert hand_on(client, to="reply@clinic.example", sender="nobody") == 400


def test_a_machines_answer_is_kept_and_is_nobodys_work(client, written, ana, cy):
    hand_on(client, to=written.reply_to[0], text="I am away", Auto_Submitted="auto-replied")

    assert not Received.objects.filter(work=True).exists()
    page = client.get(reverse("conversation_with", args=[cy.pk])).content.decode()
    assert "Sent by a machine" in page


def test_somebody_says_whose_it_is_and_the_answer_goes_to_where_it_came_from(client, ana, cy):
    hand_on(client, to="desk@clinic.example")
    [row] = Received.objects.all()
    page = client.get(reverse("conversation_from", args=[row.conversation_id])).content.decode()
    assert "Garcia, Cy wrote it" in page

    client.post(reverse("text_is_from", args=[row.pk, cy.pk]))
    where = reverse("conversation_with", args=[cy.pk])
    form = {"to": "email cy@people.example", "words": "Thank you", "key": uuid4().hex,
            "seen": Received.objects.latest("id").pk}  # fmt: skip
    client.post(where, form)

    message = Message.objects.get()
    outbox.try_delivery(message.outgoing_id, at=NOON)
    [left] = outbound.outbox
    assert (left.to, left.subject) == (["cy@people.example"], "Re: Northlight")
    assert (message.patient_id, message.answers_id) == (cy.pk, row.pk)
