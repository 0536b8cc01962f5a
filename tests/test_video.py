"""A visit by video with real browsers: the link, the waiting room, a call that is seen."""

import json

import httpx
import pytest

from tests.calls import (
    OF_VISIT,
    admit,
    follow,
    kept,
    place_of,
    seen,
    the_call,
    to_the_waiting_room,
)
from tests.waiting import until

pytestmark = pytest.mark.browser


def test_from_the_text_to_a_call_in_which_each_sees_the_other(device, clinic, video_visit):
    id_, born, _family, link = video_visit()
    phone, desk = device(), device("linh")
    phone.dress(narrow=True)
    desk.open("/video/")

    to_the_waiting_room(phone, born, link)
    line = desk.page.locator(f"#video-{id_}")
    line.get_by_text("Waits").wait_for(timeout=2_000)
    told_while_they_wait(desk, phone, id_)
    phone.in_order("video-waiting")
    desk.open("/video/")
    desk.in_order("video-board")
    assert phone.page.locator(".tile").count() == 1

    line.get_by_role("button", name="Admit").focus()
    desk.press("Enter")
    desk.page.wait_for_url("**/call/*/")
    until(lambda: seen(phone))
    until(lambda: seen(desk))
    phone.in_order("video-call-phone")
    desk.in_order("video-call")
    asked = "SELECT count(*) FROM telehealth_leg WHERE first_frame_ms > 0"
    until(lambda: clinic.row(asked)[0] >= 2)
    assert desk.refused == phone.refused == []


def told_while_they_wait(desk, phone, id_):
    desk.open(f"/video/{id_}/?for=appointment:{id_}")
    desk.press("w")
    desk.type("We are 10 minutes late.")
    desk.press("Enter")
    phone.page.get_by_text("The clinic says: We are 10 minutes late.").wait_for()


def test_one_key_and_it_goes_on_by_phone_in_the_same_record(device, clinic, video_visit):
    id_, phone, desk = the_call(device, video_visit)
    desk.page.locator("#words").fill("Take one a day")
    desk.press("Enter")
    phone.page.get_by_text("Take one a day").wait_for()

    follow(phone, "button", "Go on by phone")
    phone.page.get_by_text("We call you at").wait_for()
    desk.page.get_by_text("The visit goes on by phone. Call").wait_for()
    assert kept(clinic, id_, "by_phone_reason", "by_phone_role") == ("other", "patient")

    phone.press("Enter")  # the focus is on what takes it back
    phone.page.get_by_text("You are connected.").wait_for()
    until(lambda: seen(phone) and seen(desk))
    assert kept(clinic, id_, "by_phone_at", "by_phone_reason") == (None, "")

    follow(phone, "button", "Go on by phone")
    phone.page.get_by_text("What did not work?").wait_for()
    phone.in_order("video-by-phone-why")
    follow(phone, "button", "Camera")
    phone.page.get_by_text("Thank you, it is noted.").wait_for()
    phone.page.get_by_role("button", name="Back to video").wait_for(state="hidden", timeout=15_000)
    assert kept(clinic, id_, "by_phone_reason", "by_phone_role") == ("camera", "patient")
    phone.in_order("video-by-phone")
    desk.open(f"/video/{id_}/?for=appointment:{id_}")
    desk.page.get_by_text("Take one a day").wait_for()
    desk.in_order("video-visit")


def test_the_desk_takes_it_to_the_phone_by_one_key_and_back_by_another(device, clinic, video_visit):
    id_, phone, desk = the_call(device, video_visit)
    ana = device("ana")
    ana.open(f"/video/{id_}/?for=appointment:{id_}")

    ana.press("f")
    phone.page.get_by_text("We call you at").wait_for()
    ana.page.get_by_role("button", name="Undo").wait_for()
    ana.press("z")
    phone.page.get_by_text("You are connected.").wait_for()
    until(lambda: seen(phone) and seen(desk))

    assert kept(clinic, id_, "by_phone_at") == (None,)


SAY = """async (body) => {
    const headers = {"Content-Type": "application/json",
                     "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content};
    const answer = await fetch(location.pathname + "signal/", {method: "POST", headers, body});
    return [answer.status, await answer.text()];
}"""


def offer(sender, to):
    """What a browser would say to another, from one place to another."""
    said = {"kind": "description", "body": json.dumps({"type": "offer", "sdp": ""})}
    return json.dumps({"session": sender[1], "signals": [{"to": to[0], "session": to[1]} | said]})


def invited(ana, appointment_id):
    """The link that the desk makes for an interpreter, by its key."""
    ana.open(f"/video/{appointment_id}/?for=appointment:{appointment_id}")
    ana.press("i")
    return ana.page.get_by_label("Link", exact=True).input_value()


def takes_part(guest, link):
    guest.page.goto(link)
    guest.page.locator("#name").focus()
    guest.type("Rosa")
    guest.press("Enter")
    guest.page.get_by_text("You are in the waiting room").wait_for()


def test_nothing_passes_before_somebody_is_admitted_whoever_tries(device, clinic, video_visit):
    id_, born, _family, link = video_visit()
    phone, guest = device(), device()
    to_the_waiting_room(phone, born, link)
    takes_part(guest, invited(device("ana"), id_))
    patient, rosa = (place_of(clinic, id_, role) for role in ("patient", "interpreter"))

    tried = [guest.page.evaluate(SAY, offer(rosa, patient))]
    tried.append(phone.page.evaluate(SAY, offer(patient, rosa)))

    assert tried == [[409, '{"why": "not_now"}']] * 2
    asked = f"SELECT count(*) FROM telehealth_signal WHERE visit_id = ({OF_VISIT})"  # noqa: S608 (our own words)
    assert clinic.row(asked, id=id_) == (0,)
    assert guest.page.locator(".tile").count() == phone.page.locator(".tile").count() == 1


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/signals/1/?session=00000000-0000-4000-8000-000000000001", 403),
        ("/signals/1/?session=short", 400),
        ("/signals/1/", 400),
        ("/signals/none/?session=00000000-0000-4000-8000-000000000001", 400),
    ],
)
def test_the_stream_of_a_place_is_for_the_browser_that_holds_it(clinic, address, status):
    for cookies in ({}, {"call-1": "guessed"}):
        answer = httpx.get(clinic.address + address, cookies=cookies, trust_env=False)

        assert answer.status_code == status
        assert "data:" not in answer.text


def test_an_interpreter_by_a_link_that_works_once_and_who_is_taken_out(device, clinic, video_visit):
    id_, born, _family, link = video_visit()
    phone, desk, guest, second = device(), device("linh"), device(), device()
    to_the_waiting_room(phone, born, link)
    of_rosa = invited(desk, id_)
    takes_part(guest, of_rosa)
    second.page.goto(of_rosa)
    second.page.get_by_role("heading", name="This link does not work any more.").wait_for()

    admit(desk, id_)
    for window in (phone, desk, guest):
        until(lambda window=window: seen(window, others=2))
    desk.in_order("video-call-of-three")

    follow(desk, "button", "Take Rosa out")
    guest.page.get_by_text("You were taken out").wait_for()
    until(lambda: seen(phone))
    assert phone.refused == desk.refused == guest.refused == []


def test_when_the_host_leaves_everybody_waits_until_they_are_let_in_again(
    device, clinic, video_visit
):
    id_, phone, desk = the_call(device, video_visit)

    follow(desk, "button", "Leave")

    desk.page.wait_for_url("**/video/")
    phone.page.get_by_text("You are in the waiting room").wait_for()
    assert phone.page.locator(".tile").count() == 1
    admit(desk, id_)
    until(lambda: seen(phone))
    until(lambda: seen(desk))


def test_who_cannot_ask_us_is_told_and_the_pictures_go_on(device, clinic, video_visit):
    """Browsers see one another without us: what is lost and comes back is the line to the desk."""
    _id, phone, desk = the_call(device, video_visit)

    phone.context.set_offline(True)
    phone.page.get_by_text("Your connection is lost").wait_for()
    assert seen(phone)
    phone.context.set_offline(False)
    until(lambda: seen(phone) and phone.page.locator("#trouble").is_hidden())
    until(lambda: seen(desk))
