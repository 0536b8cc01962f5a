"""An officer writes an e-mail, the patient answers it, and both stand in one conversation."""

import time

import httpx
import psycopg
import pytest

pytestmark = pytest.mark.browser

ADDRESS = "cy.of.the.test@people.example"
PATIENT = """
    SELECT p.id FROM patients_patient p JOIN patients_email email ON email.patient_id = p.id
     WHERE NOT p.deceased AND email.rank = 1 ORDER BY p.id DESC OFFSET 7 LIMIT 1
"""


def rows(clinic, sql, *values):
    with psycopg.connect(clinic.database_url) as connection:
        return connection.execute(sql, values or None).fetchall()


def inbox(clinic):
    return clinic.partners["inbox of texts and e-mails"]


def letter_to(clinic, address):
    """The e-mail as it arrived, once it has."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for each in httpx.get(f"{inbox(clinic)}/letters.json", trust_env=False).json():
            if each["to"] == address:
                return each
        time.sleep(0.2)
    pytest.fail("no e-mail has arrived")


def in_order(desk, name):
    desk.look(name)
    for dress in ({}, {"dark": True}, {"narrow": True}):
        desk.dress(**dress)
        assert desk.faults() == [], dress
    desk.dress()


@pytest.fixture
def patient(clinic):
    """Somebody with an e-mail address nobody else has."""
    [(patient,)] = rows(clinic, PATIENT)
    with psycopg.connect(clinic.database_url) as connection:
        connection.execute(
            "UPDATE patients_email SET address = %s WHERE patient_id = %s AND rank = 1",
            [ADDRESS, patient],
        )
    return patient


def write(desk, words):
    """Words into the open conversation, and on their way, by keys."""
    desk.press("r")
    desk.type(words)
    desk.press("Tab", "Tab", "Enter")


def answer_by_mail(phone, clinic, letter, words):
    phone.page.goto(inbox(clinic))
    phone.page.get_by_label("E-mail").select_option(str(letter["number"]))
    phone.page.get_by_label("Answer").fill(words)
    phone.page.get_by_role("button", name="Send it").focus()
    phone.press("Enter")
    phone.page.locator("pre").filter(has_text=words).first.wait_for()


def test_an_e_mail_is_written_by_keys_and_its_answer_comes_back(window, clinic, patient):
    ana = window("ana")
    ana.open(f"/messages/{patient}/conversation/")
    ana.page.locator('input[name="to"][value="email"]').focus()
    ana.press("Space")
    write(ana, "Please bring the form.")
    ana.page.get_by_text("On its way.").first.wait_for()
    letter = letter_to(clinic, ADDRESS)
    assert letter["body"].strip() == "Please bring the form."
    answer_by_mail(window(), clinic, letter, "I will. Is it about the refund?")

    ana.open("/messages/conversations/?by=email")
    ana.page.get_by_text("Is it about the refund?").wait_for()
    in_order(ana, "conversations-by-mail")
    line = ana.page.locator("li", has_text="Is it about the refund?").locator("[data-line]")
    while not line.evaluate("line => line === document.activeElement"):
        ana.press("ArrowDown")  # others may have waited for longer
    ana.press("Enter")
    theirs = ana.page.locator(".talk .theirs").last
    theirs.get_by_text("I will. Is it about the refund?").wait_for()
    assert ana.page.locator(".talk details").count() == 1
    ana.settle()
    in_order(ana, "conversation-by-mail")

    # Words that are refused are kept where they were typed, and can be mended there. Loaded anew:
    # the instruments above leave marks on the page that a swap would carry over.
    ana.page.reload()
    ana.settle()
    write(ana, "   ")
    ana.page.get_by_text("There are no words yet.").first.wait_for()
    in_order(ana, "conversation-refused")
    write(ana, "It is.")
    ana.page.get_by_text("On its way.").first.wait_for()
    kept = rows(clinic, "SELECT handled_why FROM relations_received WHERE sender = %s", ADDRESS)
    assert kept == [("answered",)]
