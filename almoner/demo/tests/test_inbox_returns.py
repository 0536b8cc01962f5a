"""The demo's mail servers say what became of an e-mail, as those of others do."""

import smtplib
import time
from email.message import EmailMessage

import pytest

from almoner.edges import mail
from almoner.edges.reports import Fate, read_report

OURS = "reply+7-ab@c.example"


def send(smtp_port, to):
    letter = EmailMessage()
    letter["To"], letter["From"], letter["Subject"] = to, "d@c.example", "Form"
    letter["Reply-To"] = OURS
    letter.set_content("Please bring it.")
    with smtplib.SMTP("127.0.0.1", smtp_port) as smtp:
        smtp.send_message(letter, from_addr=OURS)


def heard_of(heard, count):
    deadline = time.monotonic() + 20
    while len(heard) < count and time.monotonic() < deadline:
        time.sleep(0.05)
    return list(heard)


@pytest.mark.parametrize(
    ("to", "becomes"),
    [
        ("gone@people.example", (Fate.FAILED, "5.1.1", 2)),
        ("full+1@people.example", (Fate.FAILED, "5.2.2", 1)),
        ("angry@people.example", (Fate.COMPLAINED, "", 1)),
    ],
)
def test_what_becomes_of_an_e_mail_is_reported_signed(inbox, clinic, to, becomes):
    fate, status, times = becomes
    url, heard = clinic[0].replace("received/", "mail/"), clinic[1]
    heard.clear()

    send(inbox[1], to)

    told = heard_of(heard, times)
    assert len(told) == times
    for raw, given in told:
        assert mail.genuine(url=url, body=raw, given=given, secret="a secret", now=time.time())
        report = read_report(raw)
        assert (report.fate, report.status) == (fate, status)
        assert OURS in report.addresses


def test_an_address_that_there_is_not_is_refused_at_once(inbox):
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(inbox[1], "nobody@people.example")

    assert refused.value.recipients["nobody@people.example"] == (550, b"5.1.1 no such user")
