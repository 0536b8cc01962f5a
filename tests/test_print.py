"""The boards on paper: what is there to read and nothing to press."""

import psycopg
import pytest

from tests.browser import PICTURES

pytestmark = pytest.mark.browser
WHO = ".visit b, .flow-name"
BUSY = """
    SELECT visit.clinician_id, visit.local_day FROM scheduling_appointment visit
      JOIN access_officer ana ON ana.username = 'ana' AND ana.location_id = visit.location_id
     WHERE visit.local_day >= (now() AT TIME ZONE visit.time_zone)::date
       AND visit.status = 'booked'
     GROUP BY 1, 2 ORDER BY 2, count(*) DESC, 1 LIMIT 1
"""


@pytest.mark.parametrize("name", ["day", "week", "flow"])
def test_a_board_prints_its_lines_and_nothing_to_press(window, clinic, name):
    desk = window("ana")
    with psycopg.connect(clinic.database_url) as connection:
        [(clinician, day)] = connection.execute(BUSY).fetchall()
    places = {
        "day": f"/schedule/?day={day}",
        "week": f"/schedule/week/{clinician}/?day={day}",
        "flow": "/board/",
    }
    desk.open(places[name])
    desk.settle()
    shown = desk.page.locator(WHO).all_inner_texts()

    desk.page.emulate_media(media="print")
    desk.page.set_viewport_size({"width": 1040, "height": 720})  # a sheet of paper
    PICTURES.mkdir(parents=True, exist_ok=True)
    desk.page.screenshot(path=PICTURES / f"print-{name}.png", full_page=True)

    assert desk.page.locator("h1").is_visible()
    for gone in (".bar", "main .toolbar", "main .segments", "main .tabs", "main button"):
        hidden = desk.page.locator(gone)
        assert [one.inner_text() for one in hidden.all() if one.is_visible()] == [], gone
    assert shown or name == "flow"  # on a Sunday nobody comes
    assert desk.page.locator(f":is({WHO}):visible").all_inner_texts() == shown
    wide = desk.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
