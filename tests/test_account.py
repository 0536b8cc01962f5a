"""A patient's account: a code from the desk, a passkey made and used, who opened the record."""

import pytest
from playwright.sync_api import expect

from tests import passkeys

pytestmark = pytest.mark.browser

WHO = """
    SELECT p.id, p.birth_date, p.given FROM patients_patient p
     WHERE p.language = 'es' AND p.birth_date < '1990-01-01' AND NOT p.deceased
       AND EXISTS (SELECT FROM scheduling_appointment
                    WHERE patient_id = p.id AND status = 'booked' AND starts_at > now())
     ORDER BY p.id LIMIT 1
"""


@pytest.fixture
def phone(chromium, clinic):
    with passkeys.phone(chromium, clinic) as opened:
        yield opened


@pytest.fixture
def joined(window, phone, clinic):
    """A patient who made an account by the desk's code and a passkey, all by keys."""
    patient, born, given = clinic.row(WHO)
    desk = window("ana")
    desk.open(f"/portal/patients/{patient}/")
    desk.in_order("account-desk-empty")
    desk.page.get_by_role("button", name="Make a code").focus()
    desk.press("Enter")
    code = desk.page.locator("#code").inner_text()
    desk.in_order("account-desk-code")

    phone.open("/my/join/?lang=es")
    phone.in_order("account-join")
    phone.page.locator("#code").focus()
    phone.type(code.lower().replace("-", " "))
    for part in (born.day, born.month, born.year):
        phone.press("Tab")
        phone.type(str(part))
    phone.press("Enter")
    expect(phone.page.get_by_text("Código aceptado")).to_be_visible()
    phone.page.locator("summary").click()
    phone.in_order("account-join-how")
    phone.page.get_by_role("button", name="Crear una llave de acceso").focus()
    phone.press("Enter")
    at_home(phone, given)
    phone.in_order("account-home")
    return patient, given


def at_home(phone, given):
    expect(phone.page.get_by_role("heading", name=f"Hola, {given}")).to_be_visible()


def test_who_opened_the_record_is_shown_and_the_visit_opened(joined, phone):
    phone.page.get_by_role("link", name="Quién abrió su expediente").focus()
    phone.press("Enter")
    expect(phone.page.get_by_text("Ana").first).to_be_visible()
    expect(phone.page.get_by_text("recepción").first).to_be_visible()
    phone.in_order("account-looks")
    phone.open("/my/visits/")
    phone.in_order("account-visits")
    phone.open("/my/bills/")
    phone.in_order("account-bills")

    phone.open("/my/")
    phone.page.get_by_role("button", name="Abrir").first.focus()
    phone.press("Enter")
    expect(phone.page.get_by_role("heading", name="Su cita")).to_be_visible()


def test_the_passkey_signs_in_again_until_the_desk_ends_it(joined, phone, window):
    patient, given = joined
    phone.page.get_by_role("link", name="Cómo entra usted").click()
    phone.in_order("account-ways-in")
    phone.page.get_by_role("button", name="Quitar").click()
    expect(phone.page.get_by_text("Es la única manera")).to_be_visible()
    phone.page.get_by_role("button", name="Salir", exact=True).click()
    expect(phone.page.get_by_text("Usted ha salido")).to_be_visible()
    phone.in_order("account-enter")
    phone.page.get_by_role("button", name="Entrar con una llave de acceso").focus()
    phone.press("Enter")
    at_home(phone, given)

    desk = window("ana")
    desk.open(f"/portal/patients/{patient}/")
    desk.in_order("account-desk")
    desk.page.get_by_placeholder("Why").fill("asked for it")
    desk.page.get_by_role("button", name="End it").click()
    expect(desk.page.locator("#aloud")).to_contain_text("sees nothing any more")
    phone.open("/my/")
    expect(phone.page.get_by_role("heading", name="Entrar")).to_be_visible()
