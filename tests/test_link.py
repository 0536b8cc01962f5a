"""A text with a link, on a phone: the birth date, coming, another time; and what the desk sees."""

import re

import pytest

from tests import inbox

pytestmark = pytest.mark.browser

NUMBER = "+16085550166"
WHO = """
    SELECT p.id, p.birth_date, p.family FROM patients_patient p
      JOIN patients_phone phone ON phone.patient_id = p.id AND phone.rank = 1 AND phone.may_text
     WHERE NOT p.deceased AND p.language = 'es' AND p.birth_date IS NOT NULL
       AND (SELECT count(*) FROM patients_phone WHERE patient_id = p.id) = 1
     ORDER BY p.id DESC OFFSET 2 LIMIT 1
"""
VISIT = """
    SELECT status, confirmed_at IS NOT NULL, ROW(starts_at, clinician_id)::text
      FROM scheduling_appointment
     WHERE patient_id = %s ORDER BY id DESC LIMIT 1
"""


def letters(clinic):
    return [each["body"] for each in inbox.letters(clinic) if each["to"] == NUMBER]


def link_in(clinic, words):
    """The link of the text that says this; it leaves some seconds after the change."""
    return re.search(r"http\S+/v/\S+/", inbox.text_to(clinic, NUMBER, words)).group()


def says(phone, born):
    """Type a birth date by keys alone, in the order of the boxes in Spanish."""
    phone.page.locator("#day").focus()
    phone.type(str(born.day))
    phone.press("Tab")
    phone.type(str(born.month))
    phone.press("Tab")
    phone.type(str(born.year))
    phone.press("Enter")


def in_order(phone, name):
    """No fault at any width or dress; no script at all on a patient's page."""
    phone.in_order(name)
    assert phone.scripts == {}


@pytest.fixture
def visit(window, clinic):
    """Who has a visit, and the link that they got."""
    patient, born, family = clinic.row(WHO)
    if not letters(clinic):
        clinic.rows("UPDATE patients_phone SET number = %s WHERE patient_id = %s", NUMBER, patient)
        desk = window("ana")
        # Not within two hours: then it would be changed by a call only.
        [later] = clinic.row("SELECT to_char(current_date + 3, 'MM/DD/YYYY')")
        desk.open(f"/schedule/book/?patient={patient}&earliest={later}")
        desk.type("fo")
        desk.press("Enter")
        desk.page.locator(".offer:focus").wait_for()
        desk.press("Enter")
        desk.page.get_by_text("Booked for").first.wait_for()
    return patient, born, family, link_in(clinic, "tiene cita")


@pytest.fixture
def phone(window):
    one = window()
    one.dress(narrow=True)
    return one


def enter(phone, born, link):
    phone.page.goto(link)
    says(phone, born)
    phone.page.get_by_role("heading", name="Su cita").wait_for()


def follow(phone, role, name):
    phone.page.get_by_role(role, name=name).focus()
    phone.press("Enter")


def test_the_link_alone_shows_nothing_and_the_birth_date_opens_it(phone, clinic, visit):
    patient, born, family, link = visit
    phone.page.goto(link)
    phone.page.get_by_role("heading", name="¿Cuándo nació usted?").wait_for()
    assert family not in phone.page.content()
    in_order(phone, "link-who")

    says(phone, born.replace(day=1, year=born.year - 1))
    phone.page.get_by_text("no es la fecha de nacimiento").wait_for()
    assert phone.page.locator("#year").input_value() == str(born.year - 1)
    in_order(phone, "link-wrong")
    phone.page.locator("#day").fill(str(born.day))
    phone.page.locator("#year").fill(str(born.year))
    phone.press("Enter")
    phone.page.get_by_role("heading", name="Su cita").wait_for()
    in_order(phone, "link-visit")

    follow(phone, "button", "Sí, voy a ir")
    phone.page.get_by_text("Le esperamos").wait_for()
    in_order(phone, "link-coming")
    assert clinic.row(VISIT, patient)[:2] == ("booked", True)


def test_another_time_is_taken_by_the_arrow_keys(phone, clinic, visit):
    patient, born, _family, link = visit
    booked_for = clinic.row(VISIT, patient)[2]
    enter(phone, born, link)

    follow(phone, "link", "Elegir otra hora")
    phone.page.get_by_role("heading", name="Otras horas").wait_for()
    in_order(phone, "link-times")
    follow(phone, "link", "Mostrar también")
    phone.page.get_by_role("link", name="Solo").wait_for()
    in_order(phone, "link-times-any")
    phone.page.locator("[name=opening]").first.focus()
    phone.press("Space", "ArrowDown", "ArrowDown", "Enter")
    phone.page.get_by_role("heading", name="Su cita").wait_for()

    status, coming, moved_to = clinic.row(VISIT, patient)
    assert (status, coming) == ("booked", True)
    assert moved_to != booked_for
    assert link_in(clinic, "su cita se cambió") == link


def test_the_visit_is_cancelled_and_the_desk_sees_who_did_what(phone, window, clinic, visit):
    patient, born, _family, link = visit
    enter(phone, born, link)

    follow(phone, "link", "Cancelar la cita")
    phone.page.get_by_role("heading", name="¿Cancelar esta cita?").wait_for()
    in_order(phone, "link-cancel")
    follow(phone, "button", "Sí, cancelarla")
    phone.page.get_by_text("Esta cita está cancelada").wait_for()
    in_order(phone, "link-cancelled")
    assert clinic.row(VISIT, patient)[0] == "cancelled"

    desk = window("ana")
    desk.open(f"/messages/{patient}/timeline/?only=visits")
    lines = desk.page.locator("main li").filter(has_text="the patient, by link")
    for words in ("Cancelled the visit", "Moved to", "Will come on"):
        assert lines.filter(has_text=words).count() == 1, words
    desk.look("timeline-by-link")


def test_a_link_that_leads_nowhere_says_what_to_do(phone, clinic):
    phone.page.goto(f"{clinic.address}/v/AAAAAAAAAAAAAAAAAAAAAA/?lang=en")

    phone.page.get_by_role("heading", name="This link does not work any more.").wait_for()
    assert phone.page.locator("footer a[href^='tel:']").count() == 1
    in_order(phone, "link-over")
