"""A patient's account: a code from the desk, a passkey made and used, who opened the record."""

import pytest
from playwright.sync_api import expect

from tests import passkeys

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)  # a busy machine answers late

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


OWES = """
    SELECT p.id, p.birth_date, p.given, s.number, s.cents FROM patients_patient p
      JOIN billing_statement s ON s.guarantor_id = p.id AND s.state = 'sent'
     WHERE p.language = 'en' AND p.birth_date < '1990-01-01' AND NOT p.deceased
     ORDER BY p.id LIMIT 1
"""


def joins(window, phone, patient, born):
    """The desk gives a code, and the patient makes a passkey."""
    desk = window("ana")
    desk.open(f"/portal/patients/{patient}/")
    desk.page.get_by_role("button", name="Make a code").click()
    code = desk.page.locator("#code").inner_text()
    phone.open(f"/my/join/?lang=en&code={code}")
    for name in ("month", "day", "year"):
        phone.page.locator(f"input[name={name}]").fill(str(getattr(born, name)))
    phone.page.get_by_role("button", name="Go on").click()
    phone.settle()
    phone.page.get_by_role("button", name="Make a passkey").click()
    expect(phone.page.get_by_role("heading", name="Hello")).to_be_visible()
    return desk


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


def test_a_patient_writes_pays_shares_and_changes_how_they_sign_in(window, phone, clinic):
    """An account's whole life: a message and its answer, a bill, a code, the proof of who it is."""
    patient, born, _given, bill, _cents = clinic.row(OWES)
    desk = joins(window, phone, patient, born)
    phone.in_order("account-home-todo")

    writes(phone)
    answered(desk, phone, patient)
    pays_a_part(phone, clinic, bill)
    shares(phone, window, born)
    proves_and_adds(phone)


def writes(phone):
    """What is typed survives a reload; then it is sent, with the time by which it is answered."""
    phone.open("/my/messages/new/")
    phone.page.get_by_role("radio").first.focus()
    phone.press("Space", "Tab", "Tab")  # past what may be asked about
    phone.type("Tuesday")
    phone.press("Tab")
    phone.type("May I bring my son?")
    expect(phone.page.get_by_text("Nothing is sent until")).to_be_visible(timeout=20_000)
    phone.type(" He is six.")
    phone.page.reload()
    expect(phone.page.get_by_label("Your message")).to_have_value(
        "May I bring my son? He is six.", timeout=20_000
    )
    phone.in_order("account-message-new")
    phone.page.get_by_label("Your message").focus()
    phone.press("Tab", "Enter")
    expect(phone.page.get_by_role("status").first).to_contain_text("We answer by")


def answered(desk, phone, patient):
    """The officer answers where they answer everything; the patient reads it, and that is seen."""
    desk.open(f"/messages/{patient}/conversation/")
    expect(desk.page.get_by_text("May I bring my son?").first).to_be_visible()
    desk.in_order("conversation-account")
    desk.page.get_by_role("textbox", name="Words", exact=True).first.fill("Gladly.")
    desk.page.get_by_role("button", name="Send").click()
    expect(desk.page.locator(".ours").get_by_text("Gladly.")).to_be_visible(timeout=30_000)

    phone.open("/my/messages/")
    phone.in_order("account-messages")
    phone.page.get_by_role("link", name="Tuesday").focus()
    phone.press("Enter")
    expect(phone.page.get_by_text("Gladly.")).to_be_visible()
    phone.in_order("account-message")
    desk.page.reload()
    expect(desk.page.get_by_text("Read by").first).to_be_visible()


def pays_a_part(phone, clinic, bill):
    """On the processor's page; what is left is said afterwards."""
    phone.open(f"/my/bills/{bill}/")
    phone.in_order("account-bill")
    phone.page.get_by_label("How much do you want to pay?").fill("1.00")
    phone.press("Enter")
    phone.page.wait_for_url(lambda url: "/my/bills/" not in url, timeout=60_000)
    phone.page.get_by_role("button", name="with the demo card").focus()
    phone.press("Enter")
    expect(phone.page.get_by_text("You paid $1.00 by card")).to_be_visible(timeout=60_000)
    phone.in_order("account-bill-paid")
    phone.open("/my/bills/")
    phone.in_order("account-bills-paid")


def shares(phone, window, born):
    """A code, somebody outside who reads by it, and their look on the patient's list."""
    phone.open("/my/share/")
    phone.in_order("account-share")
    phone.page.get_by_role("checkbox").first.focus()
    phone.press("Space")
    phone.page.get_by_role("button", name="Make a code").focus()
    phone.press("Enter")
    code = phone.page.locator("#code").inner_text()
    phone.in_order("account-share-code")

    outside = window()
    outside.open("/shared/")
    outside.in_order("shared-enter")
    outside.page.locator("#code").focus()
    outside.type(code)
    for part in (born.month, born.day, born.year, "Dr. Ray, County Hospital"):
        outside.press("Tab")
        outside.type(str(part))
    outside.press("Enter")
    expect(outside.page.get_by_role("heading", name="Record of")).to_be_visible()
    outside.in_order("shared-record")

    phone.open("/my/looks/")
    expect(phone.page.get_by_text("Dr. Ray, County Hospital").first).to_be_visible()
    phone.open("/my/share/")
    phone.page.get_by_role("button", name="End it").click()
    outside.page.reload()
    expect(outside.page.get_by_role("heading", name="Read a shared record")).to_be_visible()


def proves_and_adds(phone):
    """The page of the proof, by the passkey; and the papers that were signed."""
    phone.open("/my/ways-in/prove/")
    phone.in_order("account-prove")
    phone.page.get_by_role("button", name="With your passkey").focus()
    phone.press("Enter")
    expect(phone.page.get_by_role("heading", name="How you sign in")).to_be_visible()
    phone.open("/my/documents/")
    phone.in_order("account-documents")
    phone.page.get_by_role("link", name="Documents in your record").focus()
    phone.press("Enter")
    expect(phone.page.get_by_role("heading", name="Documents in your record")).to_be_visible()
    phone.in_order("account-papers")
