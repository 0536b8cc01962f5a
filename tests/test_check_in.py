"""Check-in and the board in a real browser, by keys: nothing passes unsaid, a step is undone."""

import psycopg
import pytest
from playwright.sync_api import expect

from tests import browser, small_clinic
from tests.browser import Desk

pytestmark = [pytest.mark.browser, pytest.mark.slow]
EXPECTED = """
    SELECT visit.id, visit.patient_id FROM scheduling_appointment visit
      LEFT JOIN arrivals_encounter encounter ON encounter.appointment_id = visit.id
     WHERE encounter.id IS NULL ORDER BY visit.id
"""


@pytest.fixture(scope="module")
def clinic():
    place = small_clinic.environment()
    with browser.clinic("check_in", build="tests.small_clinic", environment=place) as running:
        yield running


@pytest.fixture
def ana(clinic, chromium):
    desk = Desk(chromium, clinic.address)
    desk.sign_in("ana")
    desk.settle()
    yield desk
    desk.close()


def test_what_is_not_paid_or_confirmed_passes_for_a_reason_and_details_are_kept(clinic, ana):
    visit, patient = clinic.rows(EXPECTED)[0]
    clinic.rows("UPDATE patients_patient SET reviewed_at = NULL WHERE id = %s", patient)
    clinic.rows(
        "UPDATE patients_phone SET number = '+16085550188' WHERE patient_id = %s AND rank = 1",
        patient,
    )
    ana.open(f"/board/visits/{visit}/check-in/?for=appointment:{visit}")
    expect(ana.page.locator(".settle-compare")).to_contain_text("(608) 555-0188")
    assert ana.page.locator("[name=copay_done], [name=coverage_done]").count() == 0
    ana.look("check-in")
    for dress in browser.DRESSES:
        ana.dress(**dress)
        assert ana.faults() == []
    ana.dress()

    ana.press("1", "2", "d", "f", "c")
    faults = ana.page.locator("main [role=alert]:focus")
    expect(faults).to_contain_text("The co-pay is not paid")
    expect(faults).to_contain_text("The payer has not confirmed it")
    ana.look("check-in-refused")
    assert ana.faults() == []
    ana.press("v")
    ana.type("self-pay")
    ana.press("Tab")  # out of the field: letters are keys again
    ana.page.evaluate("document.activeElement.blur()")
    ana.press("y")
    ana.type("bill it")
    ana.press("Enter")

    ana.page.locator(f"#column-ready + ol #visit-{visit}").wait_for()
    [(reviewed,)] = clinic.rows(
        "SELECT reviewed_at IS NOT NULL FROM patients_patient WHERE id = %s", patient
    )
    assert reviewed
    [(confirmed,)] = clinic.rows(
        "SELECT DISTINCT confirmed_by FROM access_event"
        " WHERE screen = 'arrivals.check_in' AND cardinality(confirmed_by) > 0",
    )
    assert confirmed == ["name", "birth_date"]


def test_a_step_on_the_board_is_undone_by_a_key(clinic, ana):
    ana.press("g", "b")
    expect(ana.page.locator("h1")).to_contain_text("Board")
    ready = ana.page.locator("#column-ready + ol [data-card]").first
    card = ready.get_attribute("id")
    ready.focus()

    ana.press("Enter")
    moved = ana.page.locator(f"#column-roomed + ol #{card}")
    moved.wait_for()
    ana.page.get_by_role("button", name="Undo").wait_for()
    ana.look("board-undo")
    assert ana.faults() == []
    ana.press("z")

    ana.page.locator(f"#column-ready + ol #{card}").wait_for()
    expect(moved).to_have_count(0)


def test_a_record_is_confirmed_by_one_key(clinic, ana):
    visit, patient = clinic.rows(EXPECTED)[0]
    clinic.rows("UPDATE patients_patient SET reviewed_at = NULL WHERE id = %s", patient)
    ana.open(f"/patients/{patient}/?for=appointment:{visit}")

    ana.press("n")

    ana.page.get_by_text("Noted: reviewed, nothing changed.").first.wait_for()
    assert ana.page.url.endswith(f"/patients/{patient}/?for=appointment:{visit}")
    assert clinic.rows("SELECT reviewed_at IS NOT NULL FROM patients_patient WHERE id = %s",
                patient) == [(True,)]  # fmt: skip
    ana.look("record-reviewed")
    assert ana.faults() == []


SHIFT = """
    UPDATE scheduling_appointment SET local_day = local_day + %(days)s,
           starts_at = starts_at + %(days)s * interval '1 day',
           ends_at = ends_at + %(days)s * interval '1 day'
     WHERE id = %(visit)s
"""


def test_a_visit_of_another_day_leads_to_moving_it_or_to_a_walk_in(clinic, ana):
    visit, patient = clinic.rows(EXPECTED)[0]
    with psycopg.connect(clinic.database_url) as connection:
        connection.execute(SHIFT, {"days": 1, "visit": visit})
    address = f"/board/visits/{visit}/check-in/?for=appointment:{visit}"

    ana.open(address)
    expect(ana.page.locator("main")).to_contain_text("not today")
    ana.look("check-in-another-day")
    for dress in browser.DRESSES:
        ana.dress(**dress)
        assert ana.faults() == []
    ana.dress()
    ana.press("m")
    ana.page.get_by_role("link", name="Find another time").wait_for()
    ana.open(address)
    ana.press("w")
    ana.page.get_by_role("heading", name="Walk-in", level=1).wait_for()

    assert f"patient={patient}" in ana.page.url
    with psycopg.connect(clinic.database_url) as connection:
        connection.execute(SHIFT, {"days": -1, "visit": visit})


def test_an_officer_asks_them_on_their_own_page_at_the_desk(clinic, ana):
    visit, patient = clinic.rows(EXPECTED)[-1]
    clinic.rows("UPDATE patients_patient SET language = 'es' WHERE id = %s", patient)
    ana.open(f"/board/visits/{visit}/check-in/?for=appointment:{visit}")
    ana.press("i")
    ana.page.get_by_text("First ask who it is").first.wait_for()

    ana.press("1", "2", "i")
    ana.page.locator("html[lang=es]").wait_for()
    ana.in_order("asked-here")
    ana.page.get_by_role("button", name="Todo esto sigue correcto").focus()
    ana.press("Enter")
    ana.page.locator("#address[data-said]").wait_for()
    ana.page.get_by_role("link", name="Terminar con esto").focus()
    ana.press("Enter")
    ana.page.get_by_role("button", name="Volver a la recepción").wait_for()
    ana.in_order("asked-here-done")
    ana.page.get_by_role("button", name="Volver a la recepción").focus()
    ana.press("Enter")

    expect(ana.page.locator(".settle-ahead")).to_contain_text("Said at the desk, to")
    expect(ana.page.locator("#id_identifiers input:checked")).to_have_count(2)
    ana.look("check-in-asked-here")
    heard = "SELECT DISTINCT heard_by_id IS NOT NULL FROM arrivals_said WHERE appointment_id = %s"
    assert clinic.rows(heard, visit) == [(True,)]


CROWD = """
    INSERT INTO scheduling_appointment
    SELECT (jsonb_populate_record(visit, jsonb_build_object(
               'id', 10000 + number, 'request_key', NULL, 'location_id', place.id))).*
      FROM scheduling_appointment visit, facility_location place, generate_series(1, 403) number
     WHERE visit.id = (SELECT max(id) FROM scheduling_appointment)
       AND place.id = (SELECT max(id) FROM facility_location)
"""


def test_a_crowded_board_leads_by_a_key_to_those_it_does_not_hold(clinic, ana):
    clinic.rows(CROWD)
    [(place,)] = clinic.rows("SELECT max(id) FROM facility_location")
    ana.open(f"/board/?location={place}")
    assert ana.page.locator("[data-card]").count() == 400
    ana.page.screenshot(path=browser.PICTURES / "board-crowded.png")

    ana.press("m")

    expect(ana.page.locator("[data-card]")).to_have_count(3)
    ana.look("board-rest")
    assert ana.faults() == []
    ana.page.get_by_role("link", name="400 before").wait_for()


def test_space_on_a_card_shows_in_short_whom_it_is_about(clinic, ana):
    ana.open("/board/")
    ana.press("ArrowDown")
    card = ana.page.locator("[data-card]:focus")
    name = card.locator(".flow-name").inner_text()

    ana.press(" ")

    dialog = ana.page.locator("#dialog")
    expect(dialog).to_contain_text("Next visit")
    expect(dialog).to_contain_text(name.rpartition(", ")[2].split()[0])
    ana.look("summary")
    for dress in browser.DRESSES:
        ana.dress(**dress)
        assert ana.faults() == []
    ana.dress()
    ana.press("Escape")
    expect(card).to_be_focused()
    ana.press(" ")
    expect(dialog).to_contain_text("Next visit")
    ana.press("o")
    ana.page.wait_for_url("**/patients/*/?for=*")


INSURED = """
    INSERT INTO coverage_policy
    SELECT (jsonb_populate_record(policy, jsonb_build_object(
               'id', 10000 + %(patient)s::int, 'patient_id', %(patient)s::int,
               'member_id', %(member)s::text))).*
      FROM coverage_policy policy ORDER BY id LIMIT 1
"""
ASKED = "SELECT occasion FROM coverage_eligibilitycheck WHERE patient_id = %s"


def test_opening_check_in_asks_the_payer_and_the_answer_comes_by_itself(clinic, ana):
    visit, patient = clinic.rows(EXPECTED)[-1]
    clinic.rows(INSURED, patient=patient, member=f"BHH55{patient:06}")

    ana.open(f"/board/visits/{visit}/check-in/?for=appointment:{visit}")
    proven = ana.page.locator("#proven")
    proven.get_by_text("The payer is asked now").or_(
        proven.get_by_text("answered")
    ).first.wait_for()
    ana.press("v")
    ana.type("no ti")
    ana.page.get_by_role("link", name="Take $").wait_for(timeout=20_000)
    ana.type("me")

    expect(ana.page.get_by_label("Goes on because")).to_have_value("no time")
    expect(proven).not_to_contain_text("asked now")
    assert clinic.rows(ASKED, patient) == [("arrival",)]
    ana.look("check-in-answered")
    assert ana.faults() == []


def test_identifiers_ticked_by_key_stand_in_the_log_of_what_is_opened_from_there(clinic, ana):
    visit, patient = clinic.rows(EXPECTED)[-1]
    ana.open(f"/board/visits/{visit}/check-in/?for=appointment:{visit}")

    with ana.page.expect_response("**/who/"):
        ana.press("1", "2")
    ana.press("u")
    ana.page.wait_for_url("**/patients/*/?for=*")

    [(confirmed,)] = clinic.rows(
        "SELECT confirmed_by FROM access_event WHERE screen = 'patients.patient'"
        " AND patient_ids = ARRAY[%s::bigint] ORDER BY id DESC LIMIT 1",
        patient,
    )
    assert confirmed == ["name", "birth_date"]
