"""A manager asks who is due and starts a campaign; an officer calls them and books.

All of it by keys. The campaign calls only: what it does must not hang on the hour of day.
"""

import pytest

pytestmark = pytest.mark.browser

SEGMENT = "Never seen, 60 and older"


def tell(desk, words, *, within=30):
    desk.page.get_by_text(words).first.wait_for(timeout=within * 1000)
    desk.settle()


def follow(desk, text):
    """Go along the lines until the one with this text is focused, and open it."""
    link = desk.page.locator("[data-line]").filter(has_text=text).first
    link.wait_for()
    for _line in range(40):
        if link.evaluate("link => link === document.activeElement"):
            break
        desk.press("ArrowDown")
    desk.press("Enter")


def ask_who_is_due(mara):
    """The number is counted while it is asked; kept, it shows who they are and why."""
    mara.press("g", "r")
    tell(mara, "65 and older, never seen")
    mara.in_order("outreach")
    mara.press("n")
    mara.page.get_by_label("Name").wait_for()
    mara.page.get_by_label("Name").focus()
    mara.type(SEGMENT)
    mara.page.get_by_label("Age from").focus()
    mara.type("60")
    mara.page.get_by_label("Never seen").focus()
    mara.press("Space")
    mara.page.locator("#counts .stat").first.wait_for(timeout=30_000)
    mara.settle()
    mara.in_order("outreach-new-segment")
    mara.page.get_by_label("Age from").focus()
    mara.press("Enter")
    tell(mara, "The segment is kept.")
    mara.page.locator("#members tbody tr").first.wait_for(timeout=30_000)
    assert "never seen" in mara.page.locator("#members tbody tr").first.inner_text()
    mara.in_order("outreach-segment")


def plan(mara):
    """In words of her own: the button to start is not there before somebody has read them."""
    mara.press("n")
    mara.page.locator("#id_pace").wait_for()
    mara.in_order("outreach-planning")
    mara.page.locator("#id_ways").focus()
    mara.type("Calls")
    mara.page.locator("#id_held_out_percent").focus()
    mara.press("Control+a")
    mara.type("10")
    mara.page.locator("#id_spanish").focus()
    mara.press("Control+a")
    mara.type("Le toca una cita. Llame al {phone}.")
    mara.page.locator("#id_pace").focus()
    mara.press("Enter")
    tell(mara, "Nobody is written to before you start it.")
    mara.page.reload()
    mara.settle()
    mara.in_order("outreach-draft")
    assert mara.page.get_by_role("button", name="Start").count() == 0


def read_the_words(ada, address):
    ada.open(address)
    ada.settle()
    assert "Le toca una cita. Llame al" in ada.page.locator("#words").inner_text()
    ada.in_order("outreach-words")
    ada.press("a")
    tell(ada, "The words are approved.")


def start(mara):
    mara.page.reload()
    mara.settle()
    mara.press("s")
    mara.page.locator("#confirm-yes").wait_for()
    mara.press("Enter")
    tell(mara, "The campaign runs.")


def call_and_book(ana, clinic):
    """The worker looks each minute; then the list is there: one key keeps a call, B books."""
    ana.open("/outreach/calls/")
    for _look in range(40):
        if ana.page.locator("#to-call").count():
            break
        ana.page.wait_for_timeout(5_000)
        ana.page.reload()
    ana.page.locator("#to-call").wait_for()
    ana.settle()
    ana.in_order("outreach-to-call")
    ana.press("n")
    ana.page.locator("#call-now").wait_for()
    ana.settle()
    ana.in_order("outreach-calls")
    first = ana.page.locator("#call-now h2").first.inner_text()
    ana.keys.forget()
    ana.press("1")
    tell(ana, "The call is kept.")
    assert ana.keys.typed == 1
    ana.page.locator("#call-now").wait_for()
    second = ana.page.locator("#call-now h2").first.inner_text()
    assert second != first
    ana.press("b")
    ana.page.locator("#id_visit").wait_for()
    ana.settle()
    ana.page.locator("#id_visit").focus()
    ana.press("Enter")
    ana.page.locator("[data-key='1']").first.wait_for(timeout=30_000)
    ana.settle()
    ana.press("1")
    tell(ana, "Booked for")
    return clinic.rows(
        "SELECT e.stopped_why, a.id = e.booked_id FROM outreach_enrolment e"
        "  JOIN scheduling_appointment a ON a.patient_id = e.patient_id"
        " ORDER BY a.id DESC LIMIT 1"
    )


def test_who_is_due_is_asked_called_and_booked_by_keys(window, clinic):
    mara, ana, ada = window("mara"), window("ana"), window("ada")
    ask_who_is_due(mara)
    plan(mara)
    read_the_words(ada, mara.page.url)
    start(mara)

    assert call_and_book(ana, clinic) == [("booked", True)]

    mara.page.reload()
    mara.settle()
    assert "Too few people to say anything yet." in mara.page.locator("#effect").inner_text()
    mara.page.get_by_role("link", name="Booked").focus()
    mara.press("Enter")
    mara.page.locator("#people tbody tr").first.wait_for()
    mara.settle()
    mara.in_order("outreach-campaign")
    held_out = "SELECT count(*) FILTER (WHERE held_out), count(*) FROM outreach_enrolment"
    [(out, everybody)] = clinic.rows(held_out)
    assert 0 < out < everybody / 2
