"""A link opened inside another app, or where there is no camera: said plainly, a way on."""

import pytest

from tests.calls import enter, follow, kept, to_the_waiting_room
from tests.waiting import until

pytestmark = pytest.mark.browser

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) "
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 8; wv) AppleWebKit/537.36"
    " (KHTML, like Gecko) Version/4.0 Chrome/142.0 Mobile Safari/537.36 "
)
IN_APPS = {
    "facebook": (IPHONE + "Mobile/22F76 [FBAN/FBIOS;FBAV/520.0.0;FBDV/iPhone16,1]", "Safari"),
    "instagram": (IPHONE + "Mobile/22F76 Instagram 390.0.0 (iPhone16,1; iOS 18_5)", "Safari"),
    "line": (IPHONE + "Mobile/22F76 Safari Line/15.6.0", "Safari"),
    "google": (IPHONE + "GSA/370.0 Mobile/22F76 Safari/604.1", "Safari"),
    "android": (ANDROID, "Chrome"),
    "facebook on android": (ANDROID + "[FB_IAB/FB4A;FBAV/520.0.0]", "Chrome"),
}
AS = """
    Object.defineProperty(navigator, "userAgent", {get: () => %r, configurable: true});
    delete Navigator.prototype.mediaDevices;
"""
REFUSES = """navigator.mediaDevices.getUserMedia =
    () => Promise.reject(new DOMException("", %r));"""


def missing(agent):
    return AS % agent


def test_each_app_is_told_which_browser_to_open_and_given_the_link(device, video_visit):
    _id, born, _family, link = video_visit("es")
    phone = device()
    phone.dress(narrow=True)
    enter(phone, born, link)
    where = f"{link}video/test/"
    for name, (agent, browser) in IN_APPS.items():
        phone.page.add_init_script(missing(agent))
        phone.page.goto(where)
        says = phone.page.get_by_role("alert")
        says.get_by_text(f"Abra su enlace en {browser}, o siga por teléfono").wait_for()
        given = phone.page.get_by_label(f"Su enlace, para abrir en {browser}")
        assert given.input_value() == link, name
        assert phone.page.locator("footer a[href^='tel:']").is_visible()
    phone.in_order("video-in-app-es")

    phone.page.locator("#copy").focus()
    phone.press("Enter")
    phone.page.locator("#own-link-says").get_by_text("Está").wait_for()


def test_the_link_works_in_the_other_browser_and_asks_who_it_is(device, video_visit):
    _id, born, _family, link = video_visit()
    inside, other = device(), device()
    inside.context.add_init_script(missing(IN_APPS["facebook"][0]))
    inside.dress(narrow=True)
    to_the_waiting_room(inside, born, link)
    inside.page.get_by_text("Open your link in Safari, or go on by phone").wait_for()
    for nothing in ("mute", "camera", "devices"):  # there is nothing to be switched
        assert inside.page.locator(f"#{nothing}").is_hidden()
    inside.in_order("video-in-app-waiting")
    given = inside.page.get_by_label("Your link, to open in Safari").input_value()

    other.page.goto(given)

    other.page.get_by_role("heading", name="When were you born?").wait_for()
    for part in ("month", "day", "year"):
        other.page.locator(f"#{part}").fill(str(getattr(born, part)))
    other.press("Enter")
    follow(other, "link", "Go to the video visit")
    for name, words in (("state", "Wisconsin"), ("address", "5 Mill Lane, Madison")):
        other.page.locator(f"#{name}").fill(words)
    other.press("Enter")  # the number they said before is chosen already
    follow(other, "button", "Go to the waiting room")
    other.page.get_by_text("You are in the waiting room").wait_for()
    other.page.get_by_role("button", name="Mute").wait_for()
    inside.page.get_by_text("The visit is open on another").or_(
        inside.page.get_by_text("You were taken out")
    ).first.wait_for()


def test_from_inside_an_app_it_goes_on_by_phone_with_one_press(device, clinic, video_visit):
    id_, born, _family, link = video_visit()
    inside = device()
    inside.context.add_init_script(missing(IN_APPS["android"][0]))
    to_the_waiting_room(inside, born, link)
    inside.page.get_by_text("Open your link in Chrome").wait_for()

    follow(inside, "button", "Go on by phone")

    inside.page.get_by_text("We call you at").wait_for()
    until(lambda: kept(clinic, id_, "by_phone_reason") == ("camera",))


@pytest.mark.parametrize(
    ("error", "language", "words"),
    [
        ("NotAllowedError", "en", "was not allowed to use camera and microphone"),
        ("NotFoundError", "en", "gives us no camera and no microphone"),
        ("NotAllowedError", "es", "no tiene permiso para usar la cámara"),
        ("NotFoundError", "es", "no nos da cámara ni micrófono"),
    ],
)
def test_a_camera_that_is_refused_or_is_not_there_is_said_by_the_test(
    device, video_visit, error, language, words
):
    _id, born, _family, link = video_visit(language)
    phone = device()
    phone.context.add_init_script(REFUSES % error)
    enter(phone, born, link)
    phone.page.goto(f"{link}video/test/")
    phone.page.locator("#begin").focus()
    phone.press("Enter")
    phone.page.get_by_role("alert").get_by_text(words).wait_for()
    assert phone.page.locator("#elsewhere").is_hidden()
    phone.page.locator("#heard-yes").wait_for(timeout=30_000)
    phone.press("Enter")
    phone.in_order(f"video-test-{error}-{language}")
