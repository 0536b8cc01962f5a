"""The set-up pages as an administrator works them: by keyboard, under the desk's own policy."""

import pytest

pytestmark = pytest.mark.browser


def test_a_holiday_is_added_by_keys_alone_and_can_be_taken_away(window):
    ada = window("ada")
    ada.press("g", "u")
    ada.page.get_by_role("heading", name="What the clinic is made of").wait_for()
    ada.settle()
    while ada.page.evaluate("document.activeElement.textContent") != "Holidays":
        ada.press("ArrowDown")
    ada.press("Enter")
    ada.page.get_by_role("heading", name="Holidays").wait_for()
    ada.settle()

    ada.press("n")
    ada.page.get_by_role("heading", name="Add holiday").wait_for()
    ada.settle()
    while ada.page.evaluate("document.activeElement.name") != "day":
        ada.press("Tab")
    ada.type("31/31/2031")
    ada.press("Tab")
    ada.type("Founders")
    ada.press("Enter")
    ada.page.get_by_text("is not a date").first.wait_for()
    assert ada.faults() == []
    ada.page.get_by_label("Day").fill("7/9/2031")
    ada.press("Enter")
    ada.page.get_by_role("link", name="July 9, 2031").wait_for()

    ada.page.get_by_role("link", name="July 9, 2031").press("Enter")
    ada.page.get_by_role("link", name="Delete").press("Enter")
    ada.page.get_by_role("heading", name="Delete").wait_for()
    assert ada.faults() == []
    ada.page.get_by_role("button", name="Delete").press("Enter")
    ada.page.get_by_text("deleted successfully").first.wait_for()
