"""The day board as it is worked with: by keys alone, live on two desks, and taken back in time."""

import pytest

from tests.browser import DRESSES

pytestmark = pytest.mark.browser

# A booked visit of a coming day at Ana's own location whose clinician is free at two o'clock.
VISIT = """
    SELECT a.id, a.local_day FROM scheduling_appointment a
     WHERE a.status = 'booked' AND a.lane = 0 AND a.local_day > current_date + 1
       AND a.location_id = (SELECT location_id FROM access_officer WHERE username = 'ana')
       AND a.ends_at - a.starts_at <= interval '20 minutes'
       AND EXISTS (SELECT 1 FROM scheduling_resource_day d
                    WHERE d.kind = 1 AND d.local_day = a.local_day AND d.location_id = a.location_id
                      AND d.resource_id = a.clinician_id
                      AND substring(d.free FROM 169 FOR 6) = B'111111')
     ORDER BY a.starts_at, a.id LIMIT 1
"""


def stands(clinic, visit):
    return clinic.rows(
        "SELECT clinician_id, starts_at, status FROM scheduling_appointment WHERE id = %s",
        visit,
    )


def focused(desk):
    return desk.page.evaluate("document.activeElement.className")


def opened_on(desk, visit, day):
    desk.open(f"/schedule/?day={day}")
    desk.page.locator(f"#visit-{visit}").focus()


def test_a_visit_is_moved_by_keys_seen_on_another_desk_and_taken_back(window, clinic):
    [(visit, day)] = clinic.rows(VISIT)
    before = stands(clinic, visit)
    ana, mara = window("ana"), window("mara")
    mara.open(f"/schedule/?day={day}")
    place = mara.page.locator(f"#visit-{visit}").get_attribute("class")

    opened_on(ana, visit, day)
    ana.press("Enter")
    ana.page.locator("#dialog dl").wait_for()
    assert ana.faults() == []
    ana.press("m")
    ana.page.get_by_role("heading", name="Choose where it goes").wait_for()
    assert ana.faults() == []
    column = ana.page.locator(".board-column").filter(has=ana.page.locator(f"#visit-{visit}"))
    column.locator("button.open.s-6").last.focus()
    ana.press("ArrowUp", "ArrowDown")
    assert "open" in focused(ana).split()
    ana.press("Enter")
    ana.page.get_by_text("Moved to").first.wait_for()

    assert stands(clinic, visit) != before
    mara.page.wait_for_function(
        "([id, place]) => document.getElementById(id).className !== place",
        arg=[f"visit-{visit}", place],
        timeout=5000,
    )
    ana.page.get_by_role("button", name="Undo").click()
    ana.page.get_by_text("Taken back").first.wait_for()
    assert stands(clinic, visit) == before


def test_arrows_go_through_the_board_and_the_place_is_kept(window, clinic):
    [(visit, day)] = clinic.rows(VISIT)
    ana = window("ana")

    opened_on(ana, visit, day)
    ana.press("ArrowRight")
    ana.press("ArrowLeft")

    assert {"visit", "open"} & set(focused(ana).split())
    assert ana.page.locator('#board [tabindex="0"]').count() == 1


def test_at_320_pixels_the_board_shows_one_clinician_at_a_time(window, clinic):
    [(_visit, day)] = clinic.rows(VISIT)
    ana = window("ana")
    ana.dress(narrow=True)

    ana.open(f"/schedule/?day={day}")

    wide = ana.page.locator(".board").bounding_box()["width"]
    axis = ana.page.locator(".board-axis").bounding_box()["width"]
    column = ana.page.locator(".board-column").first.bounding_box()["width"]
    assert wide - axis - 24 <= column <= wide - axis + 24
    assert ana.faults() == []


@pytest.fixture(params=["day", "week"])
def fresh(request, window, clinic):
    """Ana's window right after a board of the schedule has come."""
    [(visit, day)] = clinic.rows(VISIT)
    [(clinician, _at, _status)] = stands(clinic, visit)
    week = f"/schedule/week/{clinician}/"
    ana = window("ana")
    ana.page.add_init_script(
        "window.print = () => { document.documentElement.dataset.printed = 1 }"
    )
    ana.open(f"{week if request.param == 'week' else '/schedule/'}?day={day}")
    return ana


def test_the_page_of_a_board_fits_its_window_so_that_the_bar_covers_nothing(fresh):
    for height in (700, 850, 1000):
        fresh.page.set_viewport_size({"width": 1360, "height": height})

        assert fresh.page.evaluate("document.documentElement.scrollHeight - innerHeight") == 0


@pytest.mark.parametrize("key", ["ArrowDown", "ArrowRight"])
def test_arrows_take_hold_of_the_board_right_after_it_has_come(fresh, key):
    assert fresh.page.evaluate("document.activeElement.closest('.board')") is None

    fresh.press(key)

    assert {"visit", "open"} & set(focused(fresh).split())
    first = fresh.page.evaluate("document.activeElement.id || document.activeElement.href")
    fresh.press(key)
    second = fresh.page.evaluate("document.activeElement.id || document.activeElement.href")
    assert {"visit", "open"} & set(focused(fresh).split())
    assert first != second


def test_arrows_in_a_dialog_over_the_board_leave_it_alone(fresh):
    fresh.press("?")
    fresh.page.locator("dialog:modal").wait_for()
    fresh.page.evaluate("document.activeElement.blur()")

    fresh.press("ArrowDown")

    assert not {"visit", "open"} & set(focused(fresh).split())


def test_a_board_of_the_schedule_is_printed_by_a_button(fresh):
    fresh.page.get_by_role("button", name="Print").click()

    assert fresh.page.locator("html").get_attribute("data-printed") == "1"
    fresh.look("schedule-print-" + ("week" if "week" in fresh.page.url else "day"))
    for dress in DRESSES:
        fresh.dress(**dress)
        assert fresh.faults() == []


SOMEBODY = """
    SELECT id, family, birth_date FROM patients_patient p
     WHERE family ~ '^[A-Z][a-z]+$' AND NOT EXISTS (
               SELECT FROM patients_patient o
                WHERE o.id <> p.id AND o.family = p.family AND o.birth_date = p.birth_date)
     ORDER BY id LIMIT 1
"""


def test_a_caller_is_found_from_the_booking_page_by_keys_and_stands_in_no_address(window, clinic):
    [(patient, family, born)] = clinic.rows(SOMEBODY)
    ana, asked = window("ana"), []
    ana.page.on("request", lambda request: asked.append(request.url))
    ana.open("/schedule/book/")

    ana.press("Shift+Tab")  # the page begins at the visit; the box stands before it
    ana.type(f"{family.lower()} {born:%m/%d/%Y}")
    ana.page.locator(f'#who-found a[href*="patient={patient}"]').wait_for()
    assert ana.faults() == []
    ana.press("Tab", "Enter")
    ana.page.locator("section.patient").wait_for()

    assert f"patient={patient}" in ana.page.url
    assert any("who" in url for url in asked)
    assert not any(family.lower() in url.lower() for url in asked)


def test_the_day_board_is_in_order_wherever_it_is_scrolled_to(window):
    """It opens at the hour it is: what stands under its headings must not make them hard to hit."""
    desk = window("ana")
    desk.open("/schedule/")
    board = desk.page.locator("#board")
    reach = board.evaluate("board => board.scrollHeight - board.clientHeight")
    assert reach > 0

    for top in range(0, reach, 29):
        board.evaluate("(board, top) => board.scrollTo(0, top)", top)
        # What is scrolled half away may be small; what stands above it may not be harder to hit.
        assert [one for one in desk.faults() if ".open —" not in one] == [], top
