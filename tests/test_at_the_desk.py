"""What waits is due and somebody's, lists are kept, and several cases change at once: by keys."""

import pytest
from playwright.sync_api import expect

from tests import inbox
from tests.waiting import until

pytestmark = pytest.mark.browser

ENOUGH = 60_000  # ms a step may take on a machine that has other work

WRITER = "opens.when@people.example"
WAITS = "SELECT id FROM relations_received WHERE sender = %s AND handled_at IS NULL"
SPOKEN = "SELECT patient_id FROM relations_message WHERE patient_id IS NOT NULL ORDER BY id LIMIT 1"


@pytest.fixture
def ana(window):
    opened = window("ana")
    opened.page.set_default_timeout(ENOUGH)
    return opened


def told(desk, words):
    desk.page.get_by_text(words).first.wait_for()
    desk.settle()


def test_a_list_is_kept_shared_and_removed(ana, clinic):
    clinic.rows("DELETE FROM relations_savedview WHERE name = 'Late ones' RETURNING id")
    ana.open("/cases/?show=overdue")
    ana.press("v")
    ana.page.locator("#save-list input[name=name]").focus()
    ana.type("Late ones")
    ana.press("Enter")
    ana.page.get_by_role("link", name="Late ones").wait_for()
    ana.settle()
    ana.press("m")
    ana.page.get_by_role("heading", name="Kept lists").wait_for()
    ana.in_order("kept-lists")
    ana.page.reload()
    ana.settle()
    ana.press("m")
    ana.page.get_by_label("Who has Late ones, too").focus()
    ana.type("Front")
    ana.press("Tab", "Enter")
    told(ana, "Shared with the desk.")
    assert clinic.row("SELECT desk FROM relations_savedview WHERE name = 'Late ones'") == ("front",)


def test_several_cases_are_noted_and_what_one_refuses_is_told(ana):
    ana.open("/cases/?show=desk")
    ana.page.locator("input[name=case]").first.focus()
    ana.press("Space", "w")
    ana.page.get_by_role("heading", name="With the ticked cases").wait_for()
    ana.in_order("at-once")
    ana.page.reload()
    ana.settle()
    ana.page.locator("input[name=case]").first.focus()
    ana.press("Space", "w")
    ana.page.get_by_label("Note").focus()
    ana.type("@nobody look")
    ana.press("Tab", "Enter")
    ana.page.get_by_role("heading", name="Not all were changed").wait_for()
    ana.in_order("not-all-changed")


def test_what_waits_is_due_and_is_taken_by_one_key(window, ana, clinic):
    inbox.write(window(), clinic, WRITER, "When do you open tomorrow?")
    until(lambda: clinic.rows(WAITS, WRITER))
    ana.open("/messages/conversations/")
    line = ana.page.locator("[data-line]").filter(has_text=WRITER)
    line.wait_for()
    ana.in_order("conversations-due")
    ana.page.reload()
    ana.settle()
    line.focus()
    ana.press("Enter")
    ana.page.get_by_role("button", name="Take what waits").wait_for()
    ana.in_order("conversation-whose")
    ana.page.reload()
    ana.settle()
    ana.press("t")
    told(ana, "Kept.")
    expect(ana.page.get_by_role("button", name="Take what waits")).to_have_count(0)


def test_messages_of_one_way_stand_alone_on_the_timeline(ana, clinic):
    [who] = clinic.row(SPOKEN)
    ana.open(f"/messages/{who}/timeline/?only=messages&by=email")
    ana.in_order("timeline-by-way")
