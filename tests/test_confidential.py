"""Confidential contact, a visit kept private, and an account without a code, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from tests import inbox, passkeys
from tests.test_account import joins
from tests.waiting import until

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)  # a busy machine answers late

CHILD = """
    SELECT p.id, visit.id, phone.number FROM patients_patient p
      JOIN scheduling_appointment visit ON visit.patient_id = p.id AND visit.status = 'booked'
      JOIN patients_phone phone ON phone.patient_id = p.id AND phone.rank = 1
     WHERE p.guarantor_id IS NOT NULL AND NOT p.deceased AND visit.starts_at > now()
     ORDER BY p.id, visit.id LIMIT 1
"""
STATEMENT = """
    SELECT s.id, visit.id, visit.local_day FROM billing_statement s
      JOIN patients_patient p ON coalesce(p.guarantor_id, p.id) = s.guarantor_id
      JOIN scheduling_appointment visit ON visit.patient_id = p.id AND visit.status <> 'cancelled'
     WHERE NOT s.lines @> jsonb_build_array(jsonb_build_object('visit_id', visit.id))
     ORDER BY s.id, visit.id LIMIT 1
"""
GROWN = """
    SELECT p.id, p.given, p.family, p.birth_date, phone.number FROM patients_patient p
      JOIN patients_phone phone ON phone.patient_id = p.id AND phone.rank = 1 AND phone.may_text
     WHERE p.birth_date < '1990-01-01' AND NOT p.deceased AND p.language = 'en'
       AND p.name_used = '' AND p.registered_at < now() - interval '2 days'
       AND 1 = (SELECT count(DISTINCT patient_id) FROM patients_phone o
                 WHERE o.number = phone.number AND o.use <> 'old')
       AND 1 = (SELECT count(*) FROM patients_patient o
                 WHERE (o.given, o.family, o.birth_date) = (p.given, p.family, p.birth_date))
       AND NOT EXISTS (SELECT FROM portal_acting WHERE patient_id = p.id)
       AND NOT EXISTS (SELECT FROM relations_consent WHERE address = phone.number)
       AND NOT EXISTS (SELECT FROM portal_joinasked WHERE patient_id = p.id)
     ORDER BY p.id DESC LIMIT 1
"""
WHO = """
    SELECT p.id, p.birth_date FROM patients_patient p
     WHERE p.language = 'en' AND p.birth_date < '1980-01-01' AND NOT p.deceased
       AND NOT EXISTS (SELECT FROM portal_acting WHERE patient_id = p.id)
     ORDER BY p.id OFFSET 3 LIMIT 1
"""


@pytest.fixture
def phone(chromium, clinic):
    with passkeys.phone(chromium, clinic) as opened:
        yield opened


def test_a_patient_asks_the_desk_to_be_reached_in_another_way(window, clinic):
    patient, visit, number = clinic.row(CHILD)
    desk = window("ana")
    desk.open(f"/patients/{patient}/contact/?for=appointment:{visit}")
    desk.in_order("confidential")
    desk.page.get_by_label("This phone").focus()
    desk.type("608 555 0144")
    desk.press("Tab", "Space", "Tab", "Tab", "Tab", "Tab", "Enter")

    only = "Confidential contact: only (608) 555-0144"
    expect(desk.page.get_by_text(only)).to_be_visible()
    desk.in_order("confidential-patient")
    desk.open(f"/patients/{patient}/contact/?for=appointment:{visit}")
    desk.in_order("confidential-asked")
    for calls in (number, "+16085550144"):
        desk.open(f"/messages/calling/?number={calls.replace('+', '%2B')}")
        expect(desk.page.get_by_text(only)).to_be_visible()
    desk.in_order("confidential-call")

    desk.open(f"/claims/private/{visit}/?for=appointment:{visit}")
    desk.in_order("private")
    desk.page.get_by_label("Not to whoever pays").focus()
    desk.press("Space", "Tab", "Space", "Tab", "Tab", "Enter")
    expect(desk.page.locator("#private").get_by_text("not to the plan")).to_be_visible()
    desk.open(f"/claims/private/{visit}/?for=appointment:{visit}")
    expect(desk.page.get_by_text("Kept from whoever pays, and from the plan")).to_be_visible()
    desk.in_order("private-kept")


def test_a_statement_says_to_the_biller_what_it_leaves_out(window, clinic):
    statement, visit, day = clinic.row(STATEMENT)
    desk = window("ben")
    desk.open(f"/claims/private/{visit}/?for=statement:{statement}")
    desk.page.get_by_label("Not to whoever pays").check()
    desk.page.get_by_role("button", name="Keep").click()
    desk.settle()

    desk.open(f"/claims/statements/{statement}/?for=statement:{statement}")

    expect(desk.page.get_by_text("1 visit is not on it")).to_be_visible()
    expect(desk.page.get_by_role("link", name=f"{day:%m/%d/%Y}")).to_be_visible()
    desk.in_order("statement-leaves-out")


def test_a_patient_asks_for_it_in_the_account_by_keys(window, phone, clinic):
    patient, born = clinic.row(WHO)
    joins(window, phone, patient, born)
    phone.page.get_by_role("link", name="How we may reach you").focus()
    phone.press("Enter")
    expect(phone.page.get_by_role("heading", name="How we may reach you")).to_be_visible()
    phone.in_order("contact")
    phone.page.get_by_label("By this phone").focus()
    phone.type("608 555 0145")
    phone.press("Tab", "Space", "Tab", "Tab", "Tab", "Tab", "Enter")

    expect(phone.page.get_by_text("(608) 555-0145, texts too")).to_be_visible()
    phone.open("/my/contact/?lang=es")
    phone.in_order("contact-asked")


def asks(phone, given, family, born, where):
    """By keys, from the page for those who have a code."""
    phone.open("/my/join/?lang=en")
    phone.page.get_by_role("link", name="I have no code").focus()
    phone.press("Enter")
    expect(phone.page.get_by_role("heading", name="An account without a code")).to_be_visible()
    phone.page.get_by_label("First name").focus()
    for typed in (given, family, str(born.month), str(born.day), str(born.year), where):
        phone.type(typed)
        phone.press("Tab")
    phone.press("Enter")
    expect(phone.page.get_by_role("heading", name="Type the code")).to_be_visible()
    return phone.page.locator("main").inner_text()


def codes_to(clinic, number):
    """The codes that were texted to a number, the newest first."""
    texts = [each["body"] for each in inbox.letters(clinic) if each["to"] == number]
    return [found[1] for body in texts if (found := re.search(r"your code is ([A-Z2-9-]+)", body))]


def test_somebody_makes_an_account_by_a_code_to_the_phone_we_have(window, phone, clinic):
    _patient, given, family, born, number = clinic.row(GROWN)
    unknown = asks(phone, given, family, born, "415 555 0199")
    phone.in_order("join-type")
    phone.open("/my/join/ask/?lang=es")
    phone.in_order("join-ask")

    earlier = codes_to(clinic, number)
    known = asks(phone, given, family, born, number)

    assert known == unknown
    phone.page.get_by_label("Code").focus()
    texted = until(lambda: [code for code in codes_to(clinic, number) if code not in earlier])
    phone.type(texted[0].lower())
    phone.press("Enter")
    expect(phone.page.get_by_text("Code accepted")).to_be_visible()
    phone.page.get_by_role("button", name="Make a passkey").focus()
    phone.press("Enter")
    expect(phone.page.get_by_role("heading", name=f"Hello, {given}")).to_be_visible()
    desk = window("mara")
    desk.open("/cases/?desk=front")
    expect(desk.page.get_by_text("Somebody asks for an account").first).to_be_visible()
    desk.page.get_by_text("Somebody asks for an account").first.click()
    expect(desk.page.get_by_text("Nobody of that name and birth date").first).to_be_visible()
    desk.in_order("join-case")
