"""One visit by video from its text to the case that a low answer opens, as people live it.

The patient speaks Spanish, has no account, and is on a phone of 320 px. Everybody's browser is a
real one, with a made-up camera; what each sees of the others is measured where it is decoded.
"""

import re
import time
from datetime import timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from playwright.sync_api import expect

from almoner.ground import clock
from tests import browser, inbox, small_clinic
from tests.calls import (
    RELAYED,
    REMEMBER_CONNECTIONS,
    admit,
    cut,
    decodes,
    follow,
    kept,
    reached_at,
    seen,
    stands_still,
)
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NUMBER = "+16085550142"
LONG = 120  # seconds for what takes seconds: the machine may be small, and others work on it
WHO = """
    SELECT person.id, person.birth_date, kind.id, linh.id
      FROM patients_patient person, facility_visittype kind, facility_clinician linh
     WHERE person.family = 'Ferreira' AND kind.by_video AND linh.family = 'Ng'
"""
VISIT = "SELECT id FROM scheduling_appointment WHERE patient_id = %s"
SOON = timedelta(minutes=15)
"""How far ahead it is booked: what comes before it is done in the meantime."""
NO_CAMERA_IN_THE_TEST = """
    const given = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = (wanted) =>
        wanted.video && location.pathname.endsWith("/video/test/")
            ? Promise.reject(new DOMException("", "NotFoundError")) : given(wanted);
"""


@pytest.fixture(scope="module")
def clinic():
    place = small_clinic.environment()
    place |= RELAYED
    with browser.clinic("story", build="tests.story_clinic", environment=place) as running:
        yield running


@pytest.fixture
def people(device):
    """The patient's phone, the officer, the clinician and the interpreter."""
    phone, ana, linh, rosa = device(), device("ana"), device("linh"), device()
    for window in (phone, ana, linh, rosa):
        window.context.set_default_timeout(LONG * 1000)
        window.context.add_init_script(REMEMBER_CONNECTIONS)
    phone.context.add_init_script(NO_CAMERA_IN_THE_TEST)
    phone.dress(narrow=True)
    return phone, ana, linh, rosa


def test_from_a_text_to_the_case_that_a_low_answer_opens(clinic, people):
    phone, ana, linh, rosa = people
    patient, born, kind, clinician = clinic.row(WHO)
    visit = books(ana, clinic, patient, kind, clinician)
    link = link_in(clinic, "tiene cita")

    says_the_birth_date(phone, link, born)
    checks_in(phone)
    signs(phone, clinic, patient)
    pays(phone, clinic, link)
    the_camera_fails_and_the_desk_sees_it(phone, ana, clinic, visit, link)
    the_desk_calls(ana, clinic, visit, patient)
    goes_to_the_waiting_room(phone, link)
    the_interpreter_comes_by_a_link(ana, rosa, visit)

    admit(linh, visit)
    everybody_sees_everybody(phone, linh, rosa)
    loses_the_line_and_comes_back(phone, linh)
    goes_on_by_phone(phone, linh, clinic, visit)
    the_visit_ends(linh, clinic, visit)

    ana.open("/surveys/answers/?show=low")
    answers_low(phone, clinic, link_in(clinic, "cómo le fue"))
    the_desk_has_a_case(ana, clinic, visit, patient)
    assert phone.refused == ana.refused == linh.refused == rosa.refused == []


def books(ana, clinic, patient, kind, clinician):
    """The first time with that clinician, by video; its text leaves by itself."""
    [zone] = clinic.row("SELECT time_zone FROM facility_organisation")
    since = clock.now().astimezone(ZoneInfo(zone)) + SOON
    ana.open(
        f"/schedule/book/?patient={patient}&visit={kind}&who={clinician}&since={since:%H:%M}"
        f"&earliest={since:%m/%d/%Y}"
    )
    ana.page.locator(".offer:focus").wait_for()
    ana.press("Enter")
    ana.page.get_by_text("Booked for").first.wait_for()
    ana.in_order("story-booked")
    return clinic.row(VISIT, patient)[0]


def link_in(clinic, words):
    """The link of the text that says this, once it has arrived."""
    return re.search(r"http\S+/v/\S+/", inbox.text_to(clinic, NUMBER, words)).group()


def press(window, role, name, within=None):
    """By its key, and on to the page that follows."""
    (within or window.page).get_by_role(role, name=name).first.focus()
    with window.page.expect_navigation():
        window.press("Enter")


def says_the_birth_date(phone, link, born):
    phone.page.goto(link)
    phone.page.get_by_role("heading", name="¿Cuándo nació usted?").wait_for()
    phone.page.locator("#day").focus()
    for part in (born.day, born.month, born.year):
        phone.type(str(part))
        phone.press("Tab")
    phone.press("Enter")
    phone.page.get_by_role("heading", name="Su cita").wait_for()


def checks_in(phone):
    """Everything is as it was; the card is photographed, and they may be asked how it was."""
    press(phone, "link", "Preparar mi cita ahora")
    press(phone, "button", "Todo esto sigue correcto")
    policy = phone.page.locator("article[id^=policy-]")
    press(phone, "button", "Sigue siendo mío", policy)
    policy.get_by_text("Foto de la tarjeta").focus()
    phone.press("Enter")
    policy.locator("[name=front]").set_input_files(card())
    press(phone, "button", "Enviar la foto", policy)
    expect(policy).to_contain_text("Tenemos la foto")
    press(phone, "button", "No tengo otro")
    press(phone, "button", "Sí, pregúntenme")
    phone.page.get_by_text("Podemos preguntarle por mensaje").wait_for()


def card():
    picture = BytesIO()
    Image.new("RGB", (1600, 1000), "steelblue").save(picture, "JPEG")
    return {"name": "card.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}


def signs(phone, clinic, patient):
    press(phone, "link", re.compile("Llenar y firmar ?: Consentimiento para el tratamiento"))
    phone.page.locator("input[type=checkbox][value=read]").focus()
    phone.press(" ")
    expect(phone.page.locator("[data-said]")).to_have_text("Guardado")
    phone.page.locator("[name=agrees]").focus()
    phone.press(" ")
    phone.page.locator("#sign-name").focus()
    phone.type("Lucia Ferreira")
    phone.press("Enter")
    phone.page.get_by_role("link", name=re.compile(r"Su copia \(PDF\)")).first.wait_for()
    asked = "SELECT count(*) FROM records_signature WHERE patient_id = %s AND sha256 = sha256(pdf)"
    assert clinic.row(asked, patient) == (1,)


def pays(phone, clinic, link):
    """Once the payer has answered; on the processor's own page."""

    def due():
        phone.page.goto(f"{link}pay/")
        return phone.page.get_by_text("Su copago de esta cita es").count()

    until(due)
    follow(phone, "button", "Pagar con tarjeta")
    phone.page.wait_for_url(f"{clinic.partners['card terminal']}/pay/**")
    follow(phone, "button", "with the demo card")
    phone.page.get_by_text("Usted pagó").wait_for()
    assert phone.page.url.startswith(clinic.address)


def the_camera_fails_and_the_desk_sees_it(phone, ana, clinic, visit, link):
    ana.open("/video/")
    phone.page.goto(f"{link}video/test/")
    follow(phone, "button", "Empezar la prueba")
    phone.page.get_by_role("button", name="Sí").wait_for()
    phone.press("Enter")
    phone.page.get_by_text("La clínica ve el resultado").wait_for()

    ana.page.locator(f"#video-{visit}").get_by_text("Camera").wait_for()
    assert kept(clinic, visit, "test")[0]["camera"] == "failed"


def the_desk_calls(ana, clinic, visit, patient):
    """From the mark of the failed test: the number and the words stand there, one key keeps it."""
    line = ana.page.locator(f"#video-{visit}")
    line.get_by_role("link", name="Call").wait_for()
    ana.in_order("story-test-failed")
    ana.keys.forget()
    ana.press("c")
    ana.page.get_by_role("heading", name="Call about the test").wait_for()
    expect(ana.page.locator("main a[href^='tel:']")).to_have_attribute("href", f"tel:{NUMBER}")
    ana.page.get_by_text("permita la cámara").wait_for()
    ana.in_order("story-call")
    ana.press("1")
    line.get_by_text("Settled").wait_for()
    assert ana.keys.typed == 2

    asked = "SELECT incoming, number, disposition, patient_id FROM relations_call WHERE visit_id=%s"
    assert clinic.rows(asked, visit) == [(False, NUMBER, "settled", patient)]
    ana.open(f"/messages/{patient}/conversation/?for=appointment:{visit}")
    ana.page.locator(".talk").get_by_text("Settled").wait_for()
    ana.in_order("story-conversation")


def goes_to_the_waiting_room(phone, link):
    phone.page.goto(f"{link}visit/")
    press(phone, "link", "Entrar a la cita por video")
    for name, words in (("state", "Wisconsin"), ("address", "5 Mill Lane, Madison")):
        phone.page.locator(f"#{name}").focus()
        phone.type(words)
    reached_at(phone, "608 555 0142")
    with phone.page.expect_navigation():
        phone.press("Enter")
    press(phone, "button", "Estoy de acuerdo")
    press(phone, "button", "Ir a la sala de espera")
    phone.page.get_by_text("Está en la sala de espera").wait_for()


def the_interpreter_comes_by_a_link(ana, rosa, visit):
    ana.open(f"/video/{visit}/?for=appointment:{visit}")
    ana.press("i")
    rosa.page.goto(ana.page.get_by_label("Link", exact=True).input_value())
    ana.in_order("story-invited")
    rosa.page.locator("#name").focus()
    rosa.type("Rosa")
    rosa.press("Enter")
    rosa.page.get_by_text(re.compile("You are in the waiting room|Está en la sala")).wait_for()


def everybody_sees_everybody(*windows):
    for window in windows:
        until(lambda window=window: decodes(window, len(windows) - 1))


def loses_the_line_and_comes_back(phone, linh):
    """All stands still, and the phone says why; it moves again once the line is back."""
    with cut(phone):
        phone.page.get_by_text("Ha perdido la conexión").wait_for()
        if RELAYED:
            until(lambda: stands_still(phone, others=2) and stands_still(linh, others=2))
        time.sleep(3)
    until(lambda: seen(phone, others=2) and seen(linh, others=2))
    phone.page.locator("#trouble").wait_for(state="hidden")


def goes_on_by_phone(phone, linh, clinic, visit):
    follow(phone, "button", "Seguir por teléfono")
    phone.page.get_by_text("La cita sigue por teléfono. Le llamamos").wait_for()
    follow(phone, "button", "El sonido")
    phone.page.get_by_text("Gracias, lo anotamos.").wait_for()
    linh.page.get_by_text("The visit goes on by phone. Call").wait_for()
    linh.in_order("story-by-phone")
    assert kept(clinic, visit, "by_phone_reason", "by_phone_role") == ("sound", "patient")


def the_visit_ends(linh, clinic, visit):
    linh.page.locator("#end").focus()
    linh.press("Enter")
    linh.page.locator("#sure [value=yes]").focus()
    linh.press("Enter")
    until(lambda: kept(clinic, visit, "state") == ("ended",))
    assert clinic.row("SELECT state FROM arrivals_encounter WHERE appointment_id = %s", visit) == (
        "done",
    )


def answers_low(phone, clinic, link):
    """By keys: a number, a number, and why; each is kept as it is given."""
    assert link.endswith("/survey/")
    phone.page.goto(link)
    phone.page.get_by_text("Pregunta 1 de 3").wait_for()
    press(phone, "button", "2")
    phone.page.reload()
    phone.page.get_by_text("Pregunta 2 de 3").wait_for()
    press(phone, "button", "1")
    phone.page.locator("textarea").focus()
    phone.type("No se oía nada y tuve que seguir por teléfono.")
    press(phone, "button", "Enviar")
    phone.page.get_by_role("heading", name="Gracias.").wait_for()
    asked = "SELECT way, low_at IS NOT NULL, finished_at IS NOT NULL FROM surveys_survey"
    assert clinic.rows(asked) == [("phone", True, True)]


def the_desk_has_a_case(ana, clinic, visit, patient):
    """The open page hears of it; the case is somebody's, due, about the visit, with the answer."""
    ana.page.get_by_text("tuve que seguir por teléfono").wait_for()
    ana.in_order("story-answers")
    [(case, owner, about)] = clinic.rows(
        "SELECT id, owner_id, patient_id FROM relations_case WHERE opened_by_id IS NULL"
    )
    assert owner
    assert about == patient
    ana.page.get_by_role("link", name=f"C-{case}").focus()
    ana.press("Enter")
    ana.page.locator("#answered").get_by_text("tuve que seguir por teléfono").wait_for()
    expect(ana.page.locator("#answered")).to_contain_text("by phone")
    expect(ana.page.locator("#about a").first).to_have_attribute(
        "href", re.compile(f"/appointments/{visit}/")
    )
    ana.in_order("story-case")
