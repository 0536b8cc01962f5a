"""The boards on paper: what is there to read and nothing to press."""

import re

import pytest

from tests.browser import PICTURES

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", ["day", "week", "flow"])
def test_a_board_prints_its_lines_and_nothing_to_press(window, name):
    desk = window("ana")
    desk.open({"day": "/schedule/", "week": "/schedule/week/", "flow": "/board/"}[name])
    desk.settle()
    shown = desk.page.locator("main").inner_text()

    desk.page.emulate_media(media="print")
    desk.page.set_viewport_size({"width": 720, "height": 960})  # a sheet of paper, upright
    PICTURES.mkdir(parents=True, exist_ok=True)
    desk.page.screenshot(path=PICTURES / f"print-{name}.png", full_page=True)

    assert desk.page.locator("h1").is_visible()
    for gone in (".bar", "main .toolbar", "main .segments", "main .tabs", "main button"):
        hidden = desk.page.locator(gone)
        assert [one.inner_text() for one in hidden.all() if one.is_visible()] == [], gone
    printed = desk.page.locator("main").inner_text()
    assert set(re.findall(r"\d{1,2}:\d\d", printed)) >= set(re.findall(r"\d{1,2}:\d\d", shown))
    wide = desk.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
