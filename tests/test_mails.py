"""An officer writes an e-mail, the patient answers it, and both stand in one conversation."""

import pytest

from tests import inbox

pytestmark = pytest.mark.browser

ADDRESS = "cy.of.the.test@people.example"
PATIENT = """
    SELECT p.id FROM patients_patient p JOIN patients_email email ON email.patient_id = p.id
     WHERE NOT p.deceased AND email.rank = 1 ORDER BY p.id DESC OFFSET 7 LIMIT 1
"""


@pytest.fixture
def patient(clinic):
    """Somebody with an e-mail address nobody else has."""
    [(patient,)] = clinic.rows(PATIENT)
    clinic.rows(
        "UPDATE patients_email SET address = %s WHERE patient_id = %s AND rank = 1",
        ADDRESS,
        patient,
    )
    return patient


def write(desk, words):
    """Words into the open conversation, and on their way, by keys."""
    desk.press("r")
    desk.type(words)
    desk.press("Tab", "Tab", "Enter")


def test_an_e_mail_is_written_by_keys_and_its_answer_comes_back(window, clinic, patient):
    ana = window("ana")
    ana.open(f"/messages/{patient}/conversation/")
    ana.page.locator('input[name="to"][value="email"]').focus()
    ana.press("Space")
    write(ana, "Please bring the form.")
    ana.page.get_by_text("On its way.").first.wait_for()
    letter = inbox.letter_to(clinic, ADDRESS)
    assert letter["body"].strip() == "Please bring the form."
    inbox.answer(window(), clinic, letter, "I will. Is it about the refund?")

    ana.open("/messages/conversations/?by=email")
    ana.page.get_by_text("Is it about the refund?").wait_for()
    ana.in_order("conversations-by-mail")
    line = ana.page.locator("li", has_text="Is it about the refund?").locator("[data-line]")
    while not line.evaluate("line => line === document.activeElement"):
        ana.press("ArrowDown")  # others may have waited for longer
    ana.press("Enter")
    theirs = ana.page.locator(".talk .theirs").last
    theirs.get_by_text("I will. Is it about the refund?").wait_for()
    assert ana.page.locator(".talk details").count() == 1
    ana.settle()
    ana.in_order("conversation-by-mail")

    # Words that are refused are kept where they were typed, and can be mended there. Loaded anew:
    # the instruments above leave marks on the page that a swap would carry over.
    ana.page.reload()
    ana.settle()
    write(ana, "   ")
    ana.page.get_by_text("There are no words yet.").first.wait_for()
    ana.in_order("conversation-refused")
    write(ana, "It is.")
    ana.page.get_by_text("On its way.").first.wait_for()
    kept = clinic.rows("SELECT handled_why FROM relations_received WHERE sender = %s", ADDRESS)
    assert kept == [("answered",)]
