"""Checking in ahead on a phone of 320 px by keys alone, reloaded at every answer; then the desk."""

import hashlib
import time
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests import browser, small_clinic
from tests.browser import Desk
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]
EXPECTED = """
    SELECT visit.id, visit.patient_id, patient.birth_date FROM scheduling_appointment visit
      JOIN patients_patient patient ON patient.id = visit.patient_id
      LEFT JOIN arrivals_encounter encounter ON encounter.appointment_id = visit.id
     WHERE encounter.id IS NULL AND patient.birth_date IS NOT NULL
       AND NOT EXISTS (SELECT FROM coverage_policy policy WHERE policy.patient_id = patient.id)
     ORDER BY visit.id
"""
POLICY = """
    INSERT INTO coverage_policy (patient_id, plan_id, rank, relation, member_id, group_number,
                                 subscriber_family, subscriber_given, subscriber_sex, version)
    SELECT %s, plan.id, 1, '18', %s, '', '', '', '', 1 FROM coverage_plan plan
      JOIN coverage_payer payer ON payer.id = plan.payer_id WHERE payer.payer_id = 'BLUEH'
"""
LINK = """
    INSERT INTO portal_visitlink (appointment_id, digest, language, made_at, tries)
    VALUES (%s, %s, %s, now(), 0)
"""
KEPT = """
    SELECT address, (SELECT count(*) FROM coverage_cardimage JOIN coverage_policy policy
                         ON policy.id = policy_id WHERE policy.patient_id = email.patient_id)
      FROM patients_email email WHERE patient_id = %s AND rank = 1
"""
SIGNED = "SELECT id FROM records_signature WHERE patient_id = %s"
SOON = """
    UPDATE scheduling_appointment SET starts_at = now() + interval '20 minutes',
           ends_at = now() + interval '35 minutes' WHERE id = %s
"""
DETAILS = (
    "name_used", "pronouns", "address", "phone", "other_phone", "email", "language", "interpreter",
    "emergency",
)  # fmt: skip
LONGEST = 90
"""Seconds a check-in ahead may take, with a change, a photograph, words of one's own, every form
signed, and a look at what there is to pay."""


@pytest.fixture(scope="module")
def clinic():
    place = small_clinic.environment()
    with browser.clinic("early", build="tests.small_clinic", environment=place) as running:
        yield running


@pytest.fixture
def phone(clinic, chromium):
    one = Desk(chromium, clinic.address)
    one.dress(narrow=True)
    yield one
    one.close()


@pytest.fixture
def ana(clinic, chromium):
    desk = Desk(chromium, clinic.address)
    desk.sign_in("ana")
    desk.settle()
    yield desk
    desk.close()


def link(clinic, language):
    """The link of an expected visit that no story had; its visit, its patient, their birth date."""
    visit, patient, born = clinic.rows(EXPECTED)[0]
    clinic.rows(POLICY, patient, f"BHH22044{patient:02d}L0")
    token = f"a-token-for-visit-{visit}-{language}"
    clinic.rows(LINK, visit, hashlib.sha256(token.encode()).digest(), language)
    return visit, patient, born, f"{clinic.address}/v/{token}/"


def enter(phone, address, born):
    phone.page.goto(address)
    day, month = str(born.day), str(born.month)
    first = phone.page.locator(".date input").first
    first.focus()
    for part in (month, day) if first.get_attribute("id") == "month" else (day, month):
        phone.type(part)
        phone.press("Tab")
    phone.type(str(born.year))
    phone.press("Enter")
    phone.page.locator(".card").first.wait_for()


def tab_to(phone, words, within="main"):
    """Tab on from where one is until what says this has the focus."""
    for _ in range(40):
        phone.press("Tab")
        there = phone.page.evaluate(
            "within => { const at = document.activeElement;"
            " return at.closest(within) ? at.textContent.trim() : '' }",
            within,
        )
        if there.startswith(words):
            return
    raise AssertionError(words, phone.page.evaluate("document.activeElement.outerHTML"))


def press(phone, words, within="main"):
    tab_to(phone, words, within)
    with phone.page.expect_navigation():
        phone.press("Enter")


def in_order(phone, name):
    phone.in_order(name)
    with_script = ("portal/ahead.", "records/forms.")
    assert all(any(one in each for one in with_script) for each in phone.scripts)


def card():
    picture = BytesIO()
    Image.new("RGB", (1600, 1000), "steelblue").save(picture, "JPEG")
    return {"name": "card.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}


def test_everything_is_said_by_keys_on_a_small_phone_and_the_desk_accepts_it(phone, ana, clinic):
    visit, patient, born, address = link(clinic, "en")
    enter(phone, address, born)
    in_order(phone, "early-visit")
    press(phone, "Check in now")
    in_order(phone, "early")
    began = time.monotonic()
    phone.page.locator("#reason summary").focus()
    phone.press("Enter", "Tab")
    phone.type("my knee")  # not saved before all else is
    for thing in DETAILS:
        answers(phone, thing)
        there = phone.page.url
        phone.page.reload()  # nothing is lost
        assert phone.page.locator(f"#{thing}[data-said]").count() == 1, thing
        assert phone.page.url == there
    the_rest(phone)
    signs_what_waits(phone)
    assert clinic.rows(SIGNED, patient)
    press(phone, "See what is due")
    assert phone.page.url == f"{address}pay/"
    took = time.monotonic() - began

    phone.page.goto(f"{address}check-in/")
    expect(phone.page.locator("#reason")).to_contain_text("You told us")
    in_order(phone, "early-done")
    assert took < LONGEST, took
    press(phone, "Back to your visit")
    in_order(phone, "early-here")
    the_desk_accepts(ana, clinic, visit, patient)


def answers(phone, thing):
    """Everything is right but the e-mail, which is first written wrongly."""
    if thing != "email":
        press(phone, "Still right" if _kept(phone, thing) else "Right, I have none", f"#{thing}")
        return
    tab_to(phone, "Change" if _kept(phone, thing) else "Add", "#email")
    phone.press("Enter", "Tab")
    phone.type("cy@home")
    phone.press("Enter")
    phone.page.get_by_text("That is no e-mail address").wait_for()
    phone.page.screenshot(path=browser.PICTURES / "early-wrong-320.png")
    assert phone.page.locator("#email input:focus").input_value() == "cy@home"
    phone.press("End")
    phone.type(".example.org")
    with phone.page.expect_navigation():
        phone.press("Enter")


def the_rest(phone):
    """The coverage, a photograph of its card, and what is said in words of one's own."""
    press(phone, "Still mine")
    press(phone, "I have no other")
    phone.page.reload()
    expect(phone.page.get_by_text("Please sign your forms below")).to_have_count(1)
    sends_the_card_and_a_word(phone)


def signs_what_waits(phone):
    """Every form of the visit, by keys; what check-in settled is not asked on any of them."""
    waits = phone.page.locator(".asked a.button")
    left = waits.count()
    assert left
    while left:
        waits.first.focus()
        with phone.page.expect_navigation():
            phone.press("Enter")
        for box in phone.page.locator(".sheet-item fieldset:has(.needed) input").all():
            box.focus()
            phone.press(" ")
        if (agrees := phone.page.locator("[name=agrees]")).count():
            agrees.focus()
            phone.press(" ")
        phone.page.locator("#sign-name").focus()
        phone.type("Robin Example")
        with phone.page.expect_navigation():
            phone.press("Enter")
        left -= 1
        expect(waits).to_have_count(left)


def sends_the_card_and_a_word(phone):
    policy = phone.page.locator("article[id^=policy-][data-said]")
    policy.get_by_text("Photo of the card").focus()
    phone.press("Enter")
    policy.locator("[name=front]").set_input_files(card())
    policy.get_by_role("button", name="Send the photo").focus()
    with phone.page.expect_navigation():
        phone.press("Enter")
    expect(policy).to_contain_text("We have the photo: Front.")
    word = phone.page.locator("#reason input, #reason textarea").last
    expect(word).to_have_value("my knee")
    word.focus()
    press(phone, "Save", "#reason")


def the_desk_accepts(ana, clinic, visit, patient):
    """Each change by its own key; the page shows what the payer answered meanwhile."""
    ana.open(f"/board/visits/{visit}/check-in/?for=appointment:{visit}")
    expect(ana.page.locator(".settle-ahead")).to_contain_text("my knee")
    expect(ana.page.locator("#item-details .said")).to_contain_text("cy@home.example.org")
    asked = ana.page.locator("#item-coverage .timer")  # the payer is asked as the page opens
    expect(asked).to_have_count(0, timeout=60_000)
    ana.look("check-in-ahead")
    for dress in browser.DRESSES:
        ana.dress(**dress)
        assert ana.faults() == []
    ana.dress()
    ana.press("e")
    expect(ana.page.locator("#item-details .said")).to_have_count(0)
    ana.press("r")
    expect(ana.page.locator("#item-coverage .said")).to_have_count(0)
    assert clinic.rows(KEPT, patient) == [("cy@home.example.org", 1)]


def _kept(phone, thing):
    words = phone.page.locator(f"#{thing} .kept").inner_text()
    return words != "We have none"


def test_who_confirmed_everything_online_says_that_they_are_here_and_is_checked_in_by_few_keys(
    phone, ana, clinic
):
    visit, _patient, born, address = link(clinic, "es")
    clinic.rows(SOON, visit)
    enter(phone, address, born)
    press(phone, "Preparar mi cita ahora")
    in_order(phone, "early-es")
    press(phone, "Todo esto sigue correcto")
    while phone.page.locator("article[id^=policy-]:not([data-said])").count():
        press(phone, "Sigue siendo mío")
    press(phone, "No tengo otro")
    phone.page.goto(address)
    expect(phone.page.get_by_text("firme sus formularios abajo")).to_have_count(1)
    press(phone, "Ya estoy aquí")
    expect(phone.page.locator(".state")).to_contain_text("sabe que está aquí")
    in_order(phone, "early-here-es")
    the_board_shows_it(ana, visit)
    pays_on_the_processors_page(phone, clinic, address)

    ana.open(f"/board/visits/{visit}/check-in/?for=appointment:{visit}")
    expect(ana.page.locator("#item-details")).to_contain_text("confirmed them online")
    expect(ana.page.locator("#item-copay")).to_contain_text("is paid")
    assert ana.page.locator("[name=details_done]").is_checked()
    ana.look("check-in-prepared")
    ana.keys.forget()
    ana.press("1", "2", "f", "c")
    ana.page.locator(f"#column-ready + ol #visit-{visit}").wait_for()
    assert ana.keys.typed <= 8
    phone.page.goto(address)
    expect(phone.page.locator(".state")).to_contain_text("Su llegada está anotada")


def the_board_shows_it(ana, visit):
    ana.press("g", "b")
    there = ana.page.locator(f"#column-arrived + ol #visit-{visit}")
    expect(there).to_contain_text("Here, by own word")
    expect(there).to_contain_text("Details confirmed online")
    ana.look("board-by-link")
    assert ana.faults() == []


def pays_on_the_processors_page(phone, clinic, address):
    """What the payer answered on arrival is paid by keys alone; the page learns it by itself."""
    due = phone.page.get_by_text("Su copago de esta cita es")

    def asked():
        phone.page.goto(f"{address}pay/")
        return due.count()

    until(asked, every=0.5, shows=phone.page.content)
    in_order(phone, "early-pay")
    phone.dress(narrow=True)
    tab_to(phone, "Pagar con tarjeta")
    phone.press("Enter")
    phone.page.wait_for_url(f"{clinic.partners['card terminal']}/pay/**", timeout=30_000)
    phone.page.get_by_role("button", name="with the demo card").focus()
    phone.press("Enter")
    phone.page.get_by_text("Usted pagó").wait_for(timeout=30_000)
    assert phone.page.url.startswith(clinic.address)
    in_order(phone, "early-paid")
