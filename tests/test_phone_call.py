"""A patient who asked to be called is: a key confirms the visit, another ends calls."""

import pytest

from tests import phones
from tests.waiting import until

pytestmark = pytest.mark.browser

CONFIRMS, ENDS = "+16085550171", "+16085550172"
PATIENTS = """
    SELECT a.patient_id, p.family, a.id, a.local_day, a.location_id
      FROM scheduling_appointment a JOIN patients_patient p ON p.id = a.patient_id
     WHERE a.status = 'booked' AND a.confirmed_at IS NULL AND p.language = %s AND NOT p.deceased
       AND a.local_day BETWEEN current_date + 3 AND current_date + 12
       AND (SELECT count(*) FROM patients_phone WHERE patient_id = p.id) = 1
     ORDER BY a.starts_at DESC, a.id LIMIT 1
"""


def asked_to_be_called(desk, patient, words):
    """What the patient says at the desk, kept by keys alone."""
    desk.open(f"/messages/{patient}/may-be-sent/")
    desk.page.locator("#id_where").focus()
    desk.press("ArrowDown")  # after the texts of that phone
    desk.page.get_by_label("What they said").focus()
    desk.press("ArrowDown")
    desk.page.get_by_label("In their words").focus()
    desk.type(words)
    desk.press("Enter")
    desk.page.get_by_text("Kept, with their words.").first.wait_for()


WHERE = {}


def of_whom(clinic, language, number):
    """Somebody with a visit, reached at a landline of their own."""
    patient, family, visit, day, place = clinic.row(PATIENTS, language)
    clinic.rows(
        "UPDATE patients_phone SET number = %s, may_text = false WHERE patient_id = %s",
        number, patient,
    )  # fmt: skip
    WHERE[patient] = f"(608) 555-{number[-4:]}, calls by a machine"
    return patient, family, visit, day, place


def test_a_key_in_a_call_confirms_the_visit_and_the_desk_sees_it(window, clinic):
    patient, family, visit, day, place = of_whom(clinic, "en", CONFIRMS)
    ana = window("ana")
    asked_to_be_called(ana, patient, "Call me, I do not read texts")
    ana.in_order("may-be-called")

    phones.script(clinic, CONFIRMS, "person", "1 1")
    phones.remind(clinic, visit)
    call = phones.call_to(clinic, CONFIRMS, "completed")

    assert family not in str(call["heard"])
    assert call["heard"][1] == "[1]"
    assert call["heard"][-1].endswith("Thank you. We expect you. Goodbye.")
    until(lambda: clinic.row("SELECT confirmed_at FROM scheduling_appointment WHERE id = %s",
                             visit)[0])  # fmt: skip
    ana.open(f"/schedule/?day={day}&place={place}")
    block = ana.page.locator(f'a[href*="/appointments/{visit}/"]').first
    assert "will come" in block.inner_text()

    ana.open(f"/messages/{patient}/conversation/?for=appointment:{visit}")
    line = ana.page.locator(".talk > li").last
    line.get_by_text("Confirmed").wait_for()
    assert "said who calls · pressed 1 · read the message" in line.inner_text()
    ana.in_order("conversation-called")
    ana.open(f"/messages/{patient}/timeline/?for=appointment:{visit}")
    ana.page.get_by_text("by a key in our call").first.wait_for()


def test_whoever_presses_nine_at_the_phone_is_called_no_more(window, clinic):
    patient, _family, visit, _day, _place = of_whom(clinic, "es", ENDS)
    ana = window("ana")
    asked_to_be_called(ana, patient, "Llámeme mejor")
    phones.remind(clinic, visit)
    phones.call_to(clinic, ENDS, "ringing")

    phone = window()
    phone.page.goto(phones.address(clinic))
    phone.page.get_by_role("button", name="Pick it up").first.click()
    phone.page.get_by_text("Esta es una llamada grabada de").first.wait_for()
    phone.page.get_by_role("button", name="9", exact=True).first.click()
    phones.call_to(clinic, ENDS, "completed")

    ana.open(f"/messages/{patient}/may-be-sent/")
    named = ana.page.get_by_role("heading", name=WHERE[patient])
    calls = ana.page.locator(".panel").filter(has=named)  # what was said in all has a panel, too
    assert calls.get_by_text("Not called").count() == 4
    assert calls.get_by_text("by a key in a call of ours").count() == 4
    ana.in_order("called-no-more")


def test_what_is_said_is_written_as_other_texts_are_and_shows_how_long_it_takes(window):
    mara = window("mara")
    mara.open("/texts/call-greeting/")

    shown = mara.page.locator("#en")
    shown.get_by_text("For no more such calls, press 9.").first.wait_for()
    shown.get_by_text("seconds to say").wait_for()
    mara.in_order("text-spoken")
