"""Rows of a form and documents in a real browser: added, filled, sent, looked at and filed."""

import json
import re

import pytest
from playwright.sync_api import expect

from almoner.portal.queries.accounts import digest_of
from almoner.portal.queries.links import token_of
from almoner.records.tests.test_rows import form, item, option, when
from tests import browser, small_clinic
from tests.browser import Desk

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MEDICINES = form(
    item("none", "boolean", required=True, text="Do you take any medicines?"),
    item(
        "medicines", "group", repeats=True, required=True, text="Your medicines",
        enableWhen=[when("none", "=", answerBoolean=True)],
        item=[
            item("name", required=True, text="Name"),
            item("often", "choice", text="How often",
                 answerOption=[option("daily"), option("other")]),
            item("how", text="When, then?",
                 enableWhen=[when("often", "=", answerCoding={"code": "other"})]),
            item("since", "date", repeats=True, text="Taken from"),
        ],
    ),
    title="Medicines", name="medicines",
)  # fmt: skip
EXPECTED = """
    SELECT visit.id, visit.patient_id FROM scheduling_appointment visit
      LEFT JOIN arrivals_encounter encounter ON encounter.appointment_id = visit.id
     WHERE encounter.id IS NULL ORDER BY visit.id
"""
COMING = """
    SELECT visit.id, visit.patient_id, person.birth_date FROM scheduling_appointment visit
      JOIN patients_patient person ON person.id = visit.patient_id
      LEFT JOIN arrivals_encounter encounter ON encounter.appointment_id = visit.id
     WHERE encounter.id IS NULL AND person.birth_date IS NOT NULL ORDER BY visit.id DESC LIMIT 1
"""
LINK = "INSERT INTO portal_visitlink (appointment_id, digest, language, made_at, tries)"
PUBLISHED = """
    WITH made AS (
        INSERT INTO records_form (code, made_at)
        SELECT 'medicines-' || count(*), now() FROM records_form RETURNING id)
    INSERT INTO records_formversion (form_id, number, body, edition, authors, made_at, published_at)
    SELECT id, 1, %s::jsonb, 1, ARRAY[]::bigint[], now(), now() FROM made RETURNING form_id
"""


@pytest.fixture(scope="module")
def clinic():
    place = small_clinic.environment()
    with browser.clinic("papers", build="tests.small_clinic", environment=place) as running:
        yield running


@pytest.fixture
def ana(clinic, chromium):
    desk = Desk(chromium, clinic.address)
    desk.sign_in("ana")
    desk.settle()
    yield desk
    desk.close()


def saved(desk, words="Saved"):
    expect(desk.page.locator("[data-said]")).to_have_text(words)


def opened(desk, visit, address):
    desk.open(f"{address}{'&' if '?' in address else '?'}for=appointment:{visit}")


def press(desk, name):
    desk.page.get_by_role("button", name=re.compile(name)).last.focus()
    desk.press("Enter")


def test_rows_are_added_filled_taken_away_and_signed_by_keys(clinic, ana):
    visit, patient = clinic.rows(EXPECTED)[0]
    clinic.rows("UPDATE patients_patient SET language = 'en' WHERE id = %s", patient)
    [(form_id,)] = clinic.rows(PUBLISHED, json.dumps(MEDICINES))
    opened(ana, visit, f"/forms/patients/{patient}/{form_id}/")
    ana.page.locator("input[name='a.none'][value=true]").focus()
    ana.press(" ")
    first = ana.page.locator("[id='q-name@1']")
    expect(first).to_be_visible()
    first.focus()
    ana.type("Aspirin")

    press(ana, "Add another")
    expect(ana.page.locator("[id='row-medicines@2']")).to_be_focused()
    expect(first).to_have_value("Aspirin")
    ana.press("Tab")
    ana.type("Metformin")
    ana.page.locator("input[name='a.often@2'][value=other]").focus()
    ana.press(" ")
    expect(ana.page.locator("[id='q-how@2']")).to_be_visible()
    expect(ana.page.locator("[id='q-how@1']")).to_be_hidden()
    saved(ana)
    ana.page.reload()
    expect(ana.page.locator("[id='q-name@2']")).to_have_value("Metformin")
    ana.in_order("form-rows")
    ana.page.get_by_role("button", name=re.compile("Remove ?: Your medicines ?1")).focus()
    ana.press("Enter")
    expect(ana.page.locator("[id='rows-medicines']")).to_be_focused()
    expect(first).to_have_count(0)

    signs(ana)


def signs(desk):
    desk.page.locator("[name=agrees]").focus()
    desk.press(" ")
    desk.page.locator("#sign-name").focus()
    desk.type("Robin Example")
    desk.press("Enter")
    desk.page.get_by_text("Signed and sealed.").first.wait_for()


@pytest.fixture
def phone(clinic, chromium, settings):
    """A phone on which the birth date was said."""
    name = re.search(r"/(papers_\d+)\?", clinic.database_url).group(1)
    settings.SECRET_KEY = (browser.ROOT / "var" / "test" / name / "secret.key").read_text()
    visit, _patient, born = clinic.rows(COMING)[0]
    token = token_of(visit)
    clinic.rows(f"{LINK} VALUES (%s, %s, 'es', now(), 0)", visit, digest_of(token))
    window = Desk(chromium, clinic.address)
    window.open(f"/v/{token}/")
    for part in ("day", "month", "year"):
        window.page.locator(f"#{part}").fill(str(getattr(born, part)))
    window.press("Enter")
    window.page.wait_for_url("**/visit/")
    yield window
    window.close()


def photo(desk, tmp_path):
    """A photo of a paper, out of the page itself."""
    taken = tmp_path / "paper.png"
    desk.page.screenshot(path=taken)
    return taken


def test_a_patient_sends_a_paper_and_the_desk_files_it(clinic, phone, ana, tmp_path):
    phone.dress(narrow=True)
    phone.page.get_by_role("link", name="Agregar un documento").focus()
    phone.press("Enter")
    page_named = tmp_path / "page.jpg"
    page_named.write_text("<!doctype html><script>alert(1)</script>")
    phone.page.locator("#file").set_input_files(page_named)
    phone.page.locator("#title").focus()
    phone.type("Referencia del Dr. Lee")
    phone.press("Enter")
    expect(phone.page.locator("main [role=alert]")).to_contain_text("Eso no es una foto")
    phone.in_order("phone-documents-wrong")
    phone.page.locator("#file").set_input_files(photo(phone, tmp_path))
    phone.page.locator("#title").focus()
    phone.press("Enter")
    phone.page.get_by_text("Lo tenemos.").wait_for()
    phone.in_order("phone-documents")
    _filed(ana, clinic)


def _filed(ana, clinic):
    """By keys, from the first page to the record."""
    ana.open("/")
    ana.page.get_by_role("link", name="1 document").focus()
    ana.press("Enter")
    ana.page.get_by_role("heading", name="Documents to look at", level=1).wait_for()
    ana.in_order("documents-to-see")
    ana.page.get_by_role("link", name="Referencia del Dr. Lee").focus()
    ana.press("Enter")
    picture = ana.page.locator("img.paper")
    picture.wait_for()
    assert picture.evaluate("image => image.naturalWidth") > 0
    ana.in_order("document")
    ana.page.locator("#id_kind").select_option("referral")
    ana.press("f")
    ana.page.get_by_text("Everything has been looked at").wait_for()

    [(patient,)] = clinic.rows("SELECT patient_id FROM records_document WHERE kind = 'referral'")
    ana.open(f"/forms/patients/{patient}/documents/?for=document:1")
    ana.page.get_by_text("Referencia del Dr. Lee").wait_for()
    ana.in_order("documents-of-a-patient")
    ana.page.get_by_role("link", name="Referencia del Dr. Lee").focus()
    ana.press("Enter")
    ana.page.locator("#id_because").select_option("somebody_else")
    ana.press("n")
    ana.page.get_by_text("Not shown: Tells of another person.").wait_for()
    ana.in_order("document-withheld")
    ana.press("s")
    ana.page.locator("#id_because").wait_for()
    ana.in_order("document-shown")
