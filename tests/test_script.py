"""A call led by the script, by keys alone; and what patients say after visits, by desk."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

NUMBER = "+16085550183"


def reached_at(clinic, number):
    """Somebody with a phone of their own; a second try begins as the first did."""
    [(patient,)] = clinic.rows("SELECT max(patient_id) FROM patients_phone WHERE rank = 1")
    clinic.rows(
        "UPDATE patients_phone SET number = %s WHERE patient_id = %s AND rank = 1", number, patient
    )
    # Nobody was made sure of in the last half hour.
    clinic.rows(
        "UPDATE patients_look SET at = at - interval '1 hour' WHERE patient_id = %s", patient
    )
    return patient


def test_a_caller_is_led_by_the_script_and_the_log_keeps_what_was_asked(window, clinic):
    patient, ana = reached_at(clinic, NUMBER), window("ana")
    ana.open("/messages/calling/?number=6085550183")
    ana.keys.forget()
    ana.press("t")
    ana.page.get_by_text("What is your date of birth?").wait_for()
    ana.settle()
    assert ana.keys.typed == 1
    ana.in_order("calling-script")

    ana.page.locator("[name=asked]").first.focus()
    ana.press("Space", "Tab", "Space")
    ana.page.locator("h1").click()
    ana.press("1", "2", "i")
    ana.page.get_by_role("link", name="Their record").wait_for()
    ana.settle()
    expect(ana.page.locator("#asked-birth_date")).to_be_checked()
    expect(ana.page.locator("#asked-one_more")).not_to_be_checked()
    expect(ana.page.locator("#script")).to_contain_text("Two identifiers agree")
    ana.in_order("calling-script-sure")
    ana.page.reload()
    ana.settle()
    ana.press("1")
    ana.page.get_by_text("The call is kept.").first.wait_for()

    kept = clinic.row(
        "SELECT caller, asked, matched FROM relations_call WHERE patient_id = %s"
        " ORDER BY id DESC LIMIT 1", patient,
    )  # fmt: skip
    assert kept[:2] == ("patient", ["caller_name", "birth_date"])
    assert sorted(kept[2]) == ["birth_date", "name"]
    ana.open(f"/messages/{patient}/conversation/")
    line = ana.page.locator(".talk > li").last
    expect(line).to_contain_text("who is calling, the birth date")
    ana.in_order("conversation-script")


def test_a_caller_nobody_knows_is_told_nothing_of_anybody(window):
    ana = window("ana")
    ana.open("/messages/calling/?number=6085550184")
    ana.press("n")
    ana.page.get_by_text("I can take a message.").wait_for()
    ana.settle()
    expect(ana.page.locator("#script")).to_contain_text("Nothing of anybody")
    ana.in_order("calling-script-unknown")


def test_the_script_is_set_up_and_answers_are_shown_by_desk(window, clinic):
    ada = window("ada")
    ada.open("/setup/relations/scriptline/")
    ada.in_order("setup-script")
    [(line,)] = clinic.rows("SELECT min(id) FROM relations_scriptline")
    ada.open(f"/setup/relations/scriptline/{line}/change/")
    ada.in_order("setup-script-line")
    mara = window("mara")
    mara.open("/surveys/figures/")
    mara.page.locator("#by").focus()
    mara.type("Desk")
    mara.press("Tab")
    mara.page.get_by_role("button", name="Show").focus()
    mara.press("Enter")
    mara.page.get_by_text("Which counter, or which officer, is not counted.").wait_for()
    mara.settle()
    mara.in_order("figures-by-desk")
    mara.dress(narrow=True)
    page = "document.documentElement"
    assert mara.page.evaluate(f"{page}.scrollWidth <= {page}.clientWidth")
