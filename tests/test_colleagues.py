"""Officers ask one another, look up what to say, and take the next case: by keys, live."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

ENOUGH = 60_000  # ms a step may take on a machine that has other work
LATE = "SELECT id FROM relations_case WHERE subject = 'Asked to be called about a result'"
SPANISH = "SELECT id FROM relations_case WHERE subject = 'Mi próxima cita'"
DRAFT = "SELECT article_id FROM relations_articleversion WHERE published_at IS NULL"


@pytest.fixture
def officer(window):
    def open_one(username):
        opened = window(username)
        opened.page.set_default_timeout(ENOUGH)
        return opened

    return open_one


def told(desk, words):
    desk.page.get_by_text(words).first.wait_for()
    desk.settle()


def ask(ana, case):
    """In a note of the case; who is asked is chosen from the list below the words."""
    ana.open(f"/cases/{case}/?for=case:{case}")
    ana.press("n")
    ana.type("Was she angry, @no")
    option = ana.page.locator("[role=option][aria-selected=true]")
    expect(option).to_have_text("@bea Bea Novak", timeout=ENOUGH)
    ana.look("asking-list")
    ana.press("Enter")
    expect(ana.page.locator("#note-words")).to_have_value("Was she angry, @bea ")
    ana.type("on the phone?")
    ana.press("Tab", "Enter")
    told(ana, "Kept with the case.")


def test_a_colleague_asked_by_an_at_sees_it_at_once_and_answers_by_a_note(officer, clinic):
    [case] = clinic.row(LATE)
    ana, bea = officer("ana"), officer("bea")
    bea.open("/")
    bea.page.get_by_role("heading", name="Asked of me").wait_for()
    ask(ana, case)

    bea.page.get_by_text("on the phone?").wait_for()
    bea.in_order("asked-first-page")
    bea.open("/cases/asked/")
    bea.in_order("asked")
    bea.page.reload()
    bea.settle()
    line = bea.page.locator("li", has_text="on the phone?").locator("[data-line]")
    while not line.evaluate("line => line === document.activeElement"):
        bea.press("ArrowDown")
    bea.press("Enter")
    told(bea, "asks you")
    bea.in_order("asked-case")
    bea.page.reload()
    bea.settle()
    bea.press("n")
    bea.type("She was not.")
    bea.press("Tab", "Enter")
    told(bea, "Kept with the case.")
    bea.open("/cases/asked/")
    expect(bea.page.get_by_text("on the phone?")).to_have_count(0)


def test_a_passage_goes_into_an_answer_by_one_key_in_the_patients_language(officer, clinic):
    [case] = clinic.row(SPANISH)
    ana = officer("ana")
    ana.open(f"/cases/{case}/answer/?for=case:{case}")
    ana.in_order("answer-with-passages")
    ana.page.reload()
    ana.settle()
    button = ana.page.locator("[data-add]").first
    ana.press(button.get_attribute("data-key"))
    expect(ana.page.locator("#id_words")).to_have_value(button.get_attribute("data-words"))
    assert "Puede cambiar su cita" in button.get_attribute("data-words")


def test_a_translation_is_published_by_whoever_did_not_write_it(officer, clinic):
    [article] = clinic.row(DRAFT)
    ana, mara = officer("ana"), officer("mara")
    ana.open(f"/cases/articles/{article}/?in=es")
    ana.page.get_by_text("Somebody who has not written on it").wait_for()
    assert ana.page.get_by_role("button", name="Publish").count() == 0

    mara.open("/cases/articles/?show=drafts")
    mara.in_order("articles-drafts")
    mara.open(f"/cases/articles/{article}/?in=es")
    mara.in_order("article-draft")
    mara.page.reload()
    mara.settle()
    mara.press("p")
    told(mara, "It is published.")
    mara.page.get_by_text("What a patient can be told").wait_for()
    mara.press("y")
    told(mara, "1 of 1 found it useful")
    mara.in_order("article-published")
    mara.open("/cases/articles/?q=expedientes")
    expect(mara.page.locator("[data-line]")).to_have_count(1)
    mara.in_order("articles-found")


def test_the_next_case_one_can_do_is_taken_by_one_key(officer, clinic):
    bea = officer("bea")
    bea.open("/cases/?show=able")
    bea.in_order("cases-able")
    bea.page.reload()
    bea.settle()
    bea.keys.forget()
    bea.press("x")
    told(bea, "is yours.")
    assert bea.keys.typed == 1
    assert clinic.row(
        "SELECT count(*) FROM relations_case c JOIN access_officer o ON o.id = c.owner_id"
        " WHERE o.username = 'bea' AND c.taken_at > now() - interval '10 minutes'"
    ) == (1,)
    bea.press("m")
    bea.page.get_by_role("button", name="Ask for the signed form").wait_for()
    bea.in_order("case-several-acts")


def test_what_is_written_down_of_a_call_finds_what_may_help(officer):
    ana = officer("ana")
    ana.open("/messages/calling/?number=3125550177")
    ana.page.get_by_label("What was said").focus()
    ana.type("She cannot read her statement")
    ana.page.get_by_role("link", name="How to read a statement").wait_for()
    ana.settle()
    ana.in_order("calling-offered")
