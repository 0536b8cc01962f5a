"""An administrator lets somebody in by keys; they choose a password of their own, and leave."""

import pytest

from almoner.access.rules import Role

pytestmark = pytest.mark.browser
OWN = "a sentence of my own"


def test_somebody_new_comes_in_by_a_one_time_password_and_leaves(window):
    ada, jo = window("ada"), window()

    password = let_in(ada)
    choose_own(jo, password)
    end(ada)

    assert jo.open("/").url.split("?")[0].endswith("/accounts/sign-in/")


def let_in(ada):
    """Without a mouse, from the list to the password that is shown once."""
    ada.open("/officers/")
    ada.in_order("officers")
    ada.press("n")
    ada.page.get_by_role("heading", name="Let somebody sign in").wait_for()
    ada.page.get_by_label("User name").focus()
    ada.type("jo")
    ada.press("Tab")
    ada.type("Jo Lin")
    ada.press(*["Tab"] * (len(Role) + 1))
    ada.type("Northlight L")
    ada.in_order("officer-new")
    ada.press("Tab", "Tab", "Enter")
    ada.page.get_by_text("It is shown this once").wait_for()
    ada.in_order("password-given")
    return ada.page.locator("#one-time").inner_text()


def choose_own(jo, password):
    jo.sign_in("jo", password)
    jo.page.wait_for_url("**/accounts/password/")
    jo.in_order("password-own")
    for typed in (password, OWN, OWN):
        jo.type(typed)
        jo.press("Tab")
    jo.press("Enter")
    jo.page.get_by_text("Your password is changed").first.wait_for()
    jo.open("/accounts/password/")
    jo.in_order("password-change")


def end(ada):
    ada.page.get_by_role("link", name="Back to Jo Lin").click()
    chosen = ada.page.get_by_label("Location").evaluate("e => e.selectedOptions[0].text")
    assert chosen == "Northlight Lakeside"
    ada.in_order("officer")
    ada.press("e")
    ada.page.get_by_role("heading", name="Jo Lin leaves?").wait_for()
    ada.in_order("officer-leaves")
    ada.page.get_by_role("button", name="End it now").focus()
    ada.press("Enter")
    ada.page.get_by_text("Nobody can sign in by it again").wait_for()
    ada.in_order("officer-left")
