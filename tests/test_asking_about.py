"""A patient asks about a visit from its page; the officer sees which, and answers about it."""

import pytest
from playwright.sync_api import expect

from tests import passkeys
from tests.test_account import joins

pytestmark = pytest.mark.browser

# Some of those seen by others of these stories are left to them.
WHO = """
    SELECT p.id, p.birth_date, visit.id FROM patients_patient p
      JOIN scheduling_appointment visit ON visit.patient_id = p.id
       AND visit.status = 'booked' AND visit.starts_at > now()
     WHERE p.language = 'en' AND p.birth_date < '1990-01-01' AND NOT p.deceased
       AND NOT EXISTS (SELECT FROM portal_acting WHERE patient_id = p.id)
     ORDER BY p.id DESC, visit.starts_at LIMIT 1
"""


@pytest.fixture
def phone(chromium, clinic):
    with passkeys.phone(chromium, clinic) as opened:
        yield opened


def test_a_question_about_a_visit_is_answered_about_it(window, phone, clinic):
    patient, born, visit = clinic.row(WHO)
    desk = joins(window, phone, patient, born)

    asks(phone)
    reads_and_answers(desk, patient, visit)
    found_on_its_page(desk, visit)

    phone.open("/my/messages/")
    phone.page.get_by_role("link", name="Visit of").first.focus()
    phone.press("Enter")
    expect(phone.page.get_by_text("Which visit or bill: Visit of")).to_be_visible()
    expect(phone.page.get_by_text("Yes, behind the house.")).to_be_visible()
    phone.in_order("account-message-about")


def asks(phone):
    """By keys from the page of the visit: nothing has to be said of which it is."""
    phone.page.get_by_role("button", name="Open").first.focus()
    phone.press("Enter")
    ask = phone.page.get_by_role("link", name="Ask about this")
    expect(ask).to_be_visible()
    phone.in_order("account-visit-ask")
    ask.focus()
    phone.press("Enter")
    box = phone.page.get_by_label("Which visit or bill")
    expect(box.locator("option:checked")).to_contain_text("Visit of")
    phone.in_order("account-message-ask")
    phone.page.get_by_label("Your message").focus()
    phone.type("Is there parking?")
    phone.press("Tab", "Enter")
    expect(phone.page.get_by_role("status").first).to_contain_text("We answer by")


def reads_and_answers(desk, patient, visit):
    """It says which visit; the officer takes that back and says it again, by keys."""
    desk.open(f"/messages/{patient}/conversation/")
    line = desk.page.locator(".talk > li").filter(has_text="Is there parking?")
    link = line.locator(f'a[href^="/schedule/appointments/{visit}/"]')
    expect(link).to_be_visible()
    desk.in_order("conversation-about")

    desk.press("m")
    desk.settle()
    about = line.get_by_label("It is about")
    about.select_option("")
    about.focus()
    desk.press("Tab", "Enter")
    expect(link).to_have_count(0, timeout=30_000)
    about.select_option(f"appointment:{visit}")
    about.focus()
    desk.press("Tab", "Enter")
    expect(link).to_be_visible(timeout=30_000)

    desk.page.get_by_role("textbox", name="Words", exact=True).first.fill("Yes, behind the house.")
    desk.page.get_by_role("button", name="Send").click()
    expect(desk.page.locator(".ours").get_by_text("Yes, behind the house.")).to_be_visible(
        timeout=30_000
    )


def found_on_its_page(desk, visit):
    desk.open(f"/schedule/appointments/{visit}/?for=appointment:{visit}")
    said = desk.page.locator("#said-about")
    expect(said).to_contain_text("Is there parking?")
    expect(said).to_contain_text("Yes, behind the house.")
    desk.in_order("visit-said")
    said.get_by_role("link", name="Conversation").focus()
    desk.press("Enter")
    expect(desk.page.get_by_text("Only what was said about:")).to_be_visible()
    desk.in_order("conversation-about-one")
