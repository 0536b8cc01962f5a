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
    desk.look(f"day-{name}")
    assert desk.faults() == []


def test_a_caller_is_found_by_name_and_birth_date(day):
    ana = day.at("ana")
    ana.open("/")
    ana.keys.forget()

    ana.type("fer 3/14/85")
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
