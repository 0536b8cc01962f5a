"""The boards on paper: what is there to read and nothing to press."""

import re

import psycopg
import pytest

from tests.browser import PICTURES

pytestmark = pytest.mark.browser
NAME = re.compile(r"[A-Z][\w'-]+, [A-Z][\w'-]+")
BUSY = """
    SELECT clinician_id FROM scheduling_appointment
     WHERE starts_at > now() - interval '1 day' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1
"""


@pytest.mark.parametrize("name", ["day", "week", "flow"])
def test_a_board_prints_its_lines_and_nothing_to_press(window, clinic, name):
    desk = window("ana")
    with psycopg.connect(clinic.database_url) as connection:
        [(clinician,)] = connection.execute(BUSY).fetchall()
    places = {"day": "/schedule/", "week": f"/schedule/week/{clinician}/", "flow": "/board/"}
    desk.open(places[name])
    desk.settle()
    shown = desk.page.locator("main").inner_text()

    desk.page.emulate_media(media="print")
    desk.page.set_viewport_size({"width": 1040, "height": 720})  # a sheet of paper
    PICTURES.mkdir(parents=True, exist_ok=True)
    desk.page.screenshot(path=PICTURES / f"print-{name}.png", full_page=True)

    assert desk.page.locator("h1").is_visible()
    for gone in (".bar", "main .toolbar", "main .segments", "main .tabs", "main button"):
        hidden = desk.page.locator(gone)
        assert [one.inner_text() for one in hidden.all() if one.is_visible()] == [], gone
    printed = desk.page.locator("main").inner_text()
    assert set(NAME.findall(shown))
    assert set(NAME.findall(printed)) >= set(NAME.findall(shown))
    wide = desk.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
