"""A patient answers a text: plain words are obeyed by themselves, others an officer reads."""

import pytest

from tests import inbox
from tests.waiting import until

pytestmark = pytest.mark.browser

# Two of one house, reached at one phone nobody else has.
NUMBER = "+16085550177"
PATIENTS = """
    SELECT p.id, p.family FROM patients_patient p
      JOIN patients_phone phone ON phone.patient_id = p.id AND phone.rank = 1 AND phone.may_text
     WHERE NOT p.deceased AND p.language = 'en'
       AND (SELECT count(*) FROM patients_phone WHERE patient_id = p.id) = 1
     ORDER BY p.id DESC OFFSET 3 LIMIT 2
"""
ARRIVED = """
    SELECT 1 FROM relations_delivery delivery JOIN relations_message message USING (outgoing_id)
     WHERE message.template = '' AND delivery.state = 'delivered'
"""


def letters(clinic):
    return [each["body"] for each in inbox.letters(clinic) if each["to"] == NUMBER]


def book(desk, patient):
    desk.open(f"/schedule/book/?patient={patient}")
    desk.type("fo")
    desk.press("Enter")
    desk.page.locator(".offer:focus").wait_for()
    desk.press("Enter")
    desk.page.get_by_text("Booked for").first.wait_for()


def answer(phone, clinic, words):
    """As the patient, on the page of the demo's carrier."""
    phone.page.goto(inbox.address(clinic))
    phone.page.get_by_label("From").select_option(NUMBER)
    phone.page.get_by_label("Words").focus()
    phone.type(words)
    phone.press("Enter")
    phone.page.locator("pre").filter(has_text=words).first.wait_for()


@pytest.fixture
def house(window, clinic):
    """The ids of two who share a phone that takes texts and has got one, and who ``one`` is."""
    (one, family), (other, _) = clinic.rows(PATIENTS)
    clinic.rows("UPDATE patients_phone SET number = %s WHERE patient_id = ANY(%s)",
           NUMBER, [one, other])  # fmt: skip
    # What other stories left to be read is no part of this one.
    clinic.rows("UPDATE relations_received SET handled_at = now(), handled_why = 'read',"
           " handled_by_id = (SELECT min(id) FROM access_officer)"
           " WHERE work AND handled_at IS NULL AND sender <> %s", NUMBER)  # fmt: skip
    desk = window("ana")
    if not letters(clinic):
        book(desk, one)
        until(lambda: letters(clinic))
    answer(desk, clinic, "START")
    return one, other, family


def by_keys(desk):
    """To the list, and into its first conversation."""
    desk.press("g", "k")
    desk.page.get_by_role("heading", name="Conversations", level=1).wait_for()
    desk.settle()
    desk.in_order("conversations")
    desk.press("ArrowDown", "Enter")
    desk.page.locator(".talk").wait_for()
    desk.settle()


@pytest.fixture
def ana(window):
    return window("ana")


def test_own_words_are_read_and_the_number_silenced_by_keys_alone(window, clinic, house, ana):
    one, other, family = house
    answer(window(), clinic, "please stop texting me, I will call")

    ana.open("/")
    ana.page.locator("#texts-today").get_by_text("Read 1 message").wait_for()
    ana.in_order("texts-today")
    by_keys(ana)
    ana.in_order("conversation-unknown")
    assert ana.page.get_by_role("button", name="wrote it").count() == 2

    ana.press(str(sorted([one, other]).index(one) + 1))
    ana.page.get_by_text("It is still to be seen to.").first.wait_for()
    ana.page.locator(".patient").filter(has_text=family).first.wait_for()
    ana.settle()
    ana.in_order("conversation-known")
    ana.press("n")
    ana.page.locator("#confirm[open]").wait_for()
    ana.in_order("conversation-no-more")
    ana.page.locator("#confirm").get_by_role("button", name="No more texts").focus()
    ana.press("Enter")
    ana.page.get_by_text("No more texts go to that number.").first.wait_for()
    ana.settle()
    ana.in_order("conversation-silenced")
    ana.open("/messages/conversations/")
    ana.page.get_by_text("Nothing to read").wait_for()
    ana.in_order("conversations-empty")

    # Both are reached at that phone; the words stand with the one who wrote them.
    for patient, wrote in ((other, False), (one, True)):
        ana.open(f"/messages/{patient}/timeline/?only=messages")
        ana.page.get_by_text("No texts", exact=True).wait_for()
        assert ana.page.get_by_text("Wrote us:").count() == int(wrote)
        assert ("I will call" in ana.page.locator("main").inner_text()) is wrote
    ana.in_order("timeline-no-texts")


def test_stop_and_start_are_obeyed_by_themselves(window, clinic, house, ana):
    one, *_ = house
    phone, silent = window(), ana.page.get_by_text("No texts", exact=True)
    [(visit,)] = clinic.rows(
        "SELECT max(id) FROM scheduling_appointment WHERE patient_id = %s", one
    )

    answer(phone, clinic, "Alto")
    until(lambda: "INICIAR" in letters(clinic)[0])
    ana.open(f"/patients/{one}/?for=appointment:{visit}")
    ana.page.locator("#timeline").get_by_text("Only START").wait_for()
    ana.in_order("patient-no-texts")
    assert silent.count() == 1

    answer(phone, clinic, "START")
    ana.open(f"/patients/{one}/?for=appointment:{visit}")
    assert silent.count() == 0
    ana.open("/messages/conversations/?show=unknown")
    ana.in_order("conversations-unknown")
    ana.page.get_by_role("link", name="(608) 555-0177").first.focus()
    ana.press("Enter")
    ana.page.locator(".talk").get_by_text("Alto", exact=True).wait_for()


def test_cancel_stops_texts_and_waits_since_the_visit_may_be_meant(window, clinic, house, ana):
    answer(window(), clinic, "CANCEL")

    ana.open("/messages/conversations/")
    ana.press("ArrowDown", "Enter")
    line = ana.page.locator(".talk li").filter(has_text="CANCEL").first
    line.get_by_text("This may be about a visit").wait_for()
    ana.in_order("conversation-cancel")
    ana.press("s")
    ana.page.locator("#confirm[open]").wait_for()
    ana.type("Called back: the visit stands")
    ana.press("Tab", "Tab", "Enter")
    ana.page.get_by_text("Kept. It is off the list.").first.wait_for()

    kept = clinic.rows("SELECT handled_why FROM relations_received WHERE body = 'CANCEL'")
    assert kept == [("Called back: the visit stands",)]


def test_a_conversation_by_keys_written_to_told_how_far_it_came_and_called(
    window, clinic, house, ana
):
    one, *_ = house
    answer(window(), clinic, "Is there parking?")
    ana.open("/messages/conversations/")
    ana.press("ArrowDown", "Enter")
    ana.page.locator(".talk").get_by_text("Is there parking?").wait_for()
    ana.settle()

    ana.press("r")
    ana.type("Yes, behind the house.", pause=20)
    ana.page.locator("#length").get_by_text("22 characters, 1 part.").wait_for()
    ana.in_order("conversation-writing")
    ana.press("Tab")
    ana.press("Enter")
    ana.page.get_by_text("On its way.").first.wait_for()

    until(lambda: "Yes, behind the house." in letters(clinic))
    until(lambda: clinic.rows(ARRIVED))
    ana.page.reload()
    said = ana.page.locator(".talk .ours").last
    said.get_by_text("Arrived").wait_for()
    ana.in_order("conversation-answered")

    ana.open(f"/messages/{one}/conversation/")
    before = ana.keys.typed
    ana.press("l")
    ana.page.locator("#call[open]").wait_for()
    ana.press("1")
    ana.page.get_by_text("The call is kept.").first.wait_for()
    assert ana.keys.typed - before == 2
    ana.page.locator(".talk .theirs").last.get_by_text("Settled").wait_for()
    ana.press("l")
    ana.page.locator("#call[open]").wait_for()
    ana.in_order("conversation-call")
