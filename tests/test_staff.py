"""An administrator lets somebody in by keys; they choose a password of their own."""

import pytest

from almoner.access.rules import Role

pytestmark = pytest.mark.browser
OWN = "a sentence of my own"


def test_somebody_new_comes_in_by_a_one_time_password(window):
    ada = window("ada")
    ada.open("/")
    ada.press("g", "o")
    ada.page.wait_for_url("**/officers/")
    assert ada.faults() == []
    ada.look("officers")

    ada.press("n")
    ada.page.get_by_label("User name").focus()
    ada.type("jo")
    ada.press("Tab")
    ada.type("Jo Lin")
    ada.press("Tab", "Tab", *["Tab"] * (len(Role) - 1), "Tab")
    ada.type("Northlight L")
    assert ada.faults() == []
    ada.look("officer-new")
    ada.press("Enter")
    ada.page.get_by_role("button", name="Let them sign in").focus()
    ada.press("Enter")
    ada.page.get_by_text("It is shown this once").wait_for()
    assert ada.faults() == []
    ada.look("password-given")
    password = ada.page.locator("#one-time").inner_text()

    jo = window()
    jo.sign_in("jo", password)
    jo.page.wait_for_url("**/accounts/password/")
    assert jo.faults() == []
    jo.look("password-own")
    for typed in (password, OWN, OWN):
        jo.type(typed)
        jo.press("Tab")
    jo.press("Enter")
    jo.page.get_by_text("Your password is changed").wait_for()
    jo.open("/accounts/password/")
    assert jo.faults() == []
    jo.look("password-change")

    ada.page.get_by_role("link", name="Back to Jo Lin").click()
    assert ada.page.get_by_label("Location").evaluate("e => e.selectedOptions[0].text") == (
        "Northlight Lakeside"
    )
    assert ada.faults() == []
    ada.look("officer")
    ada.press("e")
    ada.page.get_by_role("heading", name="Jo Lin leaves?").wait_for()
    assert ada.faults() == []
    ada.look("officer-leaves")
    ada.page.get_by_role("button", name="End it now").focus()
    ada.press("Enter")
    ada.page.get_by_text("Has left").wait_for()
    assert ada.faults() == []
    assert jo.open("/").url.split("?")[0].endswith("/accounts/sign-in/")
