"""Money at the desk in a real browser: by keyboard, live, and looked at."""

import httpx
import psycopg
import pytest

from tests.browser import DRESSES

pytestmark = pytest.mark.browser


PATIENT = """
    INSERT INTO patients_patient (
        mrn, family, given, middle, suffix, name_used, pronouns, birth_date, sex, gender_identity,
        language, interpreter_needed, deceased, registered_at, keys, likeness, sort_name, version)
    VALUES ('T' || floor(random() * 1e9), 'Reyes', 'Cy', '', '', '', '', '1985-03-04', 'male', '',
            'en', false, false, now(), '{}', '', 'reyes cy', 1)
    RETURNING id
"""


@pytest.fixture
def somebody(clinic):
    """A patient nobody has taken money from."""
    with psycopg.connect(clinic.database_url) as database:
        return database.execute(PATIENT).fetchone()[0]


def looks_right(desk, name):
    desk.look(name)
    for dress in DRESSES:
        desk.dress(**dress)
        assert desk.faults() == []
    desk.dress()


def test_a_co_pay_in_cash_is_one_key(window, somebody):
    ana = window("ana")
    page = ana.page

    ana.open("/money/drawers/")
    looks_right(ana, "drawers")
    page.get_by_label("Float, counted").focus()
    ana.type("100")
    ana.press("Enter")
    page.get_by_role("heading", name="Drawer at Till 1").wait_for()
    looks_right(ana, "drawer-open")

    ana.open(f"/money/of/{somebody}/take/?amount=2500&visit=900001")
    looks_right(ana, "take-payment")
    page.get_by_label("Amount").focus()
    ana.keys.forget()
    ana.press("Enter")
    page.get_by_role("heading", name="Receipt").wait_for()
    assert ana.keys.typed == 1
    assert page.get_by_text("Cash", exact=True).is_visible()
    looks_right(ana, "receipt")

    ana.open("/money/drawers/")
    page.get_by_role("link", name="Till 1", exact=True).click()
    page.get_by_label("$100.00", exact=True).fill("1")
    page.get_by_label("$20.00", exact=True).fill("1")
    page.get_by_label("$5.00", exact=True).fill("1")
    page.get_by_role("button", name="Counted").click()
    page.get_by_role("heading", name="Counts").wait_for()
    looks_right(ana, "drawer-counted")


def test_a_card_is_settled_in_sight_without_a_touch(window, somebody):
    ana = window("ana")
    page = ana.page

    ana.open(f"/money/of/{somebody}/take/?amount=2509&visit=900002")
    page.get_by_label("Card", exact=True).check()
    page.get_by_role("button", name="Take payment").click()
    page.get_by_text("stands on the terminal").wait_for()
    looks_right(ana, "card-at-the-terminal")
    page.get_by_role("button", name="Cancel this payment").click()
    page.get_by_text("The payment was cancelled").wait_for()

    page.get_by_role("link", name="Try again, or another way").click()
    page.get_by_label("Amount").fill("25.00")
    page.get_by_label("Card", exact=True).check()
    page.get_by_role("button", name="Take payment").click()
    page.get_by_text("VISA").wait_for()
    ana.open(f"/money/of/{somebody}/")
    looks_right(ana, "account")


def look_ups_fail(clinic, seconds):
    """Orders are taken as ever, but nobody can ask the processor what became of one."""
    outage = {"seconds": seconds, "only": "GET"}
    terminal = clinic.partners["card terminal"]
    httpx.post(f"{terminal}/control/outage", json=outage, trust_env=False).raise_for_status()


def test_a_card_nobody_answers_for_is_unknown_and_then_found_out(window, clinic, somebody):
    ana = window("ana")
    page = ana.page
    look_ups_fail(clinic, 300)

    ana.open(f"/money/of/{somebody}/take/?amount=2503&visit=900003")
    page.get_by_label("Card", exact=True).check()
    page.get_by_role("button", name="Take payment").click()
    page.get_by_text("Nobody knows yet whether the card was charged").wait_for(timeout=60_000)
    ana.open(f"/money/of/{somebody}/take/?amount=2503&visit=900003")
    looks_right(ana, "take-payment-again")
    ana.open("/money/")
    line = page.locator("#unresolved").get_by_role("link", name="Reyes").filter(has_text="$25.03")
    line.wait_for()
    looks_right(ana, "money")
    look_ups_fail(clinic, 0)
    line.wait_for(state="detached", timeout=40_000)
