"""Checking in ahead on a phone of 320 px by keys alone, reloaded at every answer; then the desk."""

import pytest
from playwright.sync_api import expect

from tests import browser, small_clinic
from tests.ahead import enter, keyed, link, press, tab_to
from tests.browser import Desk
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]
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
LONGEST = 90  # seconds a check-in ahead may take, as in `ahead.keyed`


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


def in_order(phone, name):
    phone.in_order(name)
    with_script = ("portal/ahead.", "records/forms.")
    assert all(any(one in each for one in with_script) for each in phone.scripts)


def test_everything_is_said_by_keys_on_a_small_phone_and_the_desk_accepts_it(phone, ana, clinic):
    visit, patient, born, address = link(clinic, "en")
    enter(phone, address, born)
    in_order(phone, "early-visit")
    press(phone, "Check in now")
    in_order(phone, "early")
    took = keyed(phone, address)
    assert clinic.rows(SIGNED, patient)

    phone.page.goto(f"{address}check-in/")
    expect(phone.page.locator("#reason")).to_contain_text("You told us")
    in_order(phone, "early-done")
    assert took < LONGEST, took
    press(phone, "Back to your visit")
    in_order(phone, "early-here")
    the_desk_accepts(ana, clinic, visit, patient)


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
    expect(ana.page.locator("#item-details")).to_contain_text("The patient confirmed them on")
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
    expect(there).to_contain_text("Details confirmed by the patient")
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
