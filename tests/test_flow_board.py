"""The flow board that brings itself up to date: never under a moving hand, and as time goes on."""

import pytest
from playwright.sync_api import expect

from tests import browser, small_clinic
from tests.browser import Desk

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MARK = "document.getElementById('flow').dataset.seen = 'yes'"
CHANGED = "document.body.dispatchEvent(new CustomEvent('live:arrivals', {detail: {}}))"
A_MINUTE = 60_500  # milliseconds


@pytest.fixture(scope="module")
def clinic():
    place = small_clinic.environment()
    with browser.clinic("flow_board", build="tests.small_clinic", environment=place) as running:
        yield running


@pytest.fixture
def desks(clinic, chromium):
    """Open a window of this officer, who hears of others' steps or of none."""
    opened = []

    def open_one(username, *, hears=False):
        desk = Desk(chromium, clinic.address)
        if not hears:  # what the desk's own jobs do comes when it comes: only the test speaks
            desk.page.route("**/live/**", lambda route: route.fulfill(status=204))
        opened.append(desk)
        desk.sign_in(username)
        desk.settle()
        return desk

    yield open_one
    for desk in opened:
        desk.close()


def renewed(desk):
    """The board as it comes from the server; the one that was marked is gone."""
    return desk.page.locator("#flow:not([data-seen])")


def a_card(desk, column):
    return desk.page.locator(f"#column-{column} + ol [data-card]").first


def point_at(desk, card):
    box = card.bounding_box()
    desk.page.mouse.move(box["x"] + 8, box["y"] + 8)
    return box


def test_a_colleagues_step_waits_until_the_hand_rests(desks):
    ana, mara = desks("ana"), desks("mara", hears=True)
    ana.open("/board/")
    mara.open("/board/")
    step = a_card(ana, "expected").get_attribute("id")
    mine = a_card(mara, "ready")
    mara.page.evaluate(MARK)
    box = point_at(mara, mine)

    ana.page.locator(f"#{step}").get_by_role("button", name="Arrived").press("Enter")
    ana.page.locator(f"#column-arrived + ol #{step}").wait_for()
    for nudge in range(12):
        mara.page.mouse.move(box["x"] + 8 + nudge % 2, box["y"] + 8)
        mara.page.wait_for_timeout(200)

    expect(renewed(mara)).to_have_count(0)
    expect(mara.page.locator(f"#column-expected + ol #{step}")).to_have_count(1)
    mara.page.locator(f"#column-arrived + ol #{step}").wait_for(timeout=6000)  # it rests


def test_a_pressed_button_holds_the_board_and_letting_go_brings_it(desks):
    mara = desks("mara")
    mara.open("/board/")
    mara.page.evaluate(MARK)
    point_at(mara, a_card(mara, "expected"))
    mara.page.mouse.down()

    mara.page.evaluate(CHANGED)
    mara.page.wait_for_timeout(2600)
    expect(renewed(mara)).to_have_count(0)
    mara.page.mouse.up()

    expect(renewed(mara)).to_have_count(1, timeout=6000)


def test_a_button_that_is_never_let_go_holds_it_for_ten_seconds_only(desks):
    mara = desks("mara")
    mara.page.clock.install()
    mara.open("/board/")
    mara.page.evaluate(MARK)
    point_at(mara, a_card(mara, "expected"))
    mara.page.mouse.down()

    mara.page.evaluate(CHANGED)
    mara.page.clock.run_for(8000)
    mara.page.wait_for_timeout(500)  # an answer would be here
    expect(renewed(mara)).to_have_count(0)
    mara.page.clock.run_for(3000)

    expect(renewed(mara)).to_have_count(1)


def test_a_hand_that_moves_elsewhere_holds_nothing(desks):
    mara = desks("mara")
    mara.page.clock.install()
    mara.open("/board/")
    mara.page.evaluate(MARK)
    mara.page.clock.pause_at(mara.page.evaluate("Date.now() + 1000"))

    mara.page.mouse.move(300, 12)  # in the bar
    mara.page.evaluate(CHANGED)

    assert comes(renewed(mara), within=1000)


def comes(what, *, within):
    """Whether it is there in so many milliseconds of the page's own, paused clock."""
    for _step in range(within // 50):
        if what.count():
            return True
        what.page.wait_for_timeout(250)  # for the server
        what.page.clock.run_for(50)
    return bool(what.count())


def test_what_the_officer_does_himself_shows_at_once(desks):
    mara = desks("mara")
    mara.open("/board/")
    card = a_card(mara, "expected")
    name = card.get_attribute("id")
    box = point_at(mara, card)

    card.get_by_role("button", name="Arrived").press("Enter")
    mara.page.locator(f"#column-arrived + ol #{name}").wait_for()
    mara.page.evaluate(MARK)
    mara.page.mouse.move(box["x"] + 9, box["y"] + 9)
    mara.page.evaluate(CHANGED)  # his own step, as the stream tells it

    expect(renewed(mara)).to_have_count(1, timeout=1700)  # a hand would hold it for two seconds


def test_who_waits_too_long_is_said_when_the_minute_comes_and_nobody_asked(desks, clinic):
    mara, asked = desks("mara"), []
    mara.page.clock.install()
    mara.open("/board/")
    card = a_card(mara, "arrived")
    name = card.get_attribute("id")
    expect(card).not_to_contain_text("Too long")
    mara.page.on("request", lambda request: asked.append(request.headers.get("x-live")))

    clinic.rows(
        "UPDATE arrivals_encounter SET state_since = state_since - interval '6 minutes',"
        " arrived_at = arrived_at - interval '6 minutes' WHERE appointment_id = %s",
        int(name.removeprefix("visit-")),
    )
    mara.page.clock.run_for(A_MINUTE)

    expect(mara.page.locator(f"#{name}")).to_contain_text("Too long")
    assert asked == ["1"]  # neither awake by it nor a look of its own


HIDE = """hidden => {
  Object.defineProperty(document, "hidden", {configurable: true, get: () => hidden});
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_a_board_nobody_can_see_asks_nothing_until_it_is_seen_again(desks):
    mara, asked = desks("mara"), []
    mara.page.clock.install()
    mara.open("/board/")
    mara.page.on("request", lambda request: asked.append(request.url))

    mara.page.evaluate(HIDE, True)
    mara.page.clock.run_for(3 * A_MINUTE)
    mara.page.evaluate(MARK)
    assert asked == []
    mara.page.evaluate(HIDE, False)

    expect(renewed(mara)).to_have_count(1)
    assert len(asked) == 1


def test_a_chosen_room_stays_chosen_while_the_board_renews_until_another_takes_it(clinic, desks):
    mara = desks("mara")
    mara.open("/board/")
    card = a_card(mara, "ready")
    name, rooms = card.get_attribute("id"), card.locator("option").all_inner_texts()
    card.locator("select").select_option(rooms[1])
    card.locator("select").focus()
    chosen = card.locator("select").input_value()

    mara.page.evaluate(MARK)
    mara.page.evaluate(CHANGED)
    expect(renewed(mara)).to_have_count(1)
    select = mara.page.locator(f"#{name} select")
    expect(select).to_have_value(chosen)
    expect(select).to_be_focused()

    clinic.rows("UPDATE facility_room SET active = false WHERE id = %s", chosen)
    mara.page.evaluate(MARK)
    mara.page.evaluate(CHANGED)
    expect(renewed(mara)).to_have_count(1)
    expect(select).to_have_value("")  # and not the next best one
    mara.page.locator(f"#{name} [data-next]").press("Enter")
    mara.page.locator("#toasts").get_by_text("Choose a room.").wait_for()
    clinic.rows("UPDATE facility_room SET active = true WHERE id = %s", chosen)


def test_one_next_step_is_primary_and_enter_takes_it_before_anything_has_focus(desks):
    mara = desks("mara")
    mara.open("/board/")
    primary = mara.page.locator(".primary:visible")
    expect(primary).to_have_count(1)
    mara.press("ArrowDown", "ArrowDown")
    card = mara.page.locator("[data-card]:focus")
    expect(card.locator(".primary")).to_have_count(1)
    expect(primary).to_have_count(1)
    mara.look("board-primary")
    assert mara.faults() == []

    mara.open("/board/")
    mara.press("Enter")

    mara.page.get_by_role("heading", name="Check in", level=1).wait_for()


def test_what_changed_before_the_page_began_to_listen_is_shown_too(desks):
    ana, mara = desks("ana"), desks("mara", hears=True)
    held = []

    def hold(route):
        held.append(route)

    mara.page.route("**/live/**", hold)
    ana.open("/board/")
    mara.open("/board/")
    card = a_card(ana, "ready")
    waiting = f"#column-ready + ol #{card.get_attribute('id')}"
    assert mara.page.locator(waiting).count() == 1

    card.locator("select").select_option(index=1)
    card.locator("[data-next]").press("Enter")
    ana.page.locator(waiting).wait_for(state="detached")
    held[-1].continue_()

    mara.page.locator(waiting).wait_for(state="detached", timeout=6000)
