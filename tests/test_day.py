"""One day at the desk, from the first call to the zero balance, by keyboard alone.

Two browsers, the real server, worker and database, and the payers, the card terminal and the
carrier as processes of their own. Keys are counted where the browser reports them; a budget that is
missed fails the test. The tests are chapters of one story: each begins where the last one ended.
"""

import re
import time
from dataclasses import dataclass, field

import httpx
import psycopg
import pytest
from playwright.sync_api import expect

from tests import browser, small_clinic
from tests.browser import Desk

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FIND, BOOK, CHECK_IN, REGISTER = 12, 25, 8, 75  # keys; what the desk is built for


@pytest.fixture(scope="module")
def clinic():
    """The whole desk, running, with the small clinic of the story in it."""
    place = small_clinic.environment()
    with browser.clinic("day", build="tests.small_clinic", environment=place) as running:
        yield running


@dataclass
class Day:
    """Who sits where, and what the story has come to."""

    clinic: browser.Clinic
    chromium: object
    windows: dict[str, Desk] = field(default_factory=dict)
    lucia: int = 0
    visit: int = 0
    broken: str = ""

    def at(self, username: str) -> Desk:
        """The window of somebody, signed in; everybody has a browser of their own."""
        if username not in self.windows:
            self.windows[username] = Desk(self.chromium, self.clinic.address)
            self.windows[username].sign_in(username)
        return self.windows[username]

    def rows(self, question: str, *facts: object) -> list[tuple]:
        with psycopg.connect(self.clinic.database_url) as connection:
            return connection.execute(question, facts).fetchall()

    def until(self, question: str, *facts: object, seconds: float = 30) -> list[tuple]:
        """The rows, once there are any: somebody behind the desk is at work."""
        deadline = time.monotonic() + seconds
        while not (found := self.rows(question, *facts)):
            assert time.monotonic() < deadline, f"never came: {question} {facts}"
            time.sleep(0.1)
        return found

    def letters(self) -> list[dict]:
        inbox = self.clinic.partners["inbox of texts and e-mails"]
        return httpx.get(f"{inbox}/letters.json", trust_env=False).json()


@pytest.fixture(scope="module")
def story(clinic, chromium):
    day = Day(clinic, chromium)
    yield day
    for window in day.windows.values():
        window.close()


@pytest.fixture
def day(story, request):
    """The story so far; a chapter is not told when one before it went wrong."""
    assert not story.broken, f"the story ended earlier: {story.broken}"
    story.broken, failures = request.node.name, request.session.testsfailed
    yield story
    if request.session.testsfailed == failures:
        story.broken = ""


def heading(desk: Desk, name: str) -> None:
    desk.page.get_by_role("heading", name=re.compile(name), level=1).wait_for()
    desk.settle()


def check(desk: Desk, name: str) -> None:
    """The page is in order, and its picture is kept."""
    browser.PICTURES.mkdir(parents=True, exist_ok=True)
    desk.page.screenshot(path=browser.PICTURES / f"day-{name}.png")
    assert desk.faults() == []


def test_a_caller_is_found_by_name_and_birth_date(day):
    ana = day.at("ana")
    ana.open("/")
    ana.keys.forget()

    ana.press("/")
    ana.type("fer 3/4/85", pause=150)  # as one types while listening
    ana.page.locator("#found-lines tbody tr").wait_for()
    ana.press("Enter")

    heading(ana, "Lucia Ferreira")
    assert ana.keys.typed <= FIND
    check(ana, "found")
    ana.press("Enter")  # a caller on the phone
    ana.page.get_by_role("heading", name="Appointments").wait_for()
    ana.settle()
    day.lucia = int(ana.page.url.rstrip("/").rpartition("/")[2])
    check(ana, "patient")


def test_the_first_opening_for_a_new_patient_is_booked_and_confirmed_in_her_language(day):
    ana = day.at("ana")
    ana.keys.forget()

    ana.press("b")
    heading(ana, "Book a visit")
    for choice in ("ne", "int", "tr", "a"):  # new patient, any internist, Tue or Thu, afternoon
        ana.type(choice)
        ana.press("Tab")
    ana.press("Shift+Tab", "Enter")
    ana.page.locator(".offer:focus").wait_for()
    check(ana, "openings")
    ana.press("Enter")
    heading(ana, "New patient")

    assert ana.keys.typed <= BOOK
    check(ana, "booked")
    [(day.visit, weekday, hour, specialty)] = day.rows(
        "SELECT visit.id, extract(isodow FROM local_day), extract(hour FROM local_time), specialty"
        " FROM scheduling_appointment visit JOIN facility_clinician c ON c.id = clinician_id"
    )
    assert weekday in (2, 4)
    assert 12 <= hour < 17
    assert specialty == "Internal medicine"
    day.until("SELECT FROM ground_outgoing WHERE channel = 'sms' AND state = 'sent'")
    [text] = day.letters()
    assert text["to"] == "+16085550142"
    assert "tiene cita el" in text["body"]


def test_the_payer_is_asked_by_itself_and_the_co_pay_is_known(day):
    day.until("SELECT FROM ground_event WHERE kind = 'coverage.answered'")

    ana = day.at("ana")
    ana.open(f"/patients/{day.lucia}/?for=appointment:{day.visit}")
    ana.page.get_by_role("heading", name="Coverage").wait_for()

    expect(ana.page.locator("#coverage")).to_contain_text("$25.00")
    check(ana, "coverage")


def test_a_caller_nobody_knows_is_registered(day):
    ana = day.at("ana")
    ana.open("/")
    ana.keys.forget()

    ana.press("/")
    ana.type("novak 7/2/90")
    ana.page.get_by_text("Nobody found").wait_for()
    ana.press("Enter")
    ana.page.locator("#found a:focus").wait_for()
    ana.press("Enter")
    heading(ana, "Register a patient")
    for typed in ("Novak", "Irena", "7/2/90", "f", "6085550177", "4 Elm St", "53703"):
        ana.type(typed)
        ana.press("Tab")
    check(ana, "registering")
    ana.press("Enter")
    ana.page.get_by_role("heading", name="Appointments").wait_for()

    assert ana.keys.typed <= REGISTER
    check(ana, "registered")


def test_today_the_visit_is_moved_to_the_first_opening_there_is(day):
    """The story cannot wait for Tuesday: Lucia calls again, and can come at once."""
    ana = day.at("ana")
    ana.open(f"/schedule/appointments/{day.visit}/?for=appointment:{day.visit}")

    ana.press("f")
    heading(ana, "Move a visit")
    ana.press("Enter")
    ana.page.locator(".offer:focus").wait_for()
    ana.press("Enter")
    heading(ana, "New patient")

    [(today,)] = day.rows("SELECT local_day = (now() AT TIME ZONE time_zone)::date"
                          " FROM scheduling_appointment WHERE id = %s", day.visit)  # fmt: skip
    assert today
    moved = "SELECT FROM coverage_eligibilitycheck WHERE appointment_id = %s AND state = 'answered'"
    day.until(moved + " HAVING count(*) = 2", day.visit)


def test_the_drawer_is_opened_before_the_first_cash(day):
    ana = day.at("ana")
    ana.press("g", "m")
    heading(ana, "Money")

    ana.press("d")
    heading(ana, "Cash drawers")
    ana.type("100")
    ana.press("Enter")

    heading(ana, "Drawer")
    check(ana, "drawer")


def test_she_is_checked_in_and_the_co_pay_is_taken_in_cash(day):
    ana = day.at("ana")
    ana.press("g", "b")
    heading(ana, "Board")
    check(ana, "board-expected")
    ana.keys.forget()

    ana.press("ArrowDown", "Enter")
    heading(ana, "Check in")
    check(ana, "check-in")
    checking_in = ana.keys.typed
    ana.keys.forget()
    ana.press("p")
    heading(ana, "Take payment")
    check(ana, "co-pay")
    ana.press("Enter")
    heading(ana, "Receipt")
    check(ana, "receipt")
    pdf = ana.page.request.get(ana.page.get_by_role("link", name="PDF").get_attribute("href"))
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.body().startswith(b"%PDF")
    ana.press("c")
    heading(ana, "Check in")
    assert ana.keys.typed == 3  # take it, as it stands, go on
    ana.keys.forget()
    ana.press("1", "2", "f", "c")  # name and birth date said, all forms signed
    heading(ana, "Board")

    assert checking_in + ana.keys.typed <= CHECK_IN
    expect(ana.page.locator("#column-ready + ol")).to_contain_text("Lucia")
    check(ana, "board-ready")


def test_each_step_of_the_visit_is_on_the_clinicians_screen_within_a_second(day):
    ana, linh = day.at("ana"), day.at("linh")
    linh.press("g", "b")
    heading(linh, "Board")
    expect(linh.page.locator("#column-ready + ol")).to_contain_text("Lucia")
    before = linh.page.evaluate("performance.timeOrigin")
    ana.press("ArrowRight") if ana.page.locator("[data-card]:focus").count() == 0 else None

    for state in ("roomed", "with_clinician", "done"):
        ana.press("Enter")
        moved = time.monotonic()
        expect(linh.page.locator(f"#column-{state} + ol")).to_contain_text("Lucia", timeout=1_000)
        assert time.monotonic() - moved < 1.0
        expect(ana.page.locator(f"#column-{state} + ol")).to_contain_text("Lucia")
        ana.page.locator("[data-card]:focus").wait_for()
        if state == "roomed":
            check(linh, "board-roomed")
    assert linh.page.evaluate("performance.timeOrigin") == before
