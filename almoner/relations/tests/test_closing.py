"""E-mails that come back, are reported as unwanted, or are ended by whoever gets them."""

import smtplib
from datetime import timedelta
from email.message import EmailMessage
from uuid import uuid4

import pytest
from django.conf import settings
from django.core import mail as outbound
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from almoner.access.tests import make as access
from almoner.edges import mail
from almoner.edges.reports import Fate, read_report
from almoner.ground import clock, outbox
from almoner.ground.constraints import violated
from almoner.ground.models import Event
from almoner.patients.models import Email, Phone
from almoner.patients.tests import make as patients
from almoner.relations import actions, queries, rules
from almoner.relations.models import ClosedAddress, Consent, Delivery, Received
from almoner.relations.queries import texts
from almoner.relations.rules import TextKind
from almoner.relations.tests.make import NOON

URL, SECRET = "https://desk.example/messages/mail/", "a secret"
CYS = "Cy@people.example"
LATER = NOON + timedelta(hours=1)
NEWS = TextKind(
    code="news",
    name="News",
    channels=("email",),
    fields=("clinic",),
    purpose="marketing",
    shipped={
        "en": ("News", "A new doctor. {address} {opt_out}"),
        "es": ("Noticias", "Un médico nuevo. {address} {opt_out}"),
    },
)


@pytest.fixture(autouse=True)
def ours(clinic, settings, monkeypatch):
    settings.EMAIL_WEBHOOK_URL, settings.EMAIL_WEBHOOK_SECRET = URL, SECRET
    settings.EMAIL_REPLY, settings.EMAIL_HOST = "reply@clinic.example", "127.0.0.1"
    settings.ADDRESS = "https://desk.example"
    monkeypatch.setitem(texts._kinds, "news", NEWS)
    monkeypatch.setattr(clock, "now", lambda: NOON)


@pytest.fixture
def ana(client):
    officer = access.officer("ana")
    client.force_login(officer)
    return officer


@pytest.fixture
def cy():
    patient = patients.patient()
    Phone.objects.filter(patient=patient).delete()
    Email.objects.create(patient=patient, address=CYS)
    return patient


def write(officer, cy, *, at=NOON):
    message = actions.write(
        officer=officer, patient_id=cy.pk, channel="email", words="Please bring the form",
        key=uuid4().hex, about=None, at=at,
    )  # fmt: skip
    outbox.try_delivery(message.outgoing_id, at=at)
    message.outgoing.refresh_from_db()
    return message


def news(cy, *, at=NOON, step="news-1"):
    (message,) = actions.tell(
        patient_id=cy.pk, text="news", facts=lambda _language: {}, step=step, by=("email",), at=at
    )
    outbox.try_delivery(message.outgoing_id, at=at)
    message.outgoing.refresh_from_db()
    return message


def agree(officer, cy, purpose="marketing", *, given=True):
    return actions.record_consent(
        officer=officer, patient_id=cy.pk, channel="email", address=CYS.lower(), purpose=purpose,
        given=given, words="Yes, send me those", at=NOON,
    )  # fmt: skip


def bounce(to, *, action="failed", status="5.1.1", returned="Reply-To: {to}", sender="", inner=""):
    """A delivery status notification as mail servers write it."""
    return (
        f"From: Mail Delivery System <{sender}>\r\nTo: {to}\r\nSubject: Undelivered\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.people.example\r\n\r\n"
        f"Final-Recipient: rfc822; {CYS}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 {status} no such user\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{returned.format(to=to)}\r\n{inner}\r\n"
        "--b--\r\n"
    ).encode()


def complaint(reply_to, *, kind="abuse"):
    """An abuse report as mailbox providers write it."""
    return (
        "From: Feedback <feedback@mailbox.example>\r\nTo: abuse@clinic.example\r\nSubject: FW\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nThis is an abuse report.\r\n"
        "--b\r\nContent-Type: message/feedback-report\r\n\r\n"
        f"Feedback-Type: {kind}\r\nUser-Agent: FBL/1.0\r\nVersion: 1\r\n\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\n"
        f"From: desk@clinic.example\r\nReply-To: {reply_to}\r\nSubject: News\r\n\r\nHello\r\n"
        "--b--\r\n"
    ).encode()


def hand_on(client, raw, *, mark=None):
    mark = mark or mail.signature(URL, raw, SECRET, at=int(NOON.timestamp()))
    return client.post(
        reverse("mail_received"), raw, content_type="message/rfc822",
        headers={mail.SIGNATURE: mark},
    )  # fmt: skip


def signed(message):
    return rules.reply_address("reply@clinic.example", message.outgoing_id, settings.SECRET_KEY)


def test_what_comes_back_for_good_closes_the_address_and_is_work(client, ana, cy):
    message = write(ana, cy)
    [left] = outbound.outbox

    assert left.from_email == signed(message) != left.extra_headers["From"]
    answer = hand_on(client, bounce(left.from_email))

    assert answer.status_code == 200
    shut = ClosedAddress.objects.get()
    assert (shut.address, shut.why, shut.status) == (CYS.lower(), "bounced", "5.1.1")
    assert queries.is_troubled(message.pk)
    assert queries.reach(cy.pk).email is None
    assert not Received.objects.exists()
    kinds = Event.objects.filter(patient_id=cy.pk).values_list("kind", flat=True)
    assert {"relations.not_delivered", "relations.address_closed"} <= set(kinds)


def test_nothing_leaves_for_a_closed_address(client, ana, cy):
    first = write(ana, cy)
    waiting = actions.write(
        officer=ana, patient_id=cy.pk, channel="email", words="x", key=uuid4().hex, about=None,
        at=NOON,
    )  # fmt: skip
    hand_on(client, bounce(signed(first)))

    outbox.try_delivery(waiting.outgoing_id, at=LATER)

    waiting.outgoing.refresh_from_db()
    assert len(outbound.outbox) == 1
    assert waiting.outgoing.state == "failed"
    assert waiting.outgoing.trouble.startswith("E-mails to this address came back: 11/23/2026")


def test_a_report_twice_late_or_after_an_end_changes_nothing(client, ana, cy):
    message = write(ana, cy)
    to = signed(message)
    for action, status in (
        ("delayed", "4.4.1"), ("failed", "5.1.1"), ("failed", "5.1.1"), ("delayed", "4.4.1"),
        ("failed", "5.2.1"),
    ):  # fmt: skip
        assert hand_on(client, bounce(to, action=action, status=status)).status_code == 200

    assert ClosedAddress.objects.count() == 1
    assert (Delivery.objects.get().state, Delivery.objects.get().status) == ("undelivered", "5.1.1")
    assert Event.objects.filter(kind="relations.not_delivered").count() == 1


def test_what_is_still_being_tried_is_no_trouble(client, ana, cy):
    message = write(ana, cy)

    hand_on(client, bounce(signed(message), action="delayed", status="4.4.1"))

    assert not ClosedAddress.objects.exists()
    assert not queries.is_troubled(message.pk)


@pytest.mark.parametrize("status", ["5.2.2", "5.3.4", "5.7.1", "4.4.7"])
def test_a_full_box_is_work_and_no_reason_to_close_the_address(client, ana, cy, status):
    message = write(ana, cy)

    hand_on(client, bounce(signed(message), status=status))

    assert queries.is_troubled(message.pk)
    assert not ClosedAddress.objects.exists()
    assert queries.trouble_of(message.outgoing.__class__.objects.get(pk=message.outgoing_id))


def test_nobody_closes_an_address_by_writing_that_it_bounced(client, ana, cy):
    message = write(ana, cy)
    forged = f"reply+{message.outgoing_id}-{'0' * 24}@clinic.example"

    unsigned = hand_on(client, bounce(signed(message)), mark="t=1,v1=" + "0" * 64)
    answer = hand_on(client, bounce(forged, sender="mailer-daemon@evil.example"))

    assert unsigned.status_code == 403
    assert answer.status_code == 200
    assert not ClosedAddress.objects.exists()
    assert Received.objects.get().work  # somebody reads it


def test_a_report_is_told_by_what_it_returns_when_it_goes_to_another_address(client, ana, cy):
    message = write(ana, cy)

    hand_on(
        client,
        bounce("desk@clinic.example", returned="Subject: x", inner=f"Reply-To: {signed(message)}"),
    )

    assert ClosedAddress.objects.get().outgoing_id == message.outgoing_id


def test_a_complaint_closes_the_address_and_ends_what_is_no_care(client, ana, cy):
    agree(ana, cy)
    message = news(cy)

    for _twice in range(2):
        hand_on(client, complaint(signed(message)))

    shut = ClosedAddress.objects.get()
    said = Consent.objects.filter(how="complaint").values_list("purpose", "given")
    assert shut.why == "complained"
    assert sorted(said) == [("marketing", False), ("survey", False)]


def test_a_report_that_it_is_no_spam_is_no_complaint(client, ana, cy):
    message = write(ana, cy)

    hand_on(client, complaint(signed(message), kind="not-spam"))

    assert not ClosedAddress.objects.exists()


def test_somebody_looks_and_opens_the_address_again_for_what_is_written_from_then_on(
    client, ana, cy
):
    first = write(ana, cy)
    second = write(ana, cy, at=NOON + timedelta(minutes=1))
    hand_on(client, bounce(signed(first)))
    row = ClosedAddress.objects.get()

    with pytest.raises(actions.MessageRefused):
        actions.open_address(officer=ana, row=row, why=" ", at=LATER)
    actions.open_address(officer=ana, row=row, why="They switched it on again", at=LATER)
    hand_on(client, bounce(signed(second)))  # left before: it says nothing of how it is now

    assert queries.reach(cy.pk).email == CYS
    assert queries.closed(CYS) is None
    third = write(ana, cy, at=LATER + timedelta(minutes=1))
    hand_on(client, bounce(signed(third)))
    assert queries.closed(CYS)


def test_the_database_closes_an_address_once(ana, cy):
    message = write(ana, cy)
    actions.close_address(outgoing=message.outgoing, why="bounced", status="5.1.1", at=NOON)

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        ClosedAddress.objects.create(
            address=CYS.lower(), why="complained", outgoing=message.outgoing, at=NOON
        )

    assert violated(refused.value, "closed_address_once")


def refused_by(monkeypatch, reply, words):
    def refuse(_message):
        raise smtplib.SMTPRecipientsRefused({CYS: (reply, words)})

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)


@pytest.mark.parametrize(
    ("answer", "became"),
    [
        ((550, b"5.1.1 no such user"), ("failed", True)),
        ((550, b"no such user"), ("failed", True)),
        ((552, b"5.2.2 box full"), ("failed", False)),
        ((554, b"5.7.1 not from you"), ("failed", False)),
        ((450, b"4.2.1 come back later"), ("waiting", False)),
    ],
)
def test_what_the_mail_server_refuses_at_once(ana, cy, monkeypatch, answer, became):
    state, closed = became
    refused_by(monkeypatch, *answer)

    message = write(ana, cy)

    assert message.outgoing.state == state
    assert ClosedAddress.objects.exists() is closed


def test_e_mails_that_are_no_care_leave_where_somebody_agreed_and_say_how_they_end(ana, cy):
    refused = news(cy)
    agree(ana, cy)

    message = news(cy, step="news-2")

    assert refused.outgoing.trouble == "Nobody has agreed to such e-mails at this address"
    [left] = outbound.outbox
    link = left.extra_headers["List-Unsubscribe"].strip("<>")
    assert link in left.body
    assert link.startswith("https://desk.example/messages/no-more/")
    assert left.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "1 Quay" in left.body
    assert message.outgoing.state == "sent"
    assert CYS not in link


def test_care_has_no_button_that_ends_it(ana, cy):
    write(ana, cy)

    assert "List-Unsubscribe" not in outbound.outbox[0].extra_headers


def test_without_an_address_of_ours_nothing_leaves_that_nobody_could_end(ana, cy, settings):
    agree(ana, cy)
    settings.ADDRESS = ""

    message = news(cy)

    assert outbound.outbox == []
    assert message.outgoing.trouble.endswith("ALMONER_ADDRESS")


def link_in(message):
    return f"/messages/no-more/{rules.no_more_token(message.pk, settings.SECRET_KEY)}/"


def test_one_press_in_the_e_mail_program_ends_such_e_mails_and_no_others(client, ana, cy):
    agree(ana, cy)
    agree(ana, cy, "survey")
    message = news(cy)
    client.logout()

    for _twice in range(2):
        answer = client.post(link_in(message), {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200

    ended = Consent.objects.get(given=False)
    assert (ended.purpose, ended.how, ended.address) == ("marketing", "link", CYS.lower())
    assert "button of their e-mail program" in ended.evidence
    assert news(cy, at=LATER, step="news-2").outgoing.state == "failed"
    assert queries.mailable(cy.pk, "survey") == CYS
    assert write(ana, cy).outgoing.state == "sent"


def test_a_program_that_follows_links_ends_nothing(client, ana, cy):
    agree(ana, cy)
    message = news(cy)

    page = client.get(link_in(message)).content.decode()

    assert "Do you want no more e-mails like the one you came from?" in page
    assert CYS not in page
    assert not Consent.objects.filter(given=False).exists()
    assert "No recibirá más correos así." in client.post(
        f"{link_in(message)}?lang=es"
    ).content.decode()  # fmt: skip


@pytest.mark.parametrize("token", ["x", f"1-{'0' * 24}", "1-"])
def test_a_link_that_we_did_not_make_ends_nothing(client, ana, cy, token):
    news(cy)

    assert client.post(f"/messages/no-more/{token}/").status_code == 404
    assert not Consent.objects.exists()


def test_a_link_to_an_e_mail_of_care_ends_nothing(client, ana, cy):
    message = write(ana, cy)

    assert client.post(link_in(message)).status_code == 404


def test_who_ended_e_mails_about_bills_gets_them_on_paper(ana, cy):
    assert queries.mailable(cy.pk, "billing") == CYS
    agree(ana, cy, "billing", given=False)

    assert queries.mailable(cy.pk, "billing") == ""


def test_what_is_kept_of_a_consent_is_whose_words_they_were(client, ana, cy):
    where = reverse("may_be_sent", args=[cy.pk])
    facts = {"where": f"email:{CYS.lower()}", "purpose": "survey", "given": "yes"}

    silent = client.post(where, facts | {"words": " "})
    kept = client.post(where, facts | {"words": "Yes, ask me"})

    assert (silent.status_code, kept.status_code) == (422, 302)
    row = Consent.objects.get()
    assert (row.how, row.evidence, row.by_id, row.patient_id) == (
        "told", "Yes, ask me", ana.pk, cy.pk,
    )  # fmt: skip
    page = client.get(where).content.decode()
    assert "“Yes, ask me”" in page


@pytest.mark.parametrize("purpose", ["care", "billing"])
def test_care_and_bills_by_e_mail_are_taken_back_by_word_and_by_text_only_by_start(
    client, ana, cy, purpose
):
    number = "+13125550117"
    Phone.objects.create(patient=cy, number=number)
    agree(ana, cy, purpose, given=False)
    where = reverse("may_be_sent", args=[cy.pk])
    facts = {"purpose": purpose, "given": "yes", "words": "Write to me again"}

    texted = client.post(where, facts | {"where": f"sms:{number}"})
    mailed = client.post(where, facts | {"where": f"email:{CYS.lower()}"})

    assert (texted.status_code, mailed.status_code) == (422, 302)
    assert "only their own START gives back" in texted.content.decode()
    assert queries.mailable(cy.pk, purpose) == CYS
    with pytest.raises(actions.MessageRefused):
        actions.record_consent(
            officer=ana, patient_id=cy.pk, channel="sms", address=number, purpose=purpose,
            given=True, words="Yes", at=NOON,
        )  # fmt: skip


def test_nobody_agrees_for_an_address_of_somebody_else(ana, cy):
    with pytest.raises(actions.MessageRefused):
        actions.record_consent(
            officer=ana, patient_id=patients.patient().pk, channel="email", address=CYS.lower(),
            purpose="survey", given=True, words="Yes", at=NOON,
        )  # fmt: skip
    with pytest.raises(PermissionDenied):
        agree(access.officer("ben", roles=("biller",)), cy)


def test_closed_addresses_are_work_until_somebody_looked_or_the_record_has_another(
    client, ana, cy, django_assert_max_num_queries
):
    hand_on(client, bounce(signed(write(ana, cy))))
    row = ClosedAddress.objects.get()

    with django_assert_max_num_queries(14):
        page = client.get(reverse("closed_addresses")).content.decode()
    assert CYS.lower() in page
    assert "There is no such address" in page
    assert f"/patients/{cy.pk}/?for=closed:{row.pk}" in page
    assert "Look at 1 address" in client.get("/").content.decode()
    assert queries.evidence_of_closed(row.pk).patient_ids == {cy.pk}
    Email.objects.filter(patient=cy).update(address="cy@elsewhere.example")

    assert queries.closed_waiting() == (0, None)
    assert queries.closed("cy@people.example")


def test_an_address_is_opened_on_its_page_with_a_reason(client, ana, cy):
    hand_on(client, bounce(signed(write(ana, cy))))
    where = reverse("open_address", args=[ClosedAddress.objects.get().pk])

    silent = client.post(where, {"reason": ""})
    done = client.post(where, {"reason": "They showed it to me"})

    assert "Say in a few words" in silent.headers["HX-Trigger"]
    assert done.headers["HX-Refresh"] == "true"
    assert ClosedAddress.objects.get().opened_why == "They showed it to me"


def test_our_own_e_mail_that_comes_round_to_us_is_nobodys_words(client, ana, cy):
    letter = EmailMessage()
    letter["From"], letter["To"] = "Desk <reply+5-x@clinic.example>", "desk@clinic.example"
    letter["Subject"], letter["Message-ID"] = "Fwd", "<loop@clinic.example>"
    letter.set_content("Please bring the form")

    hand_on(client, letter.as_bytes())

    assert not Received.objects.get().work


@pytest.mark.parametrize(
    ("status", "reply", "hard"),
    [
        ("5.1.1", None, True), ("5.1.10", None, True), ("5.2.1", None, True), ("5.0.0", None, True),
        ("5.4.4", None, True), ("5.2.2", None, False), ("5.7.1", 550, False),
        ("4.1.1", None, False), ("", 550, True), ("", 552, False), ("", None, False),
    ],
)  # fmt: skip
def test_which_returns_say_that_an_address_takes_nothing_at_all(status, reply, hard):
    assert rules.is_hard(status, reply) is hard


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\x00\xff", b"Content-Type: multipart/report\r\n\r\n",
        b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: message/delivery-status\r\n\r\n\xff\x00: x\r\n--b--",
        bounce("a@b.example", action="odd"),
    ],
)  # fmt: skip
def test_bytes_that_report_nothing_are_no_report(raw):
    assert read_report(raw) is None


def test_of_several_recipients_the_worst_counts():
    raw = bounce("a@b.example", action="delivered", status="2.0.0").replace(
        b"Diagnostic-Code", b"\r\nFinal-Recipient: rfc822; x@y.example\r\nAction: failed\r\n"
        b"Status: 5.1.1\r\nDiagnostic-Code", 1,
    )  # fmt: skip

    found = read_report(raw)

    assert (found.fate, found.status) == (Fate.FAILED, "5.1.1")
