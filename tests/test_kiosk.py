"""A kiosk in a real browser: by keys, wiped when left, and nothing lost while its line is away."""

import secrets

import pytest
from playwright.sync_api import expect

from tests import kiosks
from tests.ahead import card as picture
from tests.ahead import press
from tests.browser import Desk
from tests.kiosks import KEPT, READY, SEND, WHO, comes
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MANY = 16
SAID = "SELECT thing, words FROM arrivals_said WHERE appointment_id = %s AND verdict <> 'right'"
WHERE = "SELECT location_id FROM scheduling_appointment WHERE overbook_reason = 'kiosk' LIMIT 1"
STATE = "SELECT status FROM scheduling_appointment WHERE id = %s"


@pytest.fixture(scope="module")
def clinic():
    with kiosks.clinic("kiosk", 2 * MANY + 10) as running:  # each story can be told again
        yield running


@pytest.fixture
def mara(clinic, chromium):
    desk = Desk(chromium, clinic.address)
    desk.sign_in("mara")
    yield desk
    desk.close()


@pytest.fixture
def line(clinic):
    one = kiosks.Line(clinic.address)
    yield one
    one.close()


@pytest.fixture
def stand(chromium, line):
    one = Desk(chromium, line.address)
    yield one
    one.close()


def new_kiosk(mara, place):
    """A manager makes a kiosk at the location of the visits; answers its code."""
    mara.open("/kiosks/")
    mara.page.get_by_label("Name").fill(f"Front door {secrets.token_hex(2)}")  # told twice, maybe
    mara.page.get_by_label("Location").select_option(str(place))
    mara.page.get_by_label("Where patients wait, in English").fill("the blue chairs")
    mara.page.get_by_label("Where patients wait, in Spanish").fill("las sillas azules")
    mara.press("Enter")
    mara.page.locator("#code").wait_for()
    mara.in_order("kiosks")
    return mara.page.locator("#code").inner_text()


def enrol(stand, code):
    stand.open("/kiosk/")
    stand.in_order("kiosk-new")
    stand.page.locator("#code").focus()
    stand.type(code)
    stand.press("Enter")
    stand.page.locator(".greets").wait_for()
    until(lambda: stand.page.evaluate(READY))


def say_who(stand, born, second):
    month, day, year = born.split("/")
    stand.page.locator("#month").focus()
    for part in (month, day, year):
        stand.type(part)
        stand.press("Tab")
    stand.type(second)
    with stand.page.expect_navigation():
        stand.press("Enter")


def test_somebody_checks_in_by_keys_and_leaves_nothing_behind(mara, stand, clinic, line):
    visit, born, _mrn, family = clinic.rows(WHO)[-1]
    enrol(stand, new_kiosk(mara, clinic.row(WHERE)[0]))
    stand.in_order("kiosk-welcome")

    press(stand, "Check in")
    stand.in_order("kiosk-who")
    say_who(stand, born, "Nobody")
    expect(stand.page.get_by_role("alert")).to_contain_text("Please see the front desk")
    stand.in_order("kiosk-not-found")
    press(stand, "Start over")
    press(stand, "Check in")
    say_who(stand, born, family)
    stand.in_order("kiosk-is-this")
    press(stand, "I am here")
    assert clinic.row(STATE, visit) == ("arrived",)
    stand.in_order("kiosk-check-in")
    press(stand, "All of this is still right")
    stand.page.get_by_role("link", name="Where to wait").first.wait_for()
    press(stand, "Where to wait")
    expect(stand.page.get_by_text("the blue chairs")).to_be_visible()
    stand.in_order("kiosk-seat")
    press(stand, "Fill and sign")
    stand.in_order("kiosk-form")
    press(stand, "Where to wait")
    there = stand.page.url

    press(stand, "I am done")
    stand.page.locator(".greets").wait_for()
    nothing_is_left(stand, there, family)


def nothing_is_left(stand, there, family):
    """Neither by going back nor by the address of where one was."""
    for _step in range(3):
        stand.page.go_back()
        stand.settle()
        assert family not in stand.page.content()
        assert "blue chairs" not in stand.page.content()
    stand.page.goto(there)
    expect(stand.page.locator(".greets")).to_be_visible()
    assert stand.page.evaluate(KEPT) == []


def test_who_goes_without_a_word_is_asked_and_then_wiped(stand, clinic):
    _visit, born, _mrn, family = clinic.rows(WHO)[-1]
    enrol(stand, kiosks.code_of(clinic, "Idle"))
    stand.page.clock.install()
    comes(stand.page, born, family)
    expect(stand.page.get_by_role("heading", level=1)).to_be_visible()
    stand.page.clock.run_for(61_000)
    asks = stand.page.get_by_role("dialog")
    expect(asks).to_be_visible()
    stand.look("kiosk-still")
    assert stand.faults() == []
    stand.press("Enter")
    expect(asks).to_be_hidden()
    stand.page.clock.run_for(61_000)
    expect(asks).to_be_visible()
    stand.page.clock.run_for(25_000)
    stand.page.locator(".greets").wait_for()
    stand.page.go_back()
    assert family not in stand.page.content()


def test_who_comes_while_the_line_is_away_is_kept_and_has_come(stand, clinic, line):
    came = clinic.rows(WHO)[-2]
    enrol(stand, kiosks.code_of(clinic, "Away"))

    line.down()
    press(stand, "Check in")
    say_who(stand, came[1], came[2])
    expect(stand.page.get_by_role("heading", level=1)).to_have_text("We have kept what you wrote")
    stand.in_order("kiosk-kept")
    assert came[2] not in str(stand.page.evaluate(KEPT))
    stand.page.get_by_label("Who comes with you").fill("my daughter")
    press(stand, "Tell the desk")
    expect(stand.page.get_by_text("Please take a seat")).to_be_visible()
    stand.in_order("kiosk-kept-done")
    press(stand, "I am done")
    assert len(stand.page.evaluate(KEPT)) == 2
    line.up()
    stand.page.evaluate(SEND)
    until(lambda: stand.page.evaluate(KEPT) == [])
    assert clinic.row(STATE, came[0]) == ("arrived",)
    assert clinic.rows(SAID, came[0]) == [("company", {"text": "my daughter"})]


def test_an_answer_while_the_line_is_away_is_kept_and_comes(stand, clinic, line):
    answers = clinic.rows(WHO)[-3]
    enrol(stand, kiosks.code_of(clinic, "Middle"))

    comes(stand.page, answers[1], answers[2], lang="es")
    stand.page.get_by_role("button", name="Ya estoy aquí").click()
    card = stand.page.locator("#new_policy")
    send(card, stand)
    expect(card.get_by_text("Tenemos la foto")).to_be_visible()
    phone = stand.page.locator("#phone")
    phone.locator("summary").first.click()
    phone.locator("[name=number]").fill("608 555 0199")
    line.down()
    with stand.page.expect_navigation():
        phone.locator("[name=number]").press("Enter")
    expect(stand.page.get_by_role("heading", level=1)).to_have_text("Guardamos lo que escribió")
    stand.in_order("kiosk-kept-answer")
    line.up()
    stand.page.evaluate(SEND)
    until(lambda: stand.page.evaluate(KEPT) == [])
    stand.page.get_by_role("link", name="Intentar seguir").click()
    expect(stand.page.locator("#phone .answer")).to_contain_text("99")
    assert clinic.rows(SAID, answers[0])[0][1]["number"] == "+16085550199"

    # A photograph is not kept: the patient is told so at once.
    line.down()
    send(stand.page.locator("#new_policy"), stand)
    expect(stand.page.get_by_role("heading", level=1)).to_have_text("Esto no se pudo enviar")
    stand.in_order("kiosk-not-kept")


def send(card, stand):
    """A photograph of a card, front only."""
    card.locator("summary").last.click()
    card.locator("[name=front]").set_input_files(picture())
    with stand.page.expect_navigation():
        card.get_by_role("button", name="Enviar la foto").click()


def test_nobody_is_lost_and_nobody_comes_twice_under_kills(clinic, chromium, tmp_path):
    told = kiosks.under_kills(chromium, clinic, tmp_path / "profile", MANY)

    assert (told["lost"], told["double"], told["entries"]) == (0, 0, MANY), told
    assert min(told["server"], told["answers"]) > 0, told
