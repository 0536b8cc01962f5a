"""Visits by video for the browser: one that is about to begin, and what people do in it."""

import os
import shutil
import socket
import struct
import subprocess
import sys
import textwrap
import threading
import time
from contextlib import contextmanager

import psutil

from tests import browser
from tests.waiting import until

FAKE = (
    "--use-fake-device-for-media-stream=device-count=3",
    "--use-fake-ui-for-media-stream",
    "--auto-select-desktop-capture-source=Entire screen",
)
# A visit by video of the clinician who signs in, brought to now; its patient's language as asked.
TODAY = """
    WITH one AS (
        SELECT visit.id, visit.patient_id, visit.time_zone FROM scheduling_appointment visit
          JOIN facility_clinician clinician ON clinician.id = visit.clinician_id
          JOIN patients_patient patient ON patient.id = visit.patient_id
          LEFT JOIN telehealth_videovisit video ON video.appointment_id = visit.id
         WHERE visit.status = 'booked' AND clinician.family = 'Ng' AND video.id IS NULL
           AND patient.birth_date IS NOT NULL AND visit.local_day > current_date
         ORDER BY visit.starts_at DESC, visit.id DESC LIMIT 1
    ), spoken AS (
        UPDATE patients_patient SET language = %(language)s FROM one
         WHERE one.patient_id = patients_patient.id
        RETURNING patients_patient.id, birth_date, given, family
    ), moved AS (
        UPDATE scheduling_appointment visit
           SET visit_type_id = (SELECT id FROM facility_visittype WHERE code = 'video'),
               starts_at = now() + interval '1 minute', ends_at = now() + interval '21 minutes',
               local_day = ((now() + interval '1 minute') AT TIME ZONE one.time_zone)::date,
               local_time = ((now() + interval '1 minute') AT TIME ZONE one.time_zone)::time(0)
          FROM one WHERE visit.id = one.id RETURNING visit.id
    )
    SELECT moved.id, spoken.birth_date, spoken.given, spoken.family FROM moved, spoken
"""
LINK = """
    import sys, django; django.setup()
    from almoner.ground import clock
    from almoner.portal.actions import link_for
    print(link_for(int(sys.argv[1]), sys.argv[2], clock.now()))
"""


OF_VISIT = "SELECT id FROM telehealth_videovisit WHERE appointment_id = %(id)s"


def kept(clinic, appointment_id, *columns):
    """What is kept of a visit by video."""
    names = ", ".join(columns)
    asked = f"SELECT {names} FROM telehealth_videovisit WHERE appointment_id = %(id)s"  # noqa: S608 (our own words)
    return clinic.row(asked, id=appointment_id)


def place_of(clinic, appointment_id, role):
    """The id and the open page of whoever takes part as that."""
    asked = f"""SELECT id, session FROM telehealth_participant
                 WHERE role = %(role)s AND visit_id = ({OF_VISIT})"""  # noqa: S608 (our own words)
    return clinic.row(asked, role=role, id=appointment_id)


def made(clinic, language="en"):
    """Somebody's visit by video that is about to begin: its id, birth date, family name, link."""
    id_, born, _given, family = clinic.row(TODAY, language=language)
    return id_, born, family, link_of(clinic, id_, language)


def link_of(clinic, appointment_id, language):
    """The link of a visit as its texts carry it, opened by the product's own action."""
    var = browser.ROOT / "var" / "test" / clinic.database_url.rpartition("/")[2].partition("?")[0]
    told = os.environ | {
        "DATABASE_URL": clinic.database_url,
        "ALMONER_VAR": str(var),
        "ALMONER_ADDRESS": clinic.address,
        "DJANGO_SETTINGS_MODULE": "almoner.config.settings",
    }
    said = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(LINK), str(appointment_id), language],
        cwd=browser.ROOT, env=told, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return said.stdout.strip()


def enter(phone, born, link):
    """Through the birth date to the page of the visit."""
    phone.page.goto(link)
    for part in ("month", "day", "year"):
        phone.page.locator(f"#{part}").fill(str(getattr(born, part)))
    phone.press("Enter")
    phone.page.wait_for_url("**/visit/")


def follow(window, role, name):
    window.page.get_by_role(role, name=name).first.focus()
    window.press("Enter")


def reached_at(phone, number):
    """By keys, another number than the one we have, if we have one; the focus stays in its box."""
    ours = phone.page.locator("[name=reach]:checked")
    if ours.count():
        ours.focus()
        phone.press("ArrowDown")
    phone.page.locator("#callback").focus()
    phone.page.locator("#callback").fill("")
    phone.type(number)


def to_the_waiting_room(phone, born, link):
    """Where one is, what one agrees to, and in, by keys alone."""
    enter(phone, born, link)
    follow(phone, "link", "Go to the video visit")
    phone.page.locator("#state").focus()
    phone.type("Wisconsin")
    phone.press("Tab")
    phone.type("5 Mill Lane, Madison")
    reached_at(phone, "608 555 0123")
    phone.press("Enter")
    follow(phone, "button", "I agree")
    follow(phone, "button", "Go to the waiting room")
    phone.page.get_by_text("You are in the waiting room").wait_for()


def admit(desk, appointment_id):
    """From the page of the visit, by its key."""
    desk.open(f"/video/{appointment_id}/?for=appointment:{appointment_id}")
    desk.page.get_by_role("button", name="Admit").wait_for()
    desk.press("a")
    desk.page.wait_for_url("**/call/*/")


FRAMES = """() => [...document.querySelectorAll(".tile:not(#self) video")]
    .map((v) => v.getVideoPlaybackQuality().totalVideoFrames)"""


def seen(window, others=1):
    """Whether so many others' pictures move in this window: frames that were decoded."""
    before = window.page.evaluate(FRAMES)
    time.sleep(0.4)
    after = window.page.evaluate(FRAMES)
    return len(after) == others and all(b > a for a, b in zip(before, after, strict=False))


REMEMBER_CONNECTIONS = """
    window.connections = [];
    window.RTCPeerConnection = class extends RTCPeerConnection {
        constructor(...told) { super(...told); window.connections.push(this); }
    };
"""
"""Put into a page before it opens: its connections, to ask what each of them decodes."""
DECODED = """async () => {
    const frames = [];
    for (const one of window.connections) {
        if (one.connectionState !== "connected") continue;
        for (const stat of (await one.getStats()).values())
            if (stat.type === "inbound-rtp" && stat.kind === "video")
                frames.push(stat.framesDecoded ?? 0);
    }
    return frames;
}"""


def decodes(window, others):
    """Whether every other's picture is decoded now, as the browser's own figures say."""
    before = window.page.evaluate(DECODED)
    time.sleep(0.6)
    after = window.page.evaluate(DECODED)
    moved = [b > a for a, b in zip(before, after, strict=False)]
    return len(after) == len(before) == others and all(moved)


LONG = 60
"""Seconds for what takes one or two: many browsers make and show pictures on a small machine."""
SMALL = """
    const given = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = (wanted) => given({
        ...wanted, ...(wanted.video && {video: {width: 160, height: 120, frameRate: 8}})});
"""


def small(device, username=None):
    window = device(username)
    window.context.set_default_timeout(LONG * 1000)
    window.context.add_init_script(SMALL)
    window.context.add_init_script(REMEMBER_CONNECTIONS)
    return window


def link_for(desk, appointment_id):
    desk.open(f"/video/{appointment_id}/?for=appointment:{appointment_id}")
    desk.press("i")
    return desk.page.get_by_label("Link", exact=True).input_value()


def takes_part(guest, link, name):
    guest.page.goto(link)
    guest.page.locator("#name").focus()
    guest.type(name)
    guest.press("Enter")
    guest.page.wait_for_url("**/call/*/")


def the_call(device, visit, language="en"):
    """A patient and their clinician who see one another."""
    id_, born, _family, link = visit(language)
    phone, desk = device(), device("linh")
    to_the_waiting_room(phone, born, link)
    admit(desk, id_)
    until(lambda: seen(phone))
    until(lambda: seen(desk))
    return id_, phone, desk


RELAYED = {"ALMONER_TURN_ONLY": "1"} if shutil.which("turnserver") else {}
"""What a clinic is told whose lines can be cut: where there is a relay, all goes through it."""


def relays():
    """The relays of the clinics that this process started."""
    ours = psutil.Process().children(recursive=True)
    return [one for one in ours if one.name() == "turnserver"]


@contextmanager
def cut(window):
    """The line of a window is cut: it asks us in vain, and nothing passes the relay.

    A browser that is told to be offline lets pictures through, so the relay stands still. Without
    one, where calls go directly, only the asking is cut.
    """
    stopped = relays()
    for one in stopped:
        one.suspend()
    window.context.set_offline(True)
    yield
    window.context.set_offline(False)
    for one in stopped:
        one.resume()


def stands_still(window, others=1):
    """Whether no other's picture moves in this window."""
    before = window.page.evaluate(FRAMES)
    time.sleep(1)
    return len(before) == others and window.page.evaluate(FRAMES) == before


class OtherSecret:
    """A relay that knows another secret than we do: it answers every asking with "unauthorised"."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.answer, daemon=True)
        self.thread.start()

    def answer(self):
        """RFC 8489 and 8656: an error answer to Allocate, with code 401, realm and nonce."""
        while True:
            try:
                asked, who = self.socket.recvfrom(2048)
            except OSError:
                return
            kind, _size, cookie, transaction = struct.unpack("!HHI12s", asked[:20])
            parts = attribute(0x0009, b"\0\0\4\1Unauthorized") + attribute(0x0014, b"almoner")
            parts += attribute(0x0015, b"a-nonce-of-the-test")
            head = struct.pack("!HHI12s", kind | 0x0110, len(parts), cookie, transaction)
            self.socket.sendto(head + parts, who)

    def close(self):
        self.socket.close()


def attribute(kind, value):
    return struct.pack("!HH", kind, len(value)) + value + b"\0" * (-len(value) % 4)
