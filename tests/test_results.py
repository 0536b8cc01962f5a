"""A patient's results, by keys alone: read, told of after a clinician, corrected, asked about."""

import json
import os
import re
import subprocess
import sys
from datetime import timedelta

import psycopg
import pytest
from playwright.sync_api import expect

from almoner.ground import clock
from tests import passkeys
from tests.test_account import joins
from tests.waiting import until

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)  # a busy machine answers late

# Somebody who reads English, takes texts, and has a course of results that linh ordered.
WHO = """
    SELECT p.id, p.birth_date, p.mrn, c.npi FROM patients_patient p
      JOIN records_result r ON r.patient_id = p.id AND r.shown_id IS NOT NULL
      JOIN access_officer o ON o.username = 'linh' AND o.clinician_id = r.clinician_id
      JOIN facility_clinician c ON c.id = r.clinician_id
     WHERE p.language = 'en'
       AND EXISTS (SELECT FROM patients_phone
                    WHERE patient_id = p.id AND rank = 1 AND may_text)
     GROUP BY p.id, c.npi HAVING count(*) > 3 ORDER BY p.id LIMIT 1
"""
TOLD = """
    SELECT count(*), min(body) FROM relations_message
     WHERE patient_id = %s AND template = 'account-news' AND channel = 'sms'
"""


@pytest.fixture
def phone(chromium, clinic):
    with passkeys.phone(chromium, clinic) as opened:
        yield opened


def laboratory(mrn, npi, value, *, status="final", minutes=0):
    """A report as it is sent: one value, marked as high."""
    at = (clock.now() + timedelta(minutes=minutes)).isoformat()
    every = [
        {"resourceType": "ServiceRequest", "id": "s", "status": "active", "intent": "order",
         "subject": {"reference": "Patient/p"},
         "requester": {"display": "Linh Ng", "identifier": {
             "system": "http://hl7.org/fhir/sid/us-npi", "value": npi or "0000000000"}}},
        {"resourceType": "Patient", "id": "p", "identifier": [
            {"type": {"coding": [{"code": "MR"}]}, "system": "urn:almoner:mrn", "value": mrn}]},
        {"resourceType": "Observation", "id": "o", "status": "final",
         "code": {"text": "Thyroid (TSH)", "coding": [{"system": "https://lab", "code": "T"}]},
         "valueQuantity": {"value": value, "unit": "mIU/L"},
         "interpretation": [{"coding": [{"code": "H"}]}],
         "referenceRange": [{"low": {"value": 0.4}, "high": {"value": 4.0}}]},
        {"resourceType": "DiagnosticReport", "status": status,
         "identifier": [{"system": "https://lab", "value": f"story-{mrn}"}],
         "code": {"text": "Thyroid"}, "subject": {"reference": "Patient/p"}, "issued": at,
         "effectiveDateTime": at, "basedOn": [{"reference": "ServiceRequest/s"}],
         "result": [{"reference": "Observation/o"}]},
    ]  # fmt: skip
    entries = [{"resource": one} for one in every]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries})


def sent(clinic, tmp_path, content):
    """By the command, as a laboratory's interface would."""
    file = tmp_path / "report.json"
    file.write_text(content)
    done = subprocess.run(
        [sys.executable, "-m", "almoner", "results", "import", str(file)],
        env=os.environ | {"DATABASE_URL": clinic.database_url, "ALMONER_DEMO": "1"},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    return done.stdout


def told(clinic, patient):
    with psycopg.connect(clinic.database_url) as connection:
        return connection.execute(TOLD, [patient]).fetchone()


def until_told(clinic, patient):
    until(lambda: told(clinic, patient)[0])
    return told(clinic, patient)[1]


def follow(phone, name):
    """The link of this name, by the keyboard alone."""
    phone.page.get_by_role("link", name=name).first.focus()
    phone.press("Enter")
    phone.settle()


def reads_the_course(phone):
    """The list, one of it, and how its value went in time."""
    follow(phone, "Results")
    expect(phone.page.get_by_text("Sugar").first).to_be_visible()
    phone.in_order("results-list")
    follow(phone, "Sugar")
    phone.page.locator("summary").first.focus()
    expect(phone.page.locator("svg.course circle")).to_have_count(4)
    phone.in_order("results-one")
    follow(phone, "All results")


def wants_a_clinician_first(phone):
    phone.page.get_by_label("After my clinician has looked at it").focus()
    phone.press("Space", "Tab", "Enter")
    expect(phone.page.get_by_text("Kept.")).to_be_visible()


def decides_to_read_it(phone):
    """What waits for a clinician stands behind “show it now”, and shows nothing before."""
    phone.open("/my/results/?lang=en")
    expect(phone.page.get_by_role("link", name=re.compile("Show it now.*Thyroid"))).to_be_visible()
    follow(phone, "Thyroid")
    expect(phone.page.get_by_text("It is yours to read whenever you want")).to_be_visible()
    assert "5.9" not in phone.page.content()
    phone.in_order("results-behind")
    follow(phone, "Show it now")
    expect(phone.page.get_by_text("5.9 mIU/L").first).to_be_visible()
    expect(phone.page.get_by_text("Above the range").first).to_be_visible()


def signs_with_a_word(linh):
    linh.open("/forms/results/")
    linh.in_order("results-to-review")
    linh.page.locator("[data-line]", has_text="Thyroid").focus()
    linh.press("Enter")
    linh.page.get_by_role("heading", name="Thyroid").wait_for()
    linh.settle()
    linh.in_order("result-review")
    linh.page.get_by_label("To the patient").focus()
    linh.type("A little high. We look again in six weeks.")
    linh.press("Tab", "Enter")
    linh.page.get_by_text("Signed: Thyroid").first.wait_for()


def reads_what_they_say(phone):
    phone.open("/my/?lang=en")
    follow(phone, "Read a new result")
    follow(phone, "Thyroid")
    expect(phone.page.get_by_text("We look again in six weeks")).to_be_visible()
    expect(phone.page.get_by_text("6.4 mIU/L").first).to_be_visible()
    phone.in_order("results-note")
    follow(phone, "Version 1")
    expect(phone.page.get_by_text("This is an earlier version")).to_be_visible()
    expect(phone.page.get_by_text("5.9 mIU/L").first).to_be_visible()
    phone.in_order("results-earlier")


def test_results_are_the_patients_as_soon_as_they_are_final(window, phone, clinic, tmp_path):
    patient, born, mrn, npi = clinic.row(WHO)
    joins(window, phone, patient, born)

    reads_the_course(phone)
    wants_a_clinician_first(phone)
    assert "1 kept" in sent(clinic, tmp_path, laboratory(mrn, npi, 5.9))
    decides_to_read_it(phone)

    corrected = laboratory(mrn, npi, 6.4, status="corrected", minutes=1)
    assert "1 kept" in sent(clinic, tmp_path, corrected)
    linh = window("linh")
    assert told(clinic, patient)[0] == 0
    signs_with_a_word(linh)

    assert "/my/" in until_told(clinic, patient)
    reads_what_they_say(phone)
    follow(phone, "Ask about this")
    assert phone.page.get_by_label("In a few words").input_value().startswith("About: Thyroid")


def test_what_names_nobody_is_given_by_two_identifiers_by_keys(window, clinic, tmp_path):
    content = laboratory("ELSEWHERE-7", "", 2.2)
    assert "1 without a patient" in sent(clinic, tmp_path, content)
    somebody = clinic.row("SELECT mrn, birth_date FROM patients_patient ORDER BY id DESC LIMIT 1")
    ana = window("ana")
    ana.open("/forms/results/nobody/")
    ana.in_order("results-nobody")
    ana.page.locator("li", has_text="Thyroid").locator("[data-line]").focus()
    ana.press("Enter")
    ana.page.get_by_role("heading", name="Whose result is this?").wait_for()
    ana.settle()
    ana.in_order("result-nobody")
    ana.page.get_by_label("Record number").focus()
    ana.type(somebody[0])
    ana.press("Tab")
    ana.type(somebody[1].strftime("%m/%d/%Y"))
    ana.press("Enter")
    ana.page.get_by_text("In the record now").first.wait_for()
