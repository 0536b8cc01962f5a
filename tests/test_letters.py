"""Letters by keys: one is written, printed, posted and brought back, and another comes in."""

from uuid import uuid4

import pytest

from tests.test_mails import CARD

pytestmark = pytest.mark.browser

PATIENT = """
    SELECT p.id FROM patients_patient p
     WHERE NOT p.deceased
       AND EXISTS (SELECT FROM patients_reachedaddress a WHERE a.patient_id = p.id)
     ORDER BY p.id DESC OFFSET 11 LIMIT 1
"""


@pytest.fixture
def patient(clinic):
    """Somebody to whom letters go."""
    [(patient,)] = clinic.rows(PATIENT)
    return patient


def opened(desk, patient):
    desk.open(f"/messages/{patient}/conversation/")


def written(ana, words):
    """A letter, by keys; its line in the conversation."""
    ana.press("w")
    ana.page.wait_for_url("**by=letter**")
    ana.settle()
    ana.press("r")
    ana.type(words)
    ana.press("Tab", "Tab", "Enter")
    line = ana.page.locator(".talk .ours").filter(has_text=words)
    line.get_by_text("To be posted").wait_for()
    ana.settle()
    return line


def test_a_letter_is_written_posted_and_brought_back_by_keys(window, clinic, patient):
    ana = window("ana")
    opened(ana, patient)
    line = written(ana, f"Your shoes are here, {uuid4().hex[:8]}.")
    ana.in_order("letter-written")
    printed = line.get_by_role("link", name="Print")
    assert printed.get_attribute("data-key") == "p"
    answer = ana.page.request.get(clinic.address + printed.get_attribute("href"))
    assert answer.body().startswith(b"%PDF-")

    opened(ana, patient)
    ana.press("e", "Enter")
    line.get_by_text("Posted on").first.wait_for()
    ana.settle()
    ana.press("z")
    ana.type("moved away")
    ana.press("Enter")
    line.get_by_text("Came back", exact=True).wait_for()
    ana.open("/messages/not-arrived/")
    ana.page.get_by_text("moved away").first.wait_for()
    ana.in_order("letters-not-arrived")


def test_a_letter_that_came_is_kept_by_keys_and_waits(window, patient):
    ana = window("ana")
    words = f"Thank you for the shoes, {uuid4().hex[:8]}."
    opened(ana, patient)
    ana.press("a")
    ana.page.locator("[name=file]").set_input_files(CARD)
    ana.page.get_by_label("What it says, in short").focus()
    ana.type(words)
    ana.in_order("letter-came")
    ana.page.get_by_role("button", name="Keep it").focus()
    ana.press("Enter")
    theirs = ana.page.locator(".talk .theirs").filter(has_text=words)
    theirs.get_by_text("To be answered by").wait_for()
    ana.settle()
    ana.in_order("letter-in-the-conversation")
    ana.open(f"/messages/{patient}/timeline/?only=messages&by=letter")
    ana.page.get_by_text("A letter came on").first.wait_for()
    ana.in_order("timeline-by-letter")
