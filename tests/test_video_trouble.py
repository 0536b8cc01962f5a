"""What can go wrong around a visit by video is said plainly, and the desk sees it."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.calls import (
    OF_VISIT,
    OtherSecret,
    admit,
    enter,
    follow,
    kept,
    reached_at,
    seen,
    to_the_waiting_room,
)
from tests.waiting import until

pytestmark = pytest.mark.browser


ONLY_BY = """
window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor() { super(TOLD); }
    setConfiguration() {}
};"""


def test_a_relay_that_refuses_us_is_said_within_ten_seconds(device, video_visit):
    id_, born, _family, link = video_visit()
    relay = OtherSecret()
    server = {
        "urls": [f"turn:127.0.0.1:{relay.port}?transport=udp"],
        "username": "1:1",
        "credential": "x",
    }
    told = json.dumps({"iceServers": [server], "iceTransportPolicy": "relay"})
    phone, desk = device(), device("linh")
    for window in (phone, desk):
        window.context.add_init_script(ONLY_BY.replace("TOLD", told))

    to_the_waiting_room(phone, born, link)
    admit(desk, id_)

    for window in (phone, desk):
        window.page.get_by_text("the relay refuses us").wait_for(timeout=10_000)
        window.page.get_by_role("button", name="Go on by phone").wait_for()
    phone.in_order("video-relay-refuses")
    relay.close()


def test_a_browser_without_a_camera_is_told_plainly_and_hears_the_other(
    device, clinic, video_visit
):
    id_, born, _family, link = video_visit()
    phone, desk = device(), device("linh")
    phone.context.add_init_script("delete Navigator.prototype.mediaDevices")
    to_the_waiting_room(phone, born, link)
    phone.page.get_by_text("gives us no camera and no microphone").wait_for()
    phone.in_order("video-no-camera")

    admit(desk, id_)

    until(lambda: seen(phone))


WITHOUT_CAMERA = (
    "const given = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);"
    "navigator.mediaDevices.getUserMedia = (wanted) => wanted.video"
    " ? Promise.reject(new DOMException('', 'NotFoundError')) : given(wanted);"
)


def test_the_test_before_the_call_is_seen_by_the_desk_at_once(device, clinic, video_visit):
    id_, born, family, link = video_visit("es")
    phone, ana = device(), device("ana")
    phone.context.add_init_script(WITHOUT_CAMERA)
    ana.open("/video/")
    enter(phone, born, link)
    phone.in_order("video-visit-es")
    follow(phone, "link", "Probar la cámara")
    phone.in_order("video-test-es")
    follow(phone, "button", "Empezar la prueba")
    phone.page.get_by_role("button", name="Sí").wait_for(timeout=30_000)
    phone.press("Enter")
    phone.page.get_by_text("La clínica ve el resultado").wait_for()
    phone.in_order("video-tested-es")

    ana.page.locator(f"#video-{id_}").get_by_text("Camera").wait_for(timeout=2_000)
    [test] = kept(clinic, id_, "test")
    assert test["camera"] == "failed"
    assert [test[name] for name in ("microphone", "speaker", "network")] == ["good"] * 3
    ana.open("/board/")
    card = ana.page.locator(f"#visit-{id_}")
    card.get_by_text("Camera").wait_for()
    assert {family, "Video"} <= set(card.inner_text().split())


def test_a_patient_says_where_they_are_and_agrees_in_spanish(device, video_visit):
    _id, born, _family, link = video_visit("es")
    phone = device()
    enter(phone, born, link)
    follow(phone, "link", "Entrar a la cita por video")
    follow(phone, "button", "Continuar")
    phone.page.locator("#state:focus").wait_for()  # the first that is missing, and all are said
    expect(phone.page.locator("main [role=alert] li")).to_have_count(2)
    expect(phone.page.locator("#state")).to_have_accessible_description(
        re.compile("Diga en qué estado")
    )
    phone.in_order("video-where-es")
    phone.page.locator("#state").fill("il")
    phone.page.locator("#address").fill("9 Lake St, Chicago")
    reached_at(phone, "+52 55 1234 5678")
    follow(phone, "button", "Continuar")
    phone.page.get_by_role("heading", name="¿Está de acuerdo").wait_for()
    phone.in_order("video-consent-es")
    follow(phone, "button", "Estoy de acuerdo")
    follow(phone, "button", "Ir a la sala de espera")
    phone.page.get_by_text("Está en la sala de espera").wait_for()
    phone.in_order("video-waiting-es")


def test_what_is_open_takes_a_reason_before_anybody_is_let_in(device, clinic, video_visit):
    id_, born, _family, link = video_visit()
    phone, desk = device(), device("linh")
    to_the_waiting_room(phone, born, link)
    moved = "UPDATE telehealth_videovisit SET located_state = 'IA' WHERE appointment_id = %(id)s"
    clinic.row(f"{moved} RETURNING id", id=id_)
    desk.open("/video/")
    desk.page.locator(f"#video-{id_}").get_by_role("link", name="To the gate").focus()
    desk.press("Enter")
    desk.page.get_by_role("button", name="Admit").wait_for()
    desk.page.locator("main").focus()
    desk.press("a")
    desk.page.get_by_text("Settle this, or say why").first.wait_for()
    desk.in_order("video-gate")
    desk.page.get_by_label("Consent of that state: why without?").fill("Read out and agreed")
    desk.page.get_by_label("Licence in that state: why without?").fill("Compact privilege")
    desk.press("Enter")
    desk.page.wait_for_url("**/call/*/")
    until(lambda: seen(phone))
    asked = "SELECT item, reason FROM telehealth_gateitem WHERE overridden AND item = 'licence'"
    assert clinic.row(f"{asked} AND visit_id = ({OF_VISIT})", id=id_) == (
        "licence",
        "Compact privilege",
    )
