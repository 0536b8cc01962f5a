"""Forms in a real browser, by keys: at the desk and on a phone, gone on with, signed, sealed."""

import re

import pytest
from playwright.sync_api import expect

from almoner.portal.queries import digest_of, token_of
from tests import browser, small_clinic
from tests.browser import Desk

pytestmark = [pytest.mark.browser, pytest.mark.slow]
EXPECTED = """
    SELECT visit.id, visit.patient_id FROM scheduling_appointment visit
      LEFT JOIN arrivals_encounter encounter ON encounter.appointment_id = visit.id
     WHERE encounter.id IS NULL ORDER BY visit.id
"""
ASKED = """
    UPDATE records_formrule SET visit_type_id = NULL
     WHERE form_id = (SELECT id FROM records_form WHERE code = 'registration')
"""


@pytest.fixture(scope="module")
def clinic():
    place = small_clinic.environment()
    with browser.clinic("forms", build="tests.small_clinic", environment=place) as running:
        yield running


@pytest.fixture
def ana(clinic, chromium):
    desk = Desk(chromium, clinic.address)
    desk.sign_in("ana")
    desk.settle()
    yield desk
    desk.close()


def saved(desk, words="Saved"):
    expect(desk.page.locator("[data-said]")).to_have_text(words)


def opened(desk, visit, address):
    desk.open(f"{address}{'&' if '?' in address else '?'}for=appointment:{visit}")


def sealed(clinic, patient):
    """The newest signature of a patient: its id, the length of what was drawn, and its paper."""
    return clinic.rows(
        "SELECT id, length(drawing), pdf FROM records_signature"
        " WHERE patient_id = %s AND sha256 = sha256(pdf) ORDER BY id DESC LIMIT 1",
        patient,
    )[0]


def draw(desk):
    box = desk.page.locator("canvas")
    box.scroll_into_view_if_needed()
    where = box.bounding_box()
    desk.page.mouse.move(where["x"] + 40, where["y"] + 80)
    desk.page.mouse.down()
    for step in range(1, 12):
        desk.page.mouse.move(where["x"] + 40 + 20 * step, where["y"] + 80 + 30 * (-1) ** step)
    desk.page.mouse.up()


def test_a_form_is_signed_from_check_in_by_keys_alone(clinic, ana):
    visit, patient = clinic.rows(EXPECTED)[0]
    clinic.rows("UPDATE patients_patient SET language = 'en' WHERE id = %s", patient)
    ana.open(f"/board/visits/{visit}/check-in/?for=appointment:{visit}")
    ana.in_order("check-in-forms-due")

    ana.press("s")
    ana.page.get_by_role("heading", name="Consent to treatment", level=1).wait_for()
    ana.in_order("form")
    ana.press("s")  # blank: not signed
    wrong = ana.page.locator("main [role=alert]:focus")
    expect(wrong).to_contain_text("Answer this.")
    ana.in_order("form-wrong")
    ana.page.locator("input[type=checkbox][value=read]").focus()
    ana.press(" ")
    saved(ana)
    ana.page.reload()
    expect(ana.page.locator("input[type=checkbox][value=read]")).to_be_checked()
    ana.page.locator("[name=agrees]").focus()
    ana.press(" ", "Tab", "Tab")
    ana.type("Robin Example")
    ana.press("Enter")

    ana.page.get_by_text("Signed and sealed.").first.wait_for()
    assert f"/board/visits/{visit}/check-in/" in ana.page.url
    expect(ana.page.locator("main")).not_to_contain_text("Consent to treatment")
    signature = sealed(clinic, patient)[0]
    opened(ana, visit, f"/forms/signed/{signature}/")
    expect(ana.page.locator("main")).to_contain_text("The seal holds")
    ana.in_order("form-signed")


def test_what_an_answer_makes_asked_appears_and_a_drawn_signature_is_kept(clinic, ana):
    visit, patient = clinic.rows(EXPECTED)[0]
    clinic.rows(ASKED)
    clinic.rows(UNANSWERED)
    [(form,)] = clinic.rows("SELECT id FROM records_form WHERE code = 'registration'")
    opened(ana, visit, f"/forms/patients/{patient}/{form}/?lang=es")
    answers_what_is_not_known(ana)
    ana.in_order("form-spanish")
    draw(ana)
    ana.page.locator("#sign-name").focus()
    ana.type("Robin Example")
    ana.press("Enter")
    ana.page.get_by_text("Signed and sealed.").first.wait_for()

    _id, drawn, pdf = sealed(clinic, patient)
    assert drawn > 100
    assert pdf.startswith(b"%PDF-")
    opened(ana, visit, f"/forms/patients/{patient}/")
    ana.in_order("forms-of-a-patient")
    ana.press("a")
    ana.page.get_by_text("Taken into the registration.").first.wait_for()


UNANSWERED = """
    DELETE FROM records_answer
     WHERE filling_id IN (SELECT id FROM records_filling WHERE state = 'open')
"""


def answers_what_is_not_known(ana):
    """The phone anew, whom to call, and one word for all that the record keeps."""
    expect(ana.page.locator("main")).to_contain_text("De su expediente")
    ana.press("s")  # nothing is said to be right yet: that is what is gone to
    right = ana.page.locator("#sign-right:focus")
    expect(right).to_have_accessible_description(re.compile("Marque que lo que aquí viene"))
    ana.page.get_by_role("button", name=re.compile("Cambiar.*Teléfono")).focus()
    ana.press("Enter")
    ana.page.locator("input#q-phone").wait_for()
    calls = ana.page.locator("#q-contact_phone")
    expect(calls).to_be_hidden()

    ana.page.locator("#q-contact").focus()
    ana.type("Dot Example")
    ana.press("Tab")
    expect(calls).to_be_visible()
    for name, value in (("contact_phone", "6085550134"), ("phone", "6085550133")):
        ana.page.locator(f"#q-{name}").focus()
        ana.type(value)
    for box in ana.page.locator("[name=right], [name=agrees]").all():
        box.focus()
        ana.press(" ")
    saved(ana, "Guardado")


COMING = """
    SELECT visit.id, visit.patient_id, person.birth_date FROM scheduling_appointment visit
      JOIN patients_patient person ON person.id = visit.patient_id
      LEFT JOIN arrivals_encounter encounter ON encounter.appointment_id = visit.id
     WHERE encounter.id IS NULL AND person.birth_date IS NOT NULL ORDER BY visit.id DESC LIMIT 1
"""
LINK = "INSERT INTO portal_visitlink (appointment_id, digest, language, made_at, tries)"


@pytest.fixture
def told(clinic, settings):
    """Where the link of a text leads, whose visit it is, and the birth date."""
    name = re.search(r"/(forms_\d+)\?", clinic.database_url).group(1)
    settings.SECRET_KEY = (browser.ROOT / "var" / "test" / name / "secret.key").read_text()
    visit, patient, born = clinic.rows(COMING)[0]
    token = token_of(visit)
    clinic.rows(f"{LINK} VALUES (%s, %s, 'es', now(), 0)", visit, digest_of(token))
    return f"/v/{token}/", patient, born


@pytest.fixture
def phone(clinic, chromium, told):
    """A phone on which the birth date was said by keys."""
    where, _patient, born = told
    window = Desk(chromium, clinic.address)
    window.open(where)
    window.page.locator("#day").focus()
    for part in (born.day, born.month, born.year):
        window.type(str(part))
        window.press("Tab")
    window.press("Enter")
    yield window
    window.close()


READ = """
    SELECT answer.values FROM records_answer answer
      JOIN records_filling filling ON filling.id = answer.filling_id
     WHERE filling.patient_id = %s AND answer.link_id = 'agree' ORDER BY answer.at DESC LIMIT 1
"""


def away_and_back(clinic, phone, patient):
    """What is answered without a line is saved when it comes back, without another key."""
    for kept in ([], ["read"]):
        phone.page.context.set_offline(True)
        phone.page.locator("input[type=checkbox][value=read]").focus()
        phone.press(" ")
        said = phone.page.locator("[data-said]")
        expect(said).to_contain_text("Seguimos intentándolo")
        assert clinic.rows(READ, patient)[0][0] != kept
        phone.page.context.set_offline(False)
        saved(phone, "Guardado")
        assert clinic.rows(READ, patient)[0][0] == kept


def test_a_patient_fills_and_signs_on_a_phone_by_keys_and_a_reload_loses_nothing(
    clinic, phone, told
):
    patient = told[1]
    phone.page.get_by_role("heading", name="Formularios para esta cita").wait_for()
    phone.in_order("phone-visit-forms")

    phone.page.get_by_role("link", name=re.compile("Llenar y firmar ?: Consentimiento")).focus()
    phone.press("Enter")
    phone.page.locator("h1", has_text="Consentimiento para el tratamiento").wait_for()
    phone.dress(narrow=True)
    phone.page.locator("input[type=checkbox][value=read]").focus()
    phone.press(" ")
    saved(phone, "Guardado")
    phone.page.reload()
    expect(phone.page.locator("input[type=checkbox][value=read]")).to_be_checked()
    away_and_back(clinic, phone, patient)
    phone.in_order("phone-form")
    phone.page.locator("#sign-name").focus()
    phone.press("Enter")  # without a name or consent
    expect(phone.page.locator("main [role=alert]")).to_contain_text("Acepte firmar")
    phone.in_order("phone-form-wrong")
    phone.page.locator("[name=agrees]").focus()
    phone.press(" ")
    phone.page.locator("#sign-name").focus()
    phone.type("Robin Example")
    phone.press("Enter")

    phone.page.get_by_role("link", name=re.compile(r"Su copia \(PDF\)")).wait_for()
    phone.in_order("phone-visit-signed")
    assert sealed(clinic, patient)[2].startswith(b"%PDF-")


@pytest.fixture
def ada(clinic, chromium):
    desk = Desk(chromium, clinic.address)
    desk.sign_in("ada")
    desk.settle()
    yield desk
    desk.close()


def fill(desk, **fields):
    """Type into fields by their names, as the keyboard reaches them."""
    for name, value in fields.items():
        desk.page.locator(f"[name={name}]").last.focus()
        desk.type(value)


def begun(ada):
    """A draft with a group and, in it or behind it, a choice without Spanish; on the choice."""
    ada.press("g", "f")
    ada.page.get_by_role("heading", name="Forms", level=1).wait_for()
    ada.in_order("forms")
    ada.press("n")
    ada.page.get_by_role("heading", name="New form", level=1).wait_for()
    fill(ada, code="intake", en="Intake", es="Ingreso")
    ada.in_order("form-new")
    ada.page.get_by_role("button", name="Begin a draft").focus()
    ada.press("Enter")
    add = ada.page.get_by_role("button", name=re.compile("Add it"))
    for kind, en, es in (
        ("Text to read", "Too much", "De más"), ("Group", "You", "Usted"), ("Choice", "How?", ""),
    ):  # fmt: skip
        add.wait_for()
        ada.page.locator("[name=kind]").select_option(label=kind)
        fill(ada, en=en, es=es)
        add.focus()
        ada.press("Enter")
        ada.settle()
    ada.page.get_by_role("heading", name="Choice", level=1).wait_for()


def save(ada):
    ada.page.evaluate("document.activeElement.blur()")
    ada.press("s")
    ada.page.locator("#item-q3").wait_for()


def published_by_mara(clinic, chromium, address):
    mara = Desk(chromium, clinic.address)
    try:
        mara.sign_in("mara")
        mara.settle()
        mara.open(address)
        mara.in_order("form-design-read")
        mara.press("p")
        mara.page.get_by_text("Published: whoever begins it").first.wait_for()
        mara.in_order("form-design-published")
    finally:
        mara.close()


def test_a_form_is_built_by_one_and_published_by_another_by_keys(clinic, ada, chromium):
    begun(ada)
    fill(ada, code0="well", en0="Well", es0="Bien")
    ada.page.locator("[name=required]").focus()
    ada.press(" ")
    ada.in_order("form-item")
    save(ada)
    ada.page.get_by_role("button", name="Remove line 1").focus()
    ada.press("Enter")
    ada.page.get_by_role("button", name="Remove it").press("Enter")
    expect(ada.page.locator("#item-q1")).to_have_count(0)

    assert ada.page.get_by_role("button", name="Publish").count() == 0
    expect(ada.page.locator("#item-q3")).to_contain_text("Spanish is missing.")
    ada.in_order("form-design-open")
    ada.page.locator("#item-q3 a").focus()
    ada.press("Enter")
    ada.page.get_by_role("heading", name="Choice", level=1).wait_for()
    fill(ada, es="¿Cómo?")
    save(ada)
    ada.press("v")
    ada.page.get_by_text("nothing typed here is kept").wait_for()
    ada.in_order("form-preview")
    ada.press("b")
    ada.page.locator("#item-q3").wait_for()
    published_by_mara(clinic, chromium, ada.page.url)
    [(number,)] = clinic.rows(
        "SELECT v.number FROM records_formversion v JOIN records_form f ON f.id = v.form_id"
        " WHERE f.code = 'intake' AND v.published_at IS NOT NULL",
    )
    assert number == 1
