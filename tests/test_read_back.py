"""A code goes to a phone, its owner reads it back, and the record says that the phone is theirs."""

import re

import pytest
from playwright.sync_api import expect

from tests import inbox
from tests.waiting import until

pytestmark = pytest.mark.browser

WHO = """
    SELECT phone.patient_id, phone.number FROM patients_phone phone
      JOIN patients_patient p ON p.id = phone.patient_id
     WHERE phone.rank = 1 AND phone.may_text AND phone.whose = '' AND NOT p.deceased
       AND p.language = 'en'
       AND 1 = (SELECT count(*) FROM patients_reachedphone WHERE patient_id = p.id)
       AND NOT EXISTS (SELECT FROM relations_consent WHERE address = phone.number)
       AND NOT EXISTS (SELECT FROM relations_addresscode WHERE patient_id = p.id)
     ORDER BY p.id OFFSET 30 LIMIT 1
"""


def test_a_code_is_sent_read_back_and_checked_by_keys(window, clinic):
    patient, number = clinic.row(WHO)
    ana = window("ana")
    ana.open(f"/messages/{patient}/may-be-sent/")
    ana.page.get_by_role("button", name="Send a code to be read back").first.focus()
    ana.press("Enter")
    box = ana.page.get_by_label("as they read it back")
    box.wait_for()
    ana.in_order("code-sent")
    text = until(lambda: [one for one in inbox.letters(clinic) if one["to"] == number])[0]
    code = re.search(r"[0-9]{3} [0-9]{3}", text["body"]).group()

    expect(box).to_be_focused()
    ana.type("12")
    ana.press("Enter")
    expect(ana.page.get_by_text("That is not the code.").first).to_be_visible()
    ana.in_order("code-wrong")
    expect(ana.page.get_by_label("as they read it back")).to_be_focused()
    ana.type(code)
    ana.press("Enter")

    expect(ana.page.get_by_text("Shown to be theirs").first).to_be_visible()
    ana.in_order("code-right")
