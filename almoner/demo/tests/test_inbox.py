import smtplib
import time
from dataclasses import replace
from email.message import EmailMessage

import httpx
import pytest

from almoner.edges import mail, sms
from tests.desk import free_port


def carrier(port, timeout=5.0):
    return sms.Carrier(f"http://127.0.0.1:{port}", "AC1", "token", "+16085550100", timeout)


def arrived(port):
    return httpx.get(f"http://127.0.0.1:{port}/letters.json").json()


def test_a_text_arrives_as_it_was_sent(inbox):
    sid = sms.send(carrier(inbox[0]), to="+16085550142", body="mañana a las 2:20 p. m.")

    assert sid.startswith("SM")
    assert (arrived(inbox[0])[0]["to"], arrived(inbox[0])[0]["body"]) == (
        "+16085550142",
        "mañana a las 2:20 p. m.",
    )


def test_a_mail_arrives_as_it_was_sent(inbox):
    mail = EmailMessage()
    mail["To"], mail["From"], mail["Subject"] = "cy@people.example", "d@c.example", "Your visit"
    mail.set_content("You are booked.")

    with smtplib.SMTP("127.0.0.1", inbox[1]) as smtp:
        smtp.send_message(mail)

    assert arrived(inbox[0])[0]["subject"] == "Your visit"


def test_a_patient_who_was_texted_answers_and_the_carrier_signs_it(inbox, clinic):
    url, heard = clinic
    sms.send(carrier(inbox[0]), to="+16085550142", body="hello")

    page = httpx.post(
        f"http://127.0.0.1:{inbox[0]}/answer",
        data={"From": "+16085550142", "Body": "ALTO por favor, ñ"},
        follow_redirects=True,
    )

    [(form, given)] = heard
    assert "ALTO por favor, ñ" in page.text
    assert (form["From"], form["Body"]) == (["+16085550142"], ["ALTO por favor, ñ"])
    assert sms.genuine(url=url, fields=form, given=given, token="a token")


def test_an_e_mail_is_answered_to_its_reply_address_whole_and_signed(inbox, clinic):
    url, heard = clinic[0].replace("received/", "mail/"), clinic[1]
    heard.clear()
    letter = EmailMessage()
    letter["To"], letter["From"], letter["Subject"] = "cy@people.example", "d@c.example", "Form"
    letter["Reply-To"] = "reply+7-ab@c.example"
    letter.set_content("Please bring it.")
    with smtplib.SMTP("127.0.0.1", inbox[1]) as smtp:
        smtp.send_message(letter)
    number = arrived(inbox[0])[0]["number"]

    httpx.post(
        f"http://127.0.0.1:{inbox[0]}/answer-mail", data={"Letter": number, "Body": "Sí, mañana"}
    )

    [(raw, given)] = heard
    read = mail.read(raw)
    assert mail.genuine(url=url, body=raw, given=given, secret="a secret", now=time.time())
    assert (read.sender, read.to, read.subject) == (
        "cy@people.example", ("reply+7-ab@c.example",), "Re: Form",
    )  # fmt: skip
    assert read.text.startswith("Sí, mañana")
    assert "> Please bring it." in read.text


PHOTO = {"File": ("card.jpg", b"\xff\xd8 a picture \r\n--\x00", "image/jpeg")}


def test_a_picture_goes_along_with_a_text_and_is_fetched_with_the_account_alone(inbox, clinic):
    url, heard = clinic
    us = carrier(inbox[0])
    sms.send(us, to="+16085550142", body="hello")
    heard.clear()

    httpx.post(
        f"http://127.0.0.1:{inbox[0]}/answer",
        data={"From": "+16085550142", "Body": "My card"}, files=PHOTO,
    )  # fmt: skip

    [(form, given)] = heard
    assert sms.genuine(url=url, fields=form, given=given, token="a token")
    assert (form["NumMedia"], form["MediaContentType0"]) == (["1"], ["image/jpeg"])
    [address] = form["MediaUrl0"]
    assert httpx.get(address).status_code == 401
    ours = replace(us, account="", token="a token")
    assert sms.fetch(ours, sms.media_place(ours, address), most=100) == PHOTO["File"][1]


def test_a_picture_goes_along_with_an_e_mail(inbox, clinic):
    clinic[1].clear()

    httpx.post(
        f"http://127.0.0.1:{inbox[0]}/write",
        data={"From": "cy@people.example", "Subject": "Card", "Body": "My card"}, files=PHOTO,
    )  # fmt: skip

    [(raw, _given)] = clinic[1]
    read = mail.read(raw)
    assert read.text == "My card"
    assert read.attached == (mail.Attached("card.jpg", PHOTO["File"][1]),)


def test_a_number_that_was_never_texted_cannot_answer(inbox, clinic):
    before = len(clinic[1])

    page = httpx.post(
        f"http://127.0.0.1:{inbox[0]}/answer",
        data={"From": "+16085550199", "Body": "STOP"},
        follow_redirects=True,
    )

    assert "Only a number that was texted" in page.text
    assert len(clinic[1]) == before


def test_a_number_that_cannot_be_reached_is_refused(inbox):
    with pytest.raises(sms.Refused, match="not a number"):
        sms.send(carrier(inbox[0]), to="+16085550000", body="hello")


@pytest.mark.parametrize(
    ("to", "reports"),
    [
        ("+16085550142", [("queued", None), ("sent", None), ("delivered", None)]),
        ("+16085550003", [("delivered", None), ("sent", None), ("queued", None)] * 2),
        ("+16085550006", [("queued", None), ("sent", None), ("undelivered", "30006")]),
    ],
)
def test_what_becomes_of_a_text_is_reported_signed_to_where_it_asked(inbox, clinic, to, reports):
    url, heard = clinic[0].replace("received/", "delivery/7/"), clinic[1]
    heard.clear()

    sid = sms.send(carrier(inbox[0]), to=to, body="hello", report_to=url)

    deadline = time.monotonic() + 10
    while len(heard) < len(reports) and time.monotonic() < deadline:
        time.sleep(0.02)
    said = [(form["MessageStatus"][0], form.get("ErrorCode", [None])[0]) for form, _ in heard]
    assert said == reports
    assert {form["MessageSid"][0] for form, _ in heard} == {sid}
    assert all(sms.genuine(url=url, fields=form, given=each, token="a token")
               for form, each in heard)  # fmt: skip


def test_a_number_that_opted_out_is_refused_with_the_carriers_number_for_it(inbox):
    with pytest.raises(sms.Refused) as refused:
        sms.send(carrier(inbox[0]), to="+16085550010", body="hello")

    assert refused.value.code == 21610


def test_silence_after_sending_is_an_unknown_outcome(inbox):
    with pytest.raises(sms.OutcomeUnknown):
        sms.send(carrier(inbox[0], timeout=0.3), to="+16085550009", body="hello")

    assert arrived(inbox[0])[0]["to"] == "+16085550009"


def test_a_carrier_that_is_not_there_was_not_reached():
    with pytest.raises(sms.NotReached):
        sms.send(carrier(free_port()), to="+16085550142", body="hello")
