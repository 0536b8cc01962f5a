"""A person stands at the desk without an appointment: by keyboard, in the clinic of the day."""

import psycopg
import pytest
from playwright.sync_api import expect

from tests import browser, small_clinic
from tests.browser import Desk

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def clinic():
    place = small_clinic.environment()
    with browser.clinic("walk_in", build="tests.small_clinic", environment=place) as running:
        yield running


@pytest.fixture
def ana(clinic, chromium):
    desk = Desk(chromium, clinic.address)
    desk.sign_in("ana")
    yield desk
    desk.close()


def heading(desk, name):
    desk.page.get_by_role("heading", name=name, level=1).wait_for()
    desk.settle()


def test_from_the_board_one_key_a_search_and_one_enter_begin_check_in(ana, clinic):
    ana.press("g", "b")
    heading(ana, "Board")
    ana.keys.forget()

    ana.press("w")
    heading(ana, "Walk-in: who is it?")
    ana.in_order("walk-in-who")
    ana.type("fer 3/4/85")
    ana.page.locator("#found-lines tbody tr").wait_for()
    ana.press("Enter")
    heading(ana, "Walk-in")
    expect(ana.page.get_by_role("button", name="Book and check in")).to_be_focused()
    ana.in_order("walk-in")
    ana.press("Enter")
    heading(ana, "Check in")

    assert ana.keys.typed == 13  # W, ten for who it is, Enter takes her, Enter books
    assert ana.refused == []
    expect(ana.page.get_by_label("Birth date")).to_be_checked()
    with psycopg.connect(clinic.database_url) as rows:
        [(status, state)] = rows.execute(
            "SELECT visit.status, encounter.state FROM scheduling_appointment visit"
            " JOIN arrivals_encounter encounter ON encounter.appointment_id = visit.id"
            " JOIN patients_patient p ON p.id = visit.patient_id WHERE p.family = 'Ferreira'"
        ).fetchall()
    assert (status, state) == ("arrived", "arrived")


def test_somebody_registered_at_the_desk_is_begun_from_the_new_page(ana):
    ana.press("/")
    ana.type("novak 7/2/90")
    ana.page.get_by_text("Nobody found").wait_for()
    ana.press("Enter")
    ana.page.locator("#found button:focus").wait_for()
    ana.press("Enter")
    heading(ana, "Register a patient")
    for typed in ("Irena", "", "f"):  # name and birth date came along
        ana.type(typed)
        ana.press("Tab")
    ana.press("Enter")
    ana.page.get_by_role("heading", name="Appointments").wait_for()
    ana.settle()

    ana.press("w")
    heading(ana, "Walk-in")
    ana.press("Shift+Tab", "Shift+Tab", "Shift+Tab")  # reason, clinician, visit
    ana.type("new")
    ana.page.locator("#walk-in-with:not(.htmx-swapping)").wait_for()
    ana.settle()
    expect(ana.page.get_by_label("Visit")).to_be_focused()
    expect(ana.page.get_by_label("Visit")).to_have_value(new_patient(ana))
    assert ana.faults() == []


def new_patient(desk):
    return desk.page.locator("#id_visit option", has_text="New patient").first.get_attribute(
        "value"
    )
