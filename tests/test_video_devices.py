"""Choosing another camera, microphone and speaker in a call, and one that is unplugged."""

import time

import pytest

from tests.calls import REMEMBER_CONNECTIONS, decodes, follow, the_call
from tests.waiting import until

pytestmark = pytest.mark.browser

HEARD = """async () => {
    let came = 0;
    for (const one of window.connections)
        for (const stat of (await one.getStats()).values())
            if (stat.type === "inbound-rtp" && stat.kind === "audio") came += stat.totalAudioEnergy;
    return came;
}"""
A_BEEP = 0.05
"""Each beep brings some 0.2; what is left on its way when a microphone is switched off, 0.01."""
SENT = """(kind) => window.connections.filter((one) => one.connectionState === "connected")
    .map((one) => one.getSenders().find((each) => each.track?.kind === kind)?.track)
    .map((track) => [track.getSettings().deviceId, track.readyState])"""
SPEAKERS = """() => [...document.querySelectorAll(".tile:not(#self) video")].map((v) => v.sinkId)"""
TWO_CAMERAS = """{
    const there = navigator.mediaDevices.enumerateDevices.bind(navigator.mediaDevices);
    navigator.mediaDevices.enumerateDevices = async () =>
        (await there()).filter((one) => one.label !== "fake_device_1");
}"""
"""Of Chromium's made-up cameras the second is seen on its own page, and no connection ever gets a
frame of it (its pictures are MJPEG); the others are like cameras people have."""
UNPLUG = """(id) => {
    const there = navigator.mediaDevices.enumerateDevices.bind(navigator.mediaDevices);
    const given = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.enumerateDevices = async () =>
        (await there()).filter((one) => one.deviceId !== id);
    navigator.mediaDevices.getUserMedia = async (wanted) => {
        if (wanted.video?.deviceId?.exact === id) throw new DOMException("", "NotFoundError");
        return given(wanted.video ? {video: {deviceId: {exact: "OTHER"}}} : wanted);
    };
    const self = document.querySelector("#self video").srcObject;
    const [track] = self.getVideoTracks();
    track.stop();
    track.dispatchEvent(new Event("ended"));
}"""
"""What a page sees of it: the track ends by itself, and the list is one shorter."""


def heard(window):
    """Whether sound of the others comes now: energy, and not packets alone."""
    before = window.page.evaluate(HEARD)
    time.sleep(2.5)  # the made-up microphone beeps once a second
    return window.page.evaluate(HEARD) - before > A_BEEP


def options(window, kind):
    asked = "(kind) => [...document.getElementById(kind).options].map((one) => one.value)"
    return window.page.evaluate(asked, kind)


def tries(window, kind):
    """By keys, the next device of a kind; the list it is chosen from, and what stood there."""
    box = window.page.locator(f"#{kind}")
    if not window.page.locator("#devices").get_attribute("open"):
        window.page.locator("#devices summary").focus()
    if not box.is_visible():
        window.press("Enter")
    before = box.input_value()
    ids = options(window, kind)
    box.focus()
    window.press("ArrowDown" if ids[-1] != before else "ArrowUp")
    return box, before


def chooses(window, kind):
    """Another device of a kind, that can be used; its id."""
    box, before = tries(window, kind)
    until(lambda: box.input_value() != before)
    return box.input_value()


@pytest.fixture
def remembering(device):
    """Windows that keep their connections to be asked, with two cameras that can be sent."""

    def open_one(username=None):
        window = device(username)
        window.context.add_init_script(REMEMBER_CONNECTIONS)
        window.context.add_init_script(TWO_CAMERAS)
        return window

    return open_one


def test_another_camera_microphone_and_speaker_and_both_go_on_seeing_and_hearing(
    remembering, video_visit
):
    _id, phone, desk = the_call(remembering, video_visit)
    phone.dress(narrow=True)
    until(lambda: heard(desk))

    for kind, of in (("videoinput", "video"), ("audioinput", "audio"), ("videoinput", "video")):
        wanted = chooses(phone, kind)
        until(lambda of=of, wanted=wanted: phone.page.evaluate(SENT, of) == [[wanted, "live"]])
        until(lambda: decodes(desk, 1))
        until(lambda: heard(desk))  # the sound goes on when the camera is another

    assert phone.page.locator("#trouble").is_hidden()
    speaker = chooses(phone, "audiooutput")
    until(lambda: phone.page.evaluate(SPEAKERS) == [speaker])
    phone.in_order("video-devices")
    assert phone.refused == desk.refused == []


def test_what_is_switched_off_stays_off_with_another_device(remembering, video_visit):
    _id, phone, desk = the_call(remembering, video_visit)
    follow(phone, "button", "Mute")
    wanted = chooses(phone, "audioinput")
    until(lambda: phone.page.evaluate(SENT, "audio") == [[wanted, "live"]])

    assert phone.page.get_by_role("button", name="Unmute").get_attribute("aria-pressed") == "true"
    until(lambda: not heard(desk))
    assert not heard(desk)
    follow(phone, "button", "Unmute")
    until(lambda: heard(desk))


def test_a_camera_that_is_unplugged_is_followed_by_the_other_one(remembering, video_visit):
    _id, phone, desk = the_call(remembering, video_visit)
    [used] = [id_ for id_, _state in phone.page.evaluate(SENT, "video")]
    [other] = [id_ for id_ in options(phone, "videoinput") if id_ != used]

    phone.page.evaluate(UNPLUG.replace("OTHER", other), used)

    phone.page.get_by_text("The device that was used is gone. We go on with:").wait_for()
    until(lambda: phone.page.evaluate(SENT, "video") == [[other, "live"]])
    assert options(phone, "videoinput") == [other]
    until(lambda: decodes(desk, 1))
    until(lambda: heard(desk))
    phone.in_order("video-unplugged")


def test_a_device_that_cannot_be_used_leaves_the_one_before(remembering, video_visit):
    _id, phone, desk = the_call(remembering, video_visit)
    [used] = [id_ for id_, _state in phone.page.evaluate(SENT, "video")]
    phone.page.evaluate(
        """(used) => {
            const given = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
            navigator.mediaDevices.getUserMedia = (wanted) =>
                wanted.video?.deviceId?.exact && wanted.video.deviceId.exact !== used
                    ? Promise.reject(new DOMException("", "NotReadableError")) : given(wanted);
        }""",
        used,
    )

    tries(phone, "videoinput")

    phone.page.get_by_text("That device could not be used. We go on with:").wait_for()
    until(lambda: phone.page.evaluate(SENT, "video") == [[used, "live"]])
    assert phone.page.locator("#videoinput").input_value() == used
    until(lambda: decodes(desk, 1))
