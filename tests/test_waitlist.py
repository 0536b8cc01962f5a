"""A cancelled visit finds who waits: told by text, taken by keys on a phone, live on the board."""

import re

import pytest
from playwright.sync_api import expect

from tests import inbox

pytestmark = pytest.mark.browser
LONG = 30_000  # ms, on a busy machine

# Two follow-ups with one clinician at one place: the later one's patient would rather come earlier.
PAIR = """
    SELECT early.id, late.id, p.id, p.birth_date, p.family, early.local_day::text,
           early.location_id, early.starts_at
      FROM scheduling_appointment early
      JOIN scheduling_appointment late USING (clinician_id, location_id, visit_type_id)
      JOIN facility_visittype kind ON kind.id = early.visit_type_id AND kind.code = 'follow-up'
      JOIN patients_patient p ON p.id = late.patient_id
     WHERE early.status = 'booked' AND late.status = 'booked' AND early.lane = 0
       AND early.starts_at > now() + interval '26 hours'
       AND late.starts_at > early.starts_at + interval '1 day'
       AND p.language = 'es' AND p.birth_date < '2000-01-01' AND NOT p.deceased
       AND (SELECT count(*) FROM patients_phone WHERE patient_id = p.id) = 1
       AND NOT EXISTS (SELECT FROM scheduling_waitentry w WHERE w.visit_id = late.id)
     ORDER BY early.starts_at, late.id LIMIT 1
"""
NUMBER = "+16085550199"
STANDS = "SELECT starts_at, status FROM scheduling_appointment WHERE id = %s"
OFFERED = """
    SELECT extract(epoch FROM offer.made_at - event.at), offer.state
      FROM scheduling_placeoffer offer JOIN scheduling_freedplace place ON place.id = offer.freed_id
      JOIN ground_event event ON event.id = place.event_id
     WHERE offer.patient_id = %s ORDER BY offer.id DESC LIMIT 1
"""


def link_to(clinic, words):
    """The link of the text that says this, once it has arrived."""
    return re.search(r"http\S+/e/\S+/", inbox.text_to(clinic, NUMBER, words)).group()


def says(phone, link, born):
    """Type a birth date by keys alone, in the order of the boxes in Spanish."""
    phone.dress(narrow=True)
    phone.page.goto(link)
    phone.page.get_by_role("heading", name="¿Cuándo nació usted?").wait_for()
    phone.page.locator("#day").focus()
    for number, part in enumerate((born.day, born.month, born.year)):
        if number:
            phone.press("Tab")
        phone.type(str(part))
    phone.press("Enter")


def follow(phone, role, name):
    phone.page.get_by_role(role, name=name).first.focus()
    phone.press("Enter")


def reachable(clinic, patient):
    clinic.rows("UPDATE patients_phone SET number = %s, may_text = true WHERE patient_id = %s",
                NUMBER, patient)  # fmt: skip


@pytest.fixture
def pair(clinic):
    found = clinic.row(PAIR)
    reachable(clinic, found[2])
    # Who else waits is no part of this story.
    clinic.rows("UPDATE scheduling_waitentry SET ended_at = now(), ended = 'left'"
                " WHERE ended_at IS NULL")  # fmt: skip
    return found


def puts_on_the_list(desk, visit, family):
    """From the page of a visit by one key and Enter; then to the list by two."""
    desk.open(f"/schedule/appointments/{visit}/?for=appointment:{visit}")
    desk.press("j")
    desk.page.get_by_role("heading", name="Put on the waitlist").wait_for()
    desk.settle()
    desk.in_order("waitlist-add")
    expect(desk.page.locator("#id_last_day")).to_be_focused()
    desk.press("Enter")
    desk.page.get_by_role("heading", name="Waits for a place").wait_for()
    desk.settle()
    desk.in_order("waitlist-entry")
    desk.press("g", "w")
    desk.page.get_by_role("heading", name="Waitlist", level=1).wait_for()
    expect(desk.page.get_by_text(family).first).to_be_visible()
    desk.in_order("waitlist")


def cancels(desk, visit):
    desk.open(f"/schedule/appointments/{visit}/?for=appointment:{visit}")
    desk.press("x")
    desk.page.get_by_label("Note").wait_for()
    desk.page.locator("#dialog button.primary").focus()
    desk.press("Enter")
    desk.page.get_by_text("Cancelled. The time is free for others.").first.wait_for()


def test_a_cancelled_visit_is_offered_by_text_and_taken_by_keys(window, clinic, pair):
    early, late, patient, born, family, day, place, starts_at = pair
    desk, board = window("ana"), window("ana")
    puts_on_the_list(desk, late, family)
    board.open(f"/schedule/?place={place}&day={day}")
    cancels(desk, early)

    link = link_to(clinic, "quedó libre")
    seconds, state = clinic.row(OFFERED, patient)
    assert state == "open"
    assert seconds <= 5
    desk.open("/waitlist/")
    expect(desk.page.get_by_text("Kept for them").first).to_be_visible()
    desk.in_order("waitlist-offered")

    phone = window()
    says(phone, link, born)
    phone.page.get_by_role("heading", name="Hay un lugar libre").wait_for()
    phone.in_order("place-kept")
    assert phone.scripts == {}
    phone.dress(narrow=True)
    follow(phone, "button", "Tomar este lugar")
    phone.page.get_by_role("heading", name="Su cita").wait_for()

    assert clinic.row(STANDS, late) == (starts_at, "booked")
    expect(board.page.get_by_text(family).first).to_be_visible(timeout=LONG)
    expect(desk.page.get_by_text("Kept for them")).to_have_count(0, timeout=LONG)
    phone.page.goto(link)
    phone.page.get_by_role("heading", name="El lugar es suyo.").wait_for()
    phone.in_order("place-taken")


WHO = """
    SELECT p.id, p.birth_date FROM patients_patient p
     WHERE p.language = 'es' AND p.birth_date < '2000-01-01' AND NOT p.deceased
       AND (SELECT count(*) FROM patients_phone WHERE patient_id = p.id) = 1
       AND EXISTS (SELECT FROM scheduling_appointment
                    WHERE patient_id = p.id AND status = 'completed')
       AND NOT EXISTS (SELECT FROM scheduling_appointment
                    WHERE patient_id = p.id AND status = 'booked')
     ORDER BY p.id DESC LIMIT 1
"""
BOOKED = """
    SELECT count(*) FROM scheduling_appointment
     WHERE patient_id = %s AND status = 'booked' AND booked_by_id IS NULL
"""


def test_a_patient_books_by_the_link_the_desk_sent_and_waits_for_more(window, clinic):
    patient, born = clinic.row(WHO)
    reachable(clinic, patient)
    desk = window("ana")
    desk.open(f"/portal/patients/{patient}/book/")
    desk.in_order("send-link")
    desk.page.locator("#id_visit").select_option(label="Follow-up")
    desk.page.get_by_role("button", name="Send the link").focus()
    desk.press("Enter")
    desk.page.get_by_text("The link is on its way.").first.wait_for()

    phone = window()
    says(phone, link_to(clinic, "es hora de pedir su cita"), born)
    phone.page.get_by_role("heading", name="Cita con su médico").wait_for()
    phone.page.locator("summary").first.click()
    phone.in_order("book-times")
    assert phone.scripts == {}
    phone.dress(narrow=True)
    follow(phone, "button", "Avísenme cuando quede libre un lugar")
    phone.page.get_by_text("Le avisamos cuando quede libre un lugar").first.wait_for()
    phone.page.locator("[name=opening]").first.focus()
    phone.press("Space", "ArrowDown", "Enter")
    phone.page.get_by_role("heading", name="Su cita").wait_for()
    phone.in_order("book-done")
    assert clinic.row(BOOKED, patient) == (1,)
