"""A visit by video of five real browsers, through a real gateway where one is installed."""

import os
import time

import psutil
import pytest

from tests import gateways
from tests.calls import (
    OF_VISIT,
    admit,
    decodes,
    follow,
    link_for,
    seen,
    small,
    takes_part,
    to_the_waiting_room,
)
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASSAGES = f"SELECT count(*) FROM telehealth_passage WHERE visit_id = ({OF_VISIT})"  # noqa: S608 (our own words)
LEGS = f"""SELECT count(*) FILTER (WHERE by_gateway AND first_frame_ms > 0),
                  count(*) FILTER (WHERE NOT by_gateway AND cause = 'gathered')
             FROM telehealth_leg WHERE visit_id = ({OF_VISIT})"""  # noqa: S608 (our own words)
GATHERED = f"""SELECT count(*) FROM ground_event WHERE kind = 'telehealth.gathered'
                  AND about_id = ({OF_VISIT})"""  # noqa: S608 (our own words)


def at_least(counts, least):
    return all(count >= each for count, each in zip(counts, least, strict=True))


def all_decode(windows):
    for window in windows:
        until(lambda window=window: decodes(window, len(windows) - 1))


@pytest.fixture
def people(device, clinic, video_visit):
    """The patient, the clinician and three guests with their links, before anybody is let in."""
    gateways.needed()
    id_, born, _family, link = video_visit()
    phone, desk, ana = small(device), small(device, "linh"), small(device, "ana")
    guests = [(name, small(device), link_for(ana, id_)) for name in ("Rosa", "Tia", "Son")]
    ana.close()
    to_the_waiting_room(phone, born, link)
    return id_, phone, desk, guests


def test_with_the_fifth_all_go_on_through_the_gateway(people, clinic):
    id_, phone, desk, guests = people
    (_rosa, rosa, _link), (_tia, tia, _link), (_son, son, _link) = guests
    for name, window, link in guests[:2]:
        takes_part(window, link, name)
    admit(desk, id_)
    four, five = [phone, desk, rosa, tia], [phone, desk, rosa, tia, son]
    all_decode(four)
    for window in four:
        window.page.evaluate("window.stays = true")

    takes_part(son, guests[2][2], "Son")

    all_decode(five)
    assert all(window.page.evaluate("window.stays") for window in four)  # nobody loaded anew
    assert clinic.row(GATHERED, id=id_) == (1,)
    until(lambda: at_least(clinic.row(LEGS, id=id_), (20, 12)))
    desk.in_order("video-call-of-five")
    chats(son, five)
    shares_the_screen(desk, phone)
    comes_back(phone)
    all_decode(five)
    rosa.page.reload()
    all_decode(five)
    the_gateway_is_killed()
    all_decode(five)
    is_taken_out(tia, desk)
    all_decode([phone, desk, rosa, son])
    # Each of four sends once and gets three.
    until(lambda: clinic.row(PASSAGES, id=id_) == (16,))
    ends(desk, id_)
    son.page.get_by_text("The visit is over").wait_for()
    assert seen(son, others=0)
    until(lambda: clinic.row(PASSAGES, id=id_) == (0,))
    assert [window.refused for window in five] == [[]] * 5


def chats(son, windows):
    son.page.locator("#words").fill("Can all of you read this?")
    son.press("Enter")
    for window in windows:
        window.page.get_by_text("Can all of you read this?").wait_for()


def shares_the_screen(desk, phone):
    """One sends the screen, without another asking: it goes in place of the camera's picture."""
    wide = (
        "() => Math.max(...[...document.querySelectorAll('.tile video')].map((v) => v.videoWidth))"
    )
    follow(desk, "button", "Share the screen")
    until(lambda: phone.page.evaluate(wide) > 160)
    follow(desk, "button", "Stop sharing")
    until(lambda: phone.page.evaluate(wide) <= 160)


def comes_back(phone):
    phone.context.set_offline(True)
    phone.page.get_by_text("Your connection is lost").wait_for()
    time.sleep(3)
    phone.context.set_offline(False)
    until(lambda: decodes(phone, 4) and phone.page.locator("#trouble").is_hidden())


def the_gateway_is_killed():
    """As by a machine that is short of memory; whoever keeps the desk going starts it anew."""
    ours = [one for one in psutil.Process().children(recursive=True) if one.name() == "janus"]
    assert ours or os.environ.get("ALMONER_TEST_ADDRESS")  # then it is not ours to kill
    for one in ours:
        one.kill()
        one.wait(10)
    time.sleep(8)  # until each page has seen that nothing comes


def is_taken_out(guest, desk):
    follow(desk, "button", "Take Tia out")
    guest.page.get_by_text("You were taken out").wait_for()
    assert seen(guest, others=0)


def ends(desk, appointment_id):
    follow(desk, "button", "End the visit")
    desk.page.get_by_role("dialog").get_by_role("button", name="End the visit").click()
    desk.page.wait_for_url("**/video/")
    desk.open(f"/video/{appointment_id}/?for=appointment:{appointment_id}")
    desk.page.get_by_text("on through the gateway").first.wait_for()
    desk.in_order("video-visit-of-five")
