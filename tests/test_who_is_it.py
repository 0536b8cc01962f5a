"""Finding, opening, registering and changing a patient by keyboard in a real browser."""

import psycopg
import pytest

from tests.browser import DRESSES

pytestmark = pytest.mark.browser

ANYBODY = """
    SELECT id, family, birth_date FROM patients_patient p
     WHERE length(family) BETWEEN 4 AND 7 AND family ~ '^[A-Z][a-z]+$' AND birth_date < '2000-01-01'
       AND NOT EXISTS (SELECT FROM patients_patient o WHERE o.id <> p.id
                          AND o.birth_date = p.birth_date AND left(o.family, 3) = left(p.family, 3))
       AND NOT EXISTS (SELECT FROM patients_look WHERE patient_id = p.id)
     ORDER BY id OFFSET %s LIMIT 1
"""


@pytest.fixture
def somebody(clinic):
    """A patient of the demo clinic: id, family name, birth date."""

    def pick(number=0):
        with psycopg.connect(clinic.database_url) as connection:
            return connection.execute(ANYBODY, [number]).fetchone()

    return pick


@pytest.fixture
def ana(window):
    return window("ana")


def faults(desk):
    found = []
    for dress in DRESSES:
        desk.dress(**dress)
        found += desk.faults()
    desk.dress()
    return found


def test_a_caller_is_found_in_twelve_keys_and_opened_in_two_more(ana, somebody):
    patient, family, born = somebody()
    ana.open("/")
    ana.keys.forget()

    ana.press("/")
    ana.type(f"{family[:3].lower()} {born.month}/{born.day}/{born:%y}")
    ana.page.locator(f"#found-{patient}").wait_for()

    assert ana.keys.typed <= 12
    ana.look("found")
    assert faults(ana) == []
    ana.keys.forget()

    ana.press("Enter")
    ana.page.get_by_text("Why is this record opened?").wait_for()
    assert faults(ana) == []
    ana.look("opening")
    ana.press("1")
    ana.page.locator("#details-heading").wait_for()

    assert ana.keys.typed == 2
    ana.settle()
    ana.look("patient")
    assert faults(ana) == []


def test_a_name_alone_asks_for_one_more_identifier_by_key(ana, somebody):
    patient, _family, _born = somebody(1)
    ana.open(f"/patients/{patient}/")

    assert faults(ana) == []
    ana.press("Space", "Tab", "Space", "Enter")

    ana.page.locator("#details-heading").wait_for()


def test_somebody_new_is_registered_in_seventy_five_keys(ana, clinic):
    with psycopg.connect(clinic.database_url) as connection:
        [zip_code] = connection.execute(
            "SELECT zip_code FROM patients_address WHERE city <> '' LIMIT 1"
        ).fetchone()
    ana.open("/")
    ana.keys.forget()

    ana.press("r")
    ana.page.get_by_label("Family name", exact=False).first.wait_for()
    assert faults(ana) == []
    for text in ("Brightwell", "Ione", "071266", "F", "6085550171", "9 Alder Ct", zip_code):
        ana.type(text)
        ana.press("Tab")
    ana.press("Enter")

    ana.page.locator("#details-heading").wait_for()
    assert ana.keys.typed <= 75
    assert ana.page.locator(".patient .name").inner_text() == "Ione Brightwell"


def test_while_typing_a_known_person_is_shown_with_reasons_and_nothing_is_lost(ana, somebody):
    _patient, family, born = somebody(2)
    ana.open("/patients/new/")

    ana.type(family)
    ana.press("Tab", "Tab")
    ana.type(f"{born:%m%d%Y}")
    ana.press("Tab", "Tab")
    ana.type("555")
    ana.press("Enter")

    ana.page.get_by_text("is not a phone number").first.wait_for()
    assert ana.page.get_by_label("Family name").first.input_value() == family
    assert faults(ana) == []
    ana.look("register")


def test_a_change_is_made_and_stands_in_the_history(ana, somebody):
    patient, _family, _born = somebody(3)
    ana.open(f"/patients/{patient}/")
    ana.press("Space", "Tab", "Space", "Enter")
    ana.page.locator("#details-heading").wait_for()

    ana.press("c")
    ana.page.get_by_label("Name used").fill("Birdie")
    assert faults(ana) == []
    ana.page.get_by_role("button", name="Save").click()
    ana.page.locator("#details-heading").wait_for()
    ana.open(f"/patients/{patient}/history/")

    assert ana.page.get_by_text("Birdie").count()
    assert faults(ana) == []
