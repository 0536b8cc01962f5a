"""Checking in ahead of a visit on a phone, by keys alone, reloaded at every answer."""

import hashlib
import time
from io import BytesIO

from PIL import Image
from playwright.sync_api import expect

from tests import browser

EXPECTED = """
    SELECT visit.id, visit.patient_id, patient.birth_date FROM scheduling_appointment visit
      JOIN patients_patient patient ON patient.id = visit.patient_id
      LEFT JOIN arrivals_encounter encounter ON encounter.appointment_id = visit.id
     WHERE encounter.id IS NULL AND patient.birth_date IS NOT NULL
       AND NOT EXISTS (SELECT FROM coverage_policy policy WHERE policy.patient_id = patient.id)
     ORDER BY visit.id
"""
POLICY = """
    INSERT INTO coverage_policy (patient_id, plan_id, rank, relation, member_id, group_number,
                                 subscriber_family, subscriber_given, subscriber_sex, version)
    SELECT %s, plan.id, 1, '18', %s, '', '', '', '', 1 FROM coverage_plan plan
      JOIN coverage_payer payer ON payer.id = plan.payer_id WHERE payer.payer_id = 'BLUEH'
"""
LINK = """
    INSERT INTO portal_visitlink (appointment_id, digest, language, made_at, tries)
    VALUES (%s, %s, %s, now(), 0)
"""
DETAILS = (
    "name_used", "pronouns", "address", "phone", "other_phone", "email", "language", "interpreter",
    "emergency",
)  # fmt: skip


def link(clinic, language):
    """The link of an expected visit that no story had; its visit, its patient, their birth date."""
    visit, patient, born = clinic.rows(EXPECTED)[0]
    clinic.rows(POLICY, patient, f"BHH22044{patient:02d}L0")
    token = f"a-token-for-visit-{visit}-{language}"
    clinic.rows(LINK, visit, hashlib.sha256(token.encode()).digest(), language)
    return visit, patient, born, f"{clinic.address}/v/{token}/"


def enter(phone, address, born):
    phone.page.goto(address)
    day, month = str(born.day), str(born.month)
    first = phone.page.locator(".date input").first
    first.focus()
    for part in (month, day) if first.get_attribute("id") == "month" else (day, month):
        phone.type(part)
        phone.press("Tab")
    phone.type(str(born.year))
    phone.press("Enter")
    phone.page.locator(".card").first.wait_for()


def tab_to(phone, words, within="main"):
    """Tab on from where one is until what says this has the focus."""
    for _ in range(40):
        phone.press("Tab")
        there = phone.page.evaluate(
            "within => { const at = document.activeElement;"
            " return at.closest(within) ? at.textContent.trim() : '' }",
            within,
        )
        if there.startswith(words):
            return
    raise AssertionError(words, phone.page.evaluate("document.activeElement.outerHTML"))


def press(phone, words, within="main"):
    tab_to(phone, words, within)
    with phone.page.expect_navigation():
        phone.press("Enter")


def keyed(phone, address):
    """All that is asked, from the first question to what is due; the seconds it took.

    One answer is a change, first written wrongly; the card is photographed, every form is signed,
    and the page is reloaded at every answer: nothing is lost. Raises AssertionError when it is.
    """
    began = time.monotonic()
    phone.page.locator("#reason summary").focus()
    phone.press("Enter", "Tab")
    phone.type("my knee")  # not saved before all else is
    for thing in DETAILS:
        answers(phone, thing)
        there = phone.page.url
        phone.page.reload()
        assert phone.page.locator(f"#{thing}[data-said]").count() == 1, thing
        assert phone.page.url == there
    the_rest(phone)
    signs_what_waits(phone)
    press(phone, "See what is due")
    assert phone.page.url == f"{address}pay/"
    return time.monotonic() - began


def answers(phone, thing):
    """Everything is right but the e-mail, which is first written wrongly."""
    if thing != "email":
        press(phone, "Still right" if _kept(phone, thing) else "Right, I have none", f"#{thing}")
        return
    tab_to(phone, "Change" if _kept(phone, thing) else "Add", "#email")
    phone.press("Enter", "Tab")
    phone.type("cy@home")
    phone.press("Enter")
    phone.page.get_by_text("That is no e-mail address").wait_for()
    phone.page.screenshot(path=browser.PICTURES / "early-wrong-320.png")
    assert phone.page.locator("#email input:focus").input_value() == "cy@home"
    phone.press("End")
    phone.type(".example.org")
    with phone.page.expect_navigation():
        phone.press("Enter")


def the_rest(phone):
    """The coverage, a photograph of its card, and what is said in words of one's own."""
    press(phone, "Still mine")
    press(phone, "I have no other")
    phone.page.reload()
    expect(phone.page.get_by_text("Please sign your forms below")).to_have_count(1)
    sends_the_card_and_a_word(phone)


def signs_what_waits(phone):
    """Every form of the visit, by keys; what check-in settled is not asked on any of them."""
    waits = phone.page.locator(".asked a.button")
    left = waits.count()
    assert left
    while left:
        waits.first.focus()
        with phone.page.expect_navigation():
            phone.press("Enter")
        for box in phone.page.locator(".sheet-item fieldset:has(.needed) input").all():
            box.focus()
            phone.press(" ")
        if (agrees := phone.page.locator("[name=agrees]")).count():
            agrees.focus()
            phone.press(" ")
        phone.page.locator("#sign-name").focus()
        phone.type("Robin Example")
        with phone.page.expect_navigation():
            phone.press("Enter")
        left -= 1
        if left:  # the next of them, on the page that one came from
            expect(phone.page.locator("#forms")).to_be_focused()
            assert "/check-in/" in phone.page.url
        expect(waits).to_have_count(left)


def sends_the_card_and_a_word(phone):
    policy = phone.page.locator("article[id^=policy-][data-said]")
    policy.get_by_text("Photo of the card").focus()
    phone.press("Enter")
    policy.locator("[name=front]").set_input_files(card())
    policy.get_by_role("button", name="Send the photo").focus()
    with phone.page.expect_navigation():
        phone.press("Enter")
    expect(policy).to_contain_text("We have the photo: Front.")
    word = phone.page.locator("#reason input, #reason textarea").last
    expect(word).to_have_value("my knee")
    word.focus()
    press(phone, "Save", "#reason")


def card():
    picture = BytesIO()
    Image.new("RGB", (1600, 1000), "steelblue").save(picture, "JPEG")
    return {"name": "card.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}


def _kept(phone, thing):
    words = phone.page.locator(f"#{thing} .kept").inner_text()
    return words != "We have none"
