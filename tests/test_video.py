"""A visit by video with real browsers: the patient's link, the waiting room, a call that is seen."""

import time

import psycopg
import pytest

from tests import browser
from tests.browser import Desk

pytestmark = pytest.mark.browser

FAKE = (
    "--use-fake-device-for-media-stream",
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
        UPDATE patients_patient SET language = %(language)s FROM one WHERE one.patient_id = patients_patient.id
        RETURNING patients_patient.id, birth_date, given, family
    ), moved AS (
        UPDATE scheduling_appointment visit
           SET visit_type_id = (SELECT id FROM facility_visittype WHERE code = 'video'),
               starts_at = now() + interval '1 minute', ends_at = now() + interval '21 minutes',
               local_day = (now() AT TIME ZONE one.time_zone)::date,
               local_time = (now() AT TIME ZONE one.time_zone)::time(0)
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


def row(clinic, sql, **values):
    with psycopg.connect(clinic.database_url) as connection:
        return connection.execute(sql, values or None).fetchone()


def wait(what, seconds=15, every=0.1):
    """Ask until it is so: a page under Trusted Types takes no function as a text."""
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline, what
        time.sleep(every)
    return found


@pytest.fixture(scope="module")
def cameras():
    """A Chromium whose camera and microphone are made up."""
    with browser.chromium(*FAKE) as running:
        yield running


@pytest.fixture
def device(cameras, clinic):
    """Open a window with a camera: ``device("linh")`` is signed in, ``device()`` is not."""
    opened = []

    def open_one(username=None):
        one = Desk(cameras, clinic.address)
        opened.append(one)
        if username:
            one.sign_in(username)
            one.settle()
        return one

    yield open_one
    for one in opened:
        one.close()


@pytest.fixture
def visit(clinic):
    """Somebody's visit by video that is about to begin, and the link they were sent."""

    def made(language="en"):
        id_, born, given, family = row(clinic, TODAY, language=language)
        return id_, born, given, family, link_of(clinic, id_, language)

    return made


def link_of(clinic, appointment_id, language):
    """The link of a visit as its texts carry it, opened by the product's own action."""
    import os
    import subprocess
    import sys
    import textwrap

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


def in_order(window, name):
    window.look(name)
    for dress in ({}, {"dark": True}, {"narrow": True}):
        window.dress(**dress)
        assert window.faults() == [], (name, dress)
    window.dress()


def to_the_waiting_room(phone, born, link):
    """Where one is, what one agrees to, and in, by keys alone."""
    enter(phone, born, link)
    follow(phone, "link", "Go to the video visit")
    phone.page.locator("#state").focus()
    phone.type("Wisconsin")
    phone.press("Tab")
    phone.type("5 Mill Lane, Madison")
    phone.press("Tab")
    phone.page.locator("#callback").fill("")
    phone.type("608 555 0123")
    phone.press("Enter")
    follow(phone, "button", "I agree")
    follow(phone, "button", "Go to the waiting room")
    phone.page.get_by_text("You are in the waiting room").wait_for()


def admit(desk, appointment_id):
    """From the board, by its key."""
    desk.page.goto("/video/")
    desk.page.locator(f"#video-{appointment_id}").get_by_role("button", name="Admit").wait_for()
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


def test_from_the_text_to_the_call_and_on_by_phone(device, clinic, visit):
    id_, born, given, family, link = visit()
    phone, desk = device(), device("linh")
    phone.dress(narrow=True)
    desk.open("/video/")

    to_the_waiting_room(phone, born, link)
    line = desk.page.locator(f"#video-{id_}")
    line.get_by_text("Waits").wait_for(timeout=2_000)
    in_order(phone, "video-waiting")
    in_order(desk, "video-board")
    assert phone.page.locator(".tile").count() == 1

    admit(desk, id_)
    wait(lambda: seen(phone))
    wait(lambda: seen(desk))
    in_order(phone, "video-call-phone")
    in_order(desk, "video-call")
    assert desk.refused == phone.refused == []

    desk.page.locator("#words").fill("Take one a day")
    desk.press("Enter")
    phone.page.get_by_text("Take one a day").wait_for()
    wait(
        lambda: row(clinic, "SELECT count(*) FROM telehealth_leg WHERE first_frame_ms > 0")[0] >= 2
    )

    follow(phone, "button", "Go on by phone")
    phone.press("Enter")
    phone.page.get_by_text("We call you at").wait_for()
    desk.page.get_by_text("The visit goes on by phone. Call").wait_for()
    assert row(
        clinic,
        "SELECT by_phone_reason, by_phone_role FROM telehealth_videovisit WHERE appointment_id = %(id)s",
        id=id_,
    ) == ("camera", "patient")
    in_order(phone, "video-by-phone")
    desk.open(f"/video/{id_}/?for=appointment:{id_}")
    desk.page.get_by_text("Take one a day").wait_for()
    in_order(desk, "video-visit")
