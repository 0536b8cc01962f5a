"""What patients are sent by itself, written by one and reviewed by another, and what comes back."""

import pytest
from playwright.sync_api import expect

from almoner.relations.rules import no_more_token
from tests import browser, small_clinic
from tests.browser import Desk
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SECRET = "a secret of this story"
GONE = "gone@people.example"


@pytest.fixture(scope="module")
def clinic():
    place = small_clinic.environment() | {"ALMONER_SECRET_KEY": SECRET}
    with browser.clinic("wordings", build="tests.small_clinic", environment=place) as running:
        yield running


@pytest.fixture
def signed_in(clinic, chromium):
    opened = []

    def as_officer(username):
        desk = Desk(chromium, clinic.address)
        desk.sign_in(username)
        desk.settle()
        opened.append(desk)
        return desk

    yield as_officer
    for desk in opened:
        desk.close()


def lint(desk, language="en"):
    return desk.page.locator(f"#lint-{language}")


WRONG, RIGHT = " Your lab results are in, {patient}.", " See you!"


def mend(desk):
    """Words that may not be sent, seen to be wrong while they are typed, and taken out again."""
    desk.press("w", "Control+End")
    desk.type(WRONG)
    expect(lint(desk)).to_contain_text("“lab” tells of health")
    expect(lint(desk)).to_contain_text("{patient} is no fact that this text may name.")
    desk.in_order("text-wrong")
    desk.press(*(["Backspace"] * len(WRONG)))
    desk.type(RIGHT)
    expect(lint(desk)).to_contain_text(RIGHT.strip())
    expect(lint(desk)).not_to_contain_text("tells of health")


def test_a_text_is_written_by_one_and_reviewed_by_another_by_keys_alone(clinic, signed_in):
    mara = signed_in("mara")
    mara.press("g", "x")
    mara.page.get_by_role("heading", name="Texts", level=1).wait_for()
    mara.in_order("texts")
    mara.page.get_by_role("link", name="A visit is near", exact=True).focus()
    mara.press("Enter")
    mara.page.get_by_role("heading", name="A visit is near", level=1).wait_for()

    mara.press("e")
    mara.page.get_by_role("button", name="Send for review").wait_for()
    mend(mara)
    mara.page.get_by_role("button", name="Send for review").focus()
    mara.press("Enter")
    mara.page.get_by_text("It waits for somebody to review it.").first.wait_for()
    mara.settle()
    mara.in_order("text-sent")
    assert mara.page.get_by_role("button", name="It is right: use it").count() == 0

    ada = signed_in("ada")
    ada.open("/texts/reminder/")
    expect(ada.page.locator("#en")).to_contain_text("written by Mara Jensen")
    ada.in_order("text-review")
    ada.press("y")
    ada.page.get_by_text("Reviewed. It is what is sent from now on.").first.wait_for()
    expect(ada.page.locator("#en")).to_contain_text("reviewed by Ada")
    ada.in_order("text-reviewed")
    [(body,)] = clinic.rows(
        "SELECT body FROM relations_textversion WHERE text = 'reminder' AND NOT shipped"
        " AND state = 'approved'"
    )
    assert body.endswith(RIGHT)


def test_a_canned_answer_is_written_by_one_and_signed_by_another_by_keys(clinic, signed_in):
    ada = signed_in("ada")
    [(macro,)] = clinic.rows("SELECT min(id) FROM relations_macro")
    ada.open(f"/setup/relations/macro/{macro}/change/")
    ada.page.locator("[name=body]").focus()
    ada.press("Control+End")
    ada.type(" Ask for {name}.")
    ada.page.locator("[name=_save]").focus()
    ada.press("Enter")
    ada.settle()
    ada.open("/texts/set-up/")
    expect(ada.page.locator(f"#macro-{macro}")).to_contain_text("Somebody who did not write it")

    mara = signed_in("mara")
    mara.press("g", "x")
    mara.page.get_by_role("heading", name="Texts", level=1).wait_for()
    mara.press("w")
    mara.page.get_by_role("heading", name="Words to sign", level=1).wait_for()
    expect(mara.page.locator(f"#macro-{macro}")).to_contain_text("Ask for Cy Young.")
    mara.in_order("words-to-sign")
    mara.press("y")
    mara.page.get_by_text("Signed. Patients read it from now on.").first.wait_for()
    mara.page.get_by_text("Nothing waits to be signed").wait_for()
    mara.in_order("words-signed")


def test_an_e_mail_comes_back_and_its_address_waits_for_somebody_to_look(clinic, signed_in):
    [(patient,)] = clinic.rows("SELECT min(id) FROM patients_patient")
    clinic.rows("DELETE FROM patients_email WHERE patient_id = %s", patient)
    clinic.rows(
        "INSERT INTO patients_email (patient_id, address, rank, whose, whose_name)"
        " VALUES (%s, %s, 1, '', '')",
        patient,
        GONE,
    )
    ana = signed_in("ana")
    ana.open(f"/messages/{patient}/conversation/")
    ana.page.get_by_role("radio", name=GONE).check()
    ana.press("r")
    ana.type("Please bring the form.")
    ana.page.get_by_role("button", name="Send", exact=True).focus()
    ana.press("Enter")
    ana.page.locator(".talk").get_by_text("Please bring the form.").wait_for()
    assert clinic.rows("SELECT id FROM relations_message WHERE address = %s", GONE)
    until(lambda: clinic.rows("SELECT id FROM relations_closedaddress WHERE address = %s", GONE))

    ana.open("/")
    ana.in_order("desk-with-a-closed-address")
    ana.page.get_by_role("link", name="Look at 1 address").focus()
    ana.press("Enter")
    ana.page.get_by_role("heading", name="Addresses that take no e-mails", level=1).wait_for()
    expect(ana.page.locator("main")).to_contain_text("There is no such address")
    ana.in_order("closed-addresses")
    ana.open(f"/messages/{patient}/may-be-sent/")
    ana.in_order("may-be-sent")
    ana.open("/messages/closed/")
    ana.page.get_by_role("button", name="Write to it again").focus()
    ana.press("Enter")
    ana.page.locator("#confirm[open]").wait_for()
    ana.type("They wrote from there today")
    ana.press("Tab", "Tab", "Enter")
    ana.page.get_by_text("E-mails go there again.").first.wait_for()
    ana.page.get_by_text("Every address takes e-mails").wait_for()


def test_the_page_that_ends_e_mails_is_in_order_on_a_phone(clinic, signed_in, chromium):
    phone = Desk(chromium, clinic.address)
    try:
        phone.open(f"/messages/no-more/{no_more_token(1, SECRET)}/")
        phone.in_order("no-more-mails")
        phone.open(f"/messages/no-more/{no_more_token(1, SECRET)}/?lang=es")
        expect(phone.page.locator("main")).to_contain_text("¿No quiere más correos")
    finally:
        phone.close()
