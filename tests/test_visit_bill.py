"""The bill on its visit's page: found, paid and receipted on a phone, by keys alone."""

import pytest
from playwright.sync_api import expect

from tests import passkeys
from tests.test_account import joins

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)  # a busy machine answers late

OWES = """
    SELECT p.id, p.birth_date, visit.id, to_char(visit.local_day, 'FMMonth FMDD, YYYY')
      FROM patients_patient p
      JOIN billing_statement s ON s.guarantor_id = p.id AND s.state = 'sent'
     CROSS JOIN LATERAL jsonb_array_elements(s.lines) line
      JOIN scheduling_appointment visit
        ON visit.id = (line ->> 'visit_id')::bigint AND visit.patient_id = p.id
     WHERE p.language = 'en' AND p.birth_date < '1990-01-01' AND NOT p.deceased
       AND visit.ends_at < now() - interval '1 day'
       AND (SELECT sum(cents) FROM ledger_entry WHERE visit_id = visit.id
             AND account IN ('patient_ar', 'unapplied')) > 0
       AND NOT EXISTS (SELECT FROM portal_acting WHERE patient_id = p.id)
     ORDER BY p.id DESC, visit.id LIMIT 1
"""


@pytest.fixture
def phone(chromium, clinic):
    with passkeys.phone(chromium, clinic) as opened:
        opened.page.set_viewport_size({"width": 320, "height": 640})
        yield opened


def goes(phone, named, role="link"):
    """Tab to it and press Enter: nothing is reached another way."""
    wanted = phone.page.get_by_role(role, name=named).first
    expect(wanted).to_be_visible()
    for _step in range(200):
        phone.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            phone.press("Enter")
            return
    raise AssertionError(named)


def test_a_visits_bill_is_paid_on_its_page_and_its_receipt_is_there(window, phone, clinic):
    patient, born, _visit, day = clinic.row(OWES)
    joins(window, phone, patient, born)
    phone.in_order("visit-bill-home")
    goes(phone, "Earlier visits")
    expect(phone.page.get_by_role("heading", name="Earlier visits")).to_be_visible()
    phone.in_order("visit-bill-visits")

    goes(phone, f": {day}", "button")
    expect(phone.page.get_by_role("heading", name="The bill of this visit")).to_be_visible()
    expect(phone.page.get_by_text("Left to pay", exact=True)).to_be_visible()
    phone.in_order("visit-bill-owed")
    here = phone.page.url

    goes(phone, "Pay what is left")
    expect(phone.page.get_by_text("You still owe")).to_be_visible()
    phone.in_order("visit-bill-pay")
    goes(phone, "Pay by card", "button")
    goes(phone, "with the demo card", "button")
    expect(phone.page.get_by_text("by card").first).to_be_visible()
    expect(phone.page.get_by_role("link", name="Receipt (PDF)")).to_be_visible()
    phone.in_order("visit-bill-paid")

    goes(phone, "Back to your visit")
    expect(phone.page.get_by_role("link", name="Receipt (PDF)").first).to_be_visible()
    expect(phone.page.get_by_text("Pay what is left")).to_have_count(0)
    assert phone.page.url == here
    phone.open(f"{here.partition('/v/')[1]}{here.partition('/v/')[2]}?lang=es")
    expect(phone.page.get_by_role("heading", name="La cuenta de esta cita")).to_be_visible()
    phone.in_order("visit-bill-spanish")
