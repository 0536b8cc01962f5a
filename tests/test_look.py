"""The frame and every part in a real browser: keys, palette, dialogs, toasts, how they look."""

from http import HTTPStatus
from types import SimpleNamespace

import pytest
from csp import constants as csp
from django.conf import settings
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpResponse
from django.test import RequestFactory

from almoner.ground import shell
from tests import sample

pytestmark = pytest.mark.browser
NONCE, FRESH = "bm9uY2U=", "ZnJlc2g="  # of the page, and of an answer that comes later
DIRECTIVES = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
POLICY = "; ".join(
    " ".join([name, *(f"'nonce-{NONCE}'" if value is csp.NONCE else value for value in values)])
    for name, values in DIRECTIVES.items()
)


def answer(route, html, status=HTTPStatus.OK, **headers):
    headers = {"content-type": "text/html", "content-security-policy": POLICY, **headers}
    route.fulfill(body=html, status=status, headers=headers)


@pytest.fixture
def sampler(window):
    """A window on the page of every part, under the real policy."""
    desk = window("ana")
    officer = SimpleNamespace(
        is_authenticated=True,
        name="Ana Silva",
        location=SimpleNamespace(name="Northlight Lakeside"),
        may=lambda permission: True,
    )

    def draw(route):
        request = RequestFactory().get("/sample/")
        request.COOKIES = desk.cookies
        request.user, request.session, request.csp_nonce = officer, SessionStore(), NONCE
        request._messages = []
        answer(route, sample.page(request).content)

    desk.cookies = {}
    desk.page.route("**/sample/", draw)
    desk.open("/sample/")
    return desk


def test_every_part_is_in_order_light_dark_and_narrow(sampler):
    sampler.look("every-part")

    for dress in ({}, {"dark": True}, {"narrow": True}):
        sampler.dress(**dress)
        assert sampler.faults() == []


def test_page_holds_at_200_percent_zoom(sampler):
    sampler.page.set_viewport_size({"width": 640, "height": 425})

    assert sampler.faults() == []


def test_sign_in_page_is_in_order(window):
    desk = window()

    desk.open("/accounts/sign-in/")

    desk.look("sign-in")
    assert desk.faults() == []


def test_wrong_password_keeps_the_name_and_says_so(window):
    desk = window()
    desk.open("/accounts/sign-in/")

    desk.page.get_by_label("User name").fill("ana")
    desk.page.get_by_label("Password").fill("not this one")
    desk.press("Enter")

    desk.page.get_by_role("alert").wait_for()
    assert desk.page.get_by_label("User name").input_value() == "ana"
    assert desk.faults() == []


def test_locking_hides_the_desk_until_the_password(window):
    desk = window("ben")

    desk.press("Control+Shift+L")

    desk.page.get_by_role("heading", name="Locked").wait_for()
    desk.look("locked")
    assert desk.faults() == []
    desk.page.goto("/")
    assert desk.page.get_by_role("heading", name="Locked").is_visible()


def test_unknown_address_is_a_plain_page(window):
    desk = window("ana")

    response = desk.open("/no-such-page/")

    assert response.status == HTTPStatus.NOT_FOUND
    desk.look("not-found")
    assert desk.faults() == []


def test_palette_opens_finds_and_goes_by_keys_alone(window):
    desk = window("ana")
    before = desk.page.url

    desk.press("Control+k")
    desk.page.locator("#palette [role=option]").first.wait_for()
    desk.look("palette")
    assert desk.faults() == []
    names = desk.page.locator("#palette [role=option]").all_inner_texts()
    desk.type(names[-1][:4].lower())
    desk.press("Enter")

    desk.page.wait_for_function("() => !document.querySelector('dialog[open]')")
    assert desk.page.url != before or len(names) == 1
    assert desk.keys.typed == len(["Control", "k", *names[-1][:4], "Enter"])


def test_palette_moves_round_with_arrows_and_closes_with_escape(window):
    desk = window("ana")

    desk.press("Control+k")
    options = desk.page.locator("#palette [role=option]")
    options.first.wait_for()
    assert options.first.get_attribute("aria-selected") == "true"
    desk.press("ArrowUp")

    assert options.last.get_attribute("aria-selected") == "true"
    held = desk.page.locator("#palette-input").get_attribute("aria-activedescendant")
    assert held == options.last.get_attribute("id")
    desk.press("Escape")
    assert not desk.page.locator("#palette").is_visible()


def test_letter_works_its_button_but_not_while_typing(sampler):
    sampler.press("b")
    sampler.page.wait_for_url("**/sample/?book")

    sampler.open("/sample/")
    sampler.page.get_by_label("Family name").focus()
    sampler.type("b")
    assert not sampler.page.url.endswith("?book")
    assert sampler.page.get_by_label("Family name").input_value() == "b"


def test_question_mark_lists_the_keys_of_the_page(sampler):
    sampler.type("?")

    sampler.look("keys")
    assert sampler.page.locator("#keys-here dt").all_inner_texts() == [
        "María José Silva-Ramírez",  # U goes to whom the page is about
        "Walk-in",
        "Book a visit",
        "Ask again",
    ]
    assert sampler.faults() == []


def test_single_letters_can_be_turned_off(sampler):
    sampler.cookies["keys"] = "off"
    sampler.open("/sample/")

    sampler.press("b")

    assert not sampler.page.url.endswith("?book")


def test_faulty_form_says_what_to_mend_and_takes_the_focus(sampler):
    def refuse(route):
        typed = {"family": "Silva", "birth_date": "31/31/85"}
        request = RequestFactory().post("/sample/form")
        request.csp_nonce = FRESH
        form = sample.Registration(typed)
        html = sample.fragment(request, form)
        answer(
            route,
            html,
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
            **{"content-security-policy": POLICY.replace(NONCE, FRESH)},
        )

    sampler.page.route("**/sample/form", refuse)
    sampler.page.get_by_role("button", name="Register").click()

    summary = sampler.page.locator("main [role=alert]:focus")
    summary.wait_for()
    sampler.look("faulty-form")
    assert sampler.page.get_by_label("Birth date").input_value() == "31/31/85"
    assert sampler.faults() == []


def test_fault_of_the_server_keeps_what_was_typed(sampler):
    sampler.page.route("**/sample/form", lambda route: answer(route, "<p>no</p>", status=500))
    sampler.page.get_by_label("Family name").fill("Silva")

    sampler.page.get_by_role("button", name="Register").click()

    sampler.page.get_by_text("That did not work").first.wait_for()
    assert sampler.page.get_by_label("Family name").input_value() == "Silva"
    assert sampler.faults() == []


def test_confirmation_asks_for_the_reason_and_sends_it(sampler):
    sent = []

    def take(route):
        sent.append(route.request.post_data)
        said = shell.toast(HttpResponse(), "Cancelled.", undo="/undo").headers["HX-Trigger"]
        answer(route, "", **{"HX-Reswap": "none", "HX-Trigger": said})

    sampler.page.route("**/sample/remove", take)
    sampler.page.locator("button.danger").click()
    sampler.look("confirm")
    assert sampler.faults() == []
    sampler.type("Patient called")
    sampler.page.locator("#confirm-yes").click()

    sampler.page.get_by_role("button", name="Undo").wait_for()
    sampler.look("toast")
    assert "reason=Patient+called" in sent[0]
    assert sampler.faults() == []


def test_confirmation_declined_sends_nothing(sampler):
    sent = []

    def take(route):
        sent.append(route.request.url)
        answer(route, "")

    sampler.page.route("**/sample/remove", take)

    sampler.page.locator("button.danger").click()
    sampler.press("Escape")

    assert sent == []
    assert sampler.page.locator("button.danger").evaluate("e => e === document.activeElement")


def offer(desk, *undos):
    """Something was just done for each of these addresses; the latest last."""
    for undo in undos:
        detail = {"text": f"Done {undo}.", "tone": "good", "undo": undo}
        desk.page.evaluate(
            "(detail) => document.dispatchEvent(new CustomEvent('toast', {detail}))", detail
        )


@pytest.fixture
def taken_back(sampler):
    """The addresses that were asked to undo, in order."""
    asked = []

    def take(route):
        asked.append(route.request.url.rpartition("/")[2])
        answer(route, "", status=HTTPStatus.NO_CONTENT)

    sampler.page.route("**/undo-*", take)
    return asked


@pytest.fixture
def in_time(sampler):
    """No time passes in the page: what is offered stays, however slow the machine is."""
    sampler.page.clock.set_fixed_time("2026-03-02T09:00:00")


@pytest.mark.usefixtures("in_time", "taken_back")
def test_what_can_be_undone_is_in_order(sampler):
    offer(sampler, "/undo-1", "/undo-2")

    sampler.look("toasts")
    assert sampler.faults() == []


@pytest.mark.usefixtures("in_time")
@pytest.mark.parametrize("keys", ["z", "Control+z"])
def test_a_key_undoes_the_newest_that_is_offered_and_then_the_one_before(sampler, taken_back, keys):
    offer(sampler, "/undo-1", "/undo-2")

    sampler.press(keys)
    sampler.page.locator(".toast").nth(1).wait_for(state="detached")
    sampler.press(keys)
    sampler.page.locator(".toast").wait_for(state="detached")
    sampler.press(keys)

    sampler.settle()
    assert taken_back == ["undo-2", "undo-1"]


@pytest.mark.usefixtures("in_time")
def test_the_one_before_is_undone_while_the_newest_waits_for_its_answer(sampler):
    unanswered = []

    def take(route):
        unanswered.append(route)
        if len(unanswered) == 2:
            for waiting in unanswered:
                answer(waiting, "", status=HTTPStatus.NO_CONTENT)

    sampler.page.route("**/undo-*", take)
    offer(sampler, "/undo-1", "/undo-2")

    sampler.press("z")
    sampler.page.locator(".toast").nth(1).wait_for(state="detached")
    sampler.press("z")

    sampler.settle()
    asked = [route.request.url.rpartition("/")[2] for route in unanswered]
    assert asked == ["undo-2", "undo-1"]


@pytest.mark.usefixtures("in_time")
def test_a_key_pressed_while_typing_or_in_a_dialog_undoes_nothing(sampler, taken_back):
    offer(sampler, "/undo-1")
    sampler.page.get_by_label("Family name").focus()

    sampler.type("z")
    sampler.press("Control+z")
    sampler.page.locator("h1").first.evaluate("() => document.activeElement.blur()")
    sampler.type("?")
    sampler.page.get_by_text("Undo what was just done").wait_for()
    sampler.press("z", "Control+z")

    assert taken_back == []
    assert sampler.page.locator(".toast").is_visible()


@pytest.mark.usefixtures("in_time")
def test_with_single_letters_off_the_toast_shows_the_key_that_works(sampler, taken_back):
    sampler.cookies["keys"] = "off"
    sampler.open("/sample/")
    offer(sampler, "/undo-1")

    sampler.page.locator(".toast kbd", has_text="Ctrl Z").wait_for()
    assert sampler.faults() == []
    sampler.press("z")
    assert taken_back == []
    sampler.press("Control+z")

    sampler.page.locator(".toast").wait_for(state="detached")
    assert taken_back == ["undo-1"]


def test_the_time_to_undo_runs_out_though_somebody_looks_at_it(sampler, taken_back):
    sampler.page.clock.install()
    sampler.open("/sample/")
    offer(sampler, "/undo-1")
    sampler.page.get_by_role("button", name="Undo").focus()
    assert sampler.page.locator(".toast output").inner_text() == "9"

    sampler.page.clock.run_for(5_000)
    assert sampler.page.locator(".toast output").inner_text() == "4"
    sampler.page.clock.run_for(5_000)

    assert not sampler.page.get_by_role("button", name="Undo").is_visible()
    assert sampler.page.get_by_role("button", name="Dismiss").evaluate(
        "e => e === document.activeElement"
    )
    sampler.press("z", "Control+z")
    assert taken_back == []
    sampler.press("Enter")
    sampler.page.locator(".toast").wait_for(state="detached")


def test_officer_menu_turns_the_lights_off(window):
    desk = window("bea")

    desk.page.get_by_role("button", name="Bea Novak").click()
    desk.look("officer-menu")
    assert desk.faults() == []
    desk.page.get_by_role("button", name="Dark").click()

    desk.settle()
    assert desk.page.locator("html").get_attribute("data-theme") == "dark"


def test_who_types_for_long_is_heard_of_now_and_then(sampler):
    page = sampler.page
    page.clock.install()
    sampler.open("/sample/")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_label("Birth date").first.focus()

    sampler.type("3")
    page.clock.fast_forward("05:00")
    with page.expect_request("**/alive"):
        sampler.type("4")
    sampler.type("85")

    assert [url for url in asked if url.endswith("/alive")] == [f"{sampler.address}/alive"]
