"""A good-faith estimate, in a real browser by keys: at the desk, by the biller, on a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests import inbox
from tests.test_link import says
from tests.waiting import until

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)  # a busy machine answers late

NUMBER = "+16085550158"
WHO = """
    SELECT p.id, p.birth_date FROM patients_patient p
      JOIN patients_phone phone ON phone.patient_id = p.id AND phone.rank = 1 AND phone.may_text
     WHERE NOT p.deceased AND p.language = 'es' AND p.birth_date < '1990-01-01'
       AND (SELECT count(*) FROM patients_phone WHERE patient_id = p.id) = 1
       AND NOT EXISTS (SELECT FROM coverage_policy WHERE patient_id = p.id)
     ORDER BY p.id LIMIT 1
"""
MADE = """
    SELECT e.id, e.appointment_id FROM billing_estimate e
      JOIN scheduling_appointment visit ON visit.id = e.appointment_id
     WHERE e.patient_id = %s AND visit.status = 'booked' ORDER BY e.id DESC LIMIT 1
"""
UNPRICED = """
    SELECT visit.id, p.family FROM scheduling_appointment visit
      JOIN facility_visittype kind ON kind.id = visit.visit_type_id
      JOIN patients_patient p ON p.id = visit.patient_id
     WHERE kind.code = 'ecg' AND visit.status = 'booked' AND visit.starts_at > now() + '1 day'
       AND NOT EXISTS (SELECT FROM billing_estimate WHERE appointment_id = visit.id)
     ORDER BY visit.starts_at, visit.id LIMIT 1
"""


@pytest.fixture
def booked(window, clinic):
    """Somebody without a plan for whom the desk has just booked, and the estimate of that visit."""
    patient, born = clinic.row(WHO)
    clinic.rows("UPDATE patients_phone SET number = %s WHERE patient_id = %s", NUMBER, patient)
    before = clinic.row(MADE, patient)
    desk = window("ana")
    [later] = clinic.row("SELECT to_char(current_date + 21, 'MM/DD/YYYY')")
    desk.open(f"/schedule/book/?patient={patient}&earliest={later}")
    desk.type("fo")
    desk.press("Enter")
    desk.page.locator(".offer:focus").wait_for()
    desk.press("Enter")
    desk.page.get_by_text("Booked for").first.wait_for()
    made = until(lambda: (row := clinic.row(MADE, patient)) != before and row)
    return born, made[1]


def link_to(clinic, visit):
    """The link of the text about a visit; it leaves some seconds after the booking."""
    until(lambda: clinic.row("SELECT 1 FROM portal_visitlink WHERE appointment_id = %s", visit))
    text = inbox.text_to(clinic, NUMBER, "tiene cita")
    return re.search(r"http\S+/v/\S+/", text).group()


def test_who_pays_without_a_plan_reads_the_estimate_and_the_desk_gives_it(window, clinic, booked):
    born, visit = booked
    phone = window()
    phone.dress(narrow=True)
    phone.page.goto(link_to(clinic, visit))
    says(phone, born)
    expect(phone.page.get_by_text("Su presupuesto: $185.00")).to_be_visible()
    phone.page.get_by_text("De qué se compone").focus()
    phone.press("Enter")
    expect(phone.page.get_by_text("Office visit, ordinary")).to_be_visible()
    phone.in_order("estimate-on-a-phone")
    paper = phone.page.get_by_role("link", name="Presupuesto y sus derechos (PDF)")
    assert paper.get_attribute("href").endswith("/estimate.pdf")

    desk = window("ana")
    desk.open(f"/schedule/appointments/{visit}/?for=appointment:{visit}")
    desk.dress(narrow=True)
    desk.press("t")
    expect(desk.page.get_by_text("Due to the patient by")).to_be_visible()
    desk.in_order("estimate")
    desk.press("o")
    expect(desk.page.get_by_text("given on paper")).to_be_visible()
    desk.in_order("estimate-given")
    [how] = clinic.row("SELECT given_how FROM billing_estimate WHERE appointment_id = %s", visit)
    assert how == "paper"


def test_what_has_no_usual_charge_is_asked_for_and_written_by_keys(window, clinic):
    visit, family = clinic.row(UNPRICED)
    desk = window("ana")
    desk.open(f"/claims/estimates/{visit}/?for=appointment:{visit}")
    desk.press("a")
    expect(desk.page.get_by_text("They asked what the visit will cost.")).to_be_visible()

    biller = window("ben")
    biller.open("/claims/estimates/")
    biller.in_order("estimates-due")
    biller.page.locator(f'a[href^="/claims/estimates/{visit}/"]').focus()
    biller.press("Enter")
    biller.page.get_by_role("combobox", name="Code, line 1").focus()
    biller.type("ZZ220")
    biller.press("Tab", "Tab")
    biller.type("ZZ101")
    biller.press("Tab")
    biller.in_order("estimate-written")
    biller.page.get_by_role("button", name="Make the estimate").focus()
    biller.press("Enter")
    expect(biller.page.get_by_text("$185.00").first).to_be_visible()
    biller.open("/claims/estimates/?left=give")
    expect(biller.page.get_by_text(family).first).to_be_visible()
    biller.in_order("estimates-to-give")
