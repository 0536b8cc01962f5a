"""Changing a record by keyboard in a real browser: rows, the household, nothing typed lost."""

import psycopg
import pytest
from playwright.sync_api import expect

from tests.test_who_is_it import faults

pytestmark = pytest.mark.browser

AT_HOME = """
    SELECT p.id, p.household_id FROM patients_patient p
      JOIN patients_phone phone ON phone.patient_id = p.id
     WHERE p.household_id IS NOT NULL AND NOT p.deceased
       AND NOT EXISTS (SELECT FROM patients_look WHERE patient_id = p.id)
     GROUP BY p.id ORDER BY p.id DESC LIMIT 1
"""


@pytest.fixture
def ask(clinic):
    def rows(sql, *values):
        with psycopg.connect(clinic.database_url) as connection:
            return connection.execute(sql, values).fetchall()

    return rows


@pytest.fixture
def ana(window):
    return window("ana")


def opened(ana, patient):
    ana.open(f"/patients/{patient}/")
    ana.press("Space", "Tab", "Space", "Enter")
    ana.page.locator("#details-heading").wait_for()
    ana.press("c")
    ana.page.locator("#change").wait_for()


def test_a_phone_is_added_put_first_and_kept_without_the_mouse(ana, ask):
    [(patient, _household)] = ask(AT_HOME)
    opened(ana, patient)
    assert faults(ana) == []
    ana.look("change")
    ana.open(f"/patients/{patient}/change/")  # taking pictures leaves its marks on the fields
    rows = ana.page.locator("#rows-phones > .row")
    before = rows.count()
    ana.page.get_by_label("Name used").fill("Birdie")

    ana.page.get_by_role("button", name="Another phone").focus()
    ana.press("Enter")
    rows.nth(before).wait_for()
    ana.page.locator("#rows-phones input:focus").wait_for()
    ana.type("312 555 0142")
    ana.page.get_by_role("button", name=f"Move up: Phone {before + 1}").focus()
    ana.press("Enter")
    numbers = ana.page.locator("#rows-phones input[inputmode=tel]")
    expect(numbers.nth(before - 1)).to_have_value("312 555 0142")
    assert faults(ana) == []

    ana.page.get_by_label("Name used").press("Enter")
    ana.page.locator("#details-heading").wait_for()

    [(name, number)] = ask(
        "SELECT name_used, number FROM patients_patient p JOIN patients_phone f"
        " ON f.patient_id = p.id WHERE p.id = %s AND f.rank = %s", patient, before
    )  # fmt: skip
    assert (name, number) == ("Birdie", "+13125550142")


def test_a_fault_in_a_row_is_led_to_and_nothing_typed_is_lost(ana, ask):
    [(patient, _household)] = ask(AT_HOME)
    opened(ana, patient)

    ana.page.get_by_role("button", name="Another contact").focus()
    ana.press("Enter")
    ana.page.locator("input[name^=contacts-]:focus").wait_for()
    ana.press("Tab")
    ana.type("aunt")
    ana.press("Enter")

    notice = ana.page.get_by_text("Who is it? Type the contact's name.").first
    notice.wait_for()
    assert ana.page.locator("input[value=aunt]").count() == 1
    assert faults(ana) == []
    ana.look("change-fault")


def test_somebody_leaves_the_household_and_the_history_says_so(ana, ask):
    [(patient, _household)] = ask(AT_HOME)
    opened(ana, patient)

    ana.page.get_by_label("Household", exact=True).focus()
    ana.type("Leaves")
    ana.page.get_by_label("Name used").press("Enter")
    ana.page.locator("#details-heading").wait_for()

    assert ask("SELECT household_id FROM patients_patient WHERE id = %s", patient) == [(None,)]
    ana.open(f"/patients/{patient}/history/")
    ana.page.get_by_text("Household", exact=True).first.wait_for()
    assert faults(ana) == []
    ana.look("history-in-words")


def test_a_registration_shows_further_rows_only_when_asked(ana):
    ana.open("/patients/new/")
    assert ana.page.locator(".rows > .row").count() == 0
    assert faults(ana) == []
    ana.look("register-rows-none")

    for words in ("Another phone", "Another address"):
        ana.page.get_by_role("button", name=words).focus()
        ana.press("Enter")
        ana.page.locator(f"#rows-{words.split()[1]}{'e' * (words[-1] == 's')}s > .row").wait_for()
    assert faults(ana) == []
    ana.look("register-rows")
    ana.page.get_by_role("button", name="Remove: Phone 1").focus()
    ana.press("Enter")
    ana.page.locator("#rows-phones > .row").wait_for(state="detached")
    expect(ana.page.get_by_role("button", name="Another phone")).to_be_focused()
