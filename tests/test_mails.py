"""E-mails by both sides in one conversation, and what patients send along filed in the record."""

from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image

from tests import inbox
from tests.waiting import until

pytestmark = pytest.mark.browser


def card():
    out = BytesIO()
    Image.new("RGB", (320, 200), "teal").save(out, "PNG")
    return {"name": "card.png", "mimeType": "image/png", "buffer": out.getvalue()}


CARD = card()

ADDRESS = "cy.of.the.test@people.example"
PATIENT = """
    SELECT p.id FROM patients_patient p JOIN patients_email email ON email.patient_id = p.id
     WHERE NOT p.deceased AND email.rank = 1 AND EXISTS (
           SELECT FROM patients_phone phone
            WHERE phone.patient_id = p.id AND phone.rank = 1 AND phone.may_text)
     ORDER BY p.id DESC OFFSET 7 LIMIT 1
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
    assert theirs.locator("details").count() == 1
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


def look_at(desk, words):
    """Load the conversation anew until what came was looked at, which a job does."""

    def found():
        desk.page.reload()
        return desk.page.locator(".talk-files").last.get_by_text(words).count()

    until(found, every=1, shows=lambda: desk.page.locator(".talk").inner_text())
    desk.settle()


def test_a_photo_of_a_card_comes_by_e_mail_and_is_filed_by_keys(window, clinic, patient):
    words, before = f"My new card, {uuid4().hex[:8]}", waiting(clinic, patient)
    inbox.write(window(), clinic, ADDRESS, words, file=CARD)
    ana = window("ana")
    find(ana, words)
    look_at(ana, "Kept with the message")
    ana.in_order("conversation-with-a-file")
    assert waiting(clinic, patient) == before  # nothing of it before it is known who wrote

    ana.press("1")  # the one who may have written it
    ana.page.wait_for_url(f"**/messages/{patient}/conversation/**")
    look_at(ana, "With the documents")
    ana.in_order("conversation-with-a-document")
    ana.page.reload()
    ana.settle()
    ana.press("v")
    ana.page.wait_for_url("**/documents/*/**")
    shown = ana.page.locator("img.paper")
    shown.wait_for()
    assert shown.evaluate("picture => picture.naturalWidth") == 320
    ana.settle()
    ana.page.get_by_label("File it as").focus()
    ana.type("Insurance")
    ana.press("Tab", "Enter")
    ana.page.get_by_text("Filed: card.png").first.wait_for()
    assert waiting(clinic, patient) == before
    newest = "SELECT title, kind, state, source FROM records_document ORDER BY id DESC LIMIT 1"
    assert clinic.rows(newest) == [("card.png", "insurance", "filed", "mail")]


def find(desk, words):
    """From the conversations of nobody known to the one with these words, by keys."""
    desk.open("/messages/conversations/?show=unknown&by=email")
    line = desk.page.locator("li", has_text=words).locator("[data-line]")
    while not line.evaluate("line => line === document.activeElement"):
        desk.press("ArrowDown")  # others may have waited for longer
    desk.press("Enter")
    desk.page.locator(".talk").get_by_text(words).first.wait_for()


def waiting(clinic, patient):
    """How many documents of theirs wait to be looked at."""
    rows = "SELECT count(*) FROM records_document WHERE patient_id = %s AND state = 'waiting'"
    [(count,)] = clinic.rows(rows, patient)
    return count


def test_a_picture_comes_with_a_text_from_the_carriers_own_store(window, clinic, patient):
    words = f"My new card, {uuid4().hex[:8]}"
    ana = window("ana")
    ana.open(f"/messages/{patient}/conversation/")
    ana.page.locator('input[name="to"][value="sms"]').focus()
    ana.press("Space")
    write(ana, "Please send us your card.")
    ana.page.get_by_text("On its way.").first.wait_for()
    [(number,)] = clinic.rows(
        "SELECT address FROM relations_message WHERE patient_id = %s AND channel = 'sms'"
        " ORDER BY id DESC LIMIT 1",
        patient,
    )
    inbox.text_to(clinic, number, "Please send us your card.")
    inbox.text(window(), clinic, number, words, file=CARD)

    def came():
        return clinic.rows(
            "SELECT file.state FROM relations_file file"
            " JOIN relations_received came ON came.id = file.received_id WHERE came.body = %s",
            words,
        )

    until(lambda: came() == [("kept",)], shows=came)
